"""What happens, as it happens: server-sent events, and who is where."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field

from desirepath.server.problems import RefusedError, said
from desirepath.server.studio import Here, Who

router = APIRouter(tags=["live"])


class Presence(BaseModel):
    """Where somebody is: in a journey, at one of its parts, or nowhere."""

    stream: str = Field(description="What `hello` gave")
    journey: str | None = Field(None, max_length=80)
    at: str | None = Field(None, max_length=80, description="The id of the part that is open or being edited")


@router.get("/api/live", summary="What happens", response_class=EventSourceResponse)
async def live(
    studio: Here, who: Who, last: Annotated[str | None, Header(alias="Last-Event-ID")] = None
) -> AsyncIterator[ServerSentEvent]:
    """Events: `hello` {stream, people}, `edit` (as the edits route gives it), `presence` {people}, `evidence`
    {fingerprint}. With Last-Event-ID the edits since then come first. A gap in the `seq` of a journey, or a stream that
    opens anew, means: load the journey again.
    """
    after = int(last) if last is not None and last.isascii() and last.isdigit() and len(last) < 18 else None
    async for event in studio.live.follow(who, after):
        yield event


@router.put("/api/live/presence", summary="Say where one is", responses=said(404), status_code=204)
async def presence(given: Presence, studio: Here, who: Who) -> None:
    """Everybody who looks on is told."""
    if not studio.live.move(given.stream, who, given.journey, given.at):
        raise RefusedError(404, "there is no such stream", "open /api/live and take the stream of its `hello`")
