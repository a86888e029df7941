"""Settings of all tests: examples are the same on every CI run, and fresh ones on every other; no timed tests."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from tests import postgres

settings.register_profile("fresh", deadline=None)
settings.register_profile("same", deadline=None, derandomize=True)
settings.load_profile("same" if os.environ.get("CI") else "fresh")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL that was started for the tests."""
    with postgres.server() as address:
        yield address
