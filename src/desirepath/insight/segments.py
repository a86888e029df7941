"""Which segments a comparison sets side by side: the values of a dimension, the personas of a journey, two periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from desirepath.errors import DesirepathError, did_you_mean
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Scope
from desirepath.eventlog.runner import funnel
from desirepath.insight.model import MapData
from desirepath.journey.model import Journey

MOST = 12
"""Segments of a dimension with more values are its most frequent ones and the others together."""
OTHERS = "(others)"
FOLLOWED_DAYS = 90
"""Cases that were followed for longer have had their time."""


def of_dimension(log: Log, by: str, known: Collection[str], only: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """The values of a dimension by how many cases begin with them; `only` names the values wanted, if not all."""
    if by not in log.columns or not log.columns[by].values:
        raise DesirepathError(f"events have no {by!r}", hint=did_you_mean(by, known) or f"there are {', '.join(known)}")
    counted = funnel(log, [range(len(log.event_names))], float("inf"), Scope(), by=by)
    cases = dict(zip(counted.groups, counted.cases.tolist(), strict=True))
    wanted = [v for v in log.columns[by].values if not only or v in only]
    ranked = sorted(wanted, key=lambda value: (-cases[value], value))
    if len(ranked) <= MOST:
        return {value: (value,) for value in ranked}
    named = {value: (value,) for value in ranked[: MOST - 1]}
    return named | {OTHERS: tuple(ranked[MOST - 1 :])}


def of_personas(journey: Journey) -> tuple[str, ...]:
    """The personas that a rule tells apart."""
    return tuple(persona.id for persona in journey.personas if persona.rule)


def about_cover(by: str, maps: Mapping[str, MapData], whole: MapData) -> list[dict[str, Any]]:
    """Whether segments share cases, and how many cases are in none."""
    cases = sum(data.cases for data in maps.values())
    if cases > whole.cases:
        return [{"key": "note.compare_overlap", "params": {"by": by, "n": cases - whole.cases}}]
    if cases < whole.cases:
        return [{"key": "note.compare_without", "params": {"by": by, "n": whole.cases - cases}}]
    return []


def about_periods(maps: Sequence[MapData], last: int) -> list[dict[str, Any]]:
    """Whether the cases of one period were followed for a shorter time than those of the other; `last` is µs."""
    days = [_days_followed(data, last) for data in maps]
    if min(days) >= FOLLOWED_DAYS or len(set(days)) == 1:
        return []
    return [{"key": "note.compare_followed", "params": {"before": days[0], "after": days[1]}}]


def _days_followed(data: MapData, last: int) -> int:
    end = data.period["to"]
    if end is None:
        return 0
    seen = dt.datetime.fromtimestamp(last / 1e6, dt.UTC) - dt.datetime.fromisoformat(end)
    return max(0, seen.days)
