"""The same code on PostgreSQL."""

import pyarrow as pa
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from tests import postgres

from desirepath.database import Database
from desirepath.database.tables import Base, Setting
from desirepath.errors import WorkspaceError
from desirepath.lake import Lake


@pytest.fixture
def db(postgres_server):
    with postgres.database(postgres_server) as name:
        database = Database.open(postgres.address(postgres_server, name), create=True)
        yield database
        database.close()


def test_migrations_make_exactly_the_tables_of_the_code(db):
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_transaction_that_raises_leaves_nothing(db):
    with pytest.raises(KeyError), db.begin() as session:
        session.add(Setting(name="min_n", value=5))
        session.flush()
        raise KeyError
    with db.read() as session:
        assert session.get(Setting, "min_n") is None


def test_a_lake_keeps_its_journal_there(db, tmp_path):
    lake = Lake(tmp_path, db)
    for replace in (False, True, False):
        with lake.begin("shop", replace=replace, mapping={"replace": replace}) as import_:
            rows = pa.table({"row": [0, 1], "customer": ["anna", "ben"], "source": ["shop", "shop"]})
            import_.write("customers", rows.to_batches(), rows.schema)
            import_.add_file("a.csv", "11", 10, 2)
            import_.commit({"accepted": 2})
    lake.compact()
    assert (lake.visible(), lake.visible(1), lake.find_file("shop", "11")) == ((2, 3), (1,), 3)
    assert lake.erase(["anna"]).rows["customers"] == 3
    assert [(s.name, s.imports, s.rows) for s in lake.sources()] == [("shop", 2, 4)]


@pytest.mark.parametrize("name", ["a\0b"])
def test_what_it_cannot_hold_is_explained(db, name):
    with pytest.raises(WorkspaceError, match="cannot hold"), db.begin() as session:
        session.add(Setting(name=name, value=1))
