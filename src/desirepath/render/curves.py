"""The emotion curves: measured at the touchpoints, and assumed by the team for each persona.

A touchpoint's point stands at its place among the stage's touchpoints. A stage whose touchpoints have no score takes
the stage's own emotion at its middle; one where nothing is known at all is a gap. A low point is a local minimum
of −0.5 or less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from desirepath.insight.model import Emotion, MapData
from desirepath.journey.model import EVERYONE
from desirepath.locale import numbers, say
from desirepath.render.facts import persona_name
from desirepath.render.figures import emotion_tip, score_text
from desirepath.render.view import Curve, Point
from desirepath.texts import pick


def curves(data: MapData, language: str) -> tuple[Curve, ...]:
    """The measured curve first, then one curve a persona with at least one assumption."""
    measured = Curve(
        "measured", say("frame.measured", language), "measured", _with_low_points(tuple(_measured(data, language)))
    )
    assumed = (_assumed(data, persona, language) for persona in (EVERYONE, *(p.id for p in data.journey.personas)))
    return (measured, *(curve for curve in assumed if curve.points))


def _measured(data: MapData, language: str) -> Iterator[Point]:
    walked = {t.id: t for t in data.touchpoints}
    for s, stage in enumerate(data.journey.stages):
        known = False
        for t, touchpoint in enumerate(stage.touchpoints):
            felt = walked[touchpoint.id].emotion
            if felt.score is not None:
                known = True
                x = s + (t + 0.5) / len(stage.touchpoints)
                name = pick(touchpoint.name, language)
                yield _point(x, felt, touchpoint.id, name, touchpoint.moment_of_truth, language)
        if not known:
            yield _point(s + 0.5, data.stages[s].emotion, stage.id, pick(stage.name, language), False, language)


def _point(x: float, felt: Emotion, id_: str, label: str, moment_of_truth: bool, language: str) -> Point:
    return Point(
        x=x,
        y=felt.score if felt.pooled is None else felt.pooled,
        low=felt.low if felt.pooled is None else felt.pooled_low,
        high=felt.high if felt.pooled is None else felt.pooled_high,
        n=felt.n,
        label=label,
        tip=emotion_tip(felt, language),
        moment_of_truth=moment_of_truth,
        id=id_,
        text=score_text(felt, language),
    )


def _with_low_points(points: tuple[Point, ...]) -> tuple[Point, ...]:
    known = [p for p in points if p.y is not None]
    around = [None, *(p.y for p in known), None]
    valleys = set()
    for i, point in enumerate(known):
        before, here, after = around[i : i + 3]
        if here is not None and here <= -0.5 and (before is None or here < before) and (after is None or here <= after):
            valleys.add(point.id)
    return tuple(replace(p, low_point=p.id in valleys and p.y is not None) for p in points)


def _assumed(data: MapData, persona: str, language: str) -> Curve:
    points = []
    for s, stage in enumerate(data.journey.stages):
        for t, touchpoint in enumerate(stage.touchpoints):
            score = touchpoint.assumed_emotion.get(persona)
            if score is not None:
                x = s + (t + 0.5) / len(stage.touchpoints)
                points.append(
                    Point(
                        x=x,
                        y=score,
                        low=None,
                        high=None,
                        n=0,
                        label=pick(touchpoint.name, language),
                        tip=say("line.assumed", language, score=score),
                        moment_of_truth=touchpoint.moment_of_truth,
                        id=touchpoint.id,
                        text=numbers.score(score, language),
                    )
                )
    spaced = [*_with_gaps(points)]
    return Curve(f"assumed:{persona}", persona_name(data, persona, language), "assumed", tuple(spaced))


def _with_gaps(points: list[Point]) -> Iterator[Point]:
    """A gap wherever a whole stage lies between two assumptions."""
    yield from points[:1]
    for before, after in pairwise(points):
        if int(after.x) - int(before.x) > 1:
            x = int(before.x) + 1.5
            yield Point(x, None, None, None, 0, "", "", id="", text="")
        yield after
