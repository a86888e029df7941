"""Files that a person wrote, read whole: refused where they cannot be read, are larger than such a file can be, or are
no text in UTF-8 (or UTF-16 with its byte-order mark)."""

from __future__ import annotations

from pathlib import Path

from desirepath.errors import DesirepathError

MAX_TEXT = 1_000_000


def read_bytes(path: Path, error: type[DesirepathError], *, most: int) -> bytes:
    """The content of a file of at most so many bytes; raises `error`."""
    try:
        content = path.read_bytes() if path.stat().st_size <= most else None
    except OSError as fault:
        raise error(f"cannot be read: {fault.strerror}", where=str(path)) from None
    if content is None:
        raise error(f"is larger than {most:,} bytes", where=str(path))
    return content


def read_text(path: Path, error: type[DesirepathError]) -> str:
    """The text of a file of at most a million bytes; raises `error`."""
    content = read_bytes(path, error, most=MAX_TEXT)
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise error("is not a text in UTF-8", where=f"{path.name}:{line}", hint="save the file as UTF-8") from None
