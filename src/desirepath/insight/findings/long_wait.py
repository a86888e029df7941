"""long_wait: a step of the drawn path takes longer than its other steps usually do.

The step: to a touchpoint from the one before it on the map (same stage or the stage before) from which most come, up to
the journey's end; its wait is the time between the two. Baseline: the median wait of the other steps, each counted as
often as it was walked. The p treats the waits as log-normal with σ = ln(p90/median)/1.2816, so that ln(median) has the
standard error 1.2533·σ/√n; the baseline counts as a stated expectation. It matters from twice the baseline on, and from
a minute, unless the interval of what is lost lies below zero. Lost: errands that end at the touchpoint before the step,
beyond the share that ends at the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from desirepath.insight.findings.candidate import Candidate, Walk, spares
from desirepath.insight.intervals import Z, p_above

RATIO, LEAST_S = 2.0, 60.0
Z90, MEDIAN_SE = 1.2815515655446004, 1.2533141373155001
LEAST_SPREAD = 0.1


@dataclass(frozen=True)
class Step:
    """The way to a touchpoint from the one before it."""

    before: int
    touchpoint: int
    n: int
    median: float
    p90: float

    @property
    def se(self) -> float:
        """The standard error of ln(median)."""
        spread = max(LEAST_SPREAD, math.log(self.p90 / self.median) / Z90)
        return MEDIAN_SE * spread / math.sqrt(self.n)


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every step of the drawn path that is walked often enough."""
    steps = drawn(walk)
    for step in steps:
        baseline, n0 = usual([s for s in steps if s is not step])
        if step.median <= 0 or min(step.n, n0) < walk.settings.finding_n:
            continue
        t = step.touchpoint
        outcome = walk.lost_at(step.before)
        slow = step.median >= RATIO * baseline and step.median >= LEAST_S
        yield Candidate(
            kind="long_wait",
            polarity="pain",
            stage=walk.rules.stage[t],
            touchpoint=t,
            p=p_above(math.log(step.median / max(baseline, 1.0)), step.se),
            matters=slow and not spares(outcome),
            cases=int(walk.errands.touch_cases[t]),
            whole=int(walk.errands.cases),
            customers=int(walk.errands.touch_customers[t]),
            severity=max(0.0, 1 - baseline / step.median),
            outcome_lost=outcome,
            params={"before": walk.name(None, step.before), "median": step.median, "baseline": baseline},
            evidence=(_evidence(walk, step, baseline, n0),),
        )


def drawn(walk: Walk) -> list[Step]:
    """The most walked step to each touchpoint, of those that the map draws, up to the journey's end."""
    found, stage = walk.errands.touch_transitions, walk.rules.stage
    most: dict[int, int] = {}
    for i, (p, t) in enumerate(zip(found.source.tolist(), found.target.tolist(), strict=True)):
        forward = p < t and stage[t] - stage[p] <= 1 and walk.drops[stage[t]]
        if forward and (t not in most or found.count[i] > found.count[most[t]]):
            most[t] = i
    waits = found.wait
    return [
        Step(int(found.source[i]), t, int(waits.n[i]), float(waits.median[i]), float(waits.p90[i]))
        for t, i in sorted(most.items())
    ]


def usual(steps: Sequence[Step]) -> tuple[float, int]:
    """The weighted median of the steps' median waits, and how many waits it rests on."""
    total, passed = sum(s.n for s in steps), 0
    for step in sorted(steps, key=lambda s: s.median):
        passed += step.n
        if 2 * passed >= total:
            return step.median, total
    return 0.0, 0


def _evidence(walk: Walk, step: Step, baseline: float, n0: int) -> dict[str, Any]:
    return {
        "measure": "wait_before",
        "after": walk.journey.touchpoints[step.before].id,
        "median_s": step.median,
        "low_s": step.median * math.exp(-Z * step.se),
        "high_s": step.median * math.exp(Z * step.se),
        "p90_s": step.p90,
        "n": step.n,
        "unit": walk.unit,
        "compared_with": "other_steps",
        "baseline_s": baseline,
        "baseline_n": n0,
        "ratio": step.median / max(baseline, 1.0),
    }
