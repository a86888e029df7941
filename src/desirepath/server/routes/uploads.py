"""Files on their way in: sent, looked at, mapped, checked, imported."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from desirepath.intake.mapping import block_dict
from desirepath.intake.mapping_yaml import dump, load
from desirepath.server.problems import said
from desirepath.server.routes.jobs import Job
from desirepath.server.studio import Here, Studio, Who

router = APIRouter(tags=["evidence"])

Kind = Literal["events", "feedback", "metrics", "customers", "keys"]
Columns = Annotated[
    str | list[dict[str, Any]] | None,
    Field(description="YAML, or its blocks as JSON; left out: guessed", examples=[None], max_length=1_000_000),
]
_CONTENT = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


class UploadedFile(BaseModel):
    """A file that has come whole; `size` in bytes."""

    name: str
    size: int


class Upload(BaseModel):
    """Files that were sent together and are not imported yet; kept for a week."""

    id: str
    files: list[UploadedFile]


class Mapped(BaseModel):
    """What the columns mean, if it is known; `kind` helps the guess where it is not."""

    mapping: Columns = None
    kind: Kind | None = None


class ToImport(Mapped):
    """`replace` names a source whose earlier imports these files supersede."""

    replace: str | None = Field(None, max_length=100)


class FilePreview(BaseModel):
    """The first rows of a file, as text; `problem` says why there are none."""

    name: str
    format: str
    size: int
    columns: list[str]
    rows: list[list[str | None]]
    problem: str | None


class Preview(BaseModel):
    """The files, and the mapping they would be read with, as YAML and as its blocks.

    `confidences` (0 to 1, by `KIND.ROLE`) and `assumptions` say how much of it was guessed, `questions` what has to be
    said before the files can be read; `problem` what is wrong with the mapping that was given.
    """

    files: list[FilePreview]
    skipped: dict[str, str] = Field(description="Names of files that are left out, and why")
    mapping: str
    blocks: list[dict[str, Any]]
    confidences: dict[str, float]
    assumptions: list[str]
    questions: list[str]


@router.post("/api/uploads", summary="Begin an upload", status_code=201)
def begin(studio: Here) -> Upload:
    """Gives an empty one; then send its files."""
    return Upload(id=studio.uploads.new(), files=[])


@router.get("/api/uploads/{upload}", summary="The files of an upload", responses=said(404))
def upload(upload: str, studio: Here) -> Upload:
    """Those that have come whole."""
    files = [UploadedFile(name=path.name, size=path.stat().st_size) for path in studio.uploads.files(upload)]
    return Upload(id=upload, files=files)


@router.delete("/api/uploads/{upload}", summary="Give an upload up", responses=said(404), status_code=204)
def remove(upload: str, studio: Here) -> None:
    """Its files are deleted."""
    studio.uploads.remove(upload)


@router.put(
    "/api/uploads/{upload}/file", summary="Send a file", responses=said(404, 408, 413),
    openapi_extra={"requestBody": _CONTENT},
)  # fmt: skip
async def send(
    upload: str, request: Request, studio: Here, name: Annotated[str, Query(min_length=1, max_length=200)]
) -> UploadedFile:
    """The body is the file as it is: CSV, JSON, NDJSON, Parquet, XLSX, XES, XML, text or Markdown, also packed."""
    announced = request.headers.get("Content-Length", "")
    size = await studio.uploads.add(
        upload, name, request.stream(), int(announced) if announced.isascii() and announced.isdigit() else None
    )
    return UploadedFile(name=name, size=size)


@router.post("/api/uploads/{upload}/preview", summary="Look at an upload", responses=said(404))
def preview(upload: str, given: Mapped, studio: Here) -> Preview:
    """The first rows of every file, and the mapping: guessed, or the given one tidied up (422 says what is wrong)."""
    folder, source = studio.uploads.folder(upload), studio.uploads.source(upload)
    found = studio.workspace.preview(folder, mapping=as_text(given.mapping), kind=given.kind, source=source)
    return Preview(
        files=[FilePreview.model_validate(file, from_attributes=True) for file in found.files],
        skipped=found.skipped,
        mapping=dump(found.mapping),
        blocks=[block_dict(block) for block in found.mapping.blocks],
        confidences=found.confidences,
        assumptions=list(found.assumptions),
        questions=list(found.questions),
    )


@router.post("/api/uploads/{upload}/check", summary="Try an import", responses=said(404), status_code=202)
def check(upload: str, given: ToImport, studio: Here, who: Who) -> Job:
    """A job that judges every row and keeps nothing; its result is the summary."""
    return Job.of(studio.jobs.add("check", _asked(studio, upload, given), who.name))


@router.post("/api/uploads/{upload}/import", summary="Import an upload", responses=said(404), status_code=202)
def import_(upload: str, given: ToImport, studio: Here, who: Who) -> Job:
    """A job that takes in all files or none; its result is the summary. Then the upload is cleared away."""
    job = studio.jobs.add("import", _asked(studio, upload, given), who.name)
    files = [path.name for path in studio.uploads.files(upload)]
    studio.audit(who, "import_asked", files=files[:20], replace=given.replace)
    return Job.of(job)


def as_text(mapping: str | list[dict[str, Any]] | None) -> str | None:
    """A mapping as the text of its own that the library reads, whatever it looks like; it is checked."""
    if mapping is None:
        return None
    text = f"{mapping if isinstance(mapping, str) else json.dumps(mapping, ensure_ascii=False, indent=1)}\n"
    load(text)
    return text


def _asked(studio: Studio, upload: str, given: ToImport) -> dict[str, Any]:
    studio.uploads.folder(upload)
    return {"upload": upload, "mapping": as_text(given.mapping), "kind": given.kind, "replace": given.replace}
