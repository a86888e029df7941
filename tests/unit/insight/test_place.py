"""Which feedback counts, and where it belongs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from desirepath.eventlog.model import Rules, Scope
from desirepath.insight.feedback import columns
from desirepath.insight.place import Placed, place
from desirepath.journey.yaml import load
from desirepath.lake.schema import FEEDBACK

JOURNEY = load("""
journey: j
title: J
stages:
  - {id: before, name: Before, touchpoints: [{id: home, name: {en: Home page, ru: Главная}}]}
  - {id: after, name: After, touchpoints: [{id: till, name: Till}]}
""")
RULES = Rules(touchpoints=((), ()), stage=(0, 1), stages=2)
WALKS = {"a": (1, True), "b": (0, False), "lost": (-1, True)}  # customer → last touchpoint, in the narrowed scope
NO_LINKS = pa.table({"id": pa.array([], "string"), "person": pa.array([], "string")})


def locate(scope: Scope, ids: Any, by: str, times: Any) -> Any:
    found = [WALKS.get(i) if by == "customer" else None for i in ids]
    narrowed = scope.start is not None or bool(scope.where)
    touch = np.array([-1 if f is None else f[0] for f in found])
    return touch, np.array([f is not None and (f[1] or not narrowed) for f in found])


def placed(scope: Scope, *rows: dict[str, Any]) -> Placed:
    full = [
        {"import": 1, "row": i, "id": str(i), "kind": "survey", "source": "s", "at": 100, **row}
        for i, row in enumerate(rows)
    ]
    feedback, _ = columns(pa.Table.from_pylist(full, FEEDBACK), NO_LINKS)
    return place(feedback, JOURNEY, RULES, scope, locate)


EVERYTHING, PERIOD, FILTERED = Scope(), Scope(start=50, end=150), Scope(where={"market": ("x",)})


@pytest.mark.parametrize(
    ("row", "touchpoint", "stage"),
    [
        ({"customer": "a"}, 1, 1),  # walked there last
        ({"customer": "lost"}, -1, -1),  # in the log, but nowhere near
        ({"customer": "nobody"}, -1, -1),
        ({}, -1, -1),
        ({"customer": "a", "touchpoint": "home"}, 0, 0),  # its own word counts more than the walk
        ({"touchpoint": "HOME PAGE "}, 0, 0),
        ({"touchpoint": "Главная"}, 0, 0),
        ({"touchpoint": "after"}, -1, 1),  # names a stage
        ({"customer": "a", "touchpoint": "after"}, -1, 1),
        ({"customer": "a", "touchpoint": "call centre"}, -1, -1),  # a place that the map lacks
        ({"customer": "a", "at": None}, -1, -1),
        ({"customer": "a", "at": None, "touchpoint": "till"}, 1, 1),
        ({"customer": "a", "touchpoint": " "}, 1, 1),
    ],
)
def test_where_feedback_belongs(row: dict[str, Any], touchpoint: int, stage: int) -> None:
    found = placed(EVERYTHING, row)
    assert (found.touchpoint.tolist(), found.stage.tolist()) == ([touchpoint], [stage])


@pytest.mark.parametrize(
    ("row", "scope", "counts"),
    [
        ({"customer": "b"}, EVERYTHING, True),
        ({"customer": "b"}, PERIOD, False),  # that customer's walk is out of scope
        ({"customer": "a"}, PERIOD, True),
        ({"customer": "a", "at": 999}, PERIOD, True),  # the walk decides, not the day of the answer
        ({"customer": "a", "at": None}, PERIOD, False),
        ({"customer": "a", "at": None}, EVERYTHING, True),
        ({"customer": "a", "at": None}, FILTERED, True),
        ({}, EVERYTHING, True),
        ({}, PERIOD, True),
        ({"at": 999}, PERIOD, False),
        ({"at": 150}, PERIOD, False),  # [from, to)
        ({}, FILTERED, False),
        ({"customer": "nobody"}, EVERYTHING, True),
        ({"customer": "nobody"}, PERIOD, True),
        ({"customer": "nobody"}, FILTERED, False),
        ({"case": "unknown", "customer": "b"}, FILTERED, False),
        ({"case": "unknown", "customer": "a"}, FILTERED, True),
    ],
)
def test_what_feedback_counts(row: dict[str, Any], scope: Scope, counts: bool) -> None:
    assert len(placed(scope, row).feedback) == counts


def test_everything_is_accounted_for() -> None:
    found = placed(EVERYTHING, {"customer": "a", "score": 5, "scale": "stars"}, {"touchpoint": "moon"}, {})
    assert found.counts == {
        "in_scope": 3, "scored": 1, "placed": 1, "placed_by_own_words": 0, "journey_level": 2, "unknown_place": 1,
        "unknown_customer": 2,
    }  # fmt: skip
