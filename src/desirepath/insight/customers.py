"""The customers behind a number of the map: their walks, event by event, with the touchpoint that each belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from desirepath.errors import DesirepathError, did_you_mean
from desirepath.eventlog.who import Chosen, Dropped, Met, Stepped, Walker, walkers
from desirepath.insight.measures import moment
from desirepath.insight.reading import Reading


@dataclass(frozen=True)
class Behind:
    """Which walks are meant: all, those that met a stage or touchpoint, took a step, or went no further from a stage.

    At most one of `stage`, `touchpoint`, `step` (two touchpoints) and `dropped` (a stage) is given.
    """

    stage: str | None = None
    touchpoint: str | None = None
    step: tuple[str, str] | None = None
    dropped: str | None = None


@dataclass(frozen=True)
class Step:
    """One event of a walk."""

    at: str
    event: str
    channel: str | None
    touchpoint: str | None
    stage: str | None
    dimensions: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Walk:
    """A walk, by the id of its case; `customer` is the person's, where one is known."""

    id: str
    customer: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Walks:
    """Some of the walks; `more`: there are others after these."""

    walks: tuple[Walk, ...]
    more: bool


def customers(reading: Reading, behind: Behind, *, limit: int = 20, offset: int = 0) -> Walks:
    """A page of the walks in scope that are meant."""
    found, more = walkers(
        reading.log, reading.rules, reading.scope, _chosen(reading, behind), limit=limit, offset=offset
    )
    journey = reading.journey
    places = [(touchpoint.id, stage.id) for stage in journey.stages for touchpoint in stage.touchpoints]
    return Walks(tuple(_walk(walker, places) for walker in found), more)


def _chosen(reading: Reading, behind: Behind) -> Chosen:
    given = [name for name, value in vars(behind).items() if value is not None]
    if len(given) > 1:
        raise DesirepathError(f"{' and '.join(given)} at once", hint="ask for one of them")
    journey = reading.journey
    stages = [stage.id for stage in journey.stages]
    touchpoints = [touchpoint.id for touchpoint in journey.touchpoints]
    if behind.stage is not None:
        s = _place(behind.stage, stages, "stage")
        own = tuple(t for t, of in enumerate(reading.rules.stage) if of == s)
        return Met(own) if own else Met((len(touchpoints),))  # a stage without touchpoints is met by nobody
    if behind.touchpoint is not None:
        return Met((_place(behind.touchpoint, touchpoints, "touchpoint"),))
    if behind.step is not None:
        source, target = (_place(id_, touchpoints, "touchpoint") for id_ in behind.step)
        return Stepped(source, target)
    if behind.dropped is not None:
        return Dropped(_place(behind.dropped, stages, "stage"))
    return Met()


def _place(id_: str, known: list[str], what: str) -> int:
    if id_ not in known:
        hint = did_you_mean(id_, known) or f"there are {', '.join(known)}"
        raise DesirepathError(f"the journey has no {what} '{id_}'", where=what, hint=hint)
    return known.index(id_)


def _walk(walker: Walker, places: list[tuple[str, str]]) -> Walk:
    steps = []
    for event, t in zip(walker.timeline.events, walker.touchpoints, strict=True):
        touchpoint, stage = places[t] if t >= 0 else (None, None)
        dimensions: dict[str, Any] = {k: v for k, v in event.dimensions.items() if v is not None}
        steps.append(Step(moment(event.time) or "", event.event, event.channel, touchpoint, stage, dimensions))
    return Walk(walker.timeline.id, walker.timeline.customer, tuple(steps))
