"""The counts of a `Summary` as rates, waits and steps: every rate with Wilson's 95 % interval and its n.

A stage's drop-off is the share of cases that enter it and neither move on to a later stage nor reach the journey's end:
in the stage where the end lies, that is the share that does not complete. Stages drawn after the end, and the last
stage of a journey without one, have no drop-off: whoever enters them has walked the journey and counts as continued.
Fewer than `min_n` are withheld; counts stay.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from desirepath.eventlog.model import Summary, Transitions, Waits
from desirepath.insight.intervals import wilson
from desirepath.insight.model import Estimate, Transition, Unmatched, Variant, VariantsRest, Wait

MICROSECOND = 1e-6


def withheld(n: int, min_n: int) -> str | None:
    """Why a number is withheld, or None. Nothing at all is not withheld: there is no number."""
    return f"n<{min_n}" if 0 < n < min_n else None


def rate(hits: int, n: int, min_n: int) -> Estimate:
    """The share hits/n."""
    hidden = withheld(n, min_n)
    if n == 0 or hidden:
        return Estimate(None, None, None, n, "share", hidden)
    low, high = wilson(hits, n)
    return Estimate(hits / n, low, high, n, "share")


def wait(waits: Waits, i: int, min_n: int) -> Wait:
    """One item of many durations."""
    n = int(waits.n[i])
    hidden = withheld(n, min_n)
    return Wait(None, None, n, hidden) if n == 0 or hidden else Wait(float(waits.median[i]), float(waits.p90[i]), n)


def flow(summary: Summary, stage: int, *, drops: bool) -> tuple[int, int]:
    """How many cases continued from a stage and how many dropped; where nothing drops, all continued."""
    entered = int(summary.stage_entered[stage])
    continued = int(summary.stage_continued[stage]) if drops else entered
    return continued, entered - continued


def drop_rate(entered: int, dropped: int, min_n: int, *, drops: bool) -> Estimate:
    """The share of those who enter a stage and go no further."""
    return rate(dropped, entered, min_n) if drops else Estimate(None, None, None, entered, "share")


def transitions(found: Transitions, names: Sequence[str], min_n: int) -> tuple[Transition, ...]:
    """Steps from one to the next, the most frequent first."""
    rank = np.argsort(np.argsort(np.array(names, object))) if names else np.empty(0, np.int64)
    order = np.lexsort((rank[found.target], rank[found.source], -found.count))
    waits = found.wait
    columns = (found.source, found.target, found.count, found.cases, waits.n, waits.median, waits.p90)
    return tuple(
        Transition(names[source], names[target], count, cases, median, p90)
        if n >= min_n
        else Transition(names[source], names[target], count, cases, None, None, withheld(n, min_n))
        for source, target, count, cases, n, median, p90 in zip(*(c[order].tolist() for c in columns), strict=True)
    )


def variants(summary: Summary, most: int) -> tuple[tuple[Variant, ...], VariantsRest]:
    """The most frequent paths, and all others summed up; the shares add up to 1."""
    least = summary.variants[most - 1][1] if 0 < most <= len(summary.variants) else 0
    paths = [(tuple(summary.event_names[e] for e in path), cases) for path, cases in summary.variants if cases >= least]
    paths.sort(key=lambda p: (-p[1], p[0]))
    listed = tuple(Variant(path, int(cases), _part(cases, summary.cases)) for path, cases in paths[:most])
    rest = summary.cases - sum(v.cases for v in listed)
    return listed, VariantsRest(summary.variants_total - len(listed), rest, _part(rest, summary.cases))


def unmatched(summary: Summary, most: int) -> Unmatched:
    """Events that no touchpoint claims, by name; of a name that is claimed in part, `cases` is at most."""
    left = summary.event_count - summary.event_touchpoint_count
    names: list[dict[str, Any]] = [
        {"event": name, "count": int(left[i]), "cases": int(min(left[i], summary.event_cases[i]))}
        for i, name in enumerate(summary.event_names)
        if left[i] > 0
    ]
    names.sort(key=lambda u: (-u["count"], u["event"]))
    total = int(left.sum())
    return Unmatched(total, _part(total, summary.events), tuple(names[:most]))


def moment(time: int | None) -> str | None:
    """µs since 1970 as ISO 8601 UTC, to the second."""
    if time is None:
        return None
    moment_ = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=math.floor(time * MICROSECOND))
    return moment_.isoformat().replace("+00:00", "Z")


def _part(count: int, whole: int) -> float:
    return count / whole if whole else 0.0
