"""How the SQL side opens, keeps transactions whole, and refuses what it cannot open."""

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from desirepath.database import Database
from desirepath.database.database import VERSION
from desirepath.database.tables import Base, Import, ImportFile, Journey, JourneyVersion, Setting
from desirepath.errors import WorkspaceError


@pytest.fixture
def db(tmp_path):
    return Database.open(tmp_path / "workspace.db", create=True)


def test_what_is_written_is_there_when_it_is_opened_again(tmp_path):
    with Database.open(tmp_path / "a.db", create=True).begin() as session:
        session.add(Setting(name="min_n", value=5))
    with Database.open(tmp_path / "a.db").read() as session:
        assert session.get(Setting, "min_n").value == 5


def test_a_transaction_that_raises_leaves_nothing(db):
    with pytest.raises(KeyError), db.begin() as session:
        session.add(Setting(name="min_n", value=5))
        session.flush()
        raise KeyError
    with db.read() as session:
        assert session.scalars(select(Setting)).all() == []


def test_a_connection_that_is_kept_open_serves_one_read_after_the_other(db):
    opened = []
    event.listen(db.engine, "connect", lambda *_: opened.append(threading.get_ident()))
    with db.kept_open():
        with db.read() as session:
            assert session.scalars(select(Setting)).all() == []
        with db.begin() as session:  # in a connection of its own
            session.add(Setting(name="min_n", value=5))
        with db.read() as session:
            assert session.get(Setting, "min_n").value == 5
            with db.read() as within:  # this, too
                assert within.get(Setting, "min_n").value == 5
        other = threading.Thread(target=lambda: db.read().__enter__().connection())
        other.start()
        other.join()
    assert opened == [threading.get_ident()] * 3 + [other.ident]
    with db.read() as session:
        session.get(Setting, "min_n")
    assert len(opened) == 5, "nothing is kept after the block"


def test_migrations_make_exactly_the_tables_of_the_code(db):
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_newest_migration_is_the_version_that_the_code_knows():
    scripts = ScriptDirectory(str(Path(sys.modules[Database.__module__].__file__).parent / "migrations"))
    assert scripts.get_current_head() == VERSION


def test_times_come_back_in_utc(db):
    noon_in_lisbon = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    with db.begin() as session:
        session.add(Import(source="shop", started=noon_in_lisbon))
    with db.read() as session:
        started = session.scalars(select(Import.started)).one()
    assert (started, started.tzinfo) == (datetime(2026, 7, 1, 11, tzinfo=UTC), UTC)


def test_a_time_without_zone_is_refused(db):
    with pytest.raises(StatementError, match="without zone"), db.begin() as session:
        session.add(Import(source="shop", started=datetime(2026, 7, 1)))


def test_ids_of_deleted_imports_are_never_used_again(db):
    ids = []
    for _ in range(3):
        with db.begin() as session:
            session.add(row := Import(source="shop"))
            session.flush()
            ids.append(row.id)
            session.delete(row)
    assert ids == [1, 2, 3]


def test_what_belongs_to_nothing_is_refused(db):
    with pytest.raises(IntegrityError), db.begin() as session:
        session.add(ImportFile(import_id=7, name="a.csv", sha256="0", size=1, rows=1))


def test_a_document_keeps_the_order_of_its_keys(db):
    document = {"z": 1, "a": {"я": "да", "b": None}}
    with db.begin() as session:
        session.add(Journey(id="coffee"))
        session.add(JourneyVersion(journey_id="coffee", number=1, document=document))
    with db.read() as session:
        read = session.scalars(select(JourneyVersion.document)).one()
    assert (read, list(read)) == (document, ["z", "a"])


def test_writers_wait_for_each_other_also_after_having_read(db):
    with db.begin() as session:
        session.add(Setting(name="count", value=0))

    def count_up():
        for _ in range(25):
            with db.begin() as session:
                session.get(Setting, "count").value += 1

    threads = [threading.Thread(target=count_up) for _ in range(2)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    with db.read() as session:
        assert session.get(Setting, "count").value == 50


def test_readers_see_the_state_before_a_running_write_without_waiting(db):
    with db.begin() as writing:
        writing.add(Setting(name="min_n", value=5))
        writing.flush()
        with db.read() as reading:
            assert reading.get(Setting, "min_n") is None


def test_a_folder_without_workspace_is_refused(tmp_path):
    with pytest.raises(WorkspaceError, match=r"no workspace here[\s\S]*desirepath init"):
        Database.open(tmp_path / "workspace.db")
    assert list(tmp_path.iterdir()) == []


def test_a_newer_workspace_is_refused_and_left_as_it_is(db, tmp_path):
    with db.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9001'"))
    before = (tmp_path / "workspace.db").read_bytes()
    with pytest.raises(WorkspaceError, match=r"newer Desirepath \(schema 9001[\s\S]*update Desirepath"):
        Database.open(tmp_path / "workspace.db", create=True)
    assert (tmp_path / "workspace.db").read_bytes() == before


def test_someone_elses_database_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "workspace.db") as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    with pytest.raises(WorkspaceError, match="not a Desirepath workspace"):
        Database.open(tmp_path / "workspace.db")


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "workspace.db").write_text("a shopping list " * 100)
    with pytest.raises(WorkspaceError, match="damaged or not a database"):
        Database.open(tmp_path / "workspace.db")


def test_what_a_killed_init_left_behind_is_finished(tmp_path):
    (tmp_path / "workspace.db").touch()
    with Database.open(tmp_path / "workspace.db").read() as session:
        assert session.scalars(select(Import)).all() == []


def test_an_unknown_kind_of_database_is_refused():
    with pytest.raises(WorkspaceError, match="'mysql' is not a database that Desirepath knows"):
        Database.open("mysql://localhost/desirepath")


def test_a_full_database_is_told_and_keeps_what_it_had(db):
    with db.begin() as session:
        session.add(Setting(name="kept", value=1))
    with pytest.raises(WorkspaceError, match="the disk is full"), db.begin() as session:
        session.execute(text("PRAGMA max_page_count = 1"))
        session.add(Setting(name="large", value="x" * 1_000_000))
        session.flush()
    with db.read() as session:
        assert session.scalars(select(Setting.name)).all() == ["kept"]


def test_opening_a_current_workspace_loads_no_migration_machinery(db, tmp_path):
    code = (
        "import sys; from desirepath.database import Database; "
        f"Database.open({str(tmp_path / 'workspace.db')!r}); print('alembic' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


def test_a_number_that_is_too_large_is_explained(db):
    with pytest.raises(WorkspaceError, match="cannot hold"), db.read() as session:
        session.get(Import, 2**63)
