"""Moments as people write them on the command line, as microseconds since 1970 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from desirepath.errors import DesirepathError


def moment(text: str | None, where: str) -> int | None:
    """An ISO date (its midnight) or time, UTC where it has no offset."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise DesirepathError(f"not a date: {text!r}", where=where, hint="write it like 2026-03-01") from error
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
