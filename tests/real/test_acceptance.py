"""The main job on real data through the command line alone: files in, a journey, the map out; figures of the README."""

from __future__ import annotations

import csv
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
DATA = Path(os.environ.get("DESIREPATH_DATA", ROOT.parent / "shared" / "data"))
PROGRAM = "import sys; from desirepath.cli import main; sys.argv[0] = 'desirepath'; main()"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data sets are not at {DATA} (set DESIREPATH_DATA)"),
]


def desirepath(*arguments: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def ingest(ws: Path, *arguments: str | Path) -> dict[str, Any]:
    """The summary of an import into a new workspace, every row of it accounted for."""
    desirepath("init", ws)
    said: dict[str, Any] = json.loads(desirepath("ingest", ws, *arguments, "--json"))
    assert said["accepted"] + said["quarantined"] == said["rows"]
    assert sum(said["reasons"].values()) == said["quarantined"]
    return said


def map_of(ws: Path, journey: str, *options: str) -> dict[str, Any]:
    desirepath("map", ws, journey, "--out", ws / "map.json", *options)
    found: dict[str, Any] = json.loads((ws / "map.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def olist(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """The map of the marketplace's orders by the two files in `examples`."""
    ws = tmp_path_factory.mktemp("olist") / "ws"
    ingest(ws, DATA / "olist", "--mapping", EXAMPLES / "olist.yaml")
    desirepath("journey", ws, "add", EXAMPLES / "olist.journey.yaml")
    known: dict[tuple[str, ...], dict[str, Any]] = {}

    def ask(*options: str) -> dict[str, Any]:
        if options not in known:
            known[options] = map_of(ws, "olist", *options)
        return known[options]

    return ask


def column(name: str, key: str, value: str) -> dict[str, str]:
    with (DATA / "olist" / f"olist_{name}_dataset.csv").open(encoding="utf-8", newline="") as file:
        return {row[key]: row[value] for row in csv.DictReader(file)}


def test_orders_are_cases_and_persons_are_customers(olist: Callable[..., dict[str, Any]]) -> None:
    person = column("customers", "customer_id", "customer_unique_id")
    persons = {person[customer] for customer in column("orders", "order_id", "customer_id").values()}
    found = olist()
    assert (found["cases"], found["customers"]) == (4_000, len(persons))
    assert sum(t["count"] for t in found["transitions"]) == found["events"] - found["cases"]


def test_waiting_times(olist: Callable[..., dict[str, Any]]) -> None:
    hours = {(t["from"], t["to"]): t["median_s"] / 3600 for t in olist()["transitions"] if t["median_s"] is not None}
    assert round(hours["purchased", "approved"], 3) == 0.334
    assert round(hours["approved", "handed_to_carrier"], 2) == 44.40
    assert round(hours["handed_to_carrier", "delivered"], 2) == 168.85


@pytest.mark.parametrize(("late", "stars"), [("no", 4.29), ("yes", 2.43), ("undelivered", 1.81)])
def test_stars_by_punctuality(olist: Callable[..., dict[str, Any]], late: str, stars: float) -> None:
    assert round(olist("--where", f"late={late}")["kpis"]["stars_mean"]["value"], 2) == stars


def test_the_share_of_late_orders(olist: Callable[..., dict[str, Any]]) -> None:
    late, on_time = olist("--where", "late=yes")["cases"], olist("--where", "late=no")["cases"]
    assert round(late / (late + on_time), 4) == 0.0859
    assert olist("--where", "status=canceled", "--where", "status=unavailable")["cases"] == 23 + 17


def test_the_curve_falls_where_the_parcel_does_not_come(olist: Callable[..., dict[str, Any]]) -> None:
    waiting, arrived = (stage["emotion"] for stage in olist()["stages"][2:4])
    assert waiting["high"] < -0.5 < 1 < arrived["low"]
    late, on_time = (olist("--where", f"late={late}")["stages"] for late in ("yes", "no"))
    assert late[2]["emotion"]["n"] > late[3]["emotion"]["n"]  # most of the late are heard before their parcel comes
    assert late[3]["emotion"]["high"] < on_time[3]["emotion"]["low"]
    pains = {f["touchpoint"] for f in olist()["findings"] if (f["kind"], f["polarity"]) == ("low_emotion", "pain")}
    assert {"payment-approved", "handover"} <= pains


def test_clicks_without_a_mapping_become_a_journey_from_browsing_to_purchase(tmp_path: Path) -> None:
    ws = tmp_path / "shop"
    said = ingest(ws, DATA / "shop_clicks" / "ecom.csv.gz")
    assert (said["events"], said["customers"], said["cases"]) == (31_106, 600, 3_605)
    assert any("platform" in line and "acquisition_channel" in line for line in said["assumptions"])
    desirepath("discover", ws, "--out", tmp_path / "shop.yaml")
    added = json.loads(desirepath("journey", ws, "add", tmp_path / "shop.yaml", "--json"))
    found = map_of(ws, added["id"], "--where", "platform=mobile")
    stage = {rule["event"][0]: number for number, rule in rules(found)}
    order = [stage[event] for event in ("home", "catalog", "add_to_cart", "shipping_details", "purchase")]
    assert order == sorted(order) and len(set(order)) >= 4
    assert stage["product_view"] < stage["add_to_cart"] <= stage["cart"]
    assert 0 < found["cases"] < 3_605


def rules(map_: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """The stage and each matching rule in it."""
    return [
        (number, rule)
        for number, stage in enumerate(map_["journey"]["stages"])
        for touchpoint in stage["touchpoints"]
        for rule in touchpoint["match"]
    ]


def test_customer_numbers_that_went_through_a_spreadsheet(tmp_path: Path) -> None:
    days = sorted((DATA / "online_retail").rglob("*.csv"))[:3]
    said = ingest(tmp_path / "ws", *days, "--mapping", EXAMPLES / "online_retail.yaml")
    assert len(said["files"]) == 3
    assert any("decimal numbers (17850.0): read without the .0" in line for line in said["assumptions"])
    written = sum(day.read_text(encoding="utf-8").count(",17850.0,") for day in days)
    assert json.loads(desirepath("erase", tmp_path / "ws", "17850", "--json"))["rows"]["events"] == written > 100


@pytest.mark.parametrize(
    ("name", "files", "rows", "events", "cases", "reasons"),
    [
        ("bpic2012", 1, 262_200, 262_200, 13_087, {}),
        ("helpdesk", 2, 2 * 21_348, 2 * 21_348, 2 * 4_580, {}),
        ("music_app_logs", 30, 8_056, 7_770, None, {"no customer": 286}),
        ("olist_leads", 2, 8_842, 8_842, 8_000, {}),
        ("online_retail", 305, 541_909, None, None, {"no customer": 135_080}),
    ],
)
def test_an_example_from_its_files_to_its_map(
    tmp_path: Path, name: str, files: int, rows: int, events: int | None, cases: int | None, reasons: dict[str, int]
) -> None:
    said = ingest(tmp_path / "ws", DATA / name, "--mapping", EXAMPLES / f"{name}.yaml")
    assert (len(said["files"]), said["rows"], said["reasons"]) == (files, rows, reasons)
    assert events in (None, said["events"])
    quarantine = json.loads(desirepath("quarantine", tmp_path / "ws", "--limit", "1000000", "--json"))
    assert len(quarantine) == said["quarantined"]
    assert all(row["file"] and row["line"] >= 1 and row["reason"] for row in quarantine)
    desirepath("journey", tmp_path / "ws", "add", EXAMPLES / f"{name}.journey.yaml")
    found = map_of(tmp_path / "ws", name)
    assert found["events"] == said["events"]
    assert cases in (None, found["cases"])
    assert {t["verdict"] for t in found["touchpoints"]} <= {"supported", "contradicted", "stale"}
    assert all(a["entered"] and b["entered"] for a, b in itertools.pairwise(found["stages"]))
