"""What every kind of finding works on and what it hands in: a place on the map compared with a stated baseline.

Waits, loops, returns and bounces are judged errand by errand. An errand is a case; where a case is a customer's whole
history (not trimmed at an end), it is a visit, cut after 12 idle hours by default: weeks between two purchases are no
wait, and the next purchase is no way back.

A kind hands in every place that has enough cases, whether or not it stands out, with the p of its comparison and
whether the effect is large enough to matter; `ranking` decides over all of them together. Severity is 0–1: for shares
the excess over the baseline as a part of what was still to lose, (p − b)/(1 − b); for waits 1 − baseline/median; for
emotion the distance from the baseline as a part of the whole scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from desirepath.eventlog.model import Rules, Summary
from desirepath.insight.intervals import difference, p_more
from desirepath.insight.model import Estimate
from desirepath.insight.place import Placed
from desirepath.insight.settings import Settings
from desirepath.journey.model import Journey
from desirepath.texts import Text

MATTERS = 0.05
"""The least excess of a share that matters."""


@dataclass(frozen=True)
class Walk:
    """The journey as it was walked, in scope."""

    journey: Journey
    rules: Rules
    summary: Summary
    errands: Summary  # the cases themselves, or their visits where a case is a customer's whole history
    unit: Literal["cases", "visits"]  # what an errand is
    voice: Placed
    drops: tuple[bool, ...]  # per stage: whether going no further from here is a loss
    ends: frozenset[int]  # touchpoints that claim the journey's end
    settings: Settings

    @cached_property
    def passing(self) -> tuple[int, ...]:
        """Touchpoints where ending is a loss: not those of the journey's end."""
        return tuple(t for t, s in enumerate(self.rules.stage) if self.drops[s] and t not in self.ends)

    def name(self, stage: int | None, touchpoint: int | None) -> Text:
        """What the place is called."""
        if touchpoint is not None:
            return self.journey.touchpoints[touchpoint].name
        return self.journey.title if stage is None else self.journey.stages[stage].name

    def ended(self, touchpoint: int) -> tuple[int, int, int, int] | None:
        """Errands that ended at a touchpoint of all that passed it, and the same for all other touchpoints.

        None where ending is no loss, or where there is nothing to compare with.
        """
        others = [t for t in self.passing if t != touchpoint]
        ends, cases = self.errands.touch_last, self.errands.touch_cases
        there, elsewhere = int(cases[touchpoint]), int(sum(cases[t] for t in others))
        if touchpoint not in self.passing or not there or not elsewhere:
            return None
        return int(ends[touchpoint]), there, int(sum(ends[t] for t in others)), elsewhere

    def lost_at(self, touchpoint: int) -> Estimate:
        """Errands that ended at a touchpoint beyond the share that ends at the others."""
        counts = self.ended(touchpoint)
        return self.unknown if counts is None else Share(*counts).lost(self.unit)

    @property
    def unknown(self) -> Estimate:
        """A loss that cannot be told."""
        return Estimate(None, None, None, 0, self.unit)


@dataclass(frozen=True)
class Candidate:
    """A place that may be a finding."""

    kind: str
    polarity: Literal["pain", "delight"]
    stage: int | None
    touchpoint: int | None
    p: float
    matters: bool  # the effect is as large as this kind asks for
    cases: int  # or visits
    whole: int  # all cases, or all visits
    customers: int
    severity: float
    outcome_lost: Estimate
    params: dict[str, Any]  # for the title, beside `place`
    evidence: tuple[dict[str, Any], ...]


def spares(outcome: Estimate) -> bool:
    """Whether fewer are lost than elsewhere for certain: then coming back, or waiting, does no harm."""
    return outcome.high is not None and outcome.high < 0


@dataclass(frozen=True)
class Share:
    """`hits` of `n` at a place, and the baseline: `hits0` of `n0` elsewhere."""

    hits: int
    n: int
    hits0: int
    n0: int

    @classmethod
    def beside_others(cls, place: int, hits: Mapping[int, int], n: Mapping[int, int]) -> Share:
        """The share of one place, beside all the others taken together."""
        return cls(hits[place], n[place], sum(hits.values()) - hits[place], sum(n.values()) - n[place])

    @property
    def rate(self) -> float:
        """hits/n."""
        return self.hits / self.n

    @property
    def baseline(self) -> float:
        """hits0/n0."""
        return self.hits0 / self.n0

    @property
    def excess(self) -> float:
        """(p − b)/(1 − b), never below 0."""
        return max(0.0, (self.rate - self.baseline) / (1 - self.baseline)) if self.baseline < 1 else 0.0

    def enough(self, walk: Walk) -> bool:
        """Whether both sides have the cases that a finding needs."""
        return min(self.n, self.n0) >= walk.settings.finding_n

    def lost(self, unit: str = "cases") -> Estimate:
        """n × (hits/n − hits0/n0) with its interval: how many are lost beyond the baseline."""
        value, low, high = difference(self.hits, self.n, self.hits0, self.n0)
        return Estimate(self.n * value, self.n * low, self.n * high, self.n, unit)

    def evidence(self, measure: str, compared_with: str, **more: Any) -> dict[str, Any]:
        """The compared share, opened down to its counts."""
        value, low, high = difference(self.hits, self.n, self.hits0, self.n0)
        return {
            "measure": measure,
            "value": self.rate,
            "hits": self.hits,
            "n": self.n,
            "compared_with": compared_with,
            "baseline": self.baseline,
            "baseline_hits": self.hits0,
            "baseline_n": self.n0,
            "difference": value,
            "difference_low": low,
            "difference_high": high,
            **more,
        }


def pain(
    kind: str,
    place: tuple[int, int | None],
    summary: Summary,
    share: Share,
    outcome: Estimate,
    evidence: dict[str, Any],
) -> Candidate:
    """A stage, or a touchpoint of it, where a share may lie above its baseline."""
    stage, touchpoint = place
    customers = summary.stage_customers[stage] if touchpoint is None else summary.touch_customers[touchpoint]
    return Candidate(
        kind=kind,
        polarity="pain",
        stage=stage,
        touchpoint=touchpoint,
        p=p_more(share.hits, share.n, share.hits0, share.n0),
        matters=not spares(outcome) and share.rate - share.baseline >= MATTERS,
        cases=share.n,
        whole=int(summary.cases),
        customers=int(customers),
        severity=share.excess,
        outcome_lost=outcome,
        params={"rate": share.rate, "baseline": share.baseline},
        evidence=(evidence,),
    )
