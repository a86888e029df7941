"""Links for people without an account, and what they open."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from desirepath.errors import DesirepathError
from desirepath.journey.model import LANES, Text
from desirepath.server.bodies import SAME
from desirepath.server.problems import RefusedError, said
from desirepath.server.routes.journeys import JourneyNow, now_body
from desirepath.server.routes.maps import Asked
from desirepath.server.shares import Kind, Share
from desirepath.server.shares import Sticky as StickyNote
from desirepath.server.studio import Here, Studio, Who

router = APIRouter(tags=["shares"])

_MAP: dict[int | str, dict[str, Any]] = {
    200: {"description": "The living map", "content": {"application/json": {"schema": {"type": "object"}}}},
    **SAME,
}
Given = Annotated[str | None, Field(max_length=80)]


class ShareInfo(BaseModel):
    """A link, without its secret."""

    id: int
    journey: str
    kind: Kind
    name: str
    author: str | None
    password: bool = Field(description="Has to be unlocked first")
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    used: datetime | None

    @classmethod
    def of(cls, share: Share) -> ShareInfo:
        """As it is sent."""
        return cls.model_validate(share, from_attributes=True)


class NewShare(BaseModel):
    """`map`: to look at the journey; `notes`: to put notes on it, as in a workshop."""

    kind: Kind = "map"
    name: str = Field(min_length=1, max_length=80, description="For whom it is")
    password: str | None = Field(None, min_length=4, max_length=1000)
    expires: AwareDatetime | None = None


class ShareMade(BaseModel):
    """The link, shown this once."""

    share: ShareInfo
    link: str


class Part(BaseModel):
    """A stage or a lane of one's own."""

    id: str
    name: Text


class Shared(BaseModel):
    """What a link opens. While `locked`, nothing more is said."""

    kind: Kind
    locked: bool
    title: Text | None
    expires: datetime | None
    stages: list[Part]
    lanes: list[Part] = Field(description="The team's own")


class Unlock(BaseModel):
    """The password of a link."""

    password: str = Field(max_length=1000)


class NewSticky(BaseModel):
    """A note for the wall."""

    text: str = Field(min_length=1, max_length=500)
    name: Given = None
    stage: Given = None
    lane: Given = None


class Sticky(BaseModel):
    """A note from a workshop; `card`: the id of the card it became."""

    id: int
    journey: str
    share: int
    text: str
    name: str | None
    stage: str | None
    lane: str | None
    created: datetime
    card: str | None
    dismissed: datetime | None

    @classmethod
    def of(cls, note: StickyNote) -> Sticky:
        """As it is sent."""
        return cls.model_validate(note, from_attributes=True)


class Settled(BaseModel):
    """What became of a note: the id of the card it was made (by an edit), or dismissed; neither: open again."""

    card: Given = None
    dismissed: bool = False


# For those who give links


@router.get("/api/journeys/{journey}/shares", summary="Links to a journey", responses=said(404))
def shares(journey: str, studio: Here) -> list[ShareInfo]:
    """The newest first, revoked ones included."""
    studio.workspace.journeys.seq(journey)
    return [ShareInfo.of(share) for share in studio.shares.list(journey)]


@router.post("/api/journeys/{journey}/shares", summary="A new link", responses=said(404), status_code=201)
def add(journey: str, given: NewShare, studio: Here, who: Who) -> ShareMade:
    """For anybody who has it."""
    studio.workspace.journeys.seq(journey)
    share, secret = studio.shares.add(
        journey, given.kind, given.name, password=given.password, expires=given.expires, author=who.name
    )
    studio.audit(who, "share_made", journey, share=share.id, kind=share.kind, name=share.name)
    return ShareMade(share=ShareInfo.of(share), link=f"/shared/{secret}")


@router.delete("/api/journeys/{journey}/shares/{share}", summary="Revoke a link", responses=said(404), status_code=204)
def revoke(journey: str, share: int, studio: Here, who: Who) -> None:
    """From now on it opens nothing."""
    studio.shares.revoke(journey, share)
    studio.audit(who, "share_revoked", journey, share=share)


@router.get("/api/journeys/{journey}/sticky-notes", summary="Notes from workshops", responses=said(404))
def notes(journey: str, studio: Here) -> list[Sticky]:
    """In the order in which they came; those that are settled, too."""
    studio.workspace.journeys.seq(journey)
    return [Sticky.of(note) for note in studio.shares.notes(journey)]


@router.patch("/api/journeys/{journey}/sticky-notes/{note}", summary="Settle a note", responses=said(404))
def settle(journey: str, note: int, given: Settled, studio: Here, who: Who) -> Sticky:
    """Made a card (post the edit that adds it first), dismissed, or open again."""
    document = studio.workspace.journeys.get(journey)
    if given.card is not None and given.card not in {card.id for stage in document.stages for card in stage.cards}:
        raise DesirepathError(f"the journey has no card '{given.card}'", where="card", hint="add it by an edit first")
    settled = studio.shares.settle(journey, note, card=given.card, dismissed=given.dismissed)
    return _told(studio, settled)


