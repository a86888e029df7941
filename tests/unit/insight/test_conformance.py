"""Where an event that the map lacks would belong."""

from __future__ import annotations

from typing import Any

import pytest

from desirepath.insight.settings import Settings

JOURNEY = """
journey: j
title: J
stages:
  - {id: one, name: One, touchpoints: [{id: a, name: A, match: [{event: a}]}]}
  - {id: two, name: Two, touchpoints: [{id: b, name: B, match: [{event: b, channel: web}]}]}
"""


def walks(*paths: str) -> list[dict[str, Any]]:
    return [
        {"customer": f"c{i}", "at": at, "event": event, "channel": "web"}
        for i, path in enumerate(paths)
        for at, event in enumerate(path)
    ]


@pytest.mark.parametrize(
    ("paths", "stage"),
    [
        (["axb"], "one"),  # between both: the earlier
        (["axab"], "one"),
        (["abxb"], "two"),
        (["axxxb", "bx"], "two"),
        (["byx"], "two"),  # through a neighbour that is missing itself
        (["x"], None),
    ],
)
def test_the_stage_of_most_neighbours_is_suggested(company: Any, paths: list[str], stage: str | None) -> None:
    missing = {m["event"]: m for m in company(walks(*paths)).map(JOURNEY).conformance.missing_from_map}
    assert missing["x"]["suggested_stage"] == stage


def test_rare_events_are_not_missing(company: Any) -> None:
    shop = company(walks(*["ab"] * 99, "axb"))
    assert [m["event"] for m in shop.map(JOURNEY).conformance.missing_from_map] == ["x"]
    assert shop.map(JOURNEY, settings=Settings(missing_share=0.02)).conformance.missing_from_map == ()


def test_an_event_claimed_in_one_channel_may_be_missing_in_another(company: Any) -> None:
    phone = [{"customer": f"p{i}", "at": 0, "event": "b", "channel": "phone"} for i in range(3)]
    (missing,) = company([*walks("ab"), *phone]).map(JOURNEY).conformance.missing_from_map
    assert (missing["event"], missing["count"], missing["suggested_stage"]) == ("b", 3, "two")


def test_shares_of_the_cases_on_the_map(company: Any) -> None:
    fit = company(walks(*["ab"] * 6, "aba", "b", "xx", "aab")).map(JOURNEY).conformance
    # nine cases have an event on the map: 'aba' goes back, 'b' begins late
    assert (fit.fitting_share.value, fit.fitting_share.n) == (7 / 9, 9)
    assert (fit.backtracking.value, fit.late_start.value) == (1 / 9, 1 / 9)
    assert fit.never_walked == ()
