"""drop_off: more cases go no further from a stage than from the other stages of the journey taken together.

Share: dropped ÷ entered (see `measures`). Baseline: the pooled share of all other stages where going no further is a
loss, without those that hold nothing but the journey's end. Lost: entered × (share − baseline).
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.insight.findings.candidate import Candidate, Share, Walk, pain
from desirepath.insight.measures import flow


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every stage where going no further is a loss."""
    summary = walk.summary
    stages = sorted({walk.rules.stage[t] for t in walk.passing})
    entered = {s: int(summary.stage_entered[s]) for s in stages}
    dropped = {s: flow(summary, s, drops=True)[1] for s in stages}
    for s in stages:
        share = Share.beside_others(s, dropped, entered)
        if share.enough(walk):
            evidence = share.evidence("drop_rate", "other_stages")
            yield pain("drop_off", (s, None), summary, share, share.lost(), evidence)
