"""Verdicts on cards: what the team wrote down, against what was measured at the place it wrote it.

In this order: what a card states and the data can test; then the evidence it names; then nothing.
- pain_points: contradicted when the emotion at its place is clearly positive and no pain was found there; supported by
  a pain finding or a clearly negative emotion. opportunities: supported by a pain finding at their place.
- emotions (and any card with an `emotion`): supported when the measured interval lies on its side of neutral (within
  ±1 for a neutral one), contradicted when it lies on the other.
- actions and touchpoints with a `touchpoint`: the touchpoint's own verdict.
- evidence: `{finding: ID}` supports while the finding is still found, else the card is stale; `{verbatim: ID}` supports
  when that feedback is in the evidence, and is stale when all of it is; `{metric: NAME}` (with `stage`, `touchpoint`
  and `source` where one is meant) supports when it has a value in the period, and is stale when the newest is; links
  cannot be read and support nothing, and of a `{theme: ID}` only the verbatims beside it speak.
"Clearly" means that the 95 % interval excludes neutral. Own lanes, thoughts, needs, metrics, owners and backstage rest
on their evidence alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desirepath.insight.model import CardView, Emotion, Finding, StageView, TouchpointView, Verdict
from desirepath.insight.verdicts import Ruling
from desirepath.journey.model import Card, Stage

NEUTRAL = 0.5

Metric = tuple[str, str | None, str | None, str | None]
"""A metric that a card names: its name, and stage, touchpoint and source where they are said."""


@dataclass(frozen=True)
class Measured:
    """What was measured, by id of the place, and which feedback is known and how old it is."""

    stages: Mapping[str, StageView]
    touchpoints: Mapping[str, TouchpointView]
    findings: Collection[Finding]
    verbatims: Mapping[str, bool]  # known feedback ids that cards name → whether it is stale
    metrics: Mapping[Metric, bool] = field(default_factory=dict)  # the same of metrics

    def emotion(self, card: Card, stage: Stage) -> Emotion:
        """The emotion at the card's place."""
        return self.touchpoints[card.touchpoint].emotion if card.touchpoint else self.stages[stage.id].emotion

    def pain(self, card: Card, stage: Stage) -> bool:
        """Whether a pain was found at the card's place."""
        return any(
            f.polarity == "pain" and (f.touchpoint == card.touchpoint if card.touchpoint else f.stage == stage.id)
            for f in self.findings
        )


def on_card(card: Card, stage: Stage, measured: Measured) -> CardView:
    """The verdict on one card."""
    ruling = None
    if card.emotion is not None:
        ruling = _emotion(card.emotion, measured.emotion(card, stage))
    elif card.lane in _TESTS:
        ruling = _TESTS[card.lane](card, stage, measured)
    if ruling is None:
        ruling = _evidence(card, measured)
    return CardView(card.id, ruling.verdict, ruling.reason)


def _emotion(stated: float, measured: Emotion) -> Ruling | None:
    low, high = measured.low, measured.high
    if low is None or high is None:
        return None
    if abs(stated) < NEUTRAL:
        if low >= -1 and high <= 1:
            return Ruling("supported", "verdict.feels_so")
        return Ruling("contradicted", "verdict.feels_opposite") if low > 1 or high < -1 else None
    if (stated > 0 and low > 0) or (stated < 0 and high < 0):
        return Ruling("supported", "verdict.feels_so")
    return Ruling("contradicted", "verdict.feels_opposite") if low > 0 or high < 0 else None


def _pain_point(card: Card, stage: Stage, measured: Measured) -> Ruling | None:
    emotion = measured.emotion(card, stage)
    if measured.pain(card, stage):
        return Ruling("supported", "verdict.pain_found")
    if emotion.high is not None and emotion.high < 0:
        return Ruling("supported", "verdict.feels_bad")
    if emotion.low is not None and emotion.low > 0:
        return Ruling("contradicted", "verdict.feels_good")
    return None


def _opportunity(card: Card, stage: Stage, measured: Measured) -> Ruling | None:
    return Ruling("supported", "verdict.pain_found") if measured.pain(card, stage) else None


def _place(card: Card, stage: Stage, measured: Measured) -> Ruling | None:
    if card.touchpoint is None:
        return None
    view = measured.touchpoints[card.touchpoint]
    return Ruling(view.verdict, view.verdict_reason)


_TESTS: Mapping[str, Callable[[Card, Stage, Measured], Ruling | None]] = {
    "pain_points": _pain_point,
    "opportunities": _opportunity,
    "actions": _place,
    "touchpoints": _place,
}


def _evidence(card: Card, measured: Measured) -> Ruling:
    findings = [str(e["finding"]) for e in card.evidence if "finding" in e]
    verbatims, metrics = verbatims_of(card), metrics_of(card)
    heard = [measured.verbatims[v] for v in verbatims if v in measured.verbatims]
    counted = [measured.metrics[m] for m in metrics if m in measured.metrics]
    rulings: Sequence[tuple[bool, Verdict, str]] = (
        (bool({f.id for f in measured.findings} & set(findings)), "supported", "finding_stands"),
        (not all(heard), "supported", "verbatim_found"),
        (not all(counted), "supported", "metric_found"),
        (bool(heard), "stale", "verbatim_old"),
        (bool(counted), "stale", "metric_old"),
        (bool(findings), "stale", "finding_gone"),
        (bool(verbatims), "no_data", "verbatim_missing"),
        (bool(metrics), "no_data", "metric_missing"),
        (bool(card.evidence), "no_data", "evidence_elsewhere"),
        (True, "no_data", "no_evidence"),
    )
    return next(Ruling(verdict, f"verdict.{reason}") for holds, verdict, reason in rulings if holds)


def verbatims_of(card: Card) -> list[str]:
    """The feedback ids that a card rests on."""
    return [str(e["verbatim"]) for e in card.evidence if "verbatim" in e]


def metrics_of(card: Card) -> list[Metric]:
    """The metrics that a card rests on."""
    return [
        (str(e["metric"]), _said(e, "stage"), _said(e, "touchpoint"), _said(e, "source"))
        for e in card.evidence
        if "metric" in e
    ]


def is_meant(metric: Metric, row: Mapping[str, Any]) -> bool:
    """Whether a metric of the evidence is the one that a card names."""
    name, *places = metric
    said = zip(places, ("stage", "touchpoint", "source"), strict=True)
    return row["metric"] == name and all(wanted in (None, row[key]) for wanted, key in said)


def _said(piece: Mapping[str, Any], key: str) -> str | None:
    return None if piece.get(key) is None else str(piece[key])
