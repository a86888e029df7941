"""Retention: who comes back, by when they came first.

Time is cut into periods of equal length, counted from an origin. A walk belongs to the cohort of the period of its
first event, and is retained at age a when it has an event a periods later.
"""

from __future__ import annotations

import numpy as np

from desirepath.errors import DesirepathError
from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks

MOST_PERIODS = 4096


class Cohorts(Measure):
    """Tally: `cells` [groups, cohorts, ages], from the period of the log's first event to that of its last."""

    name = "cohorts"
    spans = True

    def __init__(self, question: Question, period_s: float, origin: int) -> None:
        super().__init__(question)
        self.period = round(period_s * 1e6) if 0 < period_s < 1e12 else 0
        if self.period == 0:
            raise DesirepathError(f"periods of {period_s} seconds", hint="a week is 604800")
        log, scope = question.log, question.scope
        start = log.first if scope.start is None else max(log.first, scope.start)
        first = (start - origin) // self.period
        self.periods = max(0, (log.last - origin) // self.period - first + 1)
        self.zero = origin + first * self.period
        if self.periods > MOST_PERIODS:
            raise DesirepathError(
                f"the events span {self.periods} periods",
                hint=f"ask for longer periods, at most {MOST_PERIODS}, or for cases of a narrower time",
            )

    def scratch(self) -> Ints:
        """Nobody yet."""
        return np.zeros((self.groups, self.periods, self.periods), np.int64)

    def count(self, scratch: Ints, block: Block) -> None:
        """Add the walks of a block."""
        _visit(block.walks, block.group, block.time, self.period, self.zero, scratch)

    def tally(self, scratches: list[Ints]) -> Tally:
        """What was counted."""
        return Tally({"cells": np.sum(scratches, axis=0)})


@kernel
def _visit(walks: Walks, group: Codes, time: Ints, period: int, zero: int, cells: Ints) -> None:
    """Count walks by cohort and by every age at which they have an event; period 0 begins at `zero`."""
    for w in range(walks.begin.size):
        cohort = np.int64(-1)
        over = time[walks.begin[w]]  # when the period counted last is over
        for i in range(u64(walks.begin[w]), u64(walks.end[w])):
            if time[i] >= over:
                now = (time[i] - zero) // period
                if cohort < 0:
                    cohort = now
                cells[group[w], cohort, now - cohort] += 1
                over = zero + (now + 1) * period
