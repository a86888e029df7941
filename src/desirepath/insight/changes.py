"""Which numbers of a map differ from those of another one: what an edit of rules does, before it is kept.

A measure that only one of the maps has is None in the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from desirepath.insight.model import MapData, StageView, TouchpointView

Numbers = dict[str, float | None]


@dataclass(frozen=True)
class Change:
    """A number before and after; `place` is the id of the stage or touchpoint."""

    part: Literal["map", "stage", "touchpoint"]
    place: str | None
    measure: str
    before: float | None
    after: float | None


def changes(before: MapData, after: MapData) -> tuple[Change, ...]:
    """All numbers that differ: of the whole map, of stages, of touchpoints, in the order drawn."""
    return (
        *_changed("map", None, _whole(before), _whole(after)),
        *_places("stage", {s.id: _stage(s) for s in before.stages}, {s.id: _stage(s) for s in after.stages}),
        *_places(
            "touchpoint",
            {t.id: _touchpoint(t) for t in before.touchpoints},
            {t.id: _touchpoint(t) for t in after.touchpoints},
        ),
    )


def _places(
    part: Literal["stage", "touchpoint"], before: dict[str, Numbers], after: dict[str, Numbers]
) -> Iterator[Change]:
    for place in dict.fromkeys((*after, *before)):
        yield from _changed(part, place, before.get(place, {}), after.get(place, {}))


def _changed(
    part: Literal["map", "stage", "touchpoint"], place: str | None, before: Numbers, after: Numbers
) -> Iterator[Change]:
    for measure in dict.fromkeys((*after, *before)):
        was, is_ = before.get(measure), after.get(measure)
        if was != is_:
            yield Change(part, place, measure, was, is_)


def _whole(data: MapData) -> Numbers:
    return {
        "customers": data.customers,
        "cases": data.cases,
        "completed": data.completed.value,
        "emotion": data.emotion.score,
        "unmatched_events": data.unmatched.events,
        "unmatched_share": data.unmatched.share,
        "fitting_share": data.conformance.fitting_share.value,
        **{name: kpi.value for name, kpi in data.kpis.items()},
    }


def _stage(stage: StageView) -> Numbers:
    return {
        "entered": stage.entered,
        "continued": stage.continued,
        "dropped": stage.dropped,
        "drop_rate": stage.drop_rate.value,
        "dwell_median_s": stage.dwell.median_s,
        "emotion": stage.emotion.score,
        **{name: kpi.value for name, kpi in stage.kpis.items()},
    }


def _touchpoint(touchpoint: TouchpointView) -> Numbers:
    return {
        "customers": touchpoint.customers,
        "cases": touchpoint.cases,
        "events": touchpoint.events,
        "emotion": touchpoint.emotion.score,
        "repeat_rate": touchpoint.repeat_rate.value,
    }
