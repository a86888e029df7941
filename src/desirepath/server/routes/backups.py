"""Backups: the workspace as one file, to be kept elsewhere; `desirepath restore` makes a workspace of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import BaseModel

from desirepath.server.problems import RefusedError, said
from desirepath.server.routes.jobs import Job
from desirepath.server.studio import Here, Studio, Who
from desirepath.server.works import BACKUPS

router = APIRouter(tags=["backups"])

_NAME = re.compile(r"[0-9T-]+Z\.zip")
_FILE: dict[int | str, dict[str, Any]] = {200: {"description": "The file", "content": {"application/zip": {}}}}


class Backup(BaseModel):
    """A backup that lies in the workspace; `size` in bytes."""

    name: str
    size: int
    made: datetime


@router.get("/api/backups", summary="Backups")
def backups(studio: Here) -> list[Backup]:
    """The newest first."""
    found = [path for path in _folder(studio).glob("*.zip") if _NAME.fullmatch(path.name)]
    return [
        Backup(name=path.name, size=path.stat().st_size, made=datetime.fromtimestamp(path.stat().st_mtime, UTC))
        for path in sorted(found, reverse=True)
    ]


@router.post("/api/backups", summary="Make a backup", status_code=202)
def make(studio: Here, who: Who) -> Job:
    """A job; its result has the name."""
    job = studio.jobs.add("backup", {}, who.name)
    studio.audit(who, "backup_asked")
    return Job.of(job)


@router.get(
    "/api/backups/{backup}", summary="A backup as a file", responses=_FILE | said(404), response_class=FileResponse
)
def file(backup: str, studio: Here, who: Who) -> FileResponse:
    """It holds everything: keep it as safe as the workspace."""
    path = _path(studio, backup)
    studio.audit(who, "backup_taken", backup)
    return FileResponse(path, media_type="application/zip", filename=backup)


@router.delete("/api/backups/{backup}", summary="Delete a backup", responses=said(404), status_code=204)
def remove(backup: str, studio: Here, who: Who) -> None:
    """For good."""
    _path(studio, backup).unlink()
    studio.audit(who, "backup_removed", backup)


def _folder(studio: Studio) -> Path:
    return studio.workspace.folder / BACKUPS


def _path(studio: Studio, name: str) -> Path:
    path = _folder(studio) / name
    if _NAME.fullmatch(name) is None or not path.is_file():
        raise RefusedError(404, "there is no such backup")
    return path
