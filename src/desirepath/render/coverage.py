"""Who is heard: response rates by group, and the emotion as it would be if every group were heard alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from desirepath.insight.model import MapData
from desirepath.locale import numbers, say
from desirepath.render import figures
from desirepath.render.facts import persona_name
from desirepath.render.view import Curve, Figure, Point
from desirepath.texts import pick


def figures_of(data: MapData, language: str) -> tuple[Figure, ...]:
    """A figure a group, and one for the re-weighted emotion of each division."""
    return tuple(figure for entry in data.coverage for figure in _figures(data, entry, language))


def reweighted(data: MapData, language: str) -> Iterator[Curve]:
    """The curve re-weighted by each division by which who is not heard turns the picture of a stage."""
    for entry in data.coverage:
        stages = entry.get("stages", ())
        if any(stage["turns"] for stage in stages):
            label = say("line.reweighted_by", language, by=say(f"coverage.{entry['by']}", language))
            points = tuple(_point(s, stage, language) for s, stage in enumerate(stages))
            yield Curve(f"reweighted:{entry['by']}", label, "reweighted", points)


def _figures(data: MapData, entry: Mapping[str, Any], language: str) -> Iterator[Figure]:
    by = say(f"coverage.{entry['by']}", language)
    for group in entry["groups"]:
        tip = [say("line.heard_of", language, heard=group["heard"], customers=group["customers"])]
        if group["emotion"] is not None:
            tip.append(say("line.group_emotion", language, score=group["emotion"]))
        label = f"{by}: {_name(data, entry['by'], group['name'], language)}"
        share, tone = numbers.share(group["rate"], language), figures.tone_of(group["emotion"])
        yield Figure(f"heard:{entry['by']}:{group['name']}", label, share, " · ".join(tip), tone, bar=group["rate"])
    if entry["reweighted"] is not None:
        plain = {key: entry[key] for key in ("plain", "low", "high")}
        yield Figure(
            f"reweighted:{entry['by']}",
            f"{by}: {say('frame.emotion_reweighted', language)}",
            numbers.score(entry["reweighted"], language),
            say("line.reweighted", language, **plain),
            figures.tone_of(entry["reweighted"]),
        )


def _name(data: MapData, by: str, group: str, language: str) -> str:
    if by == "stage":
        return next(pick(s.name, language) for s in data.journey.stages if s.id == group)
    if by == "persona":
        return persona_name(data, group, language)
    return say(f"outcome.{group}", language) if by == "outcome" else group


def _point(s: int, stage: Mapping[str, Any], language: str) -> Point:
    score = stage["reweighted"]
    text = numbers.score(score, language) if score is not None else ""
    return Point(s + 0.5, score, None, None, 0, pick(stage["name"], language), text, id=stage["id"], text=text)
