"""A lake in a new workspace, and rows for it that are as short as a test wants them."""

import shutil

import pyarrow as pa
import pytest

from desirepath.database import Database
from desirepath.lake import Lake
from desirepath.lake.schema import TABLES

DEFAULTS = {
    "at": 0,
    "from": 0,
    "to": 0,
    "event": "visit",
    "id": "f",
    "kind": "survey",
    "metric": "footfall",
    "value": 1.0,
    "customer": "anna",
    "a": "anna",
    "b": "email:1",
    "file": "a.csv",
    "reason": "no time",
    "whole_row": True,
}
"""What the columns hold that may not be empty, unless a test says otherwise."""


def rows_of(table, source, rows):
    """Arrow batches as intake would give them."""
    fixed = [f for f in TABLES[table] if f.name != "import"]
    dimensions = sorted({k for row in rows for k in row if k.startswith("d_")})
    schema = pa.schema([*fixed, *(pa.field(d, pa.string()) for d in dimensions)])
    needed = {f.name: DEFAULTS[f.name] for f in fixed if not f.nullable and f.name in DEFAULTS}
    filled = [{"row": i, "source": source, **needed, **row} for i, row in enumerate(rows)]
    return pa.Table.from_pylist([{n: row.get(n) for n in schema.names} for row in filled], schema=schema)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A new workspace's database, made once."""
    path = tmp_path_factory.mktemp("empty") / "workspace.db"
    Database.open(path, create=True)
    return path


@pytest.fixture
def open_lake(tmp_path, empty_database):
    """Opens the lake of the test's workspace, as every process would; makes it where there is none."""

    def open_lake(folder=tmp_path):
        if not (folder / "workspace.db").exists():
            shutil.copy(empty_database, folder)
        return Lake(folder / "lake", Database.open(folder / "workspace.db"))

    return open_lake


@pytest.fixture
def lake(open_lake):
    return open_lake()


@pytest.fixture
def write():
    """Writes rows (dictionaries) into a table within an import."""

    def write(import_, table, *rows):
        data = rows_of(table, import_.source, rows)
        return import_.write(table, data.to_batches(max_chunksize=2), data.schema)

    return write


@pytest.fixture
def put(lake, write):
    """Imports rows by table name and commits; returns the import's number."""

    def put(source="shop", *, into=lake, replace=False, files=(), **tables):
        with into.begin(source, replace=replace) as import_:
            for table, rows in tables.items():
                write(import_, table, *rows)
            for name, sha256 in files:
                import_.add_file(name, sha256, 10, 3)
            import_.commit({"rows": 3})
        return import_.id

    return put


@pytest.fixture
def seen(lake):
    """The visible values of one column (or tuples of several), in the order of imports and rows."""

    def seen(table, *columns, into=lake, as_of=None):
        order = {"import": "ascending", "row": "ascending"}
        found = into.arrow(table, [*(order | dict.fromkeys(columns))], as_of=as_of).read_all().sort_by([*order.items()])
        values = [found[c].to_pylist() for c in columns]
        return values[0] if len(columns) == 1 else list(zip(*values, strict=True))

    return seen
