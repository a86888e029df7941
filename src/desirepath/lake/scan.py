"""Reads the visible rows of a table from its Parquet files, with Arrow or with DuckDB.

Files need not have all columns: what is missing comes as nulls. Rows are filtered by import only where a file holds
imports that are not visible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from desirepath.lake.delta import DataFile, explained

_TYPES = {
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}


@dataclass(frozen=True)
class Selection:
    """The files that hold visible rows; `imports` names the visible ones where not every row of the files is."""

    files: tuple[DataFile, ...]
    schema: pa.Schema
    imports: tuple[int, ...] | None
    folder: Path

    @property
    def sql(self) -> str:
        """A DuckDB query for the rows."""
        empty = ", ".join(f'NULL::{_TYPES[f.type]} AS "{_doubled(f.name)}"' for f in self.schema)
        names = ", ".join(f'"{_doubled(name)}"' for name in self.schema.names)
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
        if not self.files:
            return
        with explained(self.folder):
            rows = ds.dataset([str(f.path) for f in self.files], schema=self.schema, format="parquet")
            wanted = None if self.imports is None else ds.field("import").isin(self.imports)
            yield from rows.scanner(columns=names, filter=wanted).to_reader()


def parquet(paths: Sequence[Path], options: str = "") -> str:
    """DuckDB's table function over these files."""
    listed = ", ".join("'" + str(p).replace("'", "''") + "'" for p in paths)
    return f"read_parquet([{listed}], union_by_name = true{options})"


@contextmanager
def duck(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of one's own that puts what does not fit into memory under `scratch`."""
    with duckdb.connect(config={"temp_directory": str(scratch)}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def _doubled(name: str) -> str:
    return name.replace('"', '""')
