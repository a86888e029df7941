"""Where only words have changed, the map that follows is the map that would be computed; else it is computed."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from desirepath.insight.redress import redressed
from desirepath.journey.model import Journey
from desirepath.journey.ops import Op, apply
from desirepath.journey.yaml import dump, load

JOURNEY = """\
journey: buying
title: Buying
stages:
  - id: look
    name: Looking
    touchpoints:
      - {id: home, name: Home, match: [{event: home}]}
    cards:
      - {id: c1, lane: pain_points, text: Slow}
      - {id: c2, lane: thoughts, text: Hm, evidence: [{verbatim: f0}]}
  - id: buy
    name: Buying
    touchpoints: [{id: pay, name: Paying, match: [{event: pay}]}]
personas: [{id: eve, name: Eve}]
"""
EVENTS = [(f"u{i}", i, "home") for i in range(30)] + [(f"u{i}", i + 0.1, "pay") for i in range(8)]
SAID = [{"customer": f"u{i}", "at": i + 0.05, "score": 1.0, "scale": "stars", "text": "bad"} for i in range(12)]

WORDS = [
    {"op": "set", "part": "card", "id": "c1", "field": "text", "value": "Far too slow", "was": "Slow"},
    {"op": "set", "part": "card", "id": "c2", "field": "text", "value": "Hmm", "was": "Hm"},
    {"op": "set", "part": "stage", "id": "look", "field": "owner", "value": "Web", "was": None},
    {"op": "set", "part": "touchpoint", "id": "pay", "field": "description", "value": "By card", "was": None},
    {"op": "set", "part": "journey", "id": "buying", "field": "goal", "value": "More", "was": None},
    {"op": "set", "part": "persona", "id": "eve", "field": "summary", "value": "In a hurry", "was": None},
    {"op": "add", "part": "card", "stage": "look", "value": {"id": "n", "lane": "pain_points", "text": "Slow page"}},
    {"op": "add", "part": "card", "stage": "buy", "value": {"id": "n", "lane": "emotions", "text": "!", "emotion": 2}},
    {"op": "add", "part": "lane", "value": {"id": "risks", "name": "Risks"}},
    {"op": "move", "part": "card", "id": "c1", "stage": "buy", "lane": "opportunities", "after": None},
    {"op": "remove", "part": "card", "id": "c1"},
]
NUMBERS = [
    {"op": "remove", "part": "card", "id": "c2"},
    {"op": "set", "part": "stage", "id": "look", "field": "name", "value": "Browsing", "was": "Looking"},
    {"op": "set", "part": "journey", "id": "buying", "field": "end", "value": {"event": ["pay"]}, "was": None},
    {"op": "move", "part": "stage", "id": "buy", "after": None},
    {"op": "remove", "part": "touchpoint", "id": "home"},
    {"op": "set", "part": "touchpoint", "id": "pay", "field": "assumed_emotion", "key": "all", "value": 1, "was": None},
    {"op": "add", "part": "card", "stage": "buy",
     "value": {"id": "n", "lane": "thoughts", "text": "x", "evidence": [{"verbatim": "f1"}]}},
    {"op": "move", "part": "card", "id": "c2", "stage": "buy", "after": None},
    {"op": "set", "part": "card", "id": "c1", "field": "evidence", "value": [{"metric": "footfall"}], "was": None},
]  # fmt: skip


def done(op: dict[str, Any]) -> Journey:
    return apply(load(JOURNEY), [TypeAdapter(Op).validate_python(op)])[0]


@pytest.fixture(scope="module")
def shop(company: Any) -> Any:
    return company(events=EVENTS, feedback=SAID)


@pytest.mark.parametrize("op", WORDS, ids=lambda op: f"{op['op']}-{op['part']}")
def test_words_change_no_number(shop: Any, op: dict[str, Any]) -> None:
    edited = done(op)
    found = redressed(shop.map(JOURNEY), edited)
    assert found is not None and found.to_json() == shop.map(dump(edited)).to_json()
    assert found.journey == edited


@pytest.mark.parametrize("op", NUMBERS, ids=lambda op: f"{op['op']}-{op['part']}")
def test_what_numbers_rest_on_is_asked_anew(shop: Any, op: dict[str, Any]) -> None:
    edited = done(op)
    assert redressed(shop.map(JOURNEY), edited) is None
