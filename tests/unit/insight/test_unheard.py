"""Forty customers of two markets: everybody of one is heard, a quarter of the other, and the two feel differently."""

from __future__ import annotations

from typing import Any

import pytest

JOURNEY = """
journey: shop
title: Shop
end: {event: pay}
stages:
  - {id: look, name: Look, touchpoints: [{id: home, name: Home, match: [{event: visit}]}]}
  - {id: buy, name: Buy, touchpoints: [{id: till, name: Till, match: [{event: pay}]}]}
"""


@pytest.fixture(scope="module")
def coverage(company: Any) -> dict[str, Any]:
    events, said = [], []
    for k in range(80):
        north = k < 20
        row = {"customer": f"c{k}", "event": "visit", "channel": "web", "d_market": "north" if north else "south"}
        events.append({**row, "at": k})
        if k % 2 == 0:
            events.append({**row, "at": k + 0.5, "event": "pay"})
        if north or k % 4 == 0:  # 20 of 20, 15 of 60
            said.append({"customer": f"c{k}", "at": k + 0.2, "score": 5 if north else 1, "scale": "stars"})
    made = company(events, said).map(JOURNEY)
    return {"map": made, **{entry["by"]: entry for entry in made.coverage}}


def test_response_rates_by_group(coverage: Any) -> None:
    groups = {g["name"]: (g["customers"], g["heard"], g["rate"]) for g in coverage["market"]["groups"]}
    assert groups == {"north": (20, 20, 1.0), "south": (60, 15, 0.25)}
    outcome = {g["name"]: (g["customers"], g["heard"]) for g in coverage["outcome"]["groups"]}
    assert outcome == {"completed": (40, 10 + 15), "not_completed": (40, 10)}
    stages = {g["name"]: (g["customers"], g["heard"]) for g in coverage["stage"]["groups"]}
    assert stages == {"look": (80, 35), "buy": (40, 0)}


def test_the_emotion_with_and_without_weights(coverage: Any) -> None:
    market = coverage["market"]
    assert market["plain"] == pytest.approx((20 * 2 - 15 * 2) / 35)
    assert market["reweighted"] == pytest.approx((20 * 2 - 60 * 2) / 80)
    assert market["turns"]
    look, buy = market["stages"]
    assert (look["reweighted"], look["turns"]) == (pytest.approx(-1.0), True)
    assert (buy["plain"], buy["turns"]) == (None, False)


def test_the_map_warns_where_the_picture_turns(coverage: Any) -> None:
    keys = [c["key"] for c in coverage["map"].caveats]
    assert keys.count("note.coverage_turns") >= 1 and "note.coverage_turns_stage" in keys


def test_few_answers_say_nothing(company: Any) -> None:
    events = [{"customer": f"c{k}", "at": k, "event": "visit", "d_market": "north"} for k in range(30)]
    said = [{"customer": "c1", "at": 2, "score": 5, "scale": "stars"}]
    assert company(events, said).map(JOURNEY).coverage == ()
