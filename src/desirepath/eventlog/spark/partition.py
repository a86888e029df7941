"""One partition of the events becomes a prepared log: what a task does when Spark has brought its rows together.

Codes must be the same in all partitions. So every piece carries all names and values that there are anywhere, as the
dictionaries of its columns, and the log gives codes in the order of the values whether they occur here or not.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Notion
from desirepath.eventlog.prepare import prepare
from desirepath.eventlog.spark.files import packed, scratch
from desirepath.lake.schema import EVENTS

FACT = "fact"
"""The column that tells rows of the customers table from events."""
_PIECE_ROWS = 1 << 18
NO_LINKS = pa.table({"id": pa.array([], pa.string()), "person": pa.array([], pa.string())})
Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Shape:
    """What all partitions have in common."""

    notion: Notion
    values: Values  # of event, channel and the dimensions, each in order

    @property
    def dims(self) -> tuple[str, ...]:
        """The dimensions."""
        return tuple(sorted(set(self.values) - {"event", "channel"}))

    def log(self, pieces: Sequence[pa.Table], cache: Path) -> Log:
        """The log of these rows; of none, one that only knows the names and values."""
        rows = _Rows(tuple(pieces) or (self._nothing(),), self.values)
        return prepare(rows, NO_LINKS, self.notion, cache, dims=self.dims, threads=1)

    def _nothing(self) -> pa.Table:
        names = ["at", "customer", "case", "event", "channel", "import", "row"]
        schema = [EVENTS.field(name) for name in names] + [pa.field(f"d_{d}", pa.string()) for d in self.dims]
        return pa.schema([*schema, pa.field(FACT, pa.bool_())]).empty_table()


def built(number: int, batches: Iterable[pa.RecordBatch], shape: Shape) -> Iterator[pa.RecordBatch]:
    """The files of the partition's log."""
    pieces = list(_pieces(batches))
    if pieces:
        with tempfile.TemporaryDirectory(dir=scratch()) as folder:
            yield from packed(number, shape.log(pieces, Path(folder)).folder)


def _pieces(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Rows in bigger pieces; ids once each."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(b.num_rows for b in waiting) >= _PIECE_ROWS:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if any(b.num_rows for b in waiting):
        yield pa.Table.from_batches(waiting)


def _coded(table: pa.Table, values: Values) -> pa.Table:
    """Event, channel and dimensions by the dictionaries that all partitions share."""
    for name, known in values.items():
        column = name if name in ("event", "channel") else f"d_{name}"
        texts = pa.array(known, pa.string())
        places = pc.index_in(table[column].combine_chunks().cast(pa.string()), texts)
        at = table.schema.get_field_index(column)
        table = table.set_column(at, column, pa.DictionaryArray.from_arrays(places, texts))
    return table


@dataclass(frozen=True)
class _Piece:
    table: pa.Table

    @property
    def rows(self) -> int:
        return int(self.table.num_rows)

    def read(self, names: Sequence[str]) -> pa.Table:
        return self.table.select(list(names))


@dataclass(frozen=True)
class _Rows:
    """The rows of a partition as evidence."""

    tables: tuple[pa.Table, ...]
    values: Values
    ascending = False

    def select(self, table: str, *, imports: Collection[int] | None = None, extra: Sequence[str] = ()) -> _Rows:
        wanted = (t.filter(t[FACT] if table == "customers" else pc.invert(t[FACT])) for t in self.tables)
        return _Rows(tuple(wanted), self.values)

    def pieces(self) -> Sequence[_Piece]:
        return [_Piece(_coded(table, self.values)) for table in self.tables]

    def dimensions(self, table: str = "events") -> tuple[str, ...]:
        return tuple(n.removeprefix("d_") for n in self.tables[0].column_names if n.startswith("d_"))

    def imports(self, table: str) -> dict[int, str]:
        return {}

    def before(self, gone: Collection[int]) -> _Rows:
        return self
