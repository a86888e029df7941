"""Flow and timeline: the walked steps over the drawn path, and the stops along real time.

A step is drawn when it stays in its stage or goes forward without skipping a stage that has data. Stages start where
the median stays of the earlier ones, added up, end; that is a sketch of time, not the median of any one case.
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.insight.model import MapData, Transition
from desirepath.locale import say
from desirepath.render.facts import reach
from desirepath.render.figures import tone_of
from desirepath.render.lanes import stage_index
from desirepath.render.view import Edge, Moment, Node
from desirepath.texts import pick

_MOST_EDGES = 120
_MOST_GHOSTS = 8


def nodes(data: MapData, language: str) -> tuple[Node, ...]:
    """Every touchpoint, then the most frequent events without one."""
    walked = {t.id: t for t in data.touchpoints}
    made = []
    for s, stage in enumerate(data.journey.stages):
        for touchpoint in stage.touchpoints:
            measured = walked[touchpoint.id]
            share, text = measured.cases / max(data.cases, 1), reach(data, measured, language)
            label, tone = pick(touchpoint.name, language), tone_of(measured.emotion.score)
            channel = touchpoint.channel or ""
            made.append(Node(touchpoint.id, label, s, share, text, measured.cases > 0, tone, channel=channel))
    for event in data.conformance.missing_from_map[:_MOST_GHOSTS]:
        stage_of = stage_index(data, event.get("suggested_stage"))
        share = float(event["share"])
        text = say("line.reach", language, share=share)
        at = -1 if stage_of is None else stage_of
        channel = str(event.get("channel") or "")
        name = str(event["event"])
        made.append(Node(f"event:{name}", name, at, share, text, True, "neutral", ghost=True, channel=channel))
    return tuple(made)


def edges(data: MapData, language: str) -> tuple[Edge, ...]:
    """The most frequent steps between touchpoints, heaviest first."""
    names = {t.id: pick(t.name, language) for t in data.journey.touchpoints}
    stages = {t.id: s for s, stage in enumerate(data.journey.stages) for t in stage.touchpoints}
    heaviest = max((t.count for t in data.touchpoint_transitions), default=1)
    ranked = sorted(data.touchpoint_transitions, key=lambda t: (-t.count, t.source, t.target))[:_MOST_EDGES]
    return tuple(
        Edge(
            source=step.source,
            target=step.target,
            weight=step.count / heaviest,
            text=_step(step, names, data.cases, language),
            drawn=_drawn(data, stages[step.source], stages[step.target]),
            back=stages[step.target] < stages[step.source],
        )
        for step in ranked
    )


def _step(step: Transition, names: dict[str, str], cases: int, language: str) -> str:
    key = "line.step_untimed" if step.median_s is None else "line.step"
    return say(
        key,
        language,
        source=names[step.source],
        target=names[step.target],
        share=step.cases / cases if cases else 0.0,
        median=step.median_s,
    )


def _drawn(data: MapData, source: int, target: int) -> bool:
    skipped = data.stages[source + 1 : target]
    return target >= source and not any(stage.entered for stage in skipped)


def moments(data: MapData, language: str) -> tuple[Moment, ...]:
    """Every stage, each followed by its touchpoints."""
    return tuple(_moments(data, language))


def _moments(data: MapData, language: str) -> Iterator[Moment]:
    walked = {t.id: t for t in data.touchpoints}
    at = 0.0
    for s, (stage, measured) in enumerate(zip(data.journey.stages, data.stages, strict=True)):
        span = measured.dwell.median_s
        start = at if measured.entered else None
        yield Moment(
            id=stage.id,
            label=pick(stage.name, language),
            stage=s,
            at_s=start,
            text=_when(start, span, language),
            emotion=measured.emotion.score,
            verdict=measured.verdict,
            kind="stage",
            span_s=span,
        )
        for touchpoint in stage.touchpoints:
            seen = walked[touchpoint.id]
            wait = seen.wait_before.median_s
            yield Moment(
                id=touchpoint.id,
                label=pick(touchpoint.name, language),
                stage=s,
                at_s=start if seen.cases else None,
                text=say("line.since_last", language, at=wait) if wait is not None else "",
                emotion=seen.emotion.score,
                verdict=seen.verdict,
                channel=touchpoint.channel or "",
                moment_of_truth=touchpoint.moment_of_truth,
            )
        at += span or 0.0


def _when(start: float | None, span: float | None, language: str) -> str:
    if start is None:
        return say("frame.not_walked", language)
    when = say("line.after", language, at=start) if start else say("line.at_start", language)
    return when if span is None else f"{when} · {say('line.lasts', language, span=span)}"
