"""Who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import select

from desirepath.database import tables
from desirepath.server.studio import Here

router = APIRouter(tags=["audit"])


class AuditEntry(BaseModel):
    """One thing that was done. Edits of journeys have a log of their own."""

    id: int
    at: datetime
    user: str | None
    action: str
    target: str | None
    detail: dict[str, Any] | None


@router.get("/api/audit", summary="The audit log")
def audit(
    studio: Here,
    before: Annotated[int | None, Query(description="Only entries with a lower id: the next page")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[AuditEntry]:
    """The newest first."""
    query = select(tables.AuditEntry).order_by(tables.AuditEntry.id.desc()).limit(limit)
    if before is not None:
        query = query.where(tables.AuditEntry.id < before)
    with studio.workspace.database.read() as session:
        return [
            AuditEntry(**{name: getattr(row, name) for name in AuditEntry.model_fields})
            for row in session.scalars(query)
        ]
