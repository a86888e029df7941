"""low_emotion and high_emotion: customers feel worse, or better, at a place than on the rest of the journey.

Measured: the mean emotion of the feedback there. Baseline: that of all other feedback in scope; for the journey as a
whole, neutral (0). It matters from a quarter of a point on, as a pain when the mean is below +0.5, as a delight when
it is above; the whole journey can only be a pain. Lost, in unhappy cases, as if those who answered spoke for all:
cases there × (share of unhappy answers, emotion < 0, there − elsewhere); for the whole journey cases × (share of
unhappy − share of happy answers); below zero it says how many were spared. A stage is compared only where none of its
touchpoints has enough answers of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.insight.emotion import mean_of
from desirepath.insight.findings.candidate import Candidate, Walk
from desirepath.insight.intervals import Mean, Z, difference, p_differs, p_not_zero
from desirepath.insight.model import Estimate

MATTERS = 0.25
TURN = 0.5
SCALE = 4.0
UNIT = "unhappy_cases"
Mask = NDArray[np.bool_]


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every place with enough scored feedback on both sides."""
    scored = ~np.isnan(walk.voice.feedback.emotion)
    least = walk.settings.finding_n

    def enough(here: Mask) -> bool:
        return int(here.sum()) >= least and int((scored & ~here).sum()) >= least

    if scored.sum() >= least:
        yield _whole(walk, scored)
    told: set[int] = set()
    for t, s in enumerate(walk.rules.stage):
        if enough(here := walk.voice.at_touchpoint(t) & scored):
            told.add(s)
            yield _place(walk, s, t, here, scored & ~here)
    for s in set(range(walk.rules.stages)) - told:
        if enough(here := walk.voice.at_stage(s) & scored):
            yield _place(walk, s, None, here, scored & ~here)


def _place(walk: Walk, stage: int, touchpoint: int | None, here: Mask, elsewhere: Mask) -> Candidate:
    """One place against the rest of the journey."""
    mean, rest = mean_of(walk.voice.feedback, here), mean_of(walk.voice.feedback, elsewhere)
    assert mean is not None and rest is not None
    summary = walk.summary
    cases, customers = (
        (summary.stage_entered[stage], summary.stage_customers[stage])
        if touchpoint is None
        else (summary.touch_cases[touchpoint], summary.touch_customers[touchpoint])
    )
    unhappy = walk.voice.feedback.emotion < 0
    bad, bad0 = int((unhappy & here).sum()), int((unhappy & elsewhere).sum())
    reach = int(cases) or mean.n
    value, low, high = difference(bad, mean.n, bad0, rest.n)
    lost = Estimate(reach * value, reach * low, reach * high, reach, UNIT)
    more = {"baseline_low": rest.low, "baseline_high": rest.high, "baseline_n": rest.n, "baseline_unhappy": bad0}
    evidence = _evidence(mean, bad, "rest_of_journey", rest.value, more)
    p = p_differs(mean, rest)
    whole = max(int(summary.cases), reach)
    return _candidate((stage, touchpoint), mean, rest.value, p, (reach, whole, int(customers)), lost, evidence)


def _whole(walk: Walk, scored: Mask) -> Candidate:
    """The whole journey against neutral."""
    mean = mean_of(walk.voice.feedback, scored)
    assert mean is not None
    emotion = walk.voice.feedback.emotion[scored]
    bad, good = float((emotion < 0).mean()), float((emotion > 0).mean())
    half = Z * math.sqrt((bad + good - (bad - good) ** 2) / mean.n_eff)
    cases = walk.summary.cases or mean.n
    net = bad - good
    lost = Estimate(cases * net, cases * max(-1.0, net - half), cases * min(1.0, net + half), cases, UNIT)
    evidence = _evidence(mean, int((emotion < 0).sum()), "neutral", 0.0, {})
    return _candidate((None, None), mean, 0.0, p_not_zero(mean), (cases, cases, walk.summary.customers), lost, evidence)


def _candidate(
    place: tuple[int | None, int | None],
    mean: Mean,
    baseline: float,
    p: float,
    reach: tuple[int, int, int],
    lost: Estimate,
    evidence: dict[str, Any],
) -> Candidate:
    apart, pain = mean.value - baseline, mean.value < TURN
    return Candidate(
        kind="low_emotion" if pain else "high_emotion",
        polarity="pain" if pain else "delight",
        stage=place[0],
        touchpoint=place[1],
        p=p,
        matters=apart <= -MATTERS if pain else apart >= MATTERS and place != (None, None),
        cases=reach[0],
        whole=reach[1],
        customers=reach[2],
        severity=min(1.0, abs(apart) / SCALE),
        outcome_lost=lost,
        params={"score": mean.value, "baseline": baseline},
        evidence=(evidence,),
    )


def _evidence(mean: Mean, unhappy: int, compared_with: str, baseline: float, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "measure": "emotion",
        "value": mean.value,
        "low": mean.low,
        "high": mean.high,
        "n": mean.n,
        "n_eff": mean.n_eff,
        "unhappy": unhappy,
        "compared_with": compared_with,
        "baseline": baseline,
        **more,
    }
