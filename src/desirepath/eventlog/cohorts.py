"""Retention: who comes back, by when they came first.

Time is cut into periods of equal length, counted from an origin. A case belongs to the cohort of the period of its
first event, and is retained at age a when it has an event a periods later.
"""

from __future__ import annotations

from functools import partial, reduce
from typing import NamedTuple

import numpy as np

from desirepath.errors import DesirepathError
from desirepath.eventlog.blocks import Block, Question, cores
from desirepath.eventlog.jit import kernel, wrapping
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Ints, Retention, Rules, Scope
from desirepath.eventlog.walks import Walks

MOST_PERIODS = 4096
_EVERY_CASE = Rules(touchpoints=(), stage=(), stages=0)


class Cohorts(NamedTuple):
    """Cases by cohort (row) and age (column); the first row is that of period `first`. They merge by addition."""

    first: int
    cells: Ints


def retention(log: Log, period_s: float, origin: int, scope: Scope, threads: int | None = None) -> Retention:
    """Cases in scope by cohort and age; periods are counted from `origin` (µs since 1970 UTC) in both directions."""
    period = round(period_s * 1e6) if 0 < period_s < 1e12 else 0
    if period == 0:
        raise DesirepathError(f"periods of {period_s} seconds", hint="a week is 604800")
    question = Question.of(log, _EVERY_CASE, scope)
    tallies = question.each_block(
        lambda: Cohorts(0, np.zeros((0, 0), np.int64)), partial(_count, period, origin), threads or cores()
    )
    total = reduce(merge, tallies)
    return Retention(origin + total.first * period, period, total.cells)


def merge(a: Cohorts, b: Cohorts) -> Cohorts:
    """Both together."""
    if not b.cells.size:
        return a
    both = _covering(a, b.first, b.first + len(b.cells) - 1)
    here = slice(b.first - both.first, b.first - both.first + len(b.cells))
    cells = both.cells.copy()
    cells[here, : len(b.cells)] += b.cells
    return Cohorts(both.first, cells)


def _covering(cohorts: Cohorts, first: int, last: int) -> Cohorts:
    """With room for the periods first … last."""
    if cohorts.cells.size:
        first, last = min(first, cohorts.first), max(last, cohorts.first + len(cohorts.cells) - 1)
        if last - first + 1 == len(cohorts.cells):
            return cohorts
    periods = last - first + 1
    if periods > MOST_PERIODS:
        raise DesirepathError(
            f"the events span {periods} periods",
            hint=f"ask for longer periods, at most {MOST_PERIODS}, or for cases of a narrower time",
        )
    cells = np.zeros((periods, periods), np.int64)
    here = slice(cohorts.first - first, cohorts.first - first + len(cohorts.cells))
    if cohorts.cells.size:
        cells[here, : len(cohorts.cells)] = cohorts.cells
    return Cohorts(first, cells)


def _count(period: int, origin: int, cohorts: Cohorts, block: Block) -> Cohorts:
    begin, end = block.walks.begin[block.walks.inside], block.walks.end[block.walks.inside]
    if not begin.size:
        return cohorts
    first = (int(block.time[begin].min()) - origin) // period
    last = (int(block.time[end - 1].max()) - origin) // period
    cohorts = _covering(cohorts, first, last)
    with wrapping():
        visit(block.walks, block.time, period, origin + cohorts.first * period, cohorts.cells)
    return cohorts


@kernel
def visit(walks: Walks, time: Ints, period: int, zero: int, cells: Ints) -> None:
    """Count walks by cohort and by every age at which they have an event; period 0 begins at `zero`."""
    for w in range(walks.begin.size):
        if not walks.inside[w]:
            continue
        cohort = np.int64(-1)
        over = time[walks.begin[w]]  # when the period counted last is over
        for i in range(walks.begin[w], walks.end[w]):
            if time[i] >= over:
                now = (time[i] - zero) // period
                if cohort < 0:
                    cohort = now
                cells[cohort, now - cohort] += 1
                over = zero + (now + 1) * period
