"""The escape hatch: a mapping's own SELECT over the files of a block, each a table named by its file's stem.

The query runs in a DuckDB of its own that holds these files and can reach nothing else. Its columns are the canonical
names (`customer`, `at`, `event`, `case`, `channel`, `value`, `currency`, `event_id`; for feedback the fields of
`feedback`); every other column becomes a dimension.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from desirepath.errors import MappingError
from desirepath.intake.engine import MEMORY
from desirepath.intake.mapping import Block
from desirepath.intake.plan import explain
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.opening import open_table
from desirepath.intake.readers.table import BATCH_ROWS, BrokenRow, RawTable, with_rows
from desirepath.sqltext import name

_PLAIN = ("customer", "case", "event", "at", "channel", "value", "currency", "event_id")
_FEEDBACK = ("id", "at", "customer", "case", "touchpoint", "kind", "text", "language", "about", "author")
_KEPT = {"source", "kind", "timezone", "time_format", "future_days", "anonymous", "duplicates"}
_METRICS = ("metric", "from", "to", "value", "n", "stage", "touchpoint")


class QueryTable(RawTable):
    """The rows of a query; they stand on no line of a file."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, query: str, assumptions: list[str], broken: list[BrokenRow]
    ) -> None:
        self._con, self._query, self._lost = con, query, broken
        super().__init__(con.sql(f"SELECT * FROM ({query}) LIMIT 0").to_arrow_table().schema, assumptions)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows of the query, then the rows of its files that could not be read."""
        self._begin()
        for batch in self._con.sql(f"SELECT * FROM ({self._query})").to_arrow_reader(BATCH_ROWS):
            rows = np.arange(self.rows, self.rows + batch.num_rows, dtype=np.int64)
            self.rows += batch.num_rows
            yield with_rows(batch.columns, batch.schema, rows)
        self.broken = [BrokenRow(self.rows + i, b.line, b.column, b.value, b.reason) for i, b in enumerate(self._lost)]
        self.rows += len(self.broken)

    def lines(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """No lines."""
        return np.zeros(len(rows), dtype=np.int64)


@contextmanager
def query_table(block: Block, files: Sequence[SourceFile]) -> Iterator[QueryTable]:
    """The block's query over its files."""
    assert block.sql is not None
    with tempfile.TemporaryDirectory(prefix="desirepath-") as folder:
        con = duckdb.connect(
            str(Path(folder) / "files.duckdb"),
            config={"memory_limit": MEMORY, "temp_directory": folder, "python_enable_replacements": False},
        )
        try:
            con.execute("SET TimeZone = 'UTC'")
            said: list[str] = []
            broken = [b for file in files for b in _load(con, file, said)]
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
            yield QueryTable(con, block.sql.strip().rstrip(";"), said, broken)
        except duckdb.Error as error:
            raise explain(error, block) from error
        finally:
            con.close()


def canonical_block(block: Block, columns: Sequence[str]) -> Block:
    """The block that reads the query's columns by their canonical names."""
    known = {"events": _PLAIN, "feedback": (*_FEEDBACK, "score"), "metrics": _METRICS, "customers": ("customer",)}
    given = {c: c for c in columns}
    dimensions = {c: c for c in columns if c not in known.get(block.kind, ())} | _written(block)
    fields = block.model_dump(exclude_defaults=True, by_alias=True, include=_KEPT)
    missing = {"events": ("event", "at"), "metrics": ("metric", "from", "value"), "customers": ("customer",)}
    for column in missing.get(block.kind, ()):
        if column not in given:
            raise MappingError(
                f"the query gives no column '{column}'", where=block.source, hint="SELECT … AS " + column
            )
    if block.kind == "feedback":
        fields["feedback"] = _feedback(block, given)
    elif block.kind == "metrics":
        fields["metrics"] = {k: {"column": k} for k in _METRICS if k in given} | (
            {} if "to" in given else {"every": "month"}
        )
    elif block.kind == "keys":
        fields["keys"], dimensions = given, {}
    else:
        fields |= {k: k for k in known[block.kind] if k in given}
    if block.customer is not None and "customer" in given:
        fields["customer"] = {"column": "customer", "type": block.customer.type, "region": block.customer.region}
    return Block.model_validate(fields | {"dimensions": dimensions})


def _feedback(block: Block, given: dict[str, str]) -> dict[str, object]:
    fields: dict[str, object] = {k: {"column": k} for k in _FEEDBACK if k in given}
    written = block.feedback[0] if block.feedback else None
    if "score" in given:
        if written is None or written.score is None:
            hint = "feedback: {score: {column: score, scale: nps}}"
            raise MappingError("the query gives a score, but no scale is said", where=block.source, hint=hint)
        fields["score"] = {"column": "score", "scale": written.score.scale}
    if written is not None and "kind" not in given:
        fields["kind"] = written.kind.model_dump(exclude_defaults=True)
    return fields


def _written(block: Block) -> dict[str, object]:
    return {k: c.model_dump(exclude_defaults=True) for k, c in block.dimensions.items()}


def _load(con: duckdb.DuckDBPyConnection, file: SourceFile, said: list[str]) -> list[BrokenRow]:
    raw = open_table(file)
    said += [f"{file.name}: {a}" for a in raw.assumptions]
    table = name(re.sub(r"\.gz$", "", PurePosixPath(file.name).name).rsplit(".", 1)[0])
    for i, batch in enumerate(raw.batches()):
        con.register("batch", batch)
        con.execute(f"CREATE TABLE {table} AS SELECT * EXCLUDE (__row) FROM batch" if i == 0 else
                    f"INSERT INTO {table} SELECT * EXCLUDE (__row) FROM batch")  # fmt: skip
        con.unregister("batch")
    if not raw.rows:
        con.execute(f"CREATE TABLE {table} ({', '.join(f'{name(c)} VARCHAR' for c in raw.columns)})")
    return list(raw.broken)
