"""Editing a journey: small commands, each numbered, each with what takes it back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from desirepath.journey.ops import Op
from desirepath.journey.store import Edit
from desirepath.server.problems import said
from desirepath.server.routes.maps import Asked
from desirepath.server.studio import Here, Who

router = APIRouter(tags=["edits"])


class NewEdit(BaseModel):
    """Operations that are done all or none; `edit_id` makes sure that an edit sent twice is done once."""

    edit_id: str = Field(min_length=8, max_length=80, description="A UUID of the client's")
    ops: list[Op] = Field(min_length=1, max_length=1000)


class EditDone(BaseModel):
    """An edit that was done, the `seq`-th of its journey. Posting `inverse` as a new edit undoes it."""

    journey: str
    seq: int
    edit_id: str
    ops: list[Op]
    inverse: list[Op]
    author: str | None
    at: datetime

    @classmethod
    def of(cls, edit: Edit) -> EditDone:
        """As it is sent."""
        return cls(
            journey=edit.journey, seq=edit.seq, edit_id=edit.id, ops=list(edit.ops), inverse=list(edit.inverse),
            author=edit.author, at=edit.created,
        )  # fmt: skip


class Ops(BaseModel):
    """Operations that are only tried out."""

    ops: list[Op] = Field(min_length=1, max_length=1000)


class Changed(BaseModel):
    """A number of the map that would change: of the whole map, a stage or a touchpoint (`place` is its id)."""

    part: Literal["map", "stage", "touchpoint"]
    place: str | None
    measure: str
    before: float | None
    after: float | None


@router.get(
    "/api/journeys/{journey}/edits", summary="The edits so far", responses=said(404), response_model_exclude_unset=True
)
def edits(
    journey: str,
    studio: Here,
    after: Annotated[int, Query(ge=0, description="Only edits with a higher seq")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> list[EditDone]:
    """In the order in which they were done."""
    return [EditDone.of(edit) for edit in studio.workspace.journeys.edits(journey, after=after, limit=limit)]


@router.post(
    "/api/journeys/{journey}/edits", summary="Edit", responses=said(404, 409), response_model_exclude_unset=True
)
def edit(journey: str, given: NewEdit, studio: Here, who: Who) -> EditDone:
    """Does the operations. 409 where somebody else has changed the same thing since `was` was seen: with both."""
    done = studio.workspace.journeys.edit(journey, given.ops, edit_id=given.edit_id, author=who.name)
    studio.live.wake()
    return EditDone.of(done)


@router.post("/api/journeys/{journey}/preview", summary="What an edit does to the numbers", responses=said(404, 409))
def preview(journey: str, given: Ops, asked: Asked, studio: Here) -> list[Changed]:
    """The numbers of the map that would change; nothing is kept."""
    return [Changed(**asdict(change)) for change in studio.maps.preview(journey, given.ops, asked)]
