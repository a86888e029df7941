"""Retention: who comes back, by the period of the first event."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import reduce
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.errors import DesirepathError
from desirepath.eventlog import blocks
from desirepath.eventlog.runner import retention
from desirepath.eventlog.model import Scope

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


COHORTS = st.tuples(st.integers(-3, 3), st.lists(st.integers(0, 9), max_size=3)).map(
    lambda drawn: Cohorts(drawn[0], np.diag(np.array(drawn[1], np.int64)))
)


@given(COHORTS, COHORTS, COHORTS)
def test_tallies_merge_in_any_order(a: Cohorts, b: Cohorts, c: Cohorts) -> None:
    def cells(*tallies: Cohorts) -> tuple[int, Any]:
        total = reduce(merge, tallies)
        return (total.first, total.cells.tolist()) if total.cells.size else (0, [])

    assert cells(a, b, c) == cells(c, a, b) == cells(a, merge(b, c))
