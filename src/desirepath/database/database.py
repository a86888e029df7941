"""Opens the workspace's SQL side and hands out transactions; brings the tables up to date where they are older.

The schema's version is one row of `alembic_version`. While it equals `VERSION` nothing of Alembic is loaded; a higher
one was written by a newer Desirepath and is refused.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DataError, OperationalError
from sqlalchemy.orm import Session

from desirepath.errors import WorkspaceError

VERSION = "0005"
"""The newest migration in `migrations/versions`."""

PATIENCE_S = 60
"""How long a transaction waits for another one to finish."""


class Database:
    """The SQL side of a workspace: a SQLite file, or a PostgreSQL database by its address."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._thread = threading.local()

    @classmethod
    def open(cls, address: str | Path, *, create: bool = False) -> Database:
        """Opens the database at a path or `postgresql://` address; makes the tables where `create` allows it."""
        url = _url(address)
        if url.get_backend_name() == "sqlite" and not create and not Path(url.database or "").is_file():
            raise WorkspaceError(
                "there is no workspace here", where=str(address), hint="make one with `desirepath init DIR`"
            )
        database = cls(_engine(url))
        with _explained(database.where):
            database._bring_up_to_date(create)
        return database

    @property
    def where(self) -> str:
        """The place, without a password."""
        url = self.engine.url
        return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction that may write: kept as a whole, or not at all when the block raises."""
        with _explained(self.where), Session(self._writing(), expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One transaction that only reads and never waits for one that writes."""
        kept: Connection | None = getattr(self._thread, "kept", None)
        source = self.engine if kept is None or kept.in_transaction() else kept
        with _explained(self.where), Session(source, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Whatever this thread reads in the block, one transaction after the other, comes by the same connection.

        To SQLite only: those to PostgreSQL stay open anyway, and are few.
        """
        if self.engine.dialect.name != "sqlite":
            yield
            return
        before = getattr(self._thread, "kept", None)
        with _explained(self.where):
            connection = self.engine.connect()
        with connection:
            self._thread.kept = connection
            try:
                yield
            finally:
                self._thread.kept = before

    def forget_deleted(self) -> None:
        """Empties SQLite's write-ahead log into the file, so that nothing deleted is left in it."""
        if self.engine.dialect.name == "sqlite":
            with _explained(self.where), self.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                    text("PRAGMA wal_checkpoint(TRUNCATE)")
                )

    def stay_open(self) -> None:
        """Keeps connections to a SQLite file for the next who ask, as a server should.

        Opening one costs more than most questions, and closing the last one writes the whole log back into the file.
        """
        if self.engine.dialect.name == "sqlite":
            self.engine = _engine(self.engine.url, stays_open=True)

    def close(self) -> None:
        """Gives all connections back."""
        self.engine.dispose()

    def _writing(self) -> Engine:
        return self.engine.execution_options(desirepath_writes=True)

    def _bring_up_to_date(self, create: bool) -> None:
        with self.engine.connect() as connection:
            version = _version(connection)
        if version is not None and version > VERSION:
            raise WorkspaceError(
                f"this workspace was written by a newer Desirepath (schema {version}, this one knows {VERSION})",
                where=self.where,
                hint="update Desirepath, or open the workspace with the version that wrote it",
            )
        if version is None and not create and not self._is_ours_unfinished():
            raise WorkspaceError(
                "this database is not a Desirepath workspace",
                where=self.where,
                hint="give the folder that `desirepath init` made",
            )
        if version != VERSION:
            with self._writing().begin() as connection:
                _migrate(connection)

    def _is_ours_unfinished(self) -> bool:
        """An empty SQLite file is what a killed `init` leaves behind."""
        return self.engine.dialect.name == "sqlite" and not inspect(self.engine).get_table_names()


def _url(address: str | Path) -> URL:
    if isinstance(address, Path) or "://" not in address:
        return URL.create("sqlite", database=str(Path(address).absolute()))
    try:
        url = make_url(address)
        name = url.get_backend_name()
    except ArgumentError as error:
        raise WorkspaceError(f"this is not a database address ({error})", where=address) from error
    if name not in ("sqlite", "postgresql"):
        raise WorkspaceError(f"'{name}' is not a database that Desirepath knows", hint="use SQLite or PostgreSQL")
    return url


def _engine(url: URL, stays_open: bool = False) -> Engine:
    if url.get_backend_name() != "sqlite":
        try:
            return create_engine(url, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise WorkspaceError(
                f"the driver for PostgreSQL is not installed ({error.name})",
                hint="pip install 'desirepath[postgres]'",
            ) from error
    pool: dict[str, Any] = {"max_overflow": -1} if stays_open else {"poolclass": NullPool}
    engine = create_engine(url, connect_args={"timeout": PATIENCE_S}, **pool)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late for DDL and for reads
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that will write takes the lock first: waiting is possible then, and not after it has read."""
    writes = connection.get_execution_options().get("desirepath_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "desirepath.database:migrations")
    config.set_main_option("path_separator", "os")
    command.upgrade(config, VERSION)


@contextmanager
def _explained(where: str) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        said = str(error.orig)
        hints = {
            "readonly": ("the workspace cannot be written", "make the folder writable"),
            "read-only": ("the workspace cannot be written", "make the folder writable"),
            "unable to open": ("the workspace cannot be opened or written", "look at the folder and its permissions"),
            "full": ("the disk is full", "make room and do it again; what was there is whole"),
            "disk i/o": ("the disk cannot be read or written", "look at the disk and how much room it has"),
            "locked": ("another program holds the workspace", "wait until it is done and do it again"),
        }
        what, hint = next((v for k, v in hints.items() if k in said.lower()), ("the database does not answer", None))
        raise WorkspaceError(f"{what} ({said})", where=where, hint=hint) from error
    except (DataError, OverflowError) as error:  # too large a number, a NUL in a text
        said = str(error.orig if isinstance(error, DataError) else error).partition("\n")[0]
        raise WorkspaceError(f"the database cannot hold what was given ({said})") from error
    except DatabaseError as error:
        if "not a database" in str(error.orig) or "malformed" in str(error.orig):
            raise WorkspaceError(
                "this file is damaged or not a database of Desirepath", where=where, hint="restore it from a backup"
            ) from error
        raise
