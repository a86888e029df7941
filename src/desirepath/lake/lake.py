"""The lake: six Delta tables in a folder, and the journal in the database that says which of their rows are visible.

Writers (imports, erasure, compaction) take turns by a lock; readers never wait. A reader works on the files of one
Delta snapshot and on the imports that were visible when it began.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desirepath import sqltext
from desirepath.database import Database
from desirepath.database.tables import Erasure as ErasureRow
from desirepath.database.tables import Import as ImportRow
from desirepath.database.tables import ImportFile, LinkDecision, VoiceLabel
from desirepath.database.tables import Source as SourceRow
from desirepath.errors import LakeError
from desirepath.lake import erasure, journal, lock
from desirepath.lake.delta import DataFile, Table, check, columns
from desirepath.lake.importing import Import, Together
from desirepath.lake.lock import LakeBusyError
from desirepath.lake.scan import Selection, duck
from desirepath.lake.schema import TABLES
from desirepath.progress import Progress, silent

T = TypeVar("T")
PATIENCE_S = 600.0
"""How long a writer waits for another one before it gives up."""

_STAMP = select(
    *(
        select(counted).scalar_subquery()
        for table, ended in (
            (ImportRow, ImportRow.committed),
            (ErasureRow, ErasureRow.finished),
            (LinkDecision, LinkDecision.undone),
            (VoiceLabel, VoiceLabel.undone),
        )
        for counted in (func.count(table.id), func.count(ended), func.max(table.id))
    )
)
"""Rows of these tables are added, and ended, and seldom taken away."""


@dataclass(frozen=True)
class SourceInfo:
    """What is visible of a source. `rows` were read from its files, `quarantined` of them could not be used."""

    name: str
    imports: int
    rows: int
    quarantined: int
    events: int
    feedback: int
    metrics: int
    first: datetime | None
    last: datetime | None
    imported: datetime


@dataclass(frozen=True)
class QuarantineCount:
    """How many rows of a source (or cells of rows that were accepted) could not be read for one reason."""

    source: str
    reason: str
    whole_row: bool
    count: int


class Lake:
    """The evidence at rest of one workspace."""

    def __init__(self, root: Path, database: Database) -> None:
        """Opens it; finishes an erasure that was interrupted, unless somebody is at work on it."""
        self.root = Path(root).absolute()
        self.database = database
        self.scratch = self.root / ".scratch"
        self._as_of: int | None = None
        self._seen: dict[Any, Any] | None = None
        self._tables = {name: Table(self.root, name) for name in TABLES}
        with self.database.read() as session:
            erasing = _erasing(session)
        if erasing:
            self._finish_erasures()

    @contextmanager
    def begin(
        self,
        source: str,
        *,
        mapping: dict[str, Any] | None = None,
        replace: bool = False,
        wait_s: float = PATIENCE_S,
        progress: Progress = silent,
    ) -> Iterator[Import]:
        """An import into a source; `with lake.begin(…) as import_:` waits for its turn, then sweeps and numbers it.

        With `replace` it supersedes all earlier imports of the source once it is committed.
        """
        with self.together(wait_s=wait_s, progress=progress) as together:
            yield together.begin(source, mapping=mapping, replace=replace)

    def together(self, *, wait_s: float = PATIENCE_S, progress: Progress = silent) -> Together:
        """Several imports that become visible by one commit, all of them or none."""
        return Together(self, wait_s, progress)

    def at(self, as_of: int | None) -> Lake:
        """The lake as it was after import `as_of`, to read from; None is now."""
        then = copy(self)
        then._as_of = as_of
        return then

    def still(self) -> Lake:
        """The same for one look at it: what is visible is asked once, and imports that come meanwhile stay unseen."""
        then = copy(self)
        then._seen = {}
        return then

    def before(self, gone: Collection[int]) -> Lake:
        """The lake as it was while these imports, which were superseded since, could be seen."""
        return self.at(max(gone, default=None))

    def find_file(self, source: str, sha256: str) -> int | None:
        """The visible import of the source that already holds a file of this content."""
        with self.database.read() as session:
            return journal.find_file(session, source, sha256)

    def visible(self, as_of: int | None = None) -> tuple[int, ...]:
        """The numbers of the visible imports, rising; `as_of=N` as they were after import N."""
        with self.database.read() as session:
            return self._visible(session, as_of)

    def arrow(
        self, table: str, columns: Sequence[str] | None = None, *, as_of: int | None = None
    ) -> pa.RecordBatchReader:
        """The visible rows as a stream. Every `d_NAME` can be asked for; one that no row has comes as nulls."""
        selection = self.select(table, as_of=as_of, extra=columns or ())
        return selection.arrow(columns or selection.schema.names)

    def register(
        self, con: duckdb.DuckDBPyConnection, table: str, *, as_of: int | None = None, name: str | None = None
    ) -> None:
        """Makes the visible rows a temporary view of a DuckDB connection, called like the table or `name`.

        The connection's time zone becomes UTC, as the lake's times are.
        """
        con.execute("SET TimeZone = 'UTC'")
        con.execute(
            f"CREATE OR REPLACE TEMP VIEW {sqltext.name(name or table)} AS {self.select(table, as_of=as_of).sql}"
        )

    def files(self, table: str, *, as_of: int | None = None) -> list[str]:
        """The Parquet files that hold the visible rows (and maybe others: mind the column `import`)."""
        return [str(f.path) for f in self.select(table, as_of=as_of).files]

    def dimensions(self, table: str = "events", *, as_of: int | None = None) -> tuple[str, ...]:
        """The names, without `d_`, of the dimensions that visible imports brought."""
        with self.database.read() as session:
            held = self._held(session).get(table, {})
            shown = self._visible(session, as_of)
        return tuple(sorted({d.removeprefix("d_") for i in shown if i in held for d in held[i].dimensions}))

    def fingerprint(self, *tables: str, as_of: int | None = None) -> str:
        """Changes whenever an import, a replacement or an erasure changes the visible rows of these tables."""
        with self.database.read() as session:
            shown = self._visible(session, as_of)
            times = self._times(session)
            every = self._held(session)
        held = {t: every.get(t, {}) for t in sorted(tables or TABLES)}
        facts = [(t, i, times[i].isoformat(), h[i].rows) for t, h in held.items() for i in shown if i in h]
        return hashlib.sha256(repr(facts).encode()).hexdigest()

    def stamp(self) -> str:
        """Changes whenever the evidence may have, or what people said of it, and costs next to nothing."""
        with self.database.read() as session:
            return repr(tuple(session.execute(_STAMP).one()))

    def imports(self, table: str, *, as_of: int | None = None) -> dict[int, str]:
        """The visible imports that hold rows of a table, each with what changes when its rows there do."""
        with self.database.read() as session:
            shown = self._visible(session, as_of)
            times = self._times(session)
            held = self._held(session).get(table, {})
        return {i: f"{times[i].isoformat()} {held[i].rows}" for i in shown if i in held}

    def sources(self) -> tuple[SourceInfo, ...]:
        """What is visible of every source, by name."""
        with self.database.read() as session:
            shown = journal.visible(session)
            rows = session.scalars(select(ImportRow).where(ImportRow.id.in_(shown)).order_by(ImportRow.id)).all()
            per_import = select(ImportFile.import_id, func.sum(ImportFile.rows)).group_by(ImportFile.import_id)
            read = {number: int(rows) for number, rows in session.execute(per_import)}
            every = self._held(session)
        held = {t: every.get(t, {}) for t in TABLES}
        quarantined = self._quarantined()
        return tuple(
            _source_info(name, [r for r in rows if r.source == name], read, quarantined, held)
            for name in sorted({r.source for r in rows})
        )

    def quarantine(self, source: str | None = None, *, limit: int | None = None, offset: int = 0) -> pa.Table:
        """What could not be read, in the order of the imports and their rows; without what a replay superseded."""
        with self.duck() as connection:
            self._register_quarantine(connection)
            where, values = ("", []) if source is None else ('WHERE "source" = ?', [source])
            query = f'FROM quarantine {where} ORDER BY "import", "row", "column" LIMIT ? OFFSET ?'
            return connection.sql(query, params=[*values, limit, offset]).to_arrow_table()

    def quarantine_counts(self, source: str | None = None) -> tuple[QuarantineCount, ...]:
        """How much lies in quarantine, and why, the most frequent first."""
        with self.duck() as connection:
            self._register_quarantine(connection)
            where, values = ("", []) if source is None else ('WHERE "source" = ?', [source])
            query = (
                f'SELECT "source", reason, whole_row, count(*) FROM quarantine {where} '
                'GROUP BY ALL ORDER BY count(*) DESC, "source", reason'
            )
            return tuple(QuarantineCount(*row) for row in connection.execute(query, values).fetchall())

    def mapping(self, source: str) -> dict[str, Any] | None:
        """The mapping that a source was last read with."""
        with self.database.read() as session:
            row = session.get(SourceRow, source)
            return row.mapping if row else None

    def erase(self, ids: Sequence[str], *, also: Sequence[str] = (), progress: Progress = silent) -> erasure.Erasure:
        """Erases these customers (canonical ids) from every table for good, and proves it; see `lake/erasure.py`.

        `also` are other spellings of theirs (a raw e-mail address) that may stand in quarantined rows.
        """
        with self.locked(PATIENCE_S, progress):
            self.sweep()
            return erasure.erase(self, ids, also, progress)

    def compact(self, *, progress: Progress = silent) -> None:
        """Merges small files; every earlier state can still be read."""
        with self.locked(PATIENCE_S, progress):
            self.sweep()
            for done, table in enumerate(self._tables.values()):
                progress(f"compacting {table.name}", done, len(self._tables))
                table.compact()

    def sweep(self) -> int:
        """Clears away what killed imports left, for somebody who holds the lock; returns how many they were."""
        with self.database.read() as session:
            dead = set(journal.dead(session))
        if dead:
            for table in self._tables.values():
                if left := [f for f in table.snapshot().files if f.first in dead]:
                    table.commit([], left)
                for path in (p for number in dead for p in table.parts(number)):
                    path.unlink(missing_ok=True)
            with self.database.begin() as session:
                journal.bury(session, dead)
        return len(dead)

    def table(self, name: str) -> Table:
        """A table as it lies on the disk, whatever is visible of it."""
        return self._tables[name]

    def _visible(self, session: Session, as_of: int | None, source: str | None = None) -> tuple[int, ...]:
        then = self._as_of if as_of is None else as_of
        return self._once(("visible", then, source), lambda: journal.visible(session, then, source))

    def _held(self, session: Session) -> dict[str, dict[int, journal.Held]]:
        return self._once("held", lambda: journal.held(session))

    def _times(self, session: Session) -> dict[int, datetime]:
        """When each import began."""
        columns = select(ImportRow.id, ImportRow.started)
        return self._once("times", lambda: {row.id: row.started for row in session.execute(columns)})

    def _once(self, key: Any, ask: Callable[[], T]) -> T:
        """Where the lake is still, what was known before; there nobody may change it."""
        if self._seen is None:
            return ask()
        if key not in self._seen:
            self._seen[key] = ask()
        found: T = self._seen[key]
        return found

    def locked(self, wait_s: float, progress: Progress) -> AbstractContextManager[None]:
        """The lock that lets one writer at a time work here."""
        return lock.held(self.root / ".lock", wait_s, progress)

    def duck(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A DuckDB of one's own that spills inside the lake."""
        return duck(self.scratch)

    def select(
        self,
        table: str,
        *,
        as_of: int | None = None,
        source: str | None = None,
        imports: Collection[int] | None = None,
        extra: Sequence[str] = (),
    ) -> Selection:
        """The files that hold the visible rows (of one source, of some imports), checked against what was written."""
        for last_try in (False, True):
            with self.database.read() as session:
                shown = self._visible(session, as_of, source)
                held = self._held(session).get(table, {})
                erasing = _erasing(session)
            snapshot = self._tables[table].snapshot()
            if erasing or sum(f.rows for f in snapshot.files) >= sum(h.rows for h in held.values()):
                break
            if self._seen is not None:
                self._seen.clear()
            if last_try:  # once may be an erasure that ended between the two looks
                raise LakeError(
                    f"the table '{table}' has fewer rows than its imports brought",
                    where=str(self.root / table),
                    hint="restore the folder of the lake from a backup",
                )
        here = [i for i in shown if i in held and (imports is None or i in imports)]
        files = tuple(sorted((f for f in snapshot.files if _any_within(here, f)), key=lambda f: (f.first, f.path.name)))
        check(files)
        hidden = held.keys() - set(here)
        dimensions = {d for i in here for d in held[i].dimensions} | {e for e in extra if e.startswith("d_")}
        return Selection(
            files,
            columns(TABLES[table], dimensions),
            tuple(here) if any(_any_within(hidden, f) for f in files) else None,
        )

    def _finish_erasures(self) -> None:
        try:
            with self.locked(0, silent):
                erasure.resume(self)
        except LakeBusyError:
            return  # whoever is at work is the one that erases

    def _register_quarantine(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.register(connection, "quarantine", name="everything")
        with self.database.read() as session:
            replayed = [{"source": s, "since": i} for s, i in journal.replayed(session).items()]
        table = pa.Table.from_pylist(replayed, pa.schema([("source", pa.string()), ("since", pa.int64())]))
        connection.register("replayed", table)
        connection.execute(
            "CREATE OR REPLACE TEMP VIEW quarantine AS SELECT * FROM everything e WHERE NOT (whole_row AND EXISTS "
            '(FROM replayed r WHERE r."source" = e."source" AND e."import" < r.since))'
        )

    def _quarantined(self) -> dict[int, int]:
        """Whole rows in quarantine by import."""
        with self.duck() as connection:
            self._register_quarantine(connection)
            query = 'SELECT "import", count(DISTINCT "row") FROM quarantine WHERE whole_row GROUP BY ALL'
            return dict(connection.execute(query).fetchall())


def _erasing(session: Session) -> bool:
    return session.scalar(select(ErasureRow.id).where(ErasureRow.finished.is_(None)).limit(1)) is not None


def _any_within(numbers: Iterable[int], file: DataFile) -> bool:
    return any(file.first <= n <= file.last for n in numbers)


def _source_info(
    name: str,
    imports: Sequence[ImportRow],
    read: dict[int, int],
    quarantined: dict[int, int],
    held: dict[str, dict[int, journal.Held]],
) -> SourceInfo:
    numbers = [i.id for i in imports]

    def rows(table: str) -> int:
        return sum(held[table][n].rows for n in numbers if n in held[table])

    said = [held[t][n] for t in ("events", "feedback") for n in numbers if n in held[t]]
    return SourceInfo(
        name=name,
        imports=len(imports),
        rows=sum(read.get(n, 0) for n in numbers),
        quarantined=sum(quarantined.get(n, 0) for n in numbers),
        events=rows("events"),
        feedback=rows("feedback"),
        metrics=rows("metrics"),
        first=min((h.first for h in said if h.first), default=None),
        last=max((h.last for h in said if h.last), default=None),
        imported=max(i.committed for i in imports if i.committed),
    )
