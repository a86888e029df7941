"""Living maps: as JSON for the studio, and as files to take along."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from desirepath.server.bodies import SAME
from desirepath.server.maps import Question
from desirepath.server.problems import said
from desirepath.server.studio import Here

router = APIRouter(tags=["maps"])

MEDIA = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown; charset=utf-8",
    "mmd": "text/plain; charset=utf-8",
}
Ending = Literal["json", "html", "svg", "png", "pdf", "pptx", "xlsx", "md", "mmd"]
Language = Literal["en", "zh-Hans", "zh-Hant", "ru"]
Time = Annotated[str | None, Query(description="ISO date or time, UTC where it has no offset")]
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_TAKE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {kind: {} for kind in MEDIA.values()}}
}
_MAP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The living map (docs/reference/map-json.md)",
        "content": {"application/json": {"schema": {"type": "object"}}},
    },
    **SAME,
}


async def asked(
    start: Annotated[Time, Query(alias="from")] = None,
    to: Time = None,
    where: Annotated[list[str], Query(description="`market=Lisbon`; the same dimension again means either")] = [],  # noqa: B006
    persona: str | None = None,
    language: Language | None = None,
) -> Question:
    """What part of the evidence is asked about."""
    return Question(start, to, tuple(where), persona, language)


Asked = Annotated[Question, Depends(asked)]
"""The question in an address, for a route."""


@router.get(
    "/api/journeys/{journey}/map", summary="The living map", responses=_MAP | said(404), response_class=Response
)
def living_map(journey: str, question: Asked, studio: Here, request: Request) -> Response:
    """The journey and what the evidence says of it: cases that begin in [from, to) and meet every condition."""
    return studio.maps.get(journey, question).body.answer(request)


@router.get(
    "/api/journeys/{journey}/map.{ending}", summary="The map as a file", responses=_TAKE | said(404),
    response_class=Response,
)  # fmt: skip
def file(
    journey: str, ending: Ending, question: Asked, studio: Here, form: Literal["matrix", "timeline", "flow"] = "matrix"
) -> Response:
    """A page, a picture, slides, a sheet, a text or the numbers; to be saved, never shown as part of the studio."""
    made = studio.maps.get(journey, question).living_map
    with TemporaryDirectory() as folder:
        content = made.save(Path(folder) / f"map.{ending}", form=form).read_bytes()
    named = {"Content-Disposition": f'attachment; filename="map.{ending}"', "Content-Security-Policy": SANDBOX}
    return Response(content, media_type=MEDIA[ending], headers=named)
