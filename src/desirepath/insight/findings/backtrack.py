"""backtrack: errands fall back into a stage from a later one, more than into the other stages.

Share: errands that enter the stage from a later one ÷ errands that enter it at all. Baseline: the same over all other
stages but the last, which has no later one. Lost: the stage's drop-off beyond that of the other stages. It is a pain
unless the interval of what is lost lies below zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.insight.findings.candidate import Candidate, Share, Walk, pain
from desirepath.insight.measures import flow
from desirepath.insight.model import Estimate


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every stage but the last."""
    summary = walk.errands
    stages = range(walk.rules.stages - 1)
    entered = {s: int(summary.stage_entered[s]) for s in stages}
    back = {s: int(summary.stage_backtrack[s]) for s in stages}
    for s in stages:
        share = Share.beside_others(s, back, entered)
        if share.enough(walk):
            evidence = share.evidence("backtrack_rate", "other_stages", unit=walk.unit)
            yield pain("backtrack", (s, None), summary, share, _lost(walk, s), evidence)


def _lost(walk: Walk, stage: int) -> Estimate:
    others = [s for s, drops in enumerate(walk.drops) if drops and s != stage]
    entered = walk.errands.stage_entered
    n, n0 = int(entered[stage]), sum(int(entered[s]) for s in others)
    if not walk.drops[stage] or not n or not n0:
        return walk.unknown
    dropped = sum(flow(walk.errands, s, drops=True)[1] for s in others)
    return Share(flow(walk.errands, stage, drops=True)[1], n, dropped, n0).lost(walk.unit)
