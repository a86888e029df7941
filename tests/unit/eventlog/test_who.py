"""Who is behind a number: as many walks as the summary counts, page by page, and the right ones."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.eventlog.test_reference import CUSTOMERS, EVENTS, SCOPES, all_rules

from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.runner import summarise
from desirepath.eventlog.who import Chosen, Dropped, Met, Stepped, walkers

M = Rules.Match
RULES = Rules(((M(event=("a",)),), (M(event=("b",)),), (M(event=("c",)),)), (0, 0, 1), 2, end=M(event=("d",)))


def names(log: Any, chosen: Chosen, scope: Scope = Scope(), rules: Rules = RULES, **page: Any) -> list[str]:  # noqa: B008
    found, _ = walkers(log, rules, scope, chosen, **{"limit": 100} | page)
    return sorted(walker.timeline.id for walker in found)


def test_who_met_a_touchpoint_took_a_step_or_went_no_further(make: Any) -> None:
    walks = {"u": "abc", "v": "axb", "w": "ba", "x": "cab", "y": "abd", "z": "x"}
    log = make.log([event for who, steps in walks.items() for event in make.walk(who, steps)])
    assert names(log, Met()) == ["u", "v", "w", "x", "y", "z"]
    assert names(log, Met((2,))) == ["u", "x"]
    assert names(log, Met((0, 2))) == ["u", "v", "w", "x", "y"]
    assert names(log, Stepped(0, 1)) == ["u", "v", "x", "y"]  # what lies off the map does not count
    assert names(log, Stepped(1, 0)) == ["w"]
    assert names(log, Dropped(0)) == ["v", "w", "x"]  # u went on, y reached the end


def test_pages_follow_each_other_and_say_whether_there_is_more(make: Any) -> None:
    log = make.log([event for who in "uvwxy" for event in make.walk(who, "ab")])
    pages = [walkers(log, RULES, Scope(), Met(), limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [len(found) for found, _ in pages] == [2, 2, 1, 0]
    assert [more for _, more in pages] == [True, True, False, False]
    assert len({walker.timeline.id for found, _ in pages for walker in found}) == 5


def test_a_session_is_shown_as_it_was_cut(make: Any) -> None:
    log = make.log([*make.walk("u", "ab"), *make.walk("u", "cx", start=100)])
    rules = Rules(RULES.touchpoints, RULES.stage, RULES.stages, session_gap=600.0)
    found, _ = walkers(log, rules, Scope(), Met(), limit=10)
    shown = [([event.event for event in walker.timeline.events], walker.touchpoints) for walker in found]
    assert shown == [(["a", "b"], (0, 1)), (["c", "x"], (2, -1))]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(
    events=EVENTS, customers=CUSTOMERS, rules=all_rules(), scope=SCOPES, notion=st.sampled_from(["customer", "case"])
)
def test_as_many_as_the_map_counts(
    make: Any, events: Any, customers: Any, rules: Rules, scope: Scope, notion: str
) -> None:
    log = make.log(events, notion, customers=customers, dims=["tier", "page"])
    summary = summarise(log, rules, scope)

    def n(chosen: Chosen) -> int:
        found, more = walkers(log, rules, scope, chosen, limit=1000)
        assert not more
        return len(found)

    assert n(Met()) == summary.cases
    for t in range(len(rules.touchpoints)):
        assert n(Met((t,))) == summary.touch_cases[t]
    steps = summary.touch_transitions
    for source, target, cases in zip(steps.source, steps.target, steps.cases, strict=True):
        assert n(Stepped(int(source), int(target))) == cases
    for s in range(rules.stages):
        assert n(Dropped(s)) == summary.stage_entered[s] - summary.stage_continued[s]
