"""How a delimited file is written: separator, quote, escape, header, decided by consistency over many lines.

Each candidate is scored by the share of records that have its most frequent number of cells, and by how many of those
cells look like one value (a number, a time, a plain text without other separators), after van den Burg et al. 2019,
*Wrangling messy CSV files by detecting row and type patterns*.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from desirepath.intake.readers.header import fit_width, is_header, is_same, kind, numbered, title_rows
from desirepath.intake.readers.scan import BLANK, QUOTING, Records, scan
from desirepath.intake.readers.table import unique_names

_SEPARATORS = {
    ",": 1.0,
    ";": 1.0,
    "\t": 1.0,
    "|": 1.0,
    "^": 0.95,
    "~": 0.95,
    "\x01": 0.95,
    "\x1f": 0.95,
    ":": 0.6,
    " ": 0.55,
}
_NAMES = {"\t": "tab", " ": "space", "\x01": "0x01", "\x1f": "0x1F"}
_SAMPLE_RECORDS = 1000  # whose structure is looked at
_SAMPLE_ROWS = 400  # whose cells are
_WRAPPED = re.compile(rb'^"((?:[^"\r\n]|"")*)"(?=\r?$)', re.M)
_ENOUGH = 0.35


@dataclass(frozen=True)
class Dialect:
    """The written form: single bytes, 0 where there is none. `spaced`: blanks between a separator and a quote."""

    separator: int
    quote: int
    escape: int = 0
    spaced: bool = False

    def split(self, record: bytes) -> list[str]:
        """The cells of one well-formed record."""
        text = record.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "backslashreplace")
        separator, quote, escape = chr(self.separator), chr(self.quote) if self.quote else "", self.escape
        if not escape and not self.spaced and (not quote or quote not in text):
            return text.split(separator)
        special = {separator, quote, chr(escape), "\n", "\r"} if escape else set[str]()
        cells, cell, i, quoted, fresh = list[str](), list[str](), 0, False, True
        while i < len(text):
            c = text[i]
            if fresh and self.spaced and c == " ":
                i += 1
                continue
            if escape and c == chr(escape) and text[i + 1 : i + 2] in special:
                cell.append(text[i + 1])
                i += 1
            elif quoted:
                if c != quote:
                    cell.append(c)
                elif text[i + 1 : i + 2] == quote:
                    cell.append(quote)
                    i += 1
                else:
                    quoted = False
            elif fresh and c == quote:
                quoted = True
            elif c == separator:
                cells.append("".join(cell))
                cell, fresh = [], True
                i += 1
                continue
            else:
                cell.append(c)
            fresh = False
            i += 1
        return [*cells, "".join(cell)]


@dataclass(frozen=True)
class Layout:
    """A dialect and what the first lines told: the columns, cells per data row, and where the data begin."""

    dialect: Dialect
    columns: tuple[str, ...]
    width: int  # cells in a data row; one more than columns where every row ends in a separator
    start: int  # bytes before the first data row
    line: int  # its physical line
    said: tuple[str, ...]
    header: tuple[str, ...] = ()  # its cells as they stand; empty where there is none
    wrapped: bool = False  # every line is quoted as a whole: `"a,""b"",c"`


@dataclass(frozen=True)
class _Candidate:
    dialect: Dialect
    records: tuple[bytes, ...]
    ends: tuple[int, ...]
    lines: tuple[int, ...]
    widths: tuple[int, ...]
    troubled: int
    width: int
    share: float


def sniff(sample: bytes, *, complete: bool) -> Layout | None:
    """The layout of a file that begins with `sample` (UTF-8); None when the sample holds no whole record."""
    said: list[str] = []
    told = re.match(rb'"?sep=(.)"?\r?\n', sample)
    offset = told.end() if told else 0
    body = sample[offset:]
    best = _told(body, told[1].decode(), complete) if told else _best(body, complete)
    if not best.records:
        return None
    if best.width == 1 and (plain := unwrapped(sample)) != sample:
        layout = sniff(plain, complete=complete)
        if layout and layout.width > 1 and not layout.wrapped:
            return replace(layout, wrapped=True, said=("every line was quoted as a whole: split again", *layout.said))
    separator = chr(best.dialect.separator)
    if best.width > 1:
        said.append(f"separator {_NAMES.get(separator, separator)}")
    else:
        said.append("one column, no separator found")
    if best.dialect.quote and chr(best.dialect.quote) != '"':
        said.append(f"quote {chr(best.dialect.quote)}")
    if not best.dialect.quote:
        said.append("quotes are plain characters")
    if best.dialect.escape:
        said.append("quotes escaped by backslash")
    return _layout(best, offset, 1 + bool(told), said)


def unwrapped(lines: bytes) -> bytes:
    """Lines that were quoted as a whole without that quoting."""
    return _WRAPPED.sub(lambda match: match[1].replace(b'""', b'"'), lines)


def _told(sample: bytes, separator: str, complete: bool) -> _Candidate:
    return _candidate(Dialect(ord(separator), ord('"')), sample, complete)


def _best(sample: bytes, complete: bool) -> _Candidate:
    scored: list[tuple[float, _Candidate]] = []
    for separator, prior in _SEPARATORS.items():
        if separator.encode() not in sample:
            continue
        candidate = _quoting(ord(separator), sample, complete)
        if candidate.width > 1:
            scored.append((prior * _score(candidate), candidate))
    if scored:
        score, candidate = max(scored, key=lambda pair: pair[0])
        if score >= _ENOUGH:
            return candidate
    absent = next((c for c in b"\x1f\x1e\x1d\x1c" if bytes([c]) not in sample), 0x1F)
    return _quoting(absent, sample, complete)


def _quoting(separator: int, sample: bytes, complete: bool) -> _Candidate:
    """The best way of quoting for one separator."""
    sep = re.escape(bytes([separator]))
    double = _candidate(Dialect(separator, ord('"')), sample, complete)
    if b'\\"' in sample:
        escaped = _candidate(Dialect(separator, ord('"'), ord("\\")), sample, complete)
        inner = re.search(rb'\\"(?!' + sep + rb'|[\r\n"]|\Z)', sample)
        if escaped.troubled < double.troubled or (inner and escaped.troubled == double.troubled):
            double = escaped
    if re.search(sep + rb' +"', sample) and _spaced(double):
        spaced = _candidate(replace(double.dialect, spaced=True), sample, complete)
        if spaced.troubled <= double.troubled and spaced.share >= double.share:
            double = spaced
    if double.troubled >= 5 and not _quotes_close(sample, sep, b'"'):
        return _candidate(Dialect(separator, 0), sample, complete)
    some = re.search(rb"(?:^|" + sep + rb")'[^'\r\n]", sample, re.M)  # '' alone may be what it looks like
    if b'"' not in sample and some and _quotes_close(sample, sep, b"'"):
        single = _candidate(Dialect(separator, ord("'")), sample, complete)
        if single.troubled == 0 and single.share >= double.share:
            return single
    return double


def _spaced(candidate: _Candidate) -> bool:
    """Whether nearly every separator is followed by a blank."""
    cells = [cell for record in candidate.records[:50] for cell in candidate.dialect.split(record)[1:]]
    return sum(cell.startswith(" ") for cell in cells) > 0.8 * len(cells)


def _quotes_close(sample: bytes, separator: bytes, quote: bytes) -> bool:
    """Whether cells that begin with the quote mostly end with it."""
    opened = len(re.findall(rb"(?:^|" + separator + rb")" + quote, sample, re.M))
    both = rb"(?:^|" + separator + rb")" + quote + rb"(?:[^" + quote + rb"\r\n]|" + quote * 2 + rb")*" + quote
    closed = len(re.findall(both + rb"(?=" + separator + rb"|\r|\n|\Z)", sample, re.M))
    return opened >= 3 and closed * 2 >= opened


def _candidate(dialect: Dialect, sample: bytes, complete: bool) -> _Candidate:
    found = Records(_SAMPLE_RECORDS)
    n, _, _ = scan(
        np.frombuffer(sample, np.uint8), 0, len(sample), complete, dialect.separator, dialect.quote, dialect.escape,
        dialect.spaced, -1, len(sample), False, found.ends, found.cells, found.flags, found.lines,
    )  # fmt: skip
    ends = [0, *found.ends[:n].tolist()]
    flags = found.flags[:n].tolist()
    kept = [i for i in range(n) if not flags[i] & BLANK]
    widths = [int(found.cells[i]) for i in kept]
    sound = Counter(w for w, i in zip(widths, kept, strict=True) if not flags[i] & QUOTING)
    width, often = sound.most_common(1)[0] if sound else (1, 0)
    line_starts = np.concatenate(([1], 1 + np.cumsum(found.lines[:n]))).tolist()
    return _Candidate(
        dialect,
        tuple(sample[a:b] for a, b in (pairwise(ends)) if sample[a:b].strip(b"\r\n")),
        tuple(ends[i + 1] for i in kept),
        tuple(line_starts[i + 1] for i in kept),
        tuple(widths),
        sum(bool(flags[i] & QUOTING) for i in kept),
        width,
        often / len(kept) if kept else 0.0,
    )


def _score(candidate: _Candidate) -> float:
    others = [s for s in ",;\t|^~" if s != chr(candidate.dialect.separator)]
    cells = [
        cell
        for record, width in zip(candidate.records[:100], candidate.widths, strict=False)
        if width == candidate.width
        for cell in candidate.dialect.split(record)
    ]
    plain = sum(_plain(cell, others) for cell in cells) / max(len(cells), 1)
    first = len(_unwrapped(candidate.dialect, candidate.dialect.split(candidate.records[0])))
    if first == 1:
        return _below_titles(candidate) * (0.3 + 0.7 * plain)
    return candidate.share * (0.3 + 0.7 * plain) * (1.0 if first == candidate.width else 0.8)


def _below_titles(candidate: _Candidate) -> float:
    """Agreement where the first records have one cell: titles above a table, or rather sentences above two columns."""
    if candidate.width == 2:
        return 0.3 * candidate.share
    titles = next((i for i, width in enumerate(candidate.widths[:20]) if width > 1), 0)
    below = candidate.widths[titles:]
    return 0.6 * below.count(candidate.width) / len(below)


def _plain(cell: str, others: list[str]) -> bool:
    if not cell or kind(cell) != "text":
        return True
    return not cell[0].isspace() and not any(other in cell for other in others)


def _unwrapped(dialect: Dialect, cells: list[str]) -> list[str]:
    """A row that was quoted as a whole (`"a,""b"",c"`) split again."""
    if len(cells) == 1 and chr(dialect.separator) in cells[0]:
        return dialect.split(cells[0].encode())
    return cells


def _layout(best: _Candidate, offset: int, line: int, said: list[str]) -> Layout:
    rows = [best.dialect.split(record) for record in best.records[:_SAMPLE_ROWS]]
    first = title_rows(rows, best.width)
    if first:
        said.append(f"{first} title line{'s' * (first > 1)} above the header left out")
    top = _unwrapped(best.dialect, rows[first])
    if len(top) != len(rows[first]):
        said.append(f"line {_line_of(best, first, line)} was quoted as a whole: split again")
    data = rows[first + 1 :]
    width, names = fit_width(top, data, said)
    headed = is_header(top, [row for row in data if not is_same(row, top)])
    if headed:
        columns, renamed = unique_names(names)
        said.append(f"header in line {_line_of(best, first, line)}")
        said.extend(renamed)
        if not data:
            said.append("a header and no rows")
        start, at = best.ends[first], best.lines[first] + line - 1
    else:
        columns = [f"column{i}" for i in range(1, len(names) + 1)]
        said.append(f"no header: the columns are called {numbered(len(names))}")
        start, at = (best.ends[first - 1], best.lines[first - 1] + line - 1) if first else (0, line)
    return Layout(best.dialect, tuple(columns), width, offset + start, at, tuple(said), tuple(top) if headed else ())


def _line_of(best: _Candidate, record: int, line: int) -> int:
    return (best.lines[record - 1] if record else 1) + line - 1
