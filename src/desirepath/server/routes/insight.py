"""Deeper questions to a journey: who is behind a number, funnels, retention, and what differs between segments."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from desirepath.conditions import conditions, period
from desirepath.errors import DesirepathError
from desirepath.insight.customers import Behind
from desirepath.server.maps import Question
from desirepath.server.problems import said
from desirepath.server.routes.maps import Asked
from desirepath.server.studio import Here

router = APIRouter(tags=["insight"])

Id = Annotated[str | None, Query(max_length=80)]
Period = Annotated[str | None, Query(max_length=100, description="FROM..TO, two dates", examples=[None])]


class Estimate(BaseModel):
    """A number with its 95 % interval and the count it rests on; `withheld`: too few for a number."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: str | None
    withheld: str | None


class Step(BaseModel):
    """One event of a walk; `touchpoint` and `stage` are null off the map."""

    at: str
    event: str
    channel: str | None
    touchpoint: str | None
    stage: str | None
    dimensions: dict[str, str | None]


class Walk(BaseModel):
    """One walk through the journey: a customer's, an order's, a visit's, as the journey's case says."""

    id: str
    customer: str | None
    steps: list[Step]


class Walks(BaseModel):
    """Some of the walks behind a number; `more`: there are others after these."""

    walks: list[Walk]
    more: bool


class FunnelStep(BaseModel):
    """How many cases reach a step: of all of the group, and of those that reached the step before."""

    step: str
    reached: int
    share: Estimate
    from_before: Estimate


class FunnelGroup(BaseModel):
    """The cases of one value of the dimension; null: without any, or all where no dimension was asked for."""

    value: str | None
    cases: int
    steps: list[FunnelStep]


class Funnel(BaseModel):
    """A funnel by group, the largest first."""

    steps: list[str]
    by: str | None
    groups: list[FunnelGroup]


class Cohort(BaseModel):
    """The cases whose first event lies in the period from `start`; `kept[k]`: seen k periods later."""

    start: str
    cases: int
    kept: list[Estimate]


class Retention(BaseModel):
    """Who comes back; `unfinished`: the newest period is not over in the data."""

    every: Literal["day", "week", "four_weeks"]
    cohorts: list[Cohort]
    overall: list[Estimate]
    unfinished: bool


class Segment(BaseModel):
    """One side of a comparison."""

    cases: int
    customers: int
    events: int
    from_: str | None = Field(alias="from")
    to: str | None


class Contrast(BaseModel):
    """One measure in a segment against all others together; `p` is adjusted for all contrasts; `differs`: p ≤ 0.05."""

    measure: str
    stage: str | None
    touchpoint: str | None
    segment: str
    value: float
    n: int
    other: float
    other_n: int
    difference: Estimate
    size: float
    p: float
    differs: bool


class Wait(BaseModel):
    """A duration's median and 90th percentile."""

    median_s: float | None
    p90_s: float | None
    n: int
    withheld: str | None


class Duration(BaseModel):
    """A stay or a wait in each segment; no claim is made about these."""

    measure: str
    stage: str
    touchpoint: str | None
    segments: dict[str, Wait]


class Comparison(BaseModel):
    """How segments or periods differ: largest differences first, those that may be chance at the end."""

    journey: str
    by: str
    segments: dict[str, Segment]
    contrasts: list[Contrast]
    durations: list[Duration]
    untested: int
    notes: list[dict[str, Any]]


@router.get("/api/journeys/{journey}/customers", summary="Who is behind a number", responses=said(404))
def customers(
    journey: str,
    question: Asked,
    studio: Here,
    stage: Annotated[Id, Query(description="Who met this stage")] = None,
    touchpoint: Annotated[Id, Query(description="Who met this touchpoint")] = None,
    step_from: Annotated[Id, Query(description="Who went from this touchpoint straight to `step_to`")] = None,
    step_to: Id = None,
    dropped: Annotated[Id, Query(description="Who went no further from this stage")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    offset: Annotated[int, Query(ge=0, le=10**7)] = 0,
) -> Walks:
    """Their walks, event by event; at most one of the conditions."""
    if (step_from is None) != (step_to is None):
        raise DesirepathError("half a step", where="step_from, step_to", hint="give both touchpoints")
    step = (step_from, step_to) if step_from is not None and step_to is not None else None
    behind = Behind(stage, touchpoint, step, dropped)
    with studio.maps.turn:
        found = studio.workspace.customers(journey, behind, limit=limit, offset=offset, **_scope(question))
    return Walks.model_validate(found, from_attributes=True)


@router.get("/api/journeys/{journey}/funnel", summary="A funnel of one's own", responses=said(404))
def funnel(
    journey: str,
    question: Asked,
    studio: Here,
    step: Annotated[list[str], Query(max_length=60, description="Touchpoints, or `event:NAME` (globs)")],
    within_hours: Annotated[float | None, Query(ge=0, le=10**6, description="From the first step to the last")] = None,
    by: Annotated[str | None, Query(max_length=100, description="A dimension, `channel` or `event`")] = None,
    mode: Literal["any", "increase", "once", "order", "deduplication"] = "any",
) -> Funnel:
    """The share of cases that reaches each step in order."""
    within = float("inf") if within_hours is None else within_hours * 3600
    with studio.maps.turn:
        found = studio.workspace.funnel(journey, step, within_s=within, by=by, mode=mode, **_scope(question))
    return Funnel.model_validate(found, from_attributes=True)


@router.get("/api/journeys/{journey}/retention", summary="Who comes back", responses=said(404))
def retention(
    journey: str, question: Asked, studio: Here, every: Literal["day", "week", "four_weeks"] = "week"
) -> Retention:
    """Cohorts by the period of the first event; weeks begin on Mondays, UTC."""
    with studio.maps.turn:
        found = studio.workspace.retention(journey, every, **_scope(question))
    return Retention.model_validate(found, from_attributes=True)


@router.get("/api/journeys/{journey}/compare", summary="What differs", responses=said(404))
def compare(
    journey: str,
    question: Asked,
    studio: Here,
    by: Annotated[str | None, Query(max_length=100, description="A dimension, `channel` or `persona`")] = None,
    before: Period = None,
    after: Period = None,
) -> Comparison:
    """Between segments (`by`), or between two periods: by more than chance, corrected for the number of looks."""
    if question.persona is not None:
        raise DesirepathError("a comparison within one persona", where="persona", hint="use by=persona, or where=")
    scope = _scope(question)
    with studio.maps.turn:
        found = studio.workspace.compare(
            journey, by=by, before=period(before, "before"), after=period(after, "after"),
            start=scope["start"], end=scope["end"], where=scope["where"],
        )  # fmt: skip
    return Comparison.model_validate(found.to_json())


def _scope(question: Question) -> dict[str, Any]:
    return {
        "start": question.start,
        "end": question.end,
        "where": conditions(list(dict.fromkeys(question.where)), "where"),
        "persona": question.persona,
    }
