"""Folders that are watched, so that maps stay fresh by themselves."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from fastapi import APIRouter
from pydantic import BaseModel, Field

from desirepath.database import tables
from desirepath.errors import DesirepathError
from desirepath.server.problems import RefusedError, said
from desirepath.server.routes.jobs import Job
from desirepath.server.routes.uploads import Columns, as_text
from desirepath.server.studio import Here, Studio, Who

router = APIRouter(tags=["evidence"])


class NewWatch(BaseModel):
    """A folder of the server's machine; `replace` names the source whose earlier imports each change supersedes."""

    folder: str = Field(min_length=1, max_length=1000, description="Its full path")
    every_minutes: int = Field(60, ge=1, le=60 * 24 * 31)
    mapping: Columns = None
    replace: str | None = Field(None, max_length=100)


class WatchChange(BaseModel):
    """What to change; what is left out stays."""

    every_minutes: int | None = Field(None, ge=1, le=60 * 24 * 31)
    paused: bool | None = None
    mapping: Columns = None


class Watch(BaseModel):
    """A watched folder; `last` is what came of the last look."""

    id: int
    folder: str
    every_minutes: int
    mapping: str | None
    replace: str | None
    author: str | None
    due: datetime
    paused: bool
    last: Job | None


@router.get("/api/watches", summary="Watched folders")
def watches(studio: Here) -> list[Watch]:
    """In the order in which they were made."""
    return [_watch(studio, row) for row in studio.watches.list()]


@router.post("/api/watches", summary="Watch a folder", status_code=201)
def add(given: NewWatch, studio: Here, who: Who) -> Watch:
    """New files in it are imported by themselves; a file that was read before adds nothing."""
    folder = Path(given.folder)
    if not folder.is_absolute() or not folder.is_dir():
        raise DesirepathError("is not a folder of the server's machine", where=given.folder, hint="give its full path")
    if folder.resolve().is_relative_to(studio.workspace.folder.resolve()):
        raise DesirepathError("is the workspace itself", where=given.folder, hint="give a folder outside it")
    row = studio.watches.add(
        str(folder), given.every_minutes * 60, mapping=as_text(given.mapping), replace=given.replace, author=who.name
    )
    studio.audit(who, "watch_made", row.folder)
    return _watch(studio, row)


@router.patch("/api/watches/{watch}", summary="Change a watched folder", responses=said(404))
def change(watch: int, given: WatchChange, studio: Here, who: Who) -> Watch:
    """How often, or whether at all."""
    every = None if given.every_minutes is None else given.every_minutes * 60
    row = studio.watches.change(watch, every_s=every, paused=given.paused, mapping=as_text(given.mapping))
    studio.audit(who, "watch_changed", row.folder, **given.model_dump(exclude_none=True, exclude={"mapping"}))
    return _watch(studio, row)


@router.delete("/api/watches/{watch}", summary="Watch a folder no longer", responses=said(404), status_code=204)
def remove(watch: int, studio: Here, who: Who) -> None:
    """What it brought stays."""
    folder = studio.watches.get(watch).folder
    studio.watches.remove(watch)
    studio.audit(who, "watch_removed", folder)


@router.post("/api/watches/{watch}/run", summary="Look into a folder now", responses=said(404), status_code=202)
def run(watch: int, studio: Here, who: Who) -> Job:
    """A job; its result is the summary of what was new."""
    return Job.of(studio.watches.run(watch, studio.jobs, who.name))


def _watch(studio: Studio, row: tables.Watch) -> Watch:
    return Watch(
        id=row.id, folder=row.folder, every_minutes=row.every_s // 60, mapping=row.mapping, replace=row.replace,
        author=row.author, due=row.due, paused=row.paused is not None, last=_last(studio, row.job_id),
    )  # fmt: skip


def _last(studio: Studio, job: int | None) -> Job | None:
    try:
        return None if job is None else Job.of(studio.jobs.get(job))
    except RefusedError:  # forgotten since
        return None
