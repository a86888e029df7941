"""loop: cases come back to a touchpoint after having been elsewhere, more than to the other touchpoints.

Share: min(returns, cases with two or more events there) ÷ cases there, which is at most the share of cases that come
back. Baseline: the same over all other touchpoints. Lost: cases that end at the touchpoint beyond the share that ends
at the others. It is a pain unless the
interval of the cases it loses lies below zero; where a case is a customer's whole history, coming back may be loyalty,
and it is a pain only if that interval lies above zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.insight.findings.candidate import Candidate, Walk, excess, share_evidence
from desirepath.insight.intervals import p_more

MATTERS = 0.05


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every touchpoint where ending is a loss."""
    summary = walk.summary
    back = {t: min(int(summary.touch_loops[t]), int(summary.touch_repeat_cases[t])) for t in walk.passing}
    cases = {t: int(summary.touch_cases[t]) for t in walk.passing}
    for t in walk.passing:
        n, hits = cases[t], back[t]
        n0, hits0 = sum(cases.values()) - n, sum(back.values()) - hits
        if min(n, n0) < walk.settings.finding_n:
            continue
        rate, baseline = hits / n, hits0 / n0
        outcome = walk.lost_at(t)
        harms = walk.harms(outcome)
        returns = int(summary.touch_loops[t])
        yield Candidate(
            kind="loop",
            polarity="pain",
            stage=walk.rules.stage[t],
            touchpoint=t,
            p=p_more(hits, n, hits0, n0),
            matters=harms and rate - baseline >= MATTERS,
            cases=n,
            customers=int(summary.touch_customers[t]),
            severity=excess(rate, baseline),
            outcome_lost=outcome,
            params={"rate": rate, "baseline": baseline},
            evidence=(share_evidence("loop_rate", hits, n, hits0, n0, "other_touchpoints", returns=returns),),
        )
