"""drop_off: more cases go no further from a stage than from the other stages of the journey taken together.

Share: dropped ÷ entered (see `measures`). Baseline: the pooled share of all other stages where going no further is a
loss, without those that hold nothing but the journey's end. Lost: entered × (share − baseline).
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.insight.findings.candidate import Candidate, Walk, excess, lost, share_evidence
from desirepath.insight.intervals import p_more
from desirepath.insight.measures import flow

MATTERS = 0.05


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every stage where going no further is a loss."""
    summary = walk.summary
    stages = sorted({walk.rules.stage[t] for t in walk.passing})
    entered = {s: int(summary.stage_entered[s]) for s in stages}
    dropped = {s: flow(summary, s, drops=True)[1] for s in stages}
    for s in stages:
        n, hits = entered[s], dropped[s]
        n0, hits0 = sum(entered.values()) - n, sum(dropped.values()) - hits
        if min(n, n0) < walk.settings.finding_n:
            continue
        rate, baseline = hits / n, hits0 / n0
        yield Candidate(
            kind="drop_off",
            polarity="pain",
            stage=s,
            touchpoint=None,
            p=p_more(hits, n, hits0, n0),
            matters=rate - baseline >= MATTERS,
            cases=n,
            whole=int(summary.cases),
            customers=int(summary.stage_customers[s]),
            severity=excess(rate, baseline),
            outcome_lost=lost(hits, n, hits0, n0),
            params={"rate": rate, "baseline": baseline},
            evidence=(share_evidence("drop_rate", hits, n, hits0, n0, "other_stages"),),
        )
