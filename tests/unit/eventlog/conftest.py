"""A lake of a few rows, and the log prepared from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from desirepath.eventlog.log import Log
from desirepath.eventlog.prepare import prepare
from desirepath.lake.schema import CUSTOMERS, EVENTS

MINUTE = 60_000_000


def table(schema: pa.Schema, rows: Sequence[dict[str, Any]]) -> pa.Table:
    dims = sorted({name for row in rows for name in row if name.startswith("d_")})
    for name in dims:
        schema = schema.append(pa.field(name, pa.string()))
    full = [{"import": 1, "row": i, "source": "test", **row} for i, row in enumerate(rows)]
    return pa.Table.from_pylist(full, schema)


@dataclass
class Lake:
    """What `prepare` asks of a lake, over tables in memory."""

    events: pa.Table
    customers: pa.Table = field(default_factory=lambda: table(CUSTOMERS, []))
    batch: int = 1000
    reads: int = 0

    @classmethod
    def of(cls, events: Sequence[dict[str, Any]], customers: Sequence[dict[str, Any]] = ()) -> Lake:
        return cls(table(EVENTS, events), table(CUSTOMERS, customers))

    def arrow(self, name: str, columns: Any = None) -> pa.RecordBatchReader:
        self.reads += 1
        asked = self.events if name == "events" else self.customers
        for column in columns:
            if column not in asked.column_names:
                asked = asked.append_column(column, pa.nulls(len(asked), pa.string()))
        asked = asked.select(columns)
        return pa.RecordBatchReader.from_batches(asked.schema, asked.to_batches(max_chunksize=self.batch))

    def dimensions(self, name: str = "events") -> tuple[str, ...]:
        asked = self.events if name == "events" else self.customers
        return tuple(c[2:] for c in asked.column_names if c.startswith("d_"))

    def fingerprint(self, *names: str) -> str:
        return str(hash((str(self.events.to_pylist()), str(self.customers.to_pylist()))))


def no_links() -> pa.Table:
    return links({})


def links(pairs: dict[str, str]) -> pa.Table:
    return pa.table({"id": pa.array(list(pairs), pa.string()), "person": pa.array(list(pairs.values()), pa.string())})


def walk(customer: str | None, steps: str, *, start: int = 0, **more: Any) -> list[dict[str, Any]]:
    """Events named by single letters, a minute apart; a blank is a minute without one."""
    return [
        {"customer": customer, "event": letter, "at": (start + minute) * MINUTE, **more}
        for minute, letter in enumerate(steps)
        if letter != " "
    ]


class Make:
    """What the tests build logs with."""

    MINUTE = MINUTE
    Lake = Lake
    walk = staticmethod(walk)
    links = staticmethod(links)

    def __init__(self, folder: Callable[[], Path]) -> None:
        self.folder = folder

    def log(self, rows: Sequence[dict[str, Any]], notion: Any = "customer", **more: Any) -> Log:
        lake = Lake.of(rows, more.pop("customers", ()))
        lake.batch = more.pop("batch", lake.batch)
        return prepare(lake, links(more.pop("links", {})), notion, self.folder(), **more)


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    return Make(lambda: tmp_path_factory.mktemp("cache"))
