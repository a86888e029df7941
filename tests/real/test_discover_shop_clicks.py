"""`discover` on the noisy clickstream: stages from browsing to purchase in the right order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desirepath import workspace

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("DESIREPATH_DATA", ROOT.parent / "shared" / "data")) / "shop_clicks"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the data set shop_clicks is not at {DATA}"),
]

MAPPING = """
source: shop
files: [ecom.csv.gz]
kind: events
customer: user_id
case: session_id
event: {column: event}
at: timestamp
"""


def test_stages_run_from_browsing_to_purchase(tmp_path: Path) -> None:
    ws = workspace.init(tmp_path / "shop")
    mapping = tmp_path / "shop.yaml"
    mapping.write_text(MAPPING)
    ws.ingest(DATA / "ecom.csv.gz", mapping=mapping)
    journey = ws.discover()
    stage = {m.event[0]: s for s, drawn in enumerate(journey.stages) for t in drawn.touchpoints for m in t.match}
    assert journey.case == "case"
    assert stage["home"] < stage["catalog"] == stage["search"] == stage["product_view"] == stage["filter_results"]
    assert stage["product_view"] < stage["add_to_cart"] == stage["cart"] < stage["shipping_details"]
    assert stage["shipping_details"] == stage["payment_details"] == stage["payment_error"] < stage["purchase"]
    assert stage["purchase"] < stage["support_chat"]
    assert journey.end is not None
    assert journey.end.event == ("purchase",)
