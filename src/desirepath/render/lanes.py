"""The lanes of the matrix: what stands in each cell, and what it says when it is opened.

A lane holds the team's cards and, beside them, what the data adds: measured pain in the pain points, measured delight
in the feelings, metrics in the metrics. Lanes without anything are left out, the touchpoints always stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.insight.model import Finding, MapData, TouchpointView
from desirepath.journey.model import LANES, Card, Touchpoint
from desirepath.locale import has, say
from desirepath.render import figures
from desirepath.render.facts import card_facts, finding_facts, place, reach, reason, touchpoint_facts
from desirepath.render.metrics import metrics
from desirepath.render.view import Figure, Item, Row, Tone
from desirepath.texts import pick


def rows(data: MapData, language: str) -> tuple[Row, ...]:
    """All lanes that hold anything, in drawn order, each with one cell a stage."""
    made = []
    for id_, label in _order(data, language):
        cells = tuple(tuple(_items(data, id_, stage, language)) for stage in range(len(data.journey.stages)))
        if any(cells) or id_ == "touchpoints":
            made.append(Row(id_, label, cells))
    return tuple(made)


def findings(data: MapData, language: str) -> tuple[Item, ...]:
    """The findings as ranked, each with its weight against the heaviest."""
    heaviest = max((f.weight for f in data.findings), default=0.0) or 1.0
    return tuple(finding_item(data, f, f.weight / heaviest, language) for f in data.findings)


def finding_item(data: MapData, finding: Finding, share_of_heaviest: float, language: str) -> Item:
    """A finding as an item of the evidence."""
    stage = stage_index(data, finding.stage)
    drawn = next((t for t in data.journey.touchpoints if t.id == finding.touchpoint), None)
    key = f"finding.{finding.kind}"
    return Item(
        id=f"finding:{finding.id}",
        text=say(key, language, **_names(data, finding)) if has(key) else finding.title,
        detail=say("line.reach", language, share=finding.share),
        source="evidence",
        tone=finding.polarity,
        tip=say("line.customers", language, n=finding.customers),
        kind="finding",
        place=place(data, stage, drawn, language),
        stage=stage,
        channel=(drawn.channel if drawn else None) or "",
        share=finding.share,
        weight=share_of_heaviest,
        facts=finding_facts(finding, language),
    )


def stage_index(data: MapData, id_: object) -> int | None:
    """Where a stage stands, None if there is no such stage."""
    return next((i for i, s in enumerate(data.journey.stages) if s.id == id_), None)


def find(data: MapData, touchpoint: str) -> tuple[int, Touchpoint, TouchpointView]:
    """A touchpoint by id: its stage's index, as drawn, as walked."""
    walked = next(t for t in data.touchpoints if t.id == touchpoint)
    stage = stage_index(data, walked.stage)
    assert stage is not None
    return stage, next(t for t in data.journey.stages[stage].touchpoints if t.id == touchpoint), walked


def _names(data: MapData, finding: Finding) -> dict[str, object]:
    """A finding's parameters, ids of stages and touchpoints turned into their names."""
    names: dict[str, object] = {s.id: s.name for s in data.journey.stages}
    names |= {t.id: t.name for t in data.journey.touchpoints}
    return {key: names.get(value, value) if isinstance(value, str) else value for key, value in finding.params.items()}


def _order(data: MapData, language: str) -> list[tuple[str, str]]:
    order = [(id_, say(f"lane.{id_}", language)) for id_ in LANES]
    waiting = list(data.journey.lanes)
    while waiting:
        placed = [id_ for id_, _ in order]
        lane = next((each for each in waiting if each.after in placed), waiting[0])
        waiting.remove(lane)
        at = placed.index(lane.after) + 1 if lane.after in placed else len(order)
        order.insert(at, (lane.id, pick(lane.name, language)))
    return order


def _items(data: MapData, lane: str, stage: int, language: str) -> Iterator[Item]:
    if lane == "touchpoints":
        yield from _touchpoints(data, stage, language)
    if lane == "pain_points":
        yield from _findings(data, stage, "pain", language)
    if lane == "emotions":
        yield from _findings(data, stage, "delight", language)
    for card in data.journey.stages[stage].cards:
        if card.lane == lane:
            yield _card(data, stage, card, language)
    if lane in ("thoughts", "needs"):
        yield from _suggestions(data, lane, stage, language)
    if lane == "metrics":
        yield from metrics(data, stage, language)
    if lane in ("owners", "backstage"):
        yield from _from_touchpoints(data, lane, stage, language)


