"""Retention: who comes back, by the period of the first event."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.errors import DesirepathError
from desirepath.eventlog import blocks, counting
from desirepath.eventlog.blocks import Question
from desirepath.eventlog.measures.cohorts import Cohorts
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.runner import retention

DAY = 86_400_000_000
WEEK_S = 604_800


def at(customer: str, *days: float) -> list[dict[str, Any]]:
    return [{"customer": customer, "event": "a", "at": round(day * DAY)} for day in days]


def test_cohorts_by_the_week_of_the_first_event(make: Any) -> None:
    log = make.log([*at("u", 0, 1, 8, 22), *at("v", 6, 7), *at("w", 14), *at("x", 15, 16, 21)])
    found = retention(log, WEEK_S, 0, Scope())
    assert found.first_period == 0
    assert found.cases.tolist() == [
        [2, 2, 0, 1],
        [0, 0, 0, 0],
        [2, 1, 0, 0],
        [0, 0, 0, 0],
    ]


def test_periods_begin_at_the_origin_and_lie_before_it_too(make: Any) -> None:
    log = make.log([*at("u", 2.9, 3), *at("v", -5)])
    found = retention(log, WEEK_S, 3 * DAY, Scope())
    assert found.first_period == -11 * DAY
    assert found.cases.tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 0]]


def test_only_cases_in_scope_count_and_rows_are_theirs(make: Any) -> None:
    log = make.log([*at("u", 0), *at("v", 20)])
    found = retention(log, WEEK_S, 0, Scope(start=7 * DAY))
    assert (found.first_period, found.cases.tolist()) == (14 * DAY, [[1]])
    assert retention(log, WEEK_S, 0, Scope(end=0)).cases.shape == (0, 0)
    assert retention(make.log([]), WEEK_S, 0, Scope()).cases.shape == (0, 0)


def test_questions_without_an_answer(make: Any) -> None:
    log = make.log([*at("u", 0), *at("v", 4096)])
    assert retention(log, 2 * 86_400, 0, Scope()).cases.shape == (2049, 2049)
    with pytest.raises(DesirepathError, match="span 4097 periods"):
        retention(log, 86_400, 0, Scope())
    for period in (0, -1, 1e-7, float("nan"), float("inf")):
        with pytest.raises(DesirepathError, match="periods of"):
            retention(log, period, 0, Scope())


EVENTS = st.lists(st.tuples(st.sampled_from("uvwxy"), st.integers(-30, 30)), max_size=30)


@settings(max_examples=150, deadline=None)
@given(
    events=EVENTS,
    period=st.integers(1, 9),
    origin=st.integers(-40, 40),
    start=st.integers(-30, 0),
    threads=st.integers(1, 3),
    block=st.sampled_from([5, 1 << 16]),
)
def test_every_cell_is_as_defined(
    make: Any, events: Any, period: int, origin: int, start: int, threads: int, block: int
) -> None:
    log = make.log([{"customer": c, "event": "a", "at": day * DAY} for c, day in events])
    with patch.object(blocks, "BLOCK", block):
        got = retention(log, period * 86_400, origin * DAY, Scope(start=start * DAY), threads)
    days: dict[str, list[int]] = defaultdict(list)
    for customer, day in events:
        days[customer].append(day)
    cells: Counter[tuple[int, int]] = Counter()
    seen = {(day - origin) // period for d in days.values() if min(d) >= start for day in d}
    for d in days.values():
        cohort = (min(d) - origin) // period
        if min(d) >= start:
            cells.update({(cohort, (day - origin) // period - cohort) for day in d})
    first, size = min(seen, default=0), max(seen, default=-1) - min(seen, default=0) + 1
    assert got.cases.shape == (size, size)
    assert [[cells[first + c, a] for a in range(size)] for c in range(size)] == got.cases.tolist()
    if size:
        assert got.first_period == (origin + first * period) * DAY


@given(st.lists(EVENTS, min_size=3, max_size=3), st.permutations([0, 1, 2]))
@settings(max_examples=20)
def test_what_parts_of_the_cases_count_adds_up_in_any_order(make: Any, parts: Any, order: list[int]) -> None:
    """Over the same periods, tallies of cohorts are sums."""
    ends = [("first", -30), ("last", 30)]
    walks = [(f"{k}{c}", day) for k, part in enumerate(parts) for c, day in part]
    log = make.log([{"customer": c, "event": "a", "at": day * DAY} for c, day in [*ends, *walks]])
    cohorts = Cohorts(Question.of(log, Rules((), (), 0), Scope()), 7 * 86_400, 0)
    shares = np.array_split(np.arange(log.case_count), 3)
    tallies = [counting.count([cohorts], cohorts.question.blocks(share), {}, 1)[0] for share in shares]
    a, b, c = (tallies[k] for k in order)
    every = counting.count([cohorts], cohorts.question.blocks(None), {}, 1)[0].sums["cells"].tolist()
    assert ((a + b) + c).sums["cells"].tolist() == (a + (b + c)).sums["cells"].tolist() == every
    assert (a + b).without(b).sums["cells"].tolist() == a.sums["cells"].tolist()


@pytest.mark.parametrize("origin", [0, 5 * DAY, -5 * DAY])
def test_times_before_1970(make: Any, origin: int) -> None:
    days = [-30_000, -29_993, -29_986]
    found = retention(make.log(at("u", *days)), WEEK_S, origin, Scope())
    assert found.cases.tolist() == [[1, 1, 1], [0, 0, 0], [0, 0, 0]]
    assert found.first_period <= days[0] * DAY < found.first_period + found.period
