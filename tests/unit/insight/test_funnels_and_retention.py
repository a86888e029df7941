"""Funnels of one's own and who comes back, on evidence so small that every share can be checked in the head."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from desirepath.errors import DesirepathError
from desirepath.eventlog.model import Scope
from desirepath.insight.customers import Behind, customers
from desirepath.insight.funnels import funnel
from desirepath.insight.reading import Reading, read
from desirepath.insight.retention import retention
from desirepath.journey.yaml import load

JOURNEY = """\
journey: buying
title: Buying
stages:
  - id: look
    name: Looking
    touchpoints:
      - {id: home, name: Home, match: [{event: home}]}
      - {id: app, name: App, match: [{event: open, channel: app}]}
      - {id: web, name: Web, match: [{event: open}]}
  - id: buy
    name: Buying
    touchpoints: [{id: pay, name: Paying, match: [{event: "pay_*"}]}]
"""
WEEK = 24 * 7


def reading(company: Any, events: Any, **more: Any) -> Reading:
    made = company(events=events)
    links = pa.table({"id": pa.array([], pa.string()), "person": pa.array([], pa.string())})
    scope, filters = more.pop("scope", Scope()), more.pop("filters", {})
    return read(load(JOURNEY), made.lake, links, made.cache, scope=scope, filters=filters, **more)


WALKS = [
    ("u", 0, "home"),
    ("u", 1, "pay_card"),
    ("v", 0, "home"),
    ("v", 50, "pay_cash"),
    ("w", 0, "home"),
    ("x", 0, "x"),
]


def test_the_share_that_reaches_each_step(company: Any) -> None:
    (group,) = funnel(reading(company, WALKS), ["home", "pay"], min_n=1).groups
    assert (group.cases, [step.reached for step in group.steps]) == (4, [3, 2])
    assert [step.share.value for step in group.steps] == [0.75, 0.5]
    assert [step.from_before.value for step in group.steps] == [0.75, 2 / 3]
    low, high = group.steps[1].share.low, group.steps[1].share.high
    assert low is not None and high is not None and 0.14 < low < 0.16 and 0.84 < high < 0.86  # Wilson's for 2 of 4


def test_the_window_counts_and_events_can_be_named(company: Any) -> None:
    (group,) = funnel(reading(company, WALKS), ["event:home", "event:pay_c*"], within_s=3600 * 2, min_n=1).groups
    assert [step.reached for step in group.steps] == [3, 1]


def test_by_a_dimension_the_largest_group_first(company: Any) -> None:
    events = [
        {"customer": c, "at": at, "event": e, "channel": where}
        for c, at, e, where in [*_walk("u", "app"), ("u", 1, "pay_x", "app"), *_walk("v", "web"), *_walk("w", "web")]
    ]
    found = funnel(reading(company, events), ["home", "pay"], by="channel", min_n=1)
    assert [(g.value, g.cases, g.steps[1].reached) for g in found.groups] == [("web", 2, 0), ("app", 1, 1)]


def _walk(customer: str, channel: str) -> list[tuple[str, int, str, str]]:
    return [(customer, 0, "home", channel)]


def test_few_are_withheld(company: Any) -> None:
    (group,) = funnel(reading(company, WALKS), ["home", "pay"]).groups
    assert group.steps[0].share.value is None and group.steps[0].share.withheld == "n<5"
    assert group.steps[0].reached == 3


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (["home"], "a funnel of 1 steps"),
        (["home", "hom"], "no touchpoint 'hom'"),
        (["home", "event:nothing"], "no event is called 'nothing'"),
        (["home", "web"], "more than the name of the event"),
    ],
)
def test_what_is_no_step_is_explained(company: Any, steps: list[str], said: str) -> None:
    events = [*WALKS, {"customer": "y", "at": 0, "event": "open", "channel": "app"}, ("z", 0, "open")]
    with pytest.raises(DesirepathError, match=said):
        funnel(reading(company, events), steps)


def test_who_comes_back_week_by_week(company: Any) -> None:
    events = [
        (c, 96 + week * WEEK, "home") for c, weeks in {"u": [0, 1, 2], "v": [0, 2], "w": [1]}.items() for week in weeks
    ]
    found = retention(reading(company, events), "week", min_n=1)
    assert [(c.start, c.cases, [k.value for k in c.kept]) for c in found.cohorts] == [
        ("2026-01-05T00:00:00Z", 2, [1.0, 0.5, 1.0]),
        ("2026-01-12T00:00:00Z", 1, [1.0, 0.0]),
        ("2026-01-19T00:00:00Z", 0, [None]),
    ]  # Mondays; of the second cohort an age of two weeks could not be seen
    assert [(o.value, o.n) for o in found.overall] == [(1.0, 3), (1 / 3, 3), (1.0, 2)]
    assert found.unfinished


def test_of_nobody_nothing_is_said(company: Any) -> None:
    found = retention(reading(company, WALKS, filters={"event": ("nothing",)}), "day")
    assert (found.cohorts, found.overall, found.unfinished) == ((), (), False)


def test_behind_a_number_stand_walks_with_their_touchpoints(company: Any) -> None:
    found = customers(reading(company, WALKS), Behind(step=("home", "pay")))
    assert {walk.customer for walk in found.walks} == {"u", "v"}
    walk = next(walk for walk in found.walks if walk.customer == "u")
    assert [(s.at, s.event, s.touchpoint, s.stage) for s in walk.steps] == [
        ("2026-01-01T00:00:00Z", "home", "home", "look"),
        ("2026-01-01T01:00:00Z", "pay_card", "pay", "buy"),
    ]


@pytest.mark.parametrize(
    "behind", [Behind(stage="nothing"), Behind(touchpoint="hom"), Behind(step=("home", "no")), Behind("look", "home")]
)
def test_what_is_not_on_the_map_is_explained(company: Any, behind: Behind) -> None:
    with pytest.raises(DesirepathError):
        customers(reading(company, WALKS), behind)
