"""Work in the background: how far it is, and stopping it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from desirepath.server import jobs as work
from desirepath.server.problems import Problem, said
from desirepath.server.studio import Here, Who

router = APIRouter(tags=["jobs"])


class Job(BaseModel):
    """Work in the background. While it is running, `done` of `total` (null: nobody knows) of `what`."""

    id: int
    kind: Literal["check", "import", "replay", "note", "watch", "backup", "discover"]
    state: work.State
    what: str | None
    done: float | None
    total: float | None
    result: dict[str, Any] | None = Field(
        description="What came of it: of evidence, the summary of the import; of `discover`, the id of the `journey`"
    )
    problem: Problem | None
    author: str | None
    created: datetime
    started: datetime | None
    finished: datetime | None

    @classmethod
    def of(cls, job: work.Job) -> Job:
        """As it is sent."""
        return cls.model_validate(job, from_attributes=True)


@router.get("/api/jobs", summary="Work in the background")
def jobs(studio: Here, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> list[Job]:
    """The newest first; `/api/live` tells every change (`job`)."""
    return [Job.of(job) for job in studio.jobs.list(limit)]


@router.get("/api/jobs/{job}", summary="A job as it stands", responses=said(404))
def job(job: int, studio: Here) -> Job:
    """How far it is, or what came of it."""
    return Job.of(studio.jobs.get(job))


@router.post("/api/jobs/{job}/cancel", summary="Stop a job", responses=said(404))
def cancel(job: int, studio: Here, who: Who) -> Job:
    """It stops when its work looks up, and nothing of it is kept; one that has ended stays as it is."""
    stopped = studio.jobs.cancel(job)
    studio.audit(who, "job_cancelled", str(job))
    return Job.of(stopped)
