"""Erased customers leave the prepared logs, too, and the rest of a log stays as it is."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

import desirepath
from desirepath.eventlog.prepare import Builder
from desirepath.workspace import Workspace

ROWS = """customer,event,at,order
anna-secret,visit,2025-01-01 10:00:00,o1
anna-secret,buy,2025-01-01 10:05:00,o1
bob,visit,2025-01-02 09:00:00,o2
bob,buy,2025-01-03 09:00:00,o2
cleo,visit,2025-01-04 09:00:00,o3
cleo,buy,2025-01-04 09:01:00,o3
"""
MAPPING = """source: shop
files: [shop.csv]
kind: events
timezone: UTC
customer: customer
case: order
events: [{event: {column: event}, at: at}]
"""


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    (tmp_path / "shop.csv").write_text(ROWS)
    (tmp_path / "m.yaml").write_text(MAPPING)
    space = desirepath.init(tmp_path / "shop")
    space.ingest(tmp_path / "shop.csv", mapping=tmp_path / "m.yaml")
    return space


@pytest.mark.parametrize("notion", ["customer", "case"])
def test_the_log_is_written_anew_without_them_and_not_from_the_lake(shop: Workspace, notion: str) -> None:
    before = shop.event_log(notion)
    assert before.case_count == 3
    shop.erase("anna-secret")
    with patch.object(Builder, "_build", side_effect=AssertionError("built from the lake")):
        after = shop.event_log(notion)
    assert (after.case_count, after.event_count) == (2, 4)
    assert after.timeline("anna-secret", "customer") == ()
    assert after.timeline("bob", "customer") == before.timeline("bob", "customer")


def test_nothing_beside_the_lake_holds_their_ids_any_more(shop: Workspace) -> None:
    for notion in ("customer", "case"):
        shop.event_log(notion)
    shop.erase("anna-secret")
    left = [file.name for file in shop.cache.rglob("*") if file.is_file() and b"anna-secret" in file.read_bytes()]
    assert left == []


def test_a_name_of_an_event_that_only_they_had_goes_with_them(shop: Workspace, tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_text("customer,event,at,order\ndora,complain,2025-01-05 10:00:00,o4\n")
    shop.ingest(tmp_path / "shop.csv", mapping=tmp_path / "m.yaml")
    assert "complain" in shop.event_log().event_names
    shop.erase("dora")
    assert shop.event_log().event_names == ("buy", "visit")
