"""Comments on a journey, and where one was named."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from desirepath.server import comments as said_
from desirepath.server.problems import RefusedError, said
from desirepath.server.roles import reaches
from desirepath.server.studio import Here, Studio, Who

router = APIRouter(tags=["comments"])

Text = Annotated[str, Field(min_length=1, max_length=10_000)]
Users = Annotated[list[int], Field(max_length=100, description="Ids of the users who are named")]


class Comment(BaseModel):
    """A comment on a journey, one of its parts (`at`, its id) or another comment; of a removed one the text is gone."""

    id: int
    journey: str
    at: str | None
    reply_to: int | None
    text: str
    user: int
    author: str
    mentions: list[int]
    created: datetime
    edited: datetime | None
    resolved: datetime | None
    removed: datetime | None

    @classmethod
    def of(cls, comment: said_.Comment) -> Comment:
        """As it is sent."""
        return cls.model_validate(comment, from_attributes=True)


class NewComment(BaseModel):
    """What to say, where."""

    text: Text
    at: str | None = Field(None, max_length=80, description="The id of a part; left out: the whole journey")
    reply_to: int | None = None
    mentions: Users = []


class CommentChange(BaseModel):
    """What to change; what is left out stays."""

    text: Text | None = None
    mentions: Users | None = None
    resolved: bool | None = None


class Mention(BaseModel):
    """A comment in which one was named, and when one saw it."""

    comment: Comment
    seen: datetime | None


class Seen(BaseModel):
    """Ids of comments."""

    comments: list[int] = Field(max_length=500)


@router.get("/api/journeys/{journey}/comments", summary="Comments", responses=said(404))
def comments(journey: str, studio: Here) -> list[Comment]:
    """In the order in which they were written."""
    studio.workspace.journeys.seq(journey)
    return [Comment.of(comment) for comment in studio.comments.list(journey)]


@router.post("/api/journeys/{journey}/comments", summary="Comment", responses=said(404), status_code=201)
def add(journey: str, given: NewComment, studio: Here, who: Who) -> Comment:
    """On the journey, one of its parts, or another comment."""
    studio.workspace.journeys.seq(journey)
    made = studio.comments.add(journey, who, given.text, at=given.at, reply_to=given.reply_to, mentions=given.mentions)
    return _told(studio, made)


@router.patch("/api/journeys/{journey}/comments/{comment}", summary="Change a comment", responses=said(404))
def change(journey: str, comment: int, given: CommentChange, studio: Here, who: Who) -> Comment:
    """What one wrote oneself; whoever comments may say that it is settled."""
    changed = studio.comments.change(
        journey, comment, who, text=given.text, mentions=given.mentions, resolved=given.resolved
    )
    return _told(studio, changed)


@router.delete(
    "/api/journeys/{journey}/comments/{comment}", summary="Remove a comment", responses=said(404), status_code=204
)
def remove(journey: str, comment: int, studio: Here, who: Who) -> None:
    """One's own, or anybody's as an owner; replies stay."""
    found = studio.comments.get(journey, comment)
    if found.user != who.id and not reaches(studio.accounts.role_in(who, journey), "owner"):
        raise RefusedError(403, "only who wrote a comment, or an owner, removes it")
    _told(studio, studio.comments.remove(journey, comment))
    studio.audit(who, "comment_removed", journey, comment=comment)


@router.get("/api/mentions", summary="Where one was named")
def mentions(studio: Here, who: Who, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> list[Mention]:
    """The newest first."""
    return [Mention.model_validate(found, from_attributes=True) for found in studio.comments.mentions(who, limit)]


@router.post("/api/mentions/seen", summary="Say what one has seen", status_code=204)
def seen(given: Seen, studio: Here, who: Who) -> None:
    """Of the comments in which one was named."""
    studio.comments.saw(who, given.comments)


def _told(studio: Studio, comment: said_.Comment) -> Comment:
    shown = Comment.of(comment)
    studio.live.tell("comment", shown.model_dump(mode="json"))
    return shown
