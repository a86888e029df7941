"""Where a table of text cells begins: title rows above it, whether there is a header, how wide its rows are."""

from __future__ import annotations

import re
from collections import Counter

_NUMBER = re.compile(r"[-+]?[\d.,' \u00a0]*\d%?|[-+]?\d+(\.\d*)?[eE][-+]?\d+")
_TIME = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?)? ?(Z|UTC|[-+]\d{2}:?\d{2})?"
    r"|\d{1,2}:\d{2}(:\d{2})?"
)


def title_rows(rows: list[list[str]], width: int) -> int:
    """How many of the first rows have at most one filled cell where the table has three columns or more."""
    if width < 3:
        return 0
    for i, row in enumerate(rows[:20]):
        if sum(bool(cell.strip()) for cell in row) > 1 or (len(row) == 1 and '"' in row[0]):
            return i
    return 0


def fit_width(top: list[str], data: list[list[str]], said: list[str]) -> tuple[int, list[str]]:
    """Cells in a data row and the names for them, where header and rows differ in length."""
    names = list(top)
    if not data:
        return len(names), names
    width, often = Counter(map(len, data)).most_common(1)[0]
    if width == len(top) or often < 0.9 * len(data):
        return len(names), names
    if width == len(top) + 1 and all(not row[-1] for row in data if len(row) == width):
        said.append("every row ends in a separator: no column is made of it")
        return width, names
    if len(top) == width + 1 and not top[-1].strip():
        return width, names[:-1]
    if len(top) < width and len(data) >= 3:
        said.append(f"the header has {len(top)} names for {width} columns")
        return width, ["", *names] if width == len(top) + 1 else [*names, *[""] * (width - len(top))]
    return len(names), names


def is_header(top: list[str], data: list[list[str]]) -> bool:
    """Each column votes: does the first row look unlike the rows below it? Without any vote it is a header."""
    kinds = [kind(cell) for cell in top]
    if not data:
        return all(of == "text" for of in kinds)
    votes = 0
    for i, cell in enumerate(top):
        below = [row[i] for row in data[:200] if len(row) > i and row[i]]
        if not below or not cell:
            continue
        usual, often = Counter(map(kind, below)).most_common(1)[0]
        if usual != "text" and often >= 0.8 * len(below):
            votes += 1 if kinds[i] != usual else -1
        elif kinds[i] != "text" or cell in below:
            votes -= 1
        elif len(below) > 2 and len(set(map(len, below))) == 1 and len(cell) != len(below[0]):
            votes += 1
    return votes >= 0


def is_same(row: list[str], header: list[str]) -> bool:
    """Whether a row is the header once more, as in files that were put together."""
    return [cell.lstrip("\ufeff") for cell in row] == [cell.lstrip("\ufeff") for cell in header]


def numbered(columns: int) -> str:
    """What columns without a header are called."""
    return "column1" if columns == 1 else f"column1 … column{columns}"


def kind(cell: str) -> str:
    """What a cell looks like: `number`, `time` or `text`."""
    cell = cell.strip()
    return "number" if _NUMBER.fullmatch(cell) else "time" if _TIME.fullmatch(cell) else "text"
