"""loop: errands come back to a touchpoint after having been elsewhere, more than to the other touchpoints.

Share: min(returns, errands with two or more events there) ÷ errands there, which is at most the share of errands that
come back. Baseline: the same over all other touchpoints. Lost: errands that end at the touchpoint beyond the share that
ends at the others. It is a pain unless the interval of what is lost lies below zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.insight.findings.candidate import Candidate, Share, Walk, pain


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every touchpoint where ending is a loss."""
    summary = walk.errands
    back = {t: min(int(summary.touch_loops[t]), int(summary.touch_repeat_cases[t])) for t in walk.passing}
    cases = {t: int(summary.touch_cases[t]) for t in walk.passing}
    for t in walk.passing:
        share = Share.beside_others(t, back, cases)
        if share.enough(walk):
            returns = int(summary.touch_loops[t])
            evidence = share.evidence("loop_rate", "other_touchpoints", returns=returns, unit=walk.unit)
            yield pain("loop", (walk.rules.stage[t], t), summary, share, walk.lost_at(t), evidence)
