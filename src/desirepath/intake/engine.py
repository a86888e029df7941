"""The DuckDB connection in which batches are turned into rows: bounded memory, no reach outside, UTC."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

MEMORY = "600MB"


def count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one number that a query gives."""
    return int(con.execute(query).fetchall()[0][0])


@contextmanager
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty in-memory database that spills to a folder of its own and cannot open any file."""
    with tempfile.TemporaryDirectory(prefix="desirepath-") as folder:
        con = duckdb.connect(
            config={"memory_limit": MEMORY, "temp_directory": folder, "python_enable_replacements": False}
        )
        try:
            con.execute("SET GLOBAL TimeZone = 'UTC'")
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
            con.execute("CREATE TABLE phones (raw VARCHAR, region VARCHAR, canonical VARCHAR)")
            yield con
        finally:
            con.close()
