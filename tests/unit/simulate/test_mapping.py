"""The mapping that comes with the company reads every export: nothing but sales without a card is left out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from desirepath.database import Database
from desirepath.intake.identity import links
from desirepath.intake.pipeline import ingest
from desirepath.lake import Lake
from desirepath.simulate import simulate
from desirepath.simulate.cafe import CAFE


def test_every_export_is_read_and_every_event_arrives(tmp_path: Path) -> None:
    company = simulate(tmp_path / "company", customers=150, seed=2)
    truth = json.loads(company.truth.read_text("utf-8"))
    database = Database.open(tmp_path / "workspace.db", create=True)
    lake = Lake(tmp_path / "lake", database)
    summary = ingest(lake, database, [company.folder], mapping=company.mapping)

    anonymous = [row for m in CAFE.markets for row in _sales(company.folder, m.id) if not row["loyalty_no"]]
    lost = sum(bool(row[c]) for row in anonymous for c in ("ticket_time", "order_time", "pay_time", "served_time"))
    assert summary.reasons == {"no customer": len(anonymous)}
    assert summary.cells == {}
    assert summary.events == truth["events"] - lost
    counted = truth["feedback"]
    answered = sum(bool(row["answer"]) for row in _rows(company.folder / "exports" / "tickets.csv", ","))
    spoken = ("call_notes.csv", "chats.json", "tickets.csv", "survey_csat.csv", "survey_nps.xlsx", "reviews.csv",
              "social_posts.ndjson", "competitor_reviews.csv")  # fmt: skip
    assert summary.feedback == sum(counted[name] for name in spoken) + answered
    assert summary.metrics == 24

    joined = links(lake, database)
    assert len(joined) == 3 * truth["linked_customers"]
    times = lake.arrow("events", ["at", "event"]).read_all()
    by_name = dict(zip(*(c.to_pylist() for c in times["event"].value_counts().flatten()), strict=True))
    assert {n: c for n, c in truth["events_by_name"].items() if by_name.get(n) != c}.keys() <= {
        "shop_enter", "counter_order", "till_payment", "coffee_served"
    }  # fmt: skip


def _sales(folder: Path, market: str) -> list[dict[str, str]]:
    return _rows(folder / "exports" / f"pos_{market}.csv", ";")


def _rows(file: Path, separator: str) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text("utf-8").splitlines(), delimiter=separator))
