"""A lake of a few rows, and the log prepared from it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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
class Piece:
    """Some rows of a table in memory."""

    table: pa.Table

    @property
    def rows(self) -> int:
        return len(self.table)

    def read(self, names: Sequence[str]) -> pa.Table:
        return self.table.select(names)


@dataclass
class Rows:
    table: pa.Table
    batch: int
    ascending: bool

    def pieces(self) -> list[Piece]:
        return [Piece(self.table.slice(a, self.batch)) for a in range(0, len(self.table), self.batch)]


@dataclass
class Lake:
    """What `prepare` asks of a lake, over tables in memory."""

    events: pa.Table
    customers: pa.Table = field(default_factory=lambda: table(CUSTOMERS, []))
    batch: int = 1000
    reads: int = 0
    visible: set[int] | None = None  # the imports that are; None for all
    erased: int = 0  # changes the stamps of the imports

    @classmethod
    def of(cls, events: Sequence[dict[str, Any]], customers: Sequence[dict[str, Any]] = ()) -> Lake:
        return cls(table(EVENTS, events), table(CUSTOMERS, customers))

    def select(self, name: str, *, imports: Collection[int] | None = None, extra: Sequence[str] = ()) -> Rows:
        self.reads += name == "events"
        asked = self.events if name == "events" else self.customers
        for column in extra:
            if column not in asked.column_names:
                asked = asked.append_column(column, pa.nulls(len(asked), pa.string()))
        shown = [i for i in self.imports(name) if imports is None or i in imports]
        asked = asked.filter(pc.is_in(asked["import"], value_set=pa.array(shown, pa.int64())))
        import_, row = (asked[column].to_numpy() for column in ("import", "row"))
        later = np.diff(import_), np.diff(row)
        return Rows(asked, self.batch, bool(((later[0] > 0) | ((later[0] == 0) & (later[1] >= 0))).all()))

    def before(self, gone: Collection[int]) -> Lake:
        return replace(self, visible=None)

    def dimensions(self, name: str = "events") -> tuple[str, ...]:
        asked = self.events if name == "events" else self.customers
        return tuple(c[2:] for c in asked.column_names if c.startswith("d_"))

    def imports(self, name: str) -> dict[int, str]:
        asked = self.events if name == "events" else self.customers
        found = sorted(asked["import"].unique().to_pylist())
        rows = {i: asked.filter(pc.equal(asked["import"], i)) for i in found}
        return {i: stamp(its) for i, its in rows.items() if self.visible is None or i in self.visible}


def stamp(rows: pa.Table) -> str:
    """Another one for other rows, as long as they are few."""
    return f"{len(rows)} {zlib.crc32(str(rows.slice(0, 10_000).to_pylist()).encode())}"


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

    @staticmethod
    def table(rows: Sequence[dict[str, Any]]) -> pa.Table:
        return table(EVENTS, rows)

    def __init__(self, folder: Callable[[], Path]) -> None:
        self.folder = folder

    def log(self, rows: Sequence[dict[str, Any]], notion: Any = "customer", **more: Any) -> Log:
        lake = Lake.of(rows, more.pop("customers", ()))
        lake.batch = more.pop("batch", lake.batch)
        return prepare(lake, links(more.pop("links", {})), notion, self.folder(), **more)


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    return Make(lambda: tmp_path_factory.mktemp("cache"))
