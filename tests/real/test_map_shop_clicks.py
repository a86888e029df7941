"""The web shop with planted trouble: the living map of a period and a platform shows it."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest

from desirepath.database import Database
from desirepath.eventlog.model import Scope
from desirepath.insight.living_map import compute_map
from desirepath.insight.model import MapData
from desirepath.intake.identity import links
from desirepath.intake.pipeline import ingest
from desirepath.journey.yaml import load
from desirepath.lake import Lake

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("DESIREPATH_DATA", ROOT.parent / "shared" / "data")) / "shop_clicks"

JOURNEY = """
journey: web-shop
title: Web shop
case: case
end: {event: purchase}
stages:
  - {id: arrive, name: Arriving, touchpoints: [{id: home, name: Home page, match: [{event: [home, promo_page]}]}]}
  - id: browse
    name: Browsing
    touchpoints:
      - {id: catalogue, name: Catalogue, match: [{event: [catalog, filter_results, search]}]}
      - {id: product, name: Product, match: [{event: [product_view, compare]}]}
  - {id: basket, name: Basket, touchpoints: [{id: cart, name: Cart, match: [{event: [add_to_cart, cart]}]}]}
  - id: checkout
    name: Checkout
    touchpoints:
      - {id: shipping, name: Shipping, match: [{event: shipping_details}]}
      - {id: payment, name: Payment, match: [{event: payment_details}]}
      - {id: thanks, name: Thank you, match: [{event: purchase}]}
"""

pytestmark = [pytest.mark.real, pytest.mark.skipif(not DATA.exists(), reason=f"no data set at {DATA}")]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("clicks")
    database = Database.open(folder / "workspace.db", create=True)
    lake = Lake(folder / "lake", database)
    ingest(lake, database, [DATA / "ecom.csv.gz"])  # no mapping: everything is guessed
    persons = links(lake, database)

    def map_(first: int | None = None, last: int | None = None, **filters: str) -> MapData:
        scope = Scope(*(None if day is None else micro(day) for day in (first, last)))
        chosen = {k: [v] for k, v in filters.items()}
        return compute_map(load(JOURNEY), lake, persons, folder / "cache", scope=scope, filters=chosen)

    return map_


def micro(day: int) -> int:
    moment = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=day)
    return int(moment.timestamp()) * 1_000_000


def test_sessions_by_life_cycle(ask: Any) -> None:
    rates = {who: ask(user_lifecycle=who).kpis["conversion"].value for who in ("new", "returning", "loyal")}
    assert rates == pytest.approx({"new": 0.084, "returning": 0.131, "loyal": 0.185}, abs=6e-4)


def test_the_planted_incidents(ask: Any) -> None:
    assert ask(99, 131, platform="mobile").completed.value == pytest.approx(0.056, abs=6e-4)
    assert ask(139, 160).completed.value == pytest.approx(0.080, abs=6e-4)
    assert ask(160).completed.value == pytest.approx(0.196, abs=6e-4)


def test_the_checkout_becomes_a_pain_point_only_while_it_is_broken(ask: Any) -> None:
    assert "drop_off:checkout" in {f.id for f in ask(99, 131, platform="mobile").findings}
    assert "drop_off:checkout" in {f.id for f in ask(139, 160).findings}
    assert "drop_off:checkout" not in {f.id for f in ask(160).findings}


def test_what_the_map_lacks_is_put_where_it_belongs(ask: Any) -> None:
    missing = {m["event"]: m["suggested_stage"] for m in ask().conformance.missing_from_map}
    assert missing["wishlist_add"] == "browse"
    assert missing["payment_error"] == missing["support_chat"] == "checkout"
