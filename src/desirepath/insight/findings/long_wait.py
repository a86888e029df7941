"""long_wait: the time before a touchpoint (since the case's last other touchpoint) exceeds the map's usual wait.

Baseline: the median wait of the other touchpoints, each counted as often as it was waited for. The p treats the waits
as log-normal with σ = ln(p90/median)/1.2816, so that ln(median) has the standard error 1.2533·σ/√n; the baseline counts
as a stated expectation. It matters from twice the baseline on, and from a minute. Lost: cases that end at the
touchpoint from which most come here, beyond the share that ends at the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from desirepath.insight.findings.candidate import UNKNOWN, Candidate, Walk
from desirepath.insight.intervals import Z, p_above
from desirepath.insight.model import Estimate

RATIO, LEAST_S = 2.0, 60.0
Z90, MEDIAN_SE = 1.2815515655446004, 1.2533141373155001
LEAST_SPREAD = 0.1


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every touchpoint that cases come to from another."""
    waits = walk.summary.touch_wait
    enough = np.flatnonzero((waits.n >= walk.settings.finding_n) & (waits.median > 0))
    for t in enough.tolist():
        baseline, n0 = _usual(walk, t)
        if n0 < walk.settings.finding_n:
            continue
        n, median, p90 = int(waits.n[t]), float(waits.median[t]), float(waits.p90[t])
        spread = max(LEAST_SPREAD, math.log(p90 / median) / Z90)
        se = MEDIAN_SE * spread / math.sqrt(n)
        floor = max(baseline, 1.0)
        before = _before(walk, t)
        evidence = {
            "measure": "wait_before",
            "median_s": median,
            "low_s": median * math.exp(-Z * se),
            "high_s": median * math.exp(Z * se),
            "p90_s": p90,
            "n": n,
            "compared_with": "other_touchpoints",
            "baseline_s": baseline,
            "baseline_n": n0,
            "ratio": median / floor,
            "mostly_after": None if before is None else walk.journey.touchpoints[before].id,
        }
        yield Candidate(
            kind="long_wait",
            polarity="pain",
            stage=walk.rules.stage[t],
            touchpoint=t,
            p=p_above(math.log(median / floor), se),
            matters=median >= RATIO * baseline and median >= LEAST_S,
            cases=int(walk.summary.touch_cases[t]),
            customers=int(walk.summary.touch_customers[t]),
            severity=max(0.0, 1 - baseline / median),
            outcome_lost=_lost(walk, before),
            params={"median": median, "baseline": baseline},
            evidence=(evidence,),
        )


def _usual(walk: Walk, touchpoint: int) -> tuple[float, int]:
    """The weighted median of the other touchpoints' median waits, and how many waits it rests on."""
    waits = walk.summary.touch_wait
    others = [(float(waits.median[t]), int(waits.n[t])) for t in range(len(waits.n)) if t != touchpoint and waits.n[t]]
    total, passed = sum(n for _, n in others), 0
    for median, n in sorted(others):
        passed += n
        if 2 * passed >= total:
            return median, total
    return 0.0, 0


def _before(walk: Walk, touchpoint: int) -> int | None:
    """The touchpoint from which most come here."""
    steps = walk.summary.touch_transitions
    here = np.flatnonzero(steps.target == touchpoint)
    return int(steps.source[here[np.argmax(steps.count[here])]]) if len(here) else None


def _lost(walk: Walk, before: int | None) -> Estimate:
    return UNKNOWN if before is None else walk.lost_at(before)
