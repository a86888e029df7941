"""The journeys: the portfolio, new ones, and each as a document with its versions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from pydantic_core import to_json

from desirepath.errors import DesirepathError, did_you_mean
from desirepath.journey import mermaid, templates, yaml
from desirepath.journey.diff import describe
from desirepath.journey.diff import diff as compare
from desirepath.journey.model import Journey, Text
from desirepath.journey.store import Head
from desirepath.server.bodies import SAME, Body
from desirepath.server.problems import said
from desirepath.server.roles import Role
from desirepath.server.routes.edits import EditDone
from desirepath.server.routes.jobs import Job
from desirepath.server.studio import Here, Studio, Who

router = APIRouter(tags=["journeys"])

DOCUMENTS: dict[str, tuple[str, Callable[[Journey], str]]] = {
    "yaml": ("application/yaml", yaml.dump),
    "md": ("text/markdown; charset=utf-8", mermaid.write),
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {media: {} for media, _ in DOCUMENTS.values()}}
}


class JourneyEntry(BaseModel):
    """A journey in the portfolio, as it stands after `seq` edits; `role` is one's own in it."""

    id: str
    title: Text
    owner: str | None
    market: str | None
    parent: str | None = Field(description="The journey of which this one is a part")
    state: Literal["as_is", "to_be"]
    personas: int
    stages: int
    touchpoints: int
    seq: int
    author: str | None
    updated: datetime
    role: Role


class JourneyNow(BaseModel):
    """A journey as it stands after `seq` edits; `role` is one's own in it."""

    document: Journey
    seq: int
    author: str | None
    updated: datetime
    role: Role


class Felt(BaseModel):
    """A mean emotion (−2 to +2) with its 95 % interval, and that of the answers alone; `withheld`: too few answers."""

    score: float | None
    low: float | None
    high: float | None
    sampling_low: float | None
    sampling_high: float | None
    n: int
    withheld: str | None


class Worst(BaseModel):
    """The heaviest finding; `kind` and `params` say its title in any language."""

    id: str
    kind: str
    polarity: Literal["pain", "delight"]
    title: str
    stage: str | None
    touchpoint: str | None
    share: float
    params: dict[str, Any]


class Health(BaseModel):
    """A journey at a glance; `stale`: nothing newer came for longer than the maps allow."""

    customers: int
    cases: int
    data_from: datetime | None
    data_to: datetime | None
    stale: bool
    emotion: Felt | None = Field(description="Of the last four weeks of data")
    emotion_before: Felt | None = Field(description="Of the four weeks before them")
    worst: Worst | None


class NewJourney(BaseModel):
    """Where a new journey comes from: a template, a text in YAML or Mermaid, or a journey drawn as it should be.

    Of the data, see `/api/discoveries`.
    """

    source: Literal["template", "yaml", "mermaid", "journey"]
    template: str | None = None
    journey: str | None = Field(None, description="The journey whose to-be map begins as what it is now")
    text: str | None = Field(None, max_length=2_000_000)


class Template(BaseModel):
    """A template, with its stages."""

    id: str
    title: Text
    stages: list[Text]


class Version(BaseModel):
    """A milestone of a journey."""

    number: int
    author: str | None
    note: str | None
    created: datetime


class VersionNote(BaseModel):
    """What the version is."""

    note: str | None = Field(None, max_length=500)


class Difference(BaseModel):
    """What changed, one sentence a line, in English."""

    changes: int
    text: str


@router.get("/api/templates", summary="Templates for a new journey")
def templates_(studio: Here) -> list[Template]:
    """All templates, with their stages in the order drawn."""
    return [
        Template(id=name, title=template.title, stages=[stage.name for stage in template.stages])
        for name in templates.names()
        for template in [templates.load(name)]
    ]


@router.get("/api/journeys", summary="The portfolio", response_model=list[JourneyEntry], responses=SAME)
def journeys(studio: Here, who: Who, request: Request) -> Response:
    """All journeys, by id."""
    heads, role = studio.workspace.journeys.heads(), studio.accounts.roles_in(who)
    key = tuple((head.journey.id, head.seq, role(head.journey.id)) for head in heads)

    def entries() -> list[JourneyEntry]:
        return [_entry(head, role(head.journey.id)) for head in heads]

    return studio.bodies.get(("portfolio", key), lambda: to_json(entries())).answer(request)


@router.post("/api/journeys", summary="A new journey", responses=said(404), status_code=201)
def add(given: NewJourney, studio: Here, who: Who) -> JourneyEntry:
    """Makes a journey; where its id is taken, it gets the next free one."""
    document = _as_it_should_be(given, studio) if given.source == "journey" else _make(given)
    document = document.model_copy(update={"id": studio.workspace.journeys.free_id(document.id)})
    studio.workspace.journeys.add(document, author=who.name, base=0)
    studio.audit(who, "journey_made", document.id, source=given.source)
    return _entry(studio.workspace.journeys.head(document.id), studio.accounts.role_in(who, document.id))


@router.post("/api/discoveries", summary="A new journey from the data alone", status_code=202)
def discover(studio: Here, who: Who) -> Job:
    """A job that draws it from the events; its result has the id of the `journey`."""
    job = studio.jobs.add("discover", {}, who.name)
    studio.audit(who, "discovery_asked")
    return Job.of(job)


