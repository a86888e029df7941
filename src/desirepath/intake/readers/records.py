"""Tables made of records that name their own cells (JSON objects, XES events, XML elements).

The columns are the union of all keys, so such a file is read twice: once for the columns, once for the rows. Memory
holds one batch of rows, never the file.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from desirepath.intake.readers.table import BrokenRow, RawTable, shown, unique_names, with_rows

_BATCH = 1 << 15


class Record(NamedTuple):
    """A row: its line and its cells, None where a value is null."""

    line: int
    cells: dict[str, str | None]


class Unread(NamedTuple):
    """A row that could not be read, and why."""

    line: int
    value: str
    reason: str


class Columns:
    """The keys seen so far, in order of first sight."""

    def __init__(self) -> None:
        self._filled: dict[str, bool] = {}
        self._full: set[str] = set()

    def add(self, cells: dict[str, str | None]) -> None:
        """Take note of the keys of one row."""
        if cells.keys() <= self._full:
            return
        for name, value in cells.items():
            if value is not None:
                self._filled[name] = True
                self._full.add(name)
            else:
                self._filled.setdefault(name, False)

    def names(self) -> list[str]:
        """All keys, but those that hold only nulls beside a nested object of the same name."""
        parents = {name[:i] for name in self._filled for i, c in enumerate(name) if c == "."}
        return [name for name, full in self._filled.items() if full or name not in parents]


class RecordTable(RawTable):
    """A table whose rows come one by one from `records()`."""

    def __init__(self, assumptions: list[str]) -> None:
        self._names = self._survey()
        names, renamed = unique_names(self._names)
        super().__init__(pa.schema([pa.field(name, pa.string()) for name in names]), assumptions + renamed)

    @abstractmethod
    def records(self) -> Iterator[Record | Unread]:
        """All rows of the file from the first on."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The readable rows; a key that a row lacks is null."""
        self._begin()
        rows, cells = list[int](), list[Record]()
        for record in self.records():
            if isinstance(record, Unread):
                self.broken.append(BrokenRow(self.rows, record.line, None, shown(record.value), record.reason))
            else:
                rows.append(self.rows)
                cells.append(record)
            self.rows += 1
            if len(rows) == _BATCH:
                yield self._batch(rows, cells)
                rows, cells = [], []
        if rows:
            yield self._batch(rows, cells)

    def lines(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Lines by reading the records again."""
        wanted = np.asarray(rows, np.int64)
        lines = dict.fromkeys(wanted.tolist(), 0)
        last = int(wanted.max(initial=-1))
        for row, record in enumerate(self.records()):
            if row in lines:
                lines[row] = record.line
            if row >= last:
                break
        return np.array([lines[row] for row in wanted.tolist()], np.int64)

    def _survey(self) -> list[str]:
        """The names of the columns."""
        columns = Columns()
        for record in self.records():
            if isinstance(record, Record):
                columns.add(record.cells)
        return columns.names()

    def _batch(self, rows: list[int], records: list[Record]) -> pa.RecordBatch:
        try:
            columns = [pa.array([record.cells.get(name) for record in records], pa.string()) for name in self._names]
        except UnicodeEncodeError:
            return self._batch(*self._encodable(rows, records))
        return with_rows(columns, self.schema, np.array(rows, np.int64))

    def _encodable(self, rows: list[int], records: list[Record]) -> tuple[list[int], list[Record]]:
        """The rows without those that hold half a surrogate pair (`"\\ud83d"`), which no encoding can write."""
        kept_rows, kept = list[int](), list[Record]()
        for row, record in zip(rows, records, strict=True):
            bad = [(name, value) for name, value in record.cells.items() if value and not _writable(value)]
            if bad:
                name, value = bad[0]
                text = value.encode("utf-8", "backslashreplace")
                reason = "half a surrogate pair: not a character"
                self.broken.append(BrokenRow(row, record.line, name, shown(text), reason))
            else:
                kept_rows.append(row)
                kept.append(record)
        return kept_rows, kept


def _writable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
