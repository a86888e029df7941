"""Workbooks (XLSX, XLS, ODS) as a table: the first sheet that holds one, every cell as text.

Times are ISO 8601, numbers the shortest exact text (17850.0 is `17850`), truth values `true` and `false`. A row with an
error of the spreadsheet (`#DIV/0!`) is broken. A row's line is its row in the sheet.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from desirepath.errors import IntakeError
from desirepath.intake.readers import streams
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.header import is_header, numbered, title_rows
from desirepath.intake.readers.table import BrokenRow, Limits, RawTable, unique_names, with_rows
from desirepath.workbooks import areas, column_number

_BATCH = 1 << 15
_SAMPLE = 200
_ERROR = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^>]*\bt="e"[^>]*>(?:<f[^>]*(?:/>|>[^<]*</f>))?<v>([^<]*)</v>')

Row = list[str]


class WorkbookTable(RawTable):
    """One sheet of a workbook."""

    def __init__(self, file: SourceFile, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._errors: dict[int, tuple[int, str]] = {}
        with streams.whole(file.path, file.member, name=file.name, limits=limits) as path:
            sheet, said = self._sheet(path)
            super().__init__(self._shape(sheet, said), said)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows below the header that are not blank."""
        self._begin()
        with streams.whole(self._file.path, self._file.member, name=self._file.name, limits=self._limits) as path:
            rows = self._data(self._open(path).get_sheet_by_name(self._name))
            while block := list(islice(rows, _BATCH)):
                yield from self._batch(block)

    def lines(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of the sheet, from 1."""
        with streams.whole(self._file.path, self._file.member, name=self._file.name, limits=self._limits) as path:
            sheet = self._open(path).get_sheet_by_name(self._name)
            at = np.array([number for number, _ in self._data(sheet)], np.int64)
        return at[np.asarray(rows, np.int64)]

    def _open(self, path: Path) -> CalamineWorkbook:
        try:
            return CalamineWorkbook.from_path(str(path))
        except (CalamineError, OSError) as error:
            what = f"the workbook cannot be opened: {error}"
            raise IntakeError(what, where=self._file.name, hint="save it again without a password") from error

    def _sheet(self, path: Path) -> tuple[CalamineSheet, list[str]]:
        """The first sheet with at least two filled rows, else the first with anything."""
        if zipfile.is_zipfile(path):
            _check(path, self._file.name, self._limits)
        book = self._open(path)
        best: CalamineSheet | None = None
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.start is not None and (best is None or (best.height < 2 <= sheet.height)):
                best = sheet
        if best is None:
            raise IntakeError("the workbook is empty", where=self._file.name)
        self._name = best.name
        others = [name for name in book.sheet_names if name != best.name]
        said = [f"sheet {best.name!r}" + (f"; not read: {', '.join(map(repr, others))}" if others else "")]
        self._errors = _errors(path, best.name) if zipfile.is_zipfile(path) else {}
        return best, said

    def _shape(self, sheet: CalamineSheet, said: list[str]) -> pa.Schema:
        sample = list(islice(_filled(sheet), _SAMPLE))
        rows = [cells for _, cells in sample]
        self._left = min((i for row in rows for i, cell in enumerate(row) if cell), default=0)
        rows = [row[self._left :] for row in rows]
        used = max((i + 1 for row in rows for i, cell in enumerate(row) if cell), default=1)
        rows = [row[:used] for row in rows]
        first = title_rows(rows, used)
        if first:
            said.append(f"{first} title row{'s' * (first > 1)} above the header left out")
        if is_header(rows[first], rows[first + 1 :]):
            names, renamed = unique_names(rows[first])
            said += [f"header in row {sample[first][0]}", *renamed]
            if len(rows) == first + 1:
                said.append("a header and no rows")
            self._from = sample[first][0] + 1
        else:
            names = [f"column{i}" for i in range(1, used + 1)]
            said.append(f"no header: the columns are called {numbered(used)}")
            self._from = sample[first][0]
        return pa.schema([pa.field(name, pa.string()) for name in names])

    def _data(self, sheet: CalamineSheet) -> Iterator[tuple[int, Row]]:
        return ((number, row[self._left :]) for number, row in _filled(sheet) if number >= self._from)

    def _batch(self, block: list[tuple[int, Row]]) -> Iterator[pa.RecordBatch]:
        width = len(self.columns)
        ordinals, kept = list[int](), list[Row]()
        for number, row in block:
            beyond = next((cell for cell in row[width:] if cell), None)
            if number in self._errors:
                column, value = self._errors[number]
                inside = self._left <= column < self._left + width
                name = self.columns[column - self._left] if inside else None
                self.broken.append(
                    BrokenRow(self.rows, number, name, value, "the cell holds an error of the spreadsheet")
                )
            elif beyond is not None:
                reason = f"too many cells: more than the {width} columns"
                self.broken.append(BrokenRow(self.rows, number, None, beyond, reason))
            else:
                ordinals.append(self.rows)
                kept.append(row[:width])
            self.rows += 1
        if kept:
            columns = [pa.array(column, pa.string()) for column in zip(*kept, strict=True)]
            yield with_rows(columns, self.schema, np.array(ordinals, np.int64))


def _filled(sheet: CalamineSheet) -> Iterator[tuple[int, Row]]:
    """Rows that are not blank with their number in the sheet, from 1."""
    assert sheet.start is not None
    top, left = sheet.start
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
        cells = [""] * left + [_text(value) for value in row]
        if any(cells):
            yield number, cells


def _text(value: object) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e21:
            return str(int(value))
        case dt.datetime():
            return _second(value).isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def _second(value: dt.datetime) -> dt.datetime:
    """Without the rounding error of a serial number: times within a millisecond of a second are that second."""
    off = (value.microsecond + 500_000) % 1_000_000 - 500_000
    return value - dt.timedelta(microseconds=off) if abs(off) < 1000 else value


def _check(path: Path, name: str, limits: Limits) -> None:
    """Unpack every part once under watch, so that the reader behind meets no bomb, no damaged part, no far-off cell."""
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
    if sum(part.file_size for part in parts) > limits.document:
        raise IntakeError(f"unpacks to more than {limits.document >> 20:,} MB: refused", where=name)
    for part in parts:
        for _ in streams.chunks(path, part.filename, name=name, limits=limits):
            pass
    with zipfile.ZipFile(path) as book:
        for rows, columns in areas(book):
            if rows * columns > limits.cells:
                what = f"a sheet reaches over {rows:,} × {columns:,} cells: refused"
                hint = "delete what lies far from the table, or save the sheet as CSV"
                raise IntakeError(what, where=name, hint=hint)


def _errors(path: Path, sheet: str) -> dict[int, tuple[int, str]]:
    """By row of the sheet, the first cell with an error: its column (from 0) and the error."""
    found: dict[int, tuple[int, str]] = {}
    with zipfile.ZipFile(path) as book:
        part = _part(book, sheet)
        if part is None:
            return {}
        with book.open(part) as file:
            carry = b""
            while chunk := file.read(1 << 20):
                text = carry + chunk
                if b't="e"' in text:
                    for column, row, value in _ERROR.findall(text):
                        found.setdefault(int(row), (column_number(column) - 1, value.decode()))
                carry = text[-2000:]
    return found


def _part(book: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of the package that holds this sheet; None where the package is no XLSX."""
    try:
        workbook = ElementTree.fromstring(book.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    except KeyError:
        return None
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in workbook.iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
            target = targets.get(relation, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in book.namelist() else None
    return None
