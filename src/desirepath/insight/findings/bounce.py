"""bounce: errands whose only event on the map lies in a stage, more than chance would have it.

Share: such errands ÷ errands that enter the stage. Baseline: the chance that any other event on the map is the last of
its errand (errands ÷ events, both without the bounced). Lost: entered × (share − baseline).
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.insight.findings.candidate import Candidate, Share, Walk, pain


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every stage where going no further is a loss."""
    summary = walk.errands
    events = int(summary.touch_events.sum())
    for s, drops in enumerate(walk.drops):
        hits = int(summary.stage_single[s])
        share = Share(hits, int(summary.stage_entered[s]), int(summary.matched_cases) - hits, events - hits)
        if drops and share.enough(walk):
            evidence = share.evidence("bounce_rate", "any_event_is_the_last", unit=walk.unit)
            yield pain("bounce", (s, None), summary, share, share.lost(walk.unit), evidence)
