"""Deeper questions by the API: the same answers as the library's, and clear faults."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

import desirepath as dp

BUYING = "/api/journeys/buying"


def test_who_is_behind_a_number(ada: Any) -> None:
    found = ada.get(f"{BUYING}/customers", params={"touchpoint": "checkout"}).json()
    (walk,) = found["walks"]
    assert (walk["customer"], found["more"]) == ("u1", False)
    assert [(s["event"], s["touchpoint"], s["stage"]) for s in walk["steps"]] == [
        ("home", "home", "look"),
        ("product_view", "product", "look"),
        ("purchase", "checkout", "buy"),
    ]
    dropped = ada.get(f"{BUYING}/customers", params={"dropped": "look"}).json()["walks"]
    assert {walk["customer"] for walk in dropped} == {"u2", "u3"}
    step = {"step_from": "home", "step_to": "product", "where": "platform=desktop"}
    assert [walk["customer"] for walk in ada.get(f"{BUYING}/customers", params=step).json()["walks"]] == ["u2"]


def test_pages(ada: Any) -> None:
    pages = [ada.get(f"{BUYING}/customers", params={"limit": 2, "offset": offset}).json() for offset in (0, 2)]
    assert [(len(page["walks"]), page["more"]) for page in pages] == [(2, True), (1, False)]


def test_the_same_as_the_library(ada: Any, shop: Path) -> None:
    with closing(dp.open(shop)) as library:
        funnel = asdict(library.funnel("buying", ["home", "checkout"], by="platform"))
        retention = asdict(library.retention("buying", "day", start="2026-03-01"))
    asked = {"step": ["home", "checkout"], "by": "platform"}
    assert ada.get(f"{BUYING}/funnel", params=asked).json() == plain(funnel)
    asked = {"every": "day", "from": "2026-03-01"}
    assert ada.get(f"{BUYING}/retention", params=asked).json() == plain(retention)


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list | tuple) else value


def test_segments_and_periods_are_compared(ada: Any) -> None:
    found = ada.get(f"{BUYING}/compare", params={"by": "platform"}).json()
    assert set(found["segments"]) == {"mobile", "desktop"} and found["by"] == "platform"
    assert found["segments"]["mobile"]["cases"] == 2 and found["segments"]["mobile"]["from"]
    periods = {"before": "2026-03-01..2026-03-02", "after": "2026-03-02..2026-03-03"}
    found = ada.get(f"{BUYING}/compare", params=periods).json()
    assert [segment["cases"] for segment in found["segments"].values()] == [2, 1]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/journeys/nothing/customers", 404),
        (f"{BUYING}/customers?stage=nothing", 422),
        (f"{BUYING}/customers?stage=look&touchpoint=home", 422),
        (f"{BUYING}/customers?step_from=home", 422),
        (f"{BUYING}/funnel", 422),
        (f"{BUYING}/funnel?step=home", 422),
        (f"{BUYING}/funnel?step=home&step=nothing", 422),
        (f"{BUYING}/funnel?step=home&step=product&by=shoe", 422),
        (f"{BUYING}/funnel?step=home&step=product&within_hours=-1", 422),
        (f"{BUYING}/retention?every=year", 422),
        (f"{BUYING}/retention?from=never", 422),
        (f"{BUYING}/compare", 422),
        (f"{BUYING}/compare?by=shoe", 422),
        (f"{BUYING}/compare?before=yesterday&after=today", 422),
        (f"{BUYING}/compare?by=platform&persona=nobody", 422),
    ],
)
def test_what_cannot_be_answered_is_explained(ada: Any, path: str, status: int) -> None:
    answer = ada.get(path)
    assert answer.status_code == status and answer.json()["detail"]
