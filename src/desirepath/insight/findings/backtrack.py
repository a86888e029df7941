"""backtrack: cases fall back into a stage from a later one, more than into the other stages.

Share: cases that enter the stage from a later one ÷ cases that enter it at all. Baseline: the same over all other
stages but the last, which has no later one. Lost: the stage's drop-off beyond that of the other stages. It is a pain
unless the interval of the cases it loses lies below zero; where a case is a customer's whole history, going back may be
the next purchase, and it is a pain only if that interval lies above zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.insight.findings.candidate import UNKNOWN, Candidate, Walk, excess, lost, share_evidence
from desirepath.insight.intervals import p_more
from desirepath.insight.measures import flow
from desirepath.insight.model import Estimate

MATTERS = 0.05


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every stage but the last."""
    summary = walk.summary
    stages = range(walk.rules.stages - 1)
    entered = {s: int(summary.stage_entered[s]) for s in stages}
    back = {s: int(summary.stage_backtrack[s]) for s in stages}
    for s in stages:
        n, hits = entered[s], back[s]
        n0, hits0 = sum(entered.values()) - n, sum(back.values()) - hits
        if min(n, n0) < walk.settings.finding_n:
            continue
        rate, baseline = hits / n, hits0 / n0
        outcome = _lost(walk, s)
        harms = walk.harms(outcome)
        yield Candidate(
            kind="backtrack",
            polarity="pain",
            stage=s,
            touchpoint=None,
            p=p_more(hits, n, hits0, n0),
            matters=harms and rate - baseline >= MATTERS,
            cases=n,
            customers=int(summary.stage_customers[s]),
            severity=excess(rate, baseline),
            outcome_lost=outcome,
            params={"rate": rate, "baseline": baseline},
            evidence=(share_evidence("backtrack_rate", hits, n, hits0, n0, "other_stages"),),
        )


def _lost(walk: Walk, stage: int) -> Estimate:
    others = [s for s, drops in enumerate(walk.drops) if drops and s != stage]
    n, n0 = int(walk.summary.stage_entered[stage]), sum(int(walk.summary.stage_entered[s]) for s in others)
    if not walk.drops[stage] or not n or not n0:
        return UNKNOWN
    hits = flow(walk.summary, stage, drops=True)[1]
    return lost(hits, n, sum(flow(walk.summary, s, drops=True)[1] for s in others), n0)
