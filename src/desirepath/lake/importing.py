"""An import: rows stream into Parquet files, become part of the Delta tables, and one SQL transaction shows them all.

Until that transaction nobody sees anything of it; whatever a killed import leaves is swept by the next. Events whose
`event_id` the source already brought are dropped before the commit: the first one stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
from sqlalchemy.orm import Session

from desirepath.database.tables import ImportFile
from desirepath.errors import DesirepathError
from desirepath.lake import journal
from desirepath.lake.delta import TARGET_BYTES, DataFile, Table, columns
from desirepath.lake.parquet import Keep, Writer, has_values, rewrite, span
from desirepath.lake.repeats import Positions, repeated_events
from desirepath.progress import Progress

if TYPE_CHECKING:
    from desirepath.lake.lake import Lake


class Together:
    """Imports into several sources that become visible at once; a context manager that holds the lake's lock."""

    def __init__(self, lake: Lake, wait_s: float, progress: Progress) -> None:
        self._lake = lake
        self._lock = lake.locked(wait_s, progress)
        self._imports: list[Import] = []

    def __enter__(self) -> Self:
        self._lock.__enter__()
        try:
            self._lake.sweep()
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with contextlib.suppress(DesirepathError):  # what stays, the next import sweeps
                for import_ in self._imports:
                    import_.discard()
                self._lake.sweep()
        finally:
            self._lock.__exit__(kind, error, trace)

    def begin(self, source: str, *, mapping: dict[str, Any] | None = None, replace: bool = False) -> Import:
        """An import into a source, under a number of its own."""
        with self._lake.database.begin() as session:
            number = journal.reserve(session, source, mapping, replace)
        self._imports.append(Import(self._lake, self, number, source, replace))
        return self._imports[-1]

    def commit(self) -> None:
        """Makes all imports that are ready visible, in one transaction; the others come to nothing."""
        ready = [import_ for import_ in self._imports if import_.summary is not None]
        for import_ in ready:
            import_.store()
        with self._lake.database.begin() as session:
            for import_ in ready:
                import_.enter(session)
        self._imports = [import_ for import_ in self._imports if import_.summary is None]


