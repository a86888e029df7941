"""The import journal: which imports there are, which of them are visible, and what each holds.

Visible as of import N is every committed import ≤ N, save those that a later one (≤ N) of the same source with
`replace` superseded. Numbers are given under the lake's lock, so that they rise in the order of the commits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from desirepath.database.tables import Import, ImportFile, ImportTable, Source, now

TIMES = {"events": ("at", "at"), "feedback": ("at", "at"), "metrics": ("from", "to")}
"""The columns that hold the first and the last time of a table's rows."""


@dataclass(frozen=True)
class Held:
    """What an import holds in one table."""

    table: str
    rows: int
    first: datetime | None
    last: datetime | None
    dimensions: tuple[str, ...]


def reserve(session: Session, source: str, mapping: dict[str, Any] | None, replace: bool) -> int:
    """A number that no other import has or had."""
    row = Import(source=source, mapping=mapping, replace=replace)
    session.add(row)
    session.flush()
    return row.id


def commit(
    session: Session, number: int, summary: dict[str, Any], held: Iterable[Held], files: list[ImportFile]
) -> None:
    """Makes an import visible, together with what it holds and the files that it read."""
    row = session.get_one(Import, number)
    row.committed, row.summary = now(), summary
    session.add_all(_row(number, h) for h in held)
    session.add_all(files)
    known = session.get(Source, row.source)
    if known is None:
        session.add(Source(name=row.source, mapping=row.mapping))
    elif row.mapping is not None:
        known.mapping = row.mapping


def dead(session: Session) -> list[int]:
    """Imports that were begun and not committed."""
    return list(session.scalars(select(Import.id).where(Import.committed.is_(None))))


def bury(session: Session, numbers: Collection[int]) -> None:
    """Forgets imports of which nothing is left."""
    session.execute(delete(Import).where(Import.id.in_(numbers), Import.committed.is_(None)))


def visible(session: Session, as_of: int | None = None, source: str | None = None) -> tuple[int, ...]:
    """The numbers of the visible imports, rising."""
    query = select(Import.id, Import.source, Import.replace).where(Import.committed.is_not(None)).order_by(Import.id)
    if as_of is not None:
        query = query.where(Import.id <= as_of)
    if source is not None:
        query = query.where(Import.source == source)
    rows = session.execute(query).all()
    since = {row.source: row.id for row in rows if row.replace}
    return tuple(row.id for row in rows if row.id >= since.get(row.source, 0))


def replayed(session: Session) -> dict[str, int]:
    """The newest replay of each source: what lies in quarantine from before it is superseded."""
    query = select(Import.source, Import.id, Import.summary).where(Import.committed.is_not(None)).order_by(Import.id)
    return {source: number for source, number, summary in session.execute(query) if (summary or {}).get("replays")}


def find_file(session: Session, source: str, sha256: str) -> int | None:
    """The newest visible import of the source that read a file of this content."""
    query = select(func.max(ImportFile.import_id)).where(
        ImportFile.sha256 == sha256, ImportFile.import_id.in_(visible(session, source=source))
    )
    return session.scalar(query)


def held(session: Session) -> dict[str, dict[int, Held]]:
    """What every committed import holds in each table, visible or not."""
    of = ImportTable
    found: dict[str, dict[int, Held]] = {}
    rows = session.execute(select(of.import_id, of.table, of.rows, of.first, of.last, of.dimensions).where(of.rows > 0))
    for number, table, n, first, last, names in rows:
        found.setdefault(table, {})[number] = Held(table, n, first, last, tuple(names))
    return found


def correct(session: Session, table: str, counted: dict[int, Held]) -> int:
    """Sets what the imports hold in a table to what was counted; returns how many rows fewer there are."""
    before = after = 0
    for row in session.scalars(select(ImportTable).where(ImportTable.table == table)):
        now_held = counted.get(row.import_id, Held(table, 0, None, None, ()))
        before, after = before + row.rows, after + now_held.rows
        row.rows, row.first, row.last = now_held.rows, now_held.first, now_held.last
    return before - after


def _row(number: int, held: Held) -> ImportTable:
    return ImportTable(
        import_id=number,
        table=held.table,
        rows=held.rows,
        first=held.first,
        last=held.last,
        dimensions=list(held.dimensions),
    )
