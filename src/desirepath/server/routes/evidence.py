"""The evidence: its sources, what could not be read, and notes by hand."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from desirepath.errors import DesirepathError
from desirepath.lake.lock import LakeBusyError
from desirepath.server.problems import said
from desirepath.server.routes.jobs import Job
from desirepath.server.routes.uploads import as_text
from desirepath.server.studio import Here, Who

router = APIRouter(tags=["evidence"])

WAIT_S = 5.0
"""A note waits this long for an import that is under way, before it becomes a job."""

FeedbackKind = Literal[
    "survey", "review", "ticket", "chat", "call", "social", "interview", "usability", "focus_group", "observation"
]
Source = Annotated[str | None, Query(max_length=100, description="Only of this source")]


class SourceInfo(BaseModel):
    """A source: `rows` were read from its files, `quarantined` of them could not be used.

    `first` and `last` are the times of its data; `stale`: nothing newer came for longer than the maps allow.
    """

    name: str
    imports: int
    rows: int
    quarantined: int
    events: int
    feedback: int
    metrics: int
    first: datetime | None
    last: datetime | None
    imported: datetime
    age_days: float | None
    stale: bool


class MappingText(BaseModel):
    """A mapping as YAML; null where the source was read without one."""

    mapping: str | None


class QuarantinedRow(BaseModel):
    """A row (or a cell of one that was accepted, `whole_row` false) that could not be read, where it stood, and why."""

    source: str
    import_: int = Field(serialization_alias="import")
    file: str | None
    line: int | None
    column: str | None
    value: str | None
    reason: str
    whole_row: bool
    raw: str | None = Field(description="The row as JSON, where it was kept")


class QuarantineCount(BaseModel):
    """How many rows, or cells of rows that were accepted, could not be read for one reason."""

    source: str
    reason: str
    whole_row: bool
    count: int


class QuarantinePage(BaseModel):
    """Some of what could not be read, and how much of it there is."""

    counts: list[QuarantineCount]
    total: int
    rows: list[QuarantinedRow]


class Replay(BaseModel):
    """A corrected mapping for what lies in quarantine of a source; `upload` has the files it looks things up in."""

    source: str = Field(max_length=100)
    mapping: Annotated[str | list[dict[str, Any]], Field(max_length=1_000_000)]
    upload: str | None = None


class Note(BaseModel):
    """A quote, an interview note or an observation; a score needs its scale."""

    text: str = Field(max_length=20_000)
    kind: FeedbackKind = "observation"
    touchpoint: str | None = Field(None, max_length=80)
    customer: str | None = Field(None, max_length=200)
    at: datetime | None = Field(None, description="Left out: now; without offset: UTC")
    score: float | None = Field(None, allow_inf_nan=False)
    scale: str | None = Field(None, max_length=20, description="nps, csat5, csat7, ces7, stars, thumbs, WORST..BEST")
    language: str | None = Field(None, max_length=20)
    about: str | None = Field(None, max_length=200, description="A competitor's name; left out: us")


class NoteKept(BaseModel):
    """The id of the note; null where an import is under way: then `job` keeps it as soon as that is done."""

    id: str | None
    job: Job | None


@router.get("/api/sources", summary="Sources of evidence")
def sources(studio: Here) -> list[SourceInfo]:
    """What each brought, from when to when, and how fresh it is."""
    stale, now = studio.workspace.stale_sources(), datetime.now(UTC)
    return [
        SourceInfo(
            **vars(source),
            age_days=None if source.last is None else max(0.0, (now - source.last).total_seconds() / 86_400),
            stale=source.name in stale,
        )
        for source in studio.workspace.sources()
    ]


@router.get("/api/mapping", summary="The mapping of a source", responses=said(404))
def mapping(studio: Here, source: Annotated[str, Query(max_length=100)]) -> MappingText:
    """With which it was last read."""
    return MappingText(mapping=studio.workspace.source_mapping(source))


@router.get("/api/quarantine", summary="What could not be read")
def quarantine(
    studio: Here,
    source: Source = None,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> QuarantinePage:
    """In the order of the files, with file, line, column, value and reason."""
    rows = studio.workspace.quarantine(source, limit=limit, offset=offset)
    counts = studio.workspace.lake.quarantine_counts(source)
    return QuarantinePage(
        counts=[QuarantineCount(**vars(count)) for count in counts],
        total=sum(count.count for count in counts),
        rows=[QuarantinedRow(import_=row.pop("import"), **row) for row in rows],
    )


@router.get(
    "/api/quarantine.csv", summary="What could not be read, as a file", response_class=Response,
    responses={200: {"description": "The file", "content": {"text/csv": {}}}},
)  # fmt: skip
def quarantine_file(studio: Here, source: Source = None) -> Response:
    """Up to 100,000 rows; what a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    columns = ("source", "file", "line", "column", "value", "reason", "raw")
    writer.writerow(columns)
    for row in studio.workspace.quarantine(source, limit=100_000):
        writer.writerow([harmless(row[column]) for column in columns])
    named = {"Content-Disposition": 'attachment; filename="quarantine.csv"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=named)


@router.post("/api/replays", summary="Read the quarantine again", responses=said(404), status_code=202)
def replay(given: Replay, studio: Here, who: Who) -> Job:
    """A job that takes in what the corrected mapping can read; its result is the summary."""
    if given.source not in (known := [source.name for source in studio.workspace.sources()]):
        hint = f"there are {', '.join(known)}" if known else "nothing was imported yet"
        raise DesirepathError(f"there is no source {given.source!r}", where="source", hint=hint)
    if given.upload is not None:
        studio.uploads.folder(given.upload)
    params = {"source": given.source, "mapping": as_text(given.mapping), "upload": given.upload}
    job = studio.jobs.add("replay", params, who.name)
    studio.audit(who, "replay_asked", given.source)
    return Job.of(job)


@router.post("/api/notes", summary="Keep a note as evidence", status_code=201)
def note(given: Note, studio: Here, who: Who) -> NoteKept:
    """It is one piece of feedback like any other, of the source `notes`."""
    fields = given.model_dump(exclude_none=True, mode="json")
    try:
        id_ = studio.workspace.note(**fields, wait_s=WAIT_S)
    except LakeBusyError:
        job = studio.jobs.add("note", fields, who.name)
        return NoteKept(id=None, job=Job.of(job))
    studio.audit(who, "note_kept", id_)
    return NoteKept(id=id_, job=None)


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
