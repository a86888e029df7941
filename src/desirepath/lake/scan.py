"""Reads the visible rows of a table from its Parquet files, with Arrow or with DuckDB.

Files need not have all columns: what is missing comes as nulls. Rows are filtered by import only where a file holds
imports that are not visible.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from desirepath import sqltext
from desirepath.lake.delta import DataFile, explained
from desirepath.lake.parquet import ASCENDING

_TYPES = {
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}

Span = tuple[tuple[int, int], tuple[int, int]]
"""From one (import, row) to another."""

BATCH_ROWS = 1 << 17

MEMORY = "1GB"
"""What DuckDB may use before it goes on on the disk."""


@dataclass(frozen=True)
class Selection:
    """The files that hold visible rows; `imports` names the visible ones where not every row of the files is."""

    files: tuple[DataFile, ...]
    schema: pa.Schema
    imports: tuple[int, ...] | None

    @property
    def sql(self) -> str:
        """A DuckDB query for the rows."""
        empty = ", ".join(f"NULL::{_TYPES[f.type]} AS {sqltext.name(f.name)}" for f in self.schema)
        names = ", ".join(map(sqltext.name, self.schema.names))
        rows = f"SELECT {empty} WHERE false"
        if self.files:
            rows += f" UNION ALL BY NAME SELECT * FROM {parquet([f.path for f in self.files])}"
        where = "" if self.imports is None else f' WHERE "import" IN ({", ".join(map(str, self.imports))})'
        return f"SELECT {names} FROM ({rows}){where}"

    def arrow(self, names: Sequence[str]) -> pa.RecordBatchReader:
        """The rows as a stream of Arrow batches, file after file."""
        schema = pa.schema([self.schema.field(n) for n in names])
        return pa.RecordBatchReader.from_batches(schema, self._batches(list(names)))

    def _batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        schema = pa.schema([self.schema.field(n) for n in names])
        for file in self.files:
            with explained(file.path), pq.ParquetFile(file.path) as source:
                there = set(source.schema_arrow.names)
                read = [n for n in dict.fromkeys([*names, "import"]) if n in there]
                for batch in source.iter_batches(BATCH_ROWS, columns=read):
                    rows = batch if self.imports is None else batch.filter(self._shown(batch))
                    columns = [rows.column(f.name) if f.name in there else pa.nulls(len(rows), f.type) for f in schema]
                    yield pa.RecordBatch.from_arrays(columns, schema=schema)

    def pieces(self) -> list[Piece]:
        """The rows in pieces that can be read apart, in the order of the files."""
        return self._in_order[0]

    @property
    def ascending(self) -> bool:
        """Whether all rows, piece after piece, are known to ascend by (import, row)."""
        return self._in_order[1]

    @cached_property
    def _in_order(self) -> tuple[list[Piece], bool]:
        """All pieces, and whether their rows are known to ascend; then the files stand in the order of their rows."""
        files = []
        spans: list[tuple[Span, int]] = []
        for file in self.files:
            with explained(file.path):
                facts = pq.read_metadata(file.path)
            files.append((file.path, facts))
            spans += [(span, len(spans)) for span in _spans(facts)]
        known = len(spans) == len(files)
        if known:
            spans.sort()
            files = [files[k] for _, k in spans]
        ascending = known and all(a[1] < b[0] for (a, _), (b, _) in pairwise(spans))
        pieces = [
            Piece(self, path, group, facts.row_group(group).num_rows)
            for path, facts in files
            for group in range(facts.num_row_groups)
        ]
        return pieces, ascending

    def _shown(self, batch: pa.RecordBatch | pa.Table) -> pa.Array:
        return pc.is_in(batch.column("import"), value_set=pa.array(self.imports, pa.int64()))


@dataclass(frozen=True)
class Piece:
    """A row group of a file."""

    selection: Selection
    path: Path
    group: int
    rows: int  # visible or not

    def read(self, names: Sequence[str]) -> pa.Table:
        """The visible rows, texts as dictionaries."""
        schema = pa.schema([self.selection.schema.field(n) for n in names])
        with explained(self.path):
            facts = pq.read_metadata(self.path)
        texts = [f.name for f in schema if f.type == pa.string() and f.name in facts.schema.names]
        with (
            explained(self.path),
            pq.ParquetFile(self.path, metadata=facts, read_dictionary=texts, memory_map=True) as source,
        ):
            there = set(source.schema_arrow.names) - self._empty(facts)
            wanted = [n for n in dict.fromkeys([*names, *(["import"] if self.selection.imports else [])]) if n in there]
            table = source.read_row_group(self.group, wanted, use_threads=False)
        if self.selection.imports is not None:
            table = table.filter(self.selection._shown(table))
        return pa.table({f.name: table[f.name] if f.name in there else _nothing(len(table), f.type) for f in schema})

    def _empty(self, facts: pq.FileMetaData) -> set[str]:
        """The columns in which nobody has anything: they need not be read."""
        group = facts.row_group(self.group)
        columns = (group.column(k) for k in range(group.num_columns))
        return {
            c.path_in_schema
            for c in columns
            if c.is_stats_set and c.statistics.has_null_count and c.statistics.null_count == group.num_rows
        }


def _spans(facts: pq.FileMetaData) -> list[Span]:
    """The bounds (import, row) of a file's rows; none where they are not known to ascend."""
    if (facts.metadata or {}).get(ASCENDING) != b"yes":
        return []
    places = [facts.schema.names.index(name) for name in ("import", "row")]
    first, last = facts.row_group(0), facts.row_group(facts.num_row_groups - 1)
    (a, b), (y, z) = ([group.column(k).statistics for k in places] for group in (first, last))
    if not all(s is not None and s.has_min_max for s in (a, b, y, z)):
        return []
    return [((a.min, b.min), (y.max, z.max))]


def _nothing(rows: int, kind: pa.DataType) -> pa.Array:
    if kind != pa.string():
        return pa.nulls(rows, kind)
    return pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()), pa.array([], pa.string()))


def parquet(paths: Sequence[Path], options: str = "") -> str:
    """DuckDB's table function over these files."""
    return f"read_parquet([{sqltext.listed(map(str, paths))}], union_by_name = true{options})"


@contextmanager
def duck(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of one's own that puts what does not fit into memory under `scratch`."""
    threads = min(os.cpu_count() or 1, 8)  # each holds row groups of its own
    limits: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(scratch),
        "memory_limit": MEMORY,
        "threads": threads,
    }
    with explained(scratch), duckdb.connect(config=limits) as connection:
        connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
        yield connection
