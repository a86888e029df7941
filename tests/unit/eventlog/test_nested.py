"""Cases and their sessions in one pass: the same numbers as each asked for alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.eventlog.conftest import Make, walk
from tests.unit.eventlog.test_reference import CUSTOMERS, EVENTS, all_rules, assert_same

from desirepath.eventlog import blocks, counting
from desirepath.eventlog.measures import stages, tally
from desirepath.eventlog.model import Path, Rules, Scope
from desirepath.eventlog.runner import errands, in_one_pass, summarise, with_sessions

A, B, C = (Rules.Match(event=(name,)) for name in "abc")
ABC = Rules(touchpoints=((A,), (B,), (C,)), stage=(0, 1, 1), stages=2)
GAP_S = 600
SCOPES = st.sampled_from([Scope(), Scope(where={"tier": ("1",)}), Scope(where={"tier": ()}), Scope(audience=("u",))])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    events=EVENTS,
    customers=CUSTOMERS,
    linked=st.sampled_from([{}, {"u2": "u"}]),
    rules=all_rules(),
    scope=SCOPES,
    gap=st.sampled_from([0.0, 3.0, 10.0, 100.0]),
    threads=st.integers(1, 3),
    small=st.booleans(),
)
def test_one_pass_says_what_two_say(
    make: Make, events: Any, customers: Any, linked: Any, rules: Rules, scope: Scope, gap: float, threads: int,
    small: bool,
) -> None:  # fmt: skip
    """Also in many blocks, after a sample, and where stages are too many for a place for each set of them."""
    rules = replace(rules, trim=False, session_gap=None)
    with (
        patch.object(blocks, "BLOCK", 5 if small else 1 << 16),
        patch.object(counting, "_SAMPLE", 2 if small else 8),
        patch.object(counting, "_ENOUGH", 4 if small else 64),
        patch.object(counting, "_WORTH", 1.0),
        patch.object(stages, "FEW", 0 if small else 12),
        patch.object(tally.Sightings, "_LEAST", 3 if small else 1 << 21),
    ):
        log = make.log(events, "customer", customers=customers, links=linked, dims=("tier", "page"), batch=2)
        assert in_one_pass(log, rules, scope)
        cases, sessions = with_sessions(log, rules, scope, gap, threads)
    assert_same(cases, summarise(log, rules, scope, threads))
    assert_same(sessions, errands(log, replace(rules, session_gap=gap), scope, threads))


def test_a_run_goes_on_in_the_next_session(make: Make) -> None:
    """a a | a b: one run at a for the case, whose wait is from the last a on; two sessions with a."""
    events = walk("x", "aa") + walk("x", "ab", start=100)
    cases, sessions = with_sessions(make.log(events), ABC, Scope(), GAP_S)
    assert (cases.cases, sessions.cases, sessions.customers) == (1, 2, 1)
    assert (cases.touch_loops.tolist(), sessions.touch_loops.tolist()) == ([0, 0, 0], [0, 0, 0])
    assert (cases.touch_repeat_cases[0], sessions.touch_repeat_cases[0]) == (1, 1)
    assert cases.touch_transitions.count.tolist() == sessions.touch_transitions.count.tolist() == [1]
    assert (cases.stage_dwell.median[0], cases.touch_transitions.wait.median[0]) == (101 * 60, 60)


def test_what_lies_between_sessions_is_the_cases_alone(make: Make) -> None:
    """b | a c: the case falls back into the first stage, and goes on from both; its second session does not."""
    events = walk("x", "b") + walk("x", "ac", start=100)
    cases, sessions = with_sessions(make.log(events), ABC, Scope(), GAP_S)
    assert (cases.backtracking_cases, sessions.backtracking_cases) == (1, 0)
    assert (cases.stage_backtrack.tolist(), sessions.stage_backtrack.tolist()) == ([1, 0], [0, 0])
    assert (cases.stage_entered.tolist(), sessions.stage_entered.tolist()) == ([1, 1], [1, 2])
    assert (cases.stage_single.tolist(), sessions.stage_single.tolist()) == ([0, 0], [0, 1])
    assert (cases.touch_transitions.count.sum(), sessions.touch_transitions.count.sum()) == (2, 1)
    assert cases.touch_transitions.wait.median.tolist() == [60, 100 * 60]


def test_the_end_is_reached_by_the_session_that_has_it(make: Make) -> None:
    """a | b | a, with b as the end: the case is complete, and one session of three."""
    events = walk("x", "a") + walk("x", "b", start=100) + walk("x", "a", start=200)
    cases, sessions = with_sessions(make.log(events), replace(ABC, end=B), Scope(), GAP_S)
    assert (cases.completed, sessions.completed, sessions.cases) == (1, 1, 3)
    assert (cases.stage_continued.tolist(), sessions.stage_continued.tolist()) == ([1, 1], [0, 1])


def test_a_session_that_reaches_the_end_late_is_nothing_to_its_case(make: Make) -> None:
    """a | b, with a or b as the end: the case has reached it before its second session, which ends for itself."""
    events = walk("x", "a") + walk("x", "b", start=100)
    rules = replace(ABC, end=Rules.Match(event=("a", "b")))
    cases, sessions = with_sessions(make.log(events), rules, Scope(), GAP_S)
    assert (cases.stage_continued.tolist(), sessions.stage_continued.tolist()) == ([1, 0], [1, 1])


@pytest.mark.parametrize(
    ("rules", "scope"),
    [
        (ABC, Scope(start=0)),
        (ABC, Scope(end=9)),
        (ABC, Scope(paths=(Path((("a",),)),))),
        (ABC, Scope(where={"page": ("1",)})),
        (replace(ABC, start=A, trim=True), Scope()),
        (replace(ABC, session_gap=GAP_S), Scope()),
    ],
)
def test_where_sessions_are_judged_for_themselves_two_passes_are_needed(make: Make, rules: Rules, scope: Scope) -> None:
    events = [{**event, "d_page": str(n)} for n, event in enumerate(walk("x", "ab"))]
    assert not in_one_pass(make.log(events, dims=("page",)), rules, scope)
    assert not in_one_pass(make.log(events, "case"), ABC, Scope())
