"""The content of a file as a stream of bytes, unpacked from gzip or zip under watch.

A packed file is refused when it unpacks to more than `Limits.expanded`, or to more than `Limits.ratio` times its packed
size (a bomb); a truncated one is an error that tells how far it could be read.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desirepath.errors import IntakeError
from desirepath.intake.readers.table import Limits

CHUNK = 1 << 20
HEAD_BYTES = 1 << 16
GZIP = b"\x1f\x8b"


def chunks(path: Path, member: str | None, *, name: str, limits: Limits, size: int = CHUNK) -> Iterator[bytes]:
    """The unpacked content of a file, or of one member of a zip archive, piece by piece."""
    raw = _file(path, size, name) if member is None else _member(path, member, size, name, limits)
    first = next(raw, b"")
    content = _prepend(first, raw)
    yield from (_gunzip(content, name, limits) if first.startswith(GZIP) else content)


def head(path: Path, member: str | None, *, name: str, limits: Limits) -> bytes:
    """The first bytes of the unpacked content."""
    got = b""
    for chunk in chunks(path, member, name=name, limits=limits, size=HEAD_BYTES):
        got += chunk
        if len(got) >= HEAD_BYTES:
            break
    return got[:HEAD_BYTES]


@contextmanager
def whole(path: Path, member: str | None, *, name: str, limits: Limits) -> Iterator[Path]:
    """A path under which the unpacked content lies as a plain file, for formats that jump about in their file."""
    if member is None and not packed(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "content"
        written = 0
        with plain.open("wb") as out:
            for chunk in chunks(path, member, name=name, limits=limits):
                written += out.write(chunk)
                if written > limits.document:
                    raise IntakeError(
                        f"unpacks to more than {limits.document >> 20} MB: too much to hold whole",
                        where=name,
                        hint="unpack it first",
                    )
        yield plain


def packed(path: Path) -> bool:
    """Whether the file is gzip, by its first bytes."""
    with path.open("rb") as file:
        return file.read(2) == GZIP


def _prepend(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _file(path: Path, size: int, name: str) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(size):
                yield chunk
    except OSError as error:
        raise IntakeError(f"cannot be read: {error.strerror or error}", where=name) from error


def _member(path: Path, member: str, size: int, name: str, limits: Limits) -> Iterator[bytes]:
    done = 0
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            packed = max(archive.getinfo(member).compress_size, 1)
            while chunk := file.read(size):
                done += len(chunk)
                _watch(done, packed, name, limits)
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise IntakeError(
            f"the archive is damaged or cut short after {done:,} bytes of content", where=name, hint="fetch it again"
        ) from error
    except (RuntimeError, NotImplementedError) as error:
        raise IntakeError(
            f"cannot be unpacked: {error}", where=name, hint="unpack it yourself and give the files"
        ) from error


def _gunzip(packed: Iterator[bytes], name: str, limits: Limits) -> Iterator[bytes]:
    """Concatenated gzip members are one stream; zero padding after the last is allowed, as gzip(1) does."""
    done = taken = 0
    unpacker: zlib._Decompress | None = None
    try:
        for data in packed:
            taken += len(data)
            while data:
                if unpacker is None:
                    if not (data := data.lstrip(b"\0")):
                        break
                    unpacker = zlib.decompressobj(31)
                piece = unpacker.decompress(data, CHUNK)
                done += len(piece)
                _watch(done, taken, name, limits)
                if piece:
                    yield piece
                data, ended = (unpacker.unused_data, True) if unpacker.eof else (unpacker.unconsumed_tail, False)
                if ended:
                    unpacker = None
                elif not piece and not data:
                    break
    except zlib.error as error:
        raise IntakeError(
            f"the gzip file is damaged after {done:,} bytes of content", where=name, hint="fetch it again"
        ) from error
    if unpacker is not None:
        raise IntakeError(
            f"the gzip file is cut short after {done:,} bytes of content", where=name, hint="fetch it again"
        )


def _watch(done: int, packed: int, name: str, limits: Limits) -> None:
    if done > limits.expanded or (done > limits.ratio_from and done > limits.ratio * packed):
        raise IntakeError(
            f"unpacks to more than {done / packed:,.0f} times its size ({done >> 20:,} MB so far): refused as a bomb",
            where=name,
            hint="if it is what it should be, unpack it yourself and give the unpacked file",
        )