@router.get(
    "/api/journeys/{journey}", summary="A journey as it stands", response_model=JourneyNow, responses=SAME | said(404)
)
def journey(journey: str, studio: Here, who: Who, request: Request) -> Response:
    """The document, and the number of edits that led to it."""
    head, role = studio.workspace.journeys.head(journey), studio.accounts.role_in(who, journey)
    return now_body(studio, head, head.author, role).answer(request)


@router.get("/api/journeys/{journey}/health", summary="How a journey is doing", responses=said(404))
def health(journey: str, studio: Here) -> Health:
    """Its customers, how fresh it is, its emotion of the last four weeks of data and of the four before, its worst."""
    found = studio.maps.health(journey)
    return Health.model_validate(found, from_attributes=True)


@router.delete("/api/journeys/{journey}", summary="Remove a journey", responses=said(404), status_code=204)
def remove(journey: str, studio: Here, who: Who) -> None:
    """Takes it out of the list; its versions and the evidence stay."""
    studio.workspace.journeys.remove(journey)
    studio.audit(who, "journey_removed", journey)


@router.get(
    "/api/journeys/{journey}/document.{ending}",
    summary="A journey as a file",
    responses=_FILE | said(404),
    response_class=Response,
)
def document(journey: str, ending: Literal["yaml", "md"], studio: Here) -> Response:
    """As YAML without loss, or as Mermaid (`md`)."""
    media, write = DOCUMENTS[ending]
    named = {"Content-Disposition": f'attachment; filename="journey.{ending}"'}
    return Response(write(studio.workspace.journeys.get(journey)), media_type=media, headers=named)


@router.get("/api/journeys/{journey}/versions", summary="History", responses=said(404))
def versions(journey: str, studio: Here) -> list[Version]:
    """The versions, the first first."""
    return [
        Version(number=v.number, author=v.author, note=v.note, created=v.created)
        for v in studio.workspace.journeys.versions(journey)
    ]


@router.post("/api/journeys/{journey}/versions", summary="Keep a version", responses=said(404))
def keep(journey: str, given: VersionNote, studio: Here, who: Who) -> Version:
    """Makes a version of what stands; where nothing is new, gives the newest one."""
    number = studio.workspace.journeys.keep(journey, note=given.note)
    studio.audit(who, "version_kept", journey, version=number)
    return versions(journey, studio)[number - 1]


@router.get("/api/journeys/{journey}/versions/{version}", summary="An earlier version", responses=said(404))
def version(journey: str, version: int, studio: Here) -> Journey:
    """The document as it was."""
    return studio.workspace.journeys.get(journey, version)


@router.post(
    "/api/journeys/{journey}/versions/{version}/restore",
    summary="Restore a version",
    responses=said(404, 409),
    response_model_exclude_unset=True,
)
def restore(journey: str, version: int, studio: Here, who: Who) -> EditDone:
    """Puts a version in the place of what stands, as an edit: posting its inverse takes it back."""
    edit = studio.workspace.journeys.restore(journey, version, author=who.name)
    studio.live.wake()
    studio.audit(who, "version_restored", journey, version=version)
    return EditDone.of(edit)


@router.get("/api/journeys/{journey}/diff", summary="What changed", responses=said(404))
def diff(
    journey: str,
    studio: Here,
    before: Annotated[int, Query(ge=1)],
    after: Annotated[int | None, Query(ge=1, description="Left out: what stands now")] = None,
) -> Difference:
    """Between two versions, or a version and what stands."""
    store = studio.workspace.journeys
    changes = compare(store.get(journey, before), store.get(journey, after))
    return Difference(changes=len(changes), text=describe(changes))


def _make(given: NewJourney) -> Journey:
    if given.source == "template":
        known = templates.names()
        if given.template not in known:
            hint = did_you_mean(given.template or "", known) or f"there are {', '.join(known)}"
            raise DesirepathError(f"there is no template '{given.template}'", where="template", hint=hint)
        return templates.load(given.template)
    if not (given.text or "").strip():
        raise DesirepathError("there is no text to make a journey of", where="text")
    text = f"{given.text}\n"  # a text, whatever it looks like, and never a file's name
    return yaml.load(text) if given.source == "yaml" else mermaid.parse(text)


def _as_it_should_be(given: NewJourney, studio: Studio) -> Journey:
    if given.journey is None:
        raise DesirepathError("it is not said which journey to begin from", where="journey")
    now = studio.workspace.journeys.get(given.journey)
    return now.model_copy(update={"id": f"{now.id}-to-be", "state": "to_be"})


def now_body(studio: Studio, head: Head, author: str | None, role: Role) -> Body:
    """A `JourneyNow`, ready to be sent."""

    def now() -> JourneyNow:
        return JourneyNow(document=head.journey, seq=head.seq, author=author, updated=head.updated, role=role)

    return studio.bodies.get(("journey", head.journey.id, head.seq, author, role), lambda: to_json(now()))


def _entry(head: Head, role: Role) -> JourneyEntry:
    document = head.journey
    return JourneyEntry(
        id=document.id, title=document.title, owner=document.owner, market=document.market, parent=document.parent,
        state=document.state, personas=len(document.personas), stages=len(document.stages),
        touchpoints=len(document.touchpoints), seq=head.seq, author=head.author, updated=head.updated,
        role=role,
    )  # fmt: skip
