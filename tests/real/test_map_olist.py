"""The living map of the Brazilian marketplace, against the figures that its README gives."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from desirepath.database import Database
from desirepath.insight.living_map import compute_map
from desirepath.insight.model import MapData
from desirepath.intake.identity import links
from desirepath.intake.pipeline import ingest
from desirepath.journey.yaml import load
from desirepath.lake import Lake

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("DESIREPATH_DATA", ROOT.parent / "shared" / "data")) / "olist"

JOURNEY = """
journey: order
title: An order
case: case
end: {event: delivered}
stages:
  - id: buy
    name: Buying
    touchpoints: [{id: checkout, name: Checkout, match: [{event: purchased}]}]
  - id: pay
    name: Paying
    touchpoints: [{id: payment, name: Payment, match: [{event: approved}]}]
  - id: receive
    name: Receiving
    touchpoints:
      - {id: parcel, name: Parcel on its way, match: [{event: handed_to_carrier}]}
      - {id: door, name: At the door, match: [{event: delivered}]}
      - {id: pickup, name: Pick-up point, match: [{event: picked_up}]}
    cards:
      - {id: late, lane: pain_points, text: Parcels come late}
"""

pytestmark = [pytest.mark.real, pytest.mark.skipif(not DATA.exists(), reason=f"no data set at {DATA}")]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("olist")
    database = Database.open(folder / "workspace.db", create=True)
    lake = Lake(folder / "lake", database)
    ingest(lake, database, [DATA], mapping=ROOT / "examples" / "olist.yaml")
    persons: pa.Table = links(lake, database)

    def map_(filters: Mapping[str, Sequence[str]] | None = None, **options: Any) -> MapData:
        return compute_map(load(JOURNEY), lake, persons, folder / "cache", filters=filters, **options)

    return map_


def test_every_order_is_a_case_and_every_buyer_a_customer(ask: Any) -> None:
    found = ask()
    assert found.cases == 4000
    assert found.customers < 4000  # some bought twice
    assert found.events == 4000 * 4 - 6 - 61 - 102
    assert sum(t.count for t in found.transitions) == found.events - found.cases


def test_waits_between_neighbours_in_time(ask: Any) -> None:
    hours = {(t.source, t.target): t.median_s / 3600 for t in ask().transitions if t.median_s is not None}
    assert hours["purchased", "approved"] == pytest.approx(0.334, abs=5e-4)
    assert hours["approved", "handed_to_carrier"] == pytest.approx(44.40, abs=5e-3)
    assert hours["handed_to_carrier", "delivered"] == pytest.approx(168.85, abs=5e-3)


@pytest.mark.parametrize(("late", "stars"), [("no", 4.29), ("yes", 2.43), ("undelivered", 1.81)])
def test_stars_by_punctuality(ask: Any, late: str, stars: float) -> None:
    mean = ask({"late": [late]}).kpis["stars_mean"]
    assert mean.value == pytest.approx(stars, abs=5e-3)
    assert mean.low < mean.value < mean.high


def test_shares(ask: Any) -> None:
    late, on_time = ask({"late": ["yes"]}).cases, ask({"late": ["no"]}).cases
    assert late / (late + on_time) == pytest.approx(0.0859, abs=5e-5)
    by_status = {s: ask({"status": [s]}).cases for s in ("delivered", "shipped", "canceled", "unavailable")}
    assert by_status == {"delivered": 3898, "shipped": 39, "canceled": 23, "unavailable": 17}
    assert ask({"status": ["processing", "invoiced"]}).cases == 14 + 9


def test_deliveries_complete_the_journey_and_nobody_picks_up(ask: Any) -> None:
    found = ask()
    assert found.completed.value == pytest.approx((4000 - 102) / 4000)
    assert {t.id: t.verdict for t in found.touchpoints}["pickup"] == "no_data"
    assert found.conformance.never_walked == ("pickup",)


def test_reviews_stand_where_the_order_was(ask: Any) -> None:
    found = ask()
    emotion = {t.id: t.emotion for t in found.touchpoints}
    assert emotion["parcel"].score < -1 < 1 < emotion["door"].score  # those who still wait, those who have it
    assert found.feedback["total"] == found.feedback["in_scope"] == 3986
    assert found.feedback["placed"] + found.feedback["journey_level"] == 3986
    assert sum(e.n for e in emotion.values()) == found.feedback["placed"]
    assert found.emotion.score == pytest.approx(found.kpis["stars_mean"].value - 3)  # five stars are +2


def test_the_long_wait_for_the_parcel_is_found(ask: Any) -> None:
    found = {f.id: f for f in ask().findings}
    assert found["long_wait:door"].polarity == "pain"
    assert "At the door" in found["long_wait:door"].title
