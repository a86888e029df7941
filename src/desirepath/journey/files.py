"""Reads a document's file as text: UTF-8, or UTF-16 with its byte-order mark, and not larger than a document can be."""

from __future__ import annotations

from pathlib import Path

from desirepath.errors import JourneyError

MAX_BYTES = 1_000_000


def read_text(path: Path) -> str:
    """The file's text; `JourneyError` where it cannot be read, is too large or is no text."""
    try:
        content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise JourneyError(f"cannot be read: {error.strerror}", where=str(path)) from None
    if content is None:
        raise JourneyError(f"is larger than {MAX_BYTES:,} bytes", where=str(path), hint="a journey is a short text")
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        hint = "save the file as UTF-8"
        raise JourneyError("is not a text in UTF-8", where=f"{path.name}:{line}", hint=hint) from None
