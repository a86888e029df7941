"""A table file as a grid of trimmed texts: every sheet of a workbook, or a CSV in whichever encoding and separator."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from desirepath.errors import JourneyError
from desirepath.files import read_bytes
from desirepath.workbooks import areas

Place = tuple[int, int]

MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
MAX_CELLS = 2_000_000

ENCODINGS = ("utf-8", "gb18030", "cp1251", "big5", "cp1252")
SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Grid:
    """Cells by row and column (from 0), and the merged areas by their first cell."""

    name: str
    cells: tuple[tuple[str, ...], ...]
    merged: Mapping[Place, Place] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.cells)

    @property
    def columns(self) -> int:
        """How many columns the widest row has."""
        return max((len(row) for row in self.cells), default=0)

    def at(self, row: int, column: int) -> str:
        """The text of a cell, empty outside the grid."""
        return self.cells[row][column] if row < len(self.cells) and column < len(self.cells[row]) else ""

    def spread(self, row: int, column: int) -> str:
        """The text of a cell; a cell inside a merged area has the area's text."""
        for (top, left), (bottom, right) in self.merged.items():
            if top <= row <= bottom and left <= column <= right:
                return self.at(top, left)
        return self.at(row, column)

    def address(self, row: int, column: int) -> str:
        """`B3`, with the sheet before it where there is one."""
        letters, number = "", column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{self.name}!{letters}{row + 1}" if self.name else f"{letters}{row + 1}"

    def filled(self) -> list[Place]:
        """The cells that hold anything, in reading order."""
        return [(r, c) for r, row in enumerate(self.cells) for c, text in enumerate(row) if text]


def read(path: Path, score: Callable[[Grid], float]) -> tuple[list[Grid], list[str]]:
    """The sheets of a file, and what was assumed to read it; of several readings of a CSV the best by `score`."""
    content = read_bytes(path, JourneyError, most=MAX_BYTES)
    if content[:4] == b"PK\x03\x04" or content[:4] == b"\xd0\xcf\x11\xe0":
        return _workbook(path, content), []
    return _text(path, content, score)


def _workbook(path: Path, content: bytes) -> list[Grid]:
    try:
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                _check_size(path, archive)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_sheet(book, name) for name in book.sheet_names]
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError) as error:
        hint = "save it again as .xlsx or .csv"
        raise JourneyError(f"is not a workbook that can be read ({error})", where=path.name, hint=hint) from None


def _check_size(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuses what would not fit into memory: calamine keeps every cell up to the last one, filled or not."""
    if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
        raise JourneyError(f"unpacks to more than {MAX_UNPACKED:,} bytes", where=path.name)
    sheets = list(areas(archive))
    if not sheets:
        raise JourneyError("is not an .xlsx workbook", where=path.name, hint="save it as .xlsx or .csv")
    for rows, columns in sheets:
        if rows * columns > MAX_CELLS:
            what = f"a sheet is {rows:,} × {columns:,} cells large"
            raise JourneyError(what, where=path.name, hint="a map is a small table: delete what lies far from it")


def _sheet(book: CalamineWorkbook, name: str) -> Grid:
    sheet = book.get_sheet_by_name(name)
    cells = tuple(tuple(_shown(value) for value in row) for row in sheet.to_python(skip_empty_area=False))
    return Grid(name, cells, dict(sheet.merged_cell_ranges or ()))


def _shown(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\u200b", "").strip()


def _text(path: Path, content: bytes, score: Callable[[Grid], float]) -> tuple[list[Grid], list[str]]:
    best: tuple[float, Grid, str, str] | None = None
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        for separator in SEPARATORS:
            grid = _csv(path, text, separator)
            found = score(grid) + (grid.columns > 1) / 2
            if best is None or found > best[0]:
                best = found, grid, encoding, separator
    if best is None:
        raise JourneyError("is not a text in a known encoding", where=path.name, hint="save it as UTF-8 or as .xlsx")
    _, grid, encoding, separator = best
    if "\x00" in "".join(map("".join, grid.cells)):
        raise JourneyError("holds NUL bytes", where=path.name, hint="save it as UTF-8 or as .xlsx")
    said = [] if encoding in ("utf-8", "utf-8-sig") else [f"the file is read as {encoding}"]
    named = {"\t": "a tab", "|": "|", ";": ";", ",": ","}[separator]
    return [grid], [*said, *([] if separator == "," else [f"cells are separated by {named}"])]


def _encodings(content: bytes) -> tuple[str, ...]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    if content[:3] == b"\xef\xbb\xbf":
        return ("utf-8-sig",)
    try:
        content.decode("utf-8")
        return ("utf-8",)
    except UnicodeDecodeError:
        return ENCODINGS


def _csv(path: Path, text: str, separator: str) -> Grid:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise JourneyError(f"is not a table: {error}", where=path.name) from None
    return Grid("", tuple(tuple(_shown(cell) for cell in row) for row in rows))
