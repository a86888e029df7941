"""The drawn path against the walked one: who fits it, what it lacks, what nobody takes.

A case fits when it starts in the first stage, never goes back and never skips a stage that has data (see `Summary`).
An event name is missing from the map when events of that name are claimed by no touchpoint and at least 1 % of the
cases (by default) have one. The stage suggested for it is the one that its neighbours in the paths, before and after,
belong to more often than the neighbours of any event do: the largest (O − E)/√E over the stages, O observed, E
expected. Where the neighbours are missing themselves, theirs count, up to three steps away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.model import Rules, Summary
from desirepath.insight.ground import NONE
from desirepath.insight.measures import rate
from desirepath.insight.model import Conformance, Estimate, TouchpointView
from desirepath.insight.settings import Settings
from desirepath.journey.model import Journey

STEPS = 3


def conformance(
    journey: Journey,
    rules: Rules,
    summary: Summary,
    touchpoints: Sequence[TouchpointView],
    by_event: Mapping[str, Counter[int]],
    settings: Settings,
) -> Conformance:
    """Hold the map against the cases in scope."""

    def share(cases: int) -> Estimate:
        return rate(int(cases), int(summary.matched_cases), settings.min_n)

    verdicts = Counter(t.verdict for t in touchpoints)
    return Conformance(
        fitting_share=share(summary.fitting_cases),
        missing_from_map=_missing(journey, rules, summary, by_event, settings.missing_share),
        never_walked=tuple(t.id for t, m in zip(touchpoints, rules.touchpoints, strict=True) if m and not t.events),
        verdicts={v: verdicts[v] for v in ("supported", "contradicted", "no_data", "stale")},
        backtracking=share(summary.backtracking_cases),
        skipping=share(summary.skipping_cases),
        late_start=share(summary.late_start_cases),
    )


def _missing(
    journey: Journey, rules: Rules, summary: Summary, by_event: Mapping[str, Counter[int]], least: float
) -> tuple[dict[str, Any], ...]:
    left = summary.event_count - summary.event_touchpoint_count
    cases = np.minimum(left, summary.event_cases)
    wanted = [e for e in range(len(left)) if left[e] > 0 and cases[e] >= least * summary.cases]
    if not wanted:
        return ()
    stages = suggestions(rules, summary, by_event)
    missing: list[dict[str, Any]] = []
    for e in wanted:
        stage = journey.stages[stages[e]].id if stages[e] >= 0 else None
        missing.append(
            {
                "event": summary.event_names[e],
                "cases": int(cases[e]),
                "share": int(cases[e]) / summary.cases,
                "count": int(left[e]),
                "suggested_stage": stage,
            }
        )
    return tuple(sorted(missing, key=lambda m: (-m["cases"], m["event"])))


def suggestions(rules: Rules, summary: Summary, by_event: Mapping[str, Counter[int]]) -> NDArray[np.int64]:
    """The stage of each event name, else that in whose neighbourhood it stands more than others do, else −1."""
    if not rules.stages:
        return np.full(len(summary.event_names), -1)
    own = _claimed(rules, summary.event_names, by_event)
    around = _neighbourhoods(own, summary)
    usual = around.sum(axis=0) / max(around.sum(), 1.0)
    expected = around.sum(axis=1, keepdims=True) * usual
    beyond = np.divide(around - expected, np.sqrt(expected), out=np.full_like(around, -np.inf), where=around > 0)
    later = np.broadcast_to(np.arange(rules.stages), around.shape)
    best = np.lexsort((-later, around, beyond.round(9)))[:, -1]  # of equals the one met more often, then the earlier
    return np.where(own.any(axis=1), own.argmax(axis=1), np.where(around.any(axis=1), best, -1))


def _claimed(rules: Rules, names: Sequence[str], by_event: Mapping[str, Counter[int]]) -> NDArray[np.float64]:
    """[names, stages]: the part of each name's events that belongs to each stage; 0 throughout where none does."""
    own = np.zeros((len(names), rules.stages))
    for e, name in enumerate(names):
        for touchpoint, count in by_event.get(name, Counter[int]()).items():
            if touchpoint != NONE:
                own[e, rules.stage[touchpoint]] += count
    return _normal(own)


def _neighbourhoods(own: NDArray[np.float64], summary: Summary) -> NDArray[np.float64]:
    """[names, stages]: how many steps to and from each name lead to each stage."""
    steps, claimed = summary.transitions, own.any(axis=1, keepdims=True)
    apart = steps.source != steps.target
    source, target, count = steps.source[apart], steps.target[apart], steps.count[apart].astype(np.float64)
    stage, around = own, np.zeros_like(own)
    for _ in range(STEPS):
        around = np.zeros_like(own)
        np.add.at(around, source, stage[target] * count[:, None])
        np.add.at(around, target, stage[source] * count[:, None])
        stage = np.where(claimed, own, _normal(around))
    return around


def _normal(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(weights, total, out=np.zeros_like(weights), where=total > 0))
