"""bounce: errands whose only event on the map lies in a stage, more than chance would have it.

Share: such errands ÷ errands that enter the stage. Baseline: the chance that any other event on the map is the last of
its errand (errands ÷ events, both without the bounced). Lost: entered × (share − baseline).
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.insight.findings.candidate import Candidate, Walk, excess, lost, share_evidence
from desirepath.insight.intervals import p_more

MATTERS = 0.05


def candidates(walk: Walk) -> Iterator[Candidate]:
    """Every stage where going no further is a loss."""
    summary = walk.errands
    events = int(summary.touch_events.sum())
    for s, drops in enumerate(walk.drops):
        n, hits = int(summary.stage_entered[s]), int(summary.stage_single[s])
        n0, hits0 = events - hits, int(summary.matched_cases) - hits
        if not drops or min(n, n0) < walk.settings.finding_n:
            continue
        rate, baseline = hits / n, hits0 / n0
        yield Candidate(
            kind="bounce",
            polarity="pain",
            stage=s,
            touchpoint=None,
            p=p_more(hits, n, hits0, n0),
            matters=rate - baseline >= MATTERS,
            cases=n,
            whole=int(summary.cases),
            customers=int(summary.stage_customers[s]),
            severity=excess(rate, baseline),
            outcome_lost=lost(hits, n, hits0, n0, walk.unit),
            params={"rate": rate, "baseline": baseline},
            evidence=(share_evidence("bounce_rate", hits, n, hits0, n0, "any_event_is_the_last", unit=walk.unit),),
        )
