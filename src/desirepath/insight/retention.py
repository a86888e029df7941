"""Who comes back: cases by the period of their first event, and the share of them with an event so many periods later.

Only what could be seen is shown: an age that the data has not reached for a cohort has no share. The last period is
under way when the data ends, so its shares are lower than they will be; it is marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desirepath.eventlog.runner import retention as count
from desirepath.insight.measures import moment, rate
from desirepath.insight.model import Estimate
from desirepath.insight.reading import Reading
from desirepath.insight.settings import DAY

Every = Literal["day", "week", "four_weeks"]
PERIODS: dict[Every, float] = {"day": DAY, "week": 7 * DAY, "four_weeks": 28 * DAY}
MONDAY = 4 * 86_400_000_000
"""1970-01-05, in µs: weeks begin on Mondays."""
MOST = 400
"""Cohorts that are shown, the newest ones."""


@dataclass(frozen=True)
class Cohort:
    """The cases whose first event lies in the period from `start`; `kept[k]` have one k periods later."""

    start: str
    cases: int
    kept: tuple[Estimate, ...]


@dataclass(frozen=True)
class RetentionView:
    """Cohort by cohort, and all together by age; `unfinished`: the newest period is not over in the data."""

    every: Every
    cohorts: tuple[Cohort, ...]
    overall: tuple[Estimate, ...]
    unfinished: bool


def retention(reading: Reading, every: Every = "week", *, min_n: int = 5) -> RetentionView:
    """Of the cases in scope. Age 0 is the period of the first event itself."""
    found = count(reading.log, PERIODS[every], MONDAY, reading.scope)
    cells, n = found.cases, len(found.cases)
    first = max(0, n - MOST)
    cohorts = tuple(
        Cohort(
            start=moment(found.first_period + c * found.period) or "",
            cases=int(cells[c, 0]),
            kept=tuple(rate(int(cells[c, age]), int(cells[c, 0]), min_n) for age in range(n - c)),
        )
        for c in range(first, n)
    )
    ages = range(min(n, MOST))
    seen = [cells[: n - age] for age in ages]  # the cohorts that the data shows at this age
    overall = tuple(
        rate(int(cells[: n - age, age].sum()), int(old[:, 0].sum()), min_n) for age, old in zip(ages, seen, strict=True)
    )
    last = found.first_period + n * found.period
    return RetentionView(every, cohorts, overall, unfinished=n > 0 and reading.log.last < last - 1)
