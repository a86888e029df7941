"""Files on their way in: each upload is a folder of the workspace that holds what somebody sent, until it is imported.

What comes is limited in size, number and time; a name is only ever a name in that folder.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from desirepath.server.problems import RefusedError

PAUSE_S = 30.0
"""A sender may pause this long …"""
SLOW_AFTER_S, SLOW_BYTES_S = 60.0, 1024
"""… and must on the whole be faster than this."""
FILES = 1000
KEPT_S = 7 * 86_400.0
_ID = re.compile(r"[0-9a-f]{16}")
_NAME = re.compile(r"[^/\\:*?\"<>|\x00-\x1f\x7f]{1,200}")


class Uploads:
    """The uploads of one workspace; one may hold `most` bytes."""

    def __init__(self, root: Path, most: int) -> None:
        self.root, self.most = root, most

    def new(self) -> str:
        """An empty upload; those that lay too long are cleared away."""
        self.sweep()
        id_ = secrets.token_hex(8)
        (self.root / id_).mkdir(parents=True)
        return id_

    def folder(self, id_: str) -> Path:
        """Where the files of an upload lie."""
        folder = self.root / id_
        if _ID.fullmatch(id_) is None or not folder.is_dir():
            raise RefusedError(404, "there is no such upload", "it may be imported already: begin a new one")
        return folder

    def files(self, id_: str) -> list[Path]:
        """The files that have come whole, by name."""
        return sorted(path for path in self.folder(id_).iterdir() if not path.name.startswith("."))

    def source(self, id_: str) -> str | None:
        """What a source is called that is guessed from these files: as the first of several is."""
        files = self.files(id_)
        return files[0].name.partition(".")[0] if len(files) > 1 else None

    async def add(self, id_: str, name: str, content: AsyncIterator[bytes], announced: int | None = None) -> int:
        """Keeps a file as it comes; a file of this name is replaced. Gives its size."""
        folder, name = self.folder(id_), _fit(name)
        files = {path.name: path.stat().st_size for path in self.files(id_) if path.name != name}
        if len(files) >= FILES:
            raise RefusedError(413, f"one upload holds at most {FILES} files", "pack them into one .zip")
        room = min(self.most - sum(files.values()), shutil.disk_usage(folder).free)
        self._check(announced or 0, room)
        part = folder / f".{secrets.token_hex(8)}"
        size, begun = 0, time.monotonic()
        try:
            with part.open("wb") as file:
                async for chunk in _in_time(content):
                    size += len(chunk)
                    self._check(size, room)
                    if (took := time.monotonic() - begun) > SLOW_AFTER_S and size / took < SLOW_BYTES_S:
                        raise RefusedError(408, "the file comes too slowly")
                    await run_in_threadpool(file.write, chunk)
            part.replace(folder / name)
        finally:
            part.unlink(missing_ok=True)
        return size

    def remove(self, id_: str) -> None:
        """Clears an upload away."""
        shutil.rmtree(self.folder(id_))

    def sweep(self) -> None:
        """Clears away what lay too long."""
        if self.root.is_dir():
            for folder in self.root.iterdir():
                if folder.is_dir() and time.time() - folder.stat().st_mtime > KEPT_S:
                    shutil.rmtree(folder, ignore_errors=True)

    def _check(self, size: int, room: int) -> None:
        if size > room:
            raise RefusedError(
                413, f"too large: one upload holds at most {self.most / 2**20:,.0f} MB",
                "set upload_mb in desirepath.toml, [server]; or read the file with `desirepath ingest`",
            )  # fmt: skip


def _fit(name: str) -> str:
    if _NAME.fullmatch(name) is None or name.startswith(".") or name == "desirepath.toml":
        raise RefusedError(422, "this cannot be the name of a file here", "give a plain name such as orders.csv")
    return name


async def _in_time(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    while True:
        try:
            yield await asyncio.wait_for(anext(content), PAUSE_S)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise RefusedError(408, "nothing came for too long") from None
