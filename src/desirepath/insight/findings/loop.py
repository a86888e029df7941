"""loop: errands come back to a touchpoint after having been elsewhere, more than to the other touchpoints.

Share: min(returns, errands with two or more events there) ÷ errands there, which is at most the share of errands that
come back. Baseline: the same over all other touchpoints. Lost: errands that end at the touchpoint beyond the share that
ends at the others. It is a pain unless the interval of what is lost lies below zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.insight.findings.candidate import Candidate, Walk, excess, share_evidence, spares
from desirepath.insight.intervals import p_more

MATTERS = 0.05


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every touchpoint where ending is a loss."""
    summary = walk.errands
    back = {t: min(int(summary.touch_loops[t]), int(summary.touch_repeat_cases[t])) for t in walk.passing}
    cases = {t: int(summary.touch_cases[t]) for t in walk.passing}
    for t in walk.passing:
        n, hits = cases[t], back[t]
        n0, hits0 = sum(cases.values()) - n, sum(back.values()) - hits
        if min(n, n0) < walk.settings.finding_n:
            continue
        rate, baseline = hits / n, hits0 / n0
        outcome = walk.lost_at(t)
        returns = int(summary.touch_loops[t])
        yield Candidate(
            kind="loop",
            polarity="pain",
            stage=walk.rules.stage[t],
            touchpoint=t,
            p=p_more(hits, n, hits0, n0),
            matters=not spares(outcome) and rate - baseline >= MATTERS,
            cases=n,
            whole=int(summary.cases),
            customers=int(summary.touch_customers[t]),
            severity=excess(rate, baseline),
            outcome_lost=outcome,
            params={"rate": rate, "baseline": baseline},
            evidence=(
                share_evidence("loop_rate", hits, n, hits0, n0, "other_touchpoints", returns=returns, unit=walk.unit),
            ),
        )
