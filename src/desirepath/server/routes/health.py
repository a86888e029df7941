"""Whether the server and its database answer."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from desirepath import __version__
from desirepath.server.studio import Here

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The server is well."""

    status: Literal["ok"]
    version: str


@router.get("/healthz", summary="Is the server well?")
def healthz(studio: Here) -> Health:
    """Answers when the database does."""
    studio.workspace.journeys.last_edit()
    return Health(status="ok", version=__version__)