class Import:
    """An import into one source, under way."""

    def __init__(self, lake: Lake, together: Together, number: int, source: str, replace: bool) -> None:
        self.id = number
        self.source = source
        self.replace = replace
        self.summary: dict[str, Any] | None = None
        self._lake = lake
        self._together = together
        self._parts: dict[str, Parts] = {}
        self._files: list[ImportFile] = []
        self._distinct_events = 0

    def write(self, table: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> int:
        """Streams rows into a table; returns how many. Batches have `row`, the table's columns and any `d_NAME`."""
        if table not in self._parts:
            self._parts[table] = Parts(self._lake.table(table), self.id)
        return self._parts[table].write(batches, schema)

    def add_file(self, name: str, sha256: str, size: int, rows: int) -> None:
        """Notes a file that was read, so that it is known again."""
        self._files.append(ImportFile(import_id=self.id, name=name, sha256=sha256, size=size, rows=rows))

    def deduplicate(self) -> int:
        """Drops events whose `event_id` came before; returns how many. `commit` does it too, when nobody has."""
        events = self._parts.get("events")
        if events is None or events.rows == self._distinct_events or not has_values(events.close(), "event_id"):
            return 0
        earlier = None if self.replace else self._lake.select("events", source=self.source)
        dropped = events.drop(repeated_events(events.close(), earlier, self._lake.scratch))
        self._distinct_events = events.rows
        return dropped

    def ready(self, summary: dict[str, Any]) -> None:
        """Nothing more will be written; `summary` is kept in the journal."""
        self.deduplicate()
        for parts in self._parts.values():
            parts.close()
        self.summary = summary

    def commit(self, summary: dict[str, Any]) -> None:
        """Makes everything written visible at once, together with what else is ready."""
        self.ready(summary)
        self._together.commit()

    def store(self) -> None:
        """Makes the files part of the Delta tables, where nobody sees them yet."""
        for parts in self._parts.values():
            parts.commit()

    def enter(self, session: Session) -> None:
        """Enters the import into the journal: from the end of this transaction it is visible."""
        held = (parts.held() for parts in self._parts.values())
        journal.commit(session, self.id, self.summary or {}, held, self._files)

    def discard(self) -> None:
        """Gives up the files that are open."""
        for parts in self._parts.values():
            parts.discard()


class Parts:
    """What an import writes into one table: Parquet files of about `TARGET_BYTES`, with counts and time span."""

    def __init__(self, table: Table, number: int) -> None:
        self.table = table
        self.number = number
        self.rows = 0
        self.dimensions: set[str] = set()
        self._made = 0
        self._writer: Writer | None = None
        self._files: list[DataFile] = []

    def write(self, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> int:
        """Appends the rows; returns how many."""
        self.dimensions |= _dimensions(self.table.base, schema)
        target = columns(self.table.base, self.dimensions)
        before = self.rows
        for batch in batches:
            if batch.num_rows:
                self._writer_for(target).write(_conformed(batch, target, self.number))
                self.rows += batch.num_rows
        return self.rows - before

    def close(self) -> list[DataFile]:
        """Finishes the file that is open; the files so far."""
        if self._writer is not None:
            self._files.append(self._writer.close())
            self._writer = None
        return self._files

    def discard(self) -> None:
        """Gives up the file that is open; those that are finished lie there until they are swept."""
        if self._writer is not None:
            self._writer.discard()
            self._writer = None

    def commit(self) -> None:
        """Makes the files part of the Delta table."""
        if files := self.close():
            self.table.commit(files, dimensions=self.dimensions)

    def drop(self, rows: dict[DataFile, Positions]) -> int:
        """Takes rows, by their positions in the files, out again; returns how many."""
        for file, positions in rows.items():
            whole = len(positions) == file.rows
            changed = None if whole else rewrite(file.path, self._next_path(), _all_but(positions))
            file.path.unlink()
            self._files.remove(file)
            self._files += [changed] if changed else []
            self.rows -= len(positions)
        return sum(map(len, rows.values()))

    def held(self) -> journal.Held:
        """The counts for the journal."""
        times = journal.TIMES.get(self.table.name)
        first, last = span(self._files, *times) if times else (None, None)
        return journal.Held(self.table.name, self.rows, first, last, tuple(sorted(self.dimensions)))

    def _writer_for(self, schema: pa.Schema) -> Writer:
        if self._writer is not None and (self._writer.size >= TARGET_BYTES or self._writer.schema != schema):
            self.close()
        if self._writer is None:
            self._writer = Writer(self._next_path(), schema)
        return self._writer

    def _next_path(self) -> Path:
        self._made += 1
        return self.table.part(self.number, self._made)


def _dimensions(base: pa.Schema, given: pa.Schema) -> set[str]:
    """The dimensions of rows that are to be written; the columns must be the table's."""
    names, fixed = set(given.names), set(base.names) - {"import"}
    dimensions = {n for n in names if n.startswith("d_")}
    if wrong := (fixed - names) | (names - fixed - dimensions - {"import"}):
        raise ValueError(f"missing or unknown columns: {sorted(wrong)}")
    return dimensions


def _conformed(batch: pa.RecordBatch, target: pa.Schema, number: int) -> pa.RecordBatch:
    def column(field: pa.Field) -> pa.Array:
        if field.name == "import":
            return pa.repeat(pa.scalar(number, pa.int64()), batch.num_rows)
        if (index := batch.schema.get_field_index(field.name)) < 0:
            return pa.nulls(batch.num_rows, field.type)
        values = batch.column(index)
        if not field.nullable and values.null_count:
            raise ValueError(f"column '{field.name}' has {values.null_count} empty values")
        return values if values.type == field.type else values.cast(field.type)

    return pa.RecordBatch.from_arrays([column(f) for f in target], schema=target)


def _all_but(positions: Positions) -> Keep:
    def keep(batch: pa.RecordBatch, first: int) -> pa.Array:
        mask = np.ones(batch.num_rows, dtype=bool)
        start, end = np.searchsorted(positions, (first, first + batch.num_rows))
        mask[positions[start:end] - first] = False
        return pa.array(mask)

    return keep