def _touchpoints(data: MapData, stage: int, language: str) -> Iterator[Item]:
    walked = {t.id: t for t in data.touchpoints}
    for drawn in data.journey.stages[stage].touchpoints:
        measured = walked[drawn.id]
        share = measured.cases / data.cases if data.cases else None
        yield Item(
            id=drawn.id,
            text=pick(drawn.name, language),
            detail=reach(data, measured, language),
            source="document",
            verdict=measured.verdict,
            verdict_label=say(f"badge.{measured.verdict}", language),
            tone=figures.tone_of(measured.emotion.score),
            tip=figures.emotion_tip(measured.emotion, language),
            moment_of_truth=drawn.moment_of_truth,
            kind="touchpoint",
            place=place(data, stage, None, language),
            stage=stage,
            channel=drawn.channel or "",
            share=share,
            facts=touchpoint_facts(data, drawn, measured, language),
        )


def _findings(data: MapData, stage: int, polarity: Tone, language: str) -> Iterator[Item]:
    for finding, item in zip(data.findings, findings(data, language), strict=True):
        if finding.polarity == polarity and item.stage == stage:
            yield item


def _card(data: MapData, stage: int, card: Card, language: str) -> Item:
    seen = {c.id: c for c in data.cards}.get(card.id)
    verdict = seen.verdict if seen else "no_data"
    drawn = next((t for t in data.journey.touchpoints if t.id == card.touchpoint), None)
    tones: dict[str, Tone] = {"pain_points": "pain"}
    return Item(
        id=card.id,
        text=pick(card.text, language),
        detail=figures.name_of("feeling", card.feeling, language) if card.feeling else "",
        source="document",
        verdict=verdict,
        verdict_label=say(f"badge.{verdict}", language),
        tone=figures.tone_of(card.emotion) if card.emotion is not None else tones.get(card.lane, "neutral"),
        tip=reason(seen.reason if seen else "", verdict, language),
        place=place(data, stage, drawn, language),
        stage=stage,
        facts=card_facts(data, card, seen.reason if seen else "", verdict, language),
    )


def _suggestions(data: MapData, lane: str, stage: int, language: str) -> Iterator[Item]:
    """What customers said at the stage's touchpoints, quoted and masked, with source: suggested until accepted."""
    here = {t.id: t for t in data.journey.stages[stage].touchpoints}
    for said in data.verbatims:
        drawn = here.get(said["touchpoint"])
        if drawn is not None and said["lane"] == lane:
            yield Item(
                id=f"verbatim:{said['id']}",
                text=f"“{said['text']}”",
                detail=f"{say('frame.suggested', language)} · {figures.name_of('feedback', said['kind'], language)}",
                source="evidence",
                tone=figures.tone_of(said["emotion"]),
                tip=f"{said['source']} · {said['id']}",
                place=place(data, stage, drawn, language),
                stage=stage,
                facts=(Figure("suggestion", say("frame.suggested", language), say("line.suggestion", language)),),
            )


def _from_touchpoints(data: MapData, lane: str, stage: int, language: str) -> Iterator[Item]:
    """Owners and backstage work as the touchpoints name them, the same words once."""
    here = data.journey.stages[stage]
    lines: dict[str, list[Touchpoint]] = {here.owner: []} if lane == "owners" and here.owner else {}
    for touchpoint in here.touchpoints:
        text = touchpoint.owner or "" if lane == "owners" else pick(touchpoint.backstage, language)
        if text:
            lines.setdefault(text, []).append(touchpoint)
    for i, (text, touchpoints) in enumerate(lines.items()):
        names = ", ".join(pick(t.name, language) for t in touchpoints)
        yield Item(
            id=f"{lane}:{here.id}:{i}",
            text=text,
            detail=names,
            source="document",
            kind="owner" if lane == "owners" else "card",
            place=place(data, stage, None, language),
            stage=stage,
            facts=(Figure("touchpoints", say("frame.touchpoints", language), names),) if names else (),
        )
