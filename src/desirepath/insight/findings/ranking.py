"""Which candidates are findings, and in what order.

All candidates of all kinds are tests of one family: Benjamini–Hochberg's adjusted p must not exceed 5 % (by default),
and the effect must be large enough to matter. Confidence is 1 − the adjusted p. Weight = reach × severity × (outcome
lost ÷ all cases), where only a loss counts for a pain and only what was spared for a delight. What hurts customers
comes first: pains, then delights, each by weight; those without a proven outcome follow by reach × severity.
"""

from __future__ import annotations

from collections.abc import Iterable

from desirepath.insight.findings import backtrack, bounce, drop_off, emotion, long_wait, loop
from desirepath.insight.findings.candidate import Candidate, Walk
from desirepath.insight.intervals import benjamini_hochberg
from desirepath.insight.model import Finding
from desirepath.locale import say

BY_ERRAND = frozenset({"bounce", "long_wait", "loop", "backtrack"})
KINDS = (drop_off, bounce, long_wait, loop, backtrack, emotion)


def findings(walk: Walk, language: str) -> tuple[Finding, ...]:
    """What stands out in the journey: pains, the heaviest first, then delights."""
    return ranked([c for kind in KINDS for c in kind.candidates(walk)], walk, language)


def ranked(candidates: Iterable[Candidate], walk: Walk, language: str) -> tuple[Finding, ...]:
    """The candidates that stand after adjusting for how many there were."""
    tested = list(candidates)
    adjusted = benjamini_hochberg([c.p for c in tested])
    limit = walk.settings.false_discovery_rate
    kept = [(_finding(c, q, walk, language)) for c, q in zip(tested, adjusted, strict=True) if c.matters and q <= limit]
    return tuple(sorted(kept, key=lambda f: (f.polarity == "delight", -f.weight, -f.share * f.severity, f.id)))


def _finding(candidate: Candidate, adjusted: float, walk: Walk, language: str) -> Finding:
    c, journey = candidate, walk.journey
    stage = None if c.stage is None else journey.stages[c.stage].id
    touchpoint = None if c.touchpoint is None else journey.touchpoints[c.touchpoint].id
    params = {"place": walk.name(c.stage, c.touchpoint), **c.params}
    whole = max(c.whole, 1)
    share = min(1.0, c.cases / whole)
    outcome = c.outcome_lost.value or 0.0
    loss = max(0.0, outcome if c.polarity == "pain" else -outcome)
    return Finding(
        id=f"{c.kind}:{touchpoint or stage or 'journey'}",
        kind=c.kind,
        polarity=c.polarity,
        stage=stage,
        touchpoint=touchpoint,
        title=say(f"finding.{c.kind}", language, **params),
        cases=c.cases,
        customers=c.customers,
        share=share,
        severity=c.severity,
        outcome_lost=c.outcome_lost,
        weight=share * c.severity * min(1.0, loss / whole),
        confidence=1 - adjusted,
        evidence=c.evidence,
        params=params,
    )