# For those who have a link


@router.get("/api/shared/{token}", summary="What a link opens", responses=said(404, 429))
def shared(token: str, studio: Here, request: Request) -> Shared:
    """Without an account."""
    share = _share(studio, request, token)
    if not _open(studio, request, token, share):
        return Shared(kind=share.kind, locked=True, title=None, expires=share.expires, stages=[], lanes=[])
    document = studio.workspace.journeys.get(share.journey)
    return Shared(
        kind=share.kind, locked=False, title=document.title, expires=share.expires,
        stages=[Part(id=stage.id, name=stage.name) for stage in document.stages],
        lanes=[Part(id=lane.id, name=lane.name) for lane in document.lanes],
    )  # fmt: skip


@router.post("/api/shared/{token}/unlock", summary="Unlock a link", responses=said(404, 429), status_code=204)
def unlock(token: str, given: Unlock, studio: Here, request: Request, response: Response) -> None:
    """From then on this browser may open it."""
    share = _share(studio, request, token)
    studio.by_name.check(f"share {share.id}")
    key = studio.shares.unlock(token, given.password)
    if key is None:
        studio.by_name.fail(f"share {share.id}")
        studio.by_address.fail(_address(request))
        raise RefusedError(401, "the password does not fit")
    response.set_cookie(
        _cookie(studio, share), key, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )


@router.get(
    "/api/shared/{token}/journey", summary="The journey of a link", response_model=JourneyNow,
    responses=SAME | said(404, 429),
)  # fmt: skip
def shared_journey(token: str, studio: Here, request: Request) -> Response:
    """As it stands, to read."""
    share = _opened(studio, request, token, "map")
    head = studio.workspace.journeys.head(share.journey)
    return now_body(studio, head, None, "viewer").answer(request)


@router.get(
    "/api/shared/{token}/map", summary="The map of a link", responses=_MAP | said(404, 429), response_class=Response
)
def shared_map(token: str, question: Asked, studio: Here, request: Request) -> Response:
    """The living map; nobody behind its numbers is named."""
    share = _opened(studio, request, token, "map")
    return studio.maps.get(share.journey, question).body.answer(request)


@router.post(
    "/api/shared/{token}/notes", summary="Put a note on the wall", responses=said(404, 413, 429), status_code=201
)
def stick(token: str, given: NewSticky, studio: Here, request: Request) -> Sticky:
    """By a link for notes; whoever edits the journey sees it at once."""
    share = _opened(studio, request, token, "notes")
    studio.notes.check(key := f"{share.id} {_address(request)}")
    studio.notes.fail(key)  # every note counts, not only what fails
    if not given.text.strip():
        raise DesirepathError("a note says something", where="text")
    document = studio.workspace.journeys.get(share.journey)
    if given.stage is not None and given.stage not in {stage.id for stage in document.stages}:
        raise DesirepathError(f"the journey has no stage '{given.stage}'", where="stage")
    if given.lane is not None and given.lane not in {*LANES, *(lane.id for lane in document.lanes)}:
        raise DesirepathError(f"the journey has no lane '{given.lane}'", where="lane")
    note = studio.shares.stick(
        share, given.text.strip(), name=(given.name or "").strip() or None, stage=given.stage, lane=given.lane
    )
    return _told(studio, note)


def _share(studio: Studio, request: Request, token: str) -> Share:
    """Whoever tries out links has to wait."""
    studio.by_address.check(_address(request))
    try:
        return studio.shares.by_secret(token)
    except RefusedError:
        studio.by_address.fail(_address(request))
        raise


def _open(studio: Studio, request: Request, token: str, share: Share) -> bool:
    return studio.shares.opens(token, request.cookies.get(_cookie(studio, share), ""))


def _opened(studio: Studio, request: Request, token: str, kind: Kind) -> Share:
    share = _share(studio, request, token)
    if not _open(studio, request, token, share):
        raise RefusedError(401, "this link needs its password", "unlock it first")
    if share.kind != kind:
        raise RefusedError(404, f"this link is not for a {kind}" if kind == "map" else "this link takes no notes")
    return share


def _cookie(studio: Studio, share: Share) -> str:
    return f"{studio.cookie}_share_{share.id}"


def _address(request: Request) -> str:
    return f"address {request.client.host if request.client else ''}"


def _told(studio: Studio, note: StickyNote) -> Sticky:
    shown = Sticky.of(note)
    studio.live.tell("sticky_note", shown.model_dump(mode="json"))
    return shown
