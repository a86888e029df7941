"""Tiny evidence, written as rows, in a real lake: `company(events=…, feedback=…).map(JOURNEY)`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from desirepath.database import Database
from desirepath.eventlog.model import Scope
from desirepath.insight.living_map import compute_map
from desirepath.insight.model import MapData
from desirepath.journey.yaml import load
from desirepath.lake import Lake
from desirepath.lake.schema import TABLES

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
NO_LINKS: dict[str, str] = {}


def hour(hours: float) -> dt.datetime:
    """So many hours after the first of January 2026."""
    return START + dt.timedelta(hours=hours)


def micro(hours: float) -> int:
    """The same as µs since 1970."""
    return int(hour(hours).timestamp()) * 1_000_000


@dataclass(frozen=True)
class Company:
    """A lake with evidence and how to ask it for a map."""

    lake: Lake
    cache: Path
    links: Mapping[str, str]

    def add(self, events: Iterable[Any], source: str = "more") -> None:
        """One more import."""
        with self.lake.begin(source) as import_:
            _write(import_, "events", [_event(e) for e in events], source)
            import_.commit({})

    def map(
        self,
        journey: str,
        *,
        start: float | None = None,
        end: float | None = None,
        where: Mapping[str, tuple[str, ...]] | None = None,
        **options: Any,
    ) -> MapData:
        """The living map; the period in hours after the first of January."""
        scope = Scope(None if start is None else micro(start), None if end is None else micro(end), where or {})
        links = pa.table({"id": [*self.links], "person": [*self.links.values()]}, pa.schema(LINKS))
        return compute_map(load(journey), self.lake, links, self.cache, scope=scope, **options)


LINKS = [("id", pa.string()), ("person", pa.string())]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Company]:
    """Makes a company of rows; an event is (customer, hours, event) or a mapping of columns."""

    def make(
        events: Iterable[Any] = (),
        feedback: Iterable[Mapping[str, Any]] = (),
        metrics: Iterable[Mapping[str, Any]] = (),
        links: Mapping[str, str] = NO_LINKS,
        source: str = "shop",
    ) -> Company:
        folder = tmp_path_factory.mktemp("company")
        lake = Lake(folder / "lake", Database.open(folder / "workspace.db", create=True))
        with lake.begin(source) as import_:
            _write(import_, "events", [_event(e) for e in events], source)
            _write(import_, "feedback", [_feedback(f, i) for i, f in enumerate(feedback)], source)
            _write(import_, "metrics", [_metric(m) for m in metrics], source)
            import_.commit({})
        return Company(lake, folder / "cache", links)

    return make


def _event(given: Any) -> dict[str, Any]:
    row = dict(given) if isinstance(given, Mapping) else dict(zip(("customer", "at", "event"), given, strict=True))
    return {**row, "at": hour(row["at"])}


def _feedback(given: Mapping[str, Any], i: int) -> dict[str, Any]:
    at = given.get("at")
    return {"id": f"f{i}", "kind": "survey", **given, "at": None if at is None else hour(at)}


def _metric(given: Mapping[str, Any]) -> dict[str, Any]:
    return {**given, "from": hour(given["from"]), "to": hour(given["to"])}


def _write(import_: Any, table: str, rows: list[dict[str, Any]], source: str) -> None:
    if not rows:
        return
    base = [f for f in TABLES[table] if f.name != "import"]
    dims = sorted({key for row in rows for key in row if key.startswith("d_")})
    schema = pa.schema([*base, *((name, pa.string()) for name in dims)])
    full = [{"row": i, "source": source, **row} for i, row in enumerate(rows)]
    import_.write(table, pa.Table.from_pylist(full, schema).to_batches(), schema)
