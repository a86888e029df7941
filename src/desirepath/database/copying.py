"""All rows of one database into another, empty one: between files and servers alike."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Integer, func, insert, select, text

from desirepath.database.database import Database
from desirepath.database.tables import Base
from desirepath.errors import WorkspaceError

PASSING = frozenset({"sign_ins"})
"""Tables that no copy takes along: nobody is signed in to a copy."""
ROWS = 1000


def copy(source: Database, target: Database, without: Collection[str] = PASSING) -> dict[str, int]:
    """Copies one state of the source, whatever is written meanwhile; gives the rows of each table."""
    level = {} if source.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with source.engine.connect() as reading, target.begin() as session:
        reading = reading.execution_options(**level)
        writing = session.connection()
        _check_empty(writing, target)
        return {
            table.name: _rows(reading, writing, table)
            for table in Base.metadata.sorted_tables
            if table.name not in without
        }


def _rows(reading: Connection, writing: Connection, table: Any) -> int:
    n = 0
    query = select(table).order_by(*table.primary_key.columns)
    for part in reading.execution_options(yield_per=ROWS).execute(query).mappings().partitions():
        writing.execute(insert(table), [dict(row) for row in part])
        n += len(part)
    _go_on_counting(writing, table)
    return n


def _go_on_counting(writing: Connection, table: Any) -> None:
    """PostgreSQL gives the next id by a counter of its own."""
    (key, *others) = table.primary_key.columns
    if writing.dialect.name == "postgresql" and not others and isinstance(key.type, Integer):
        last = writing.scalar(select(func.max(key)))
        if last is not None:
            counter = text("SELECT setval(pg_get_serial_sequence(:table, :key), :last)")
            writing.execute(counter, {"table": table.name, "key": key.name, "last": last})


def _check_empty(writing: Connection, target: Database) -> None:
    for table in Base.metadata.sorted_tables:
        if writing.scalar(select(func.count()).select_from(table)):
            raise WorkspaceError("this database holds a workspace already", where=target.where, hint="use an empty one")
