"""One writer at a time: the system's own lock on a file of the lake, let go by the kernel when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desirepath.errors import LakeError
from desirepath.lake.delta import explained
from desirepath.progress import Progress

if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class LakeBusyError(LakeError):
    """Somebody else writes into the lake, and went on longer than one was ready to wait."""


@contextmanager
def held(path: Path, wait_s: float, progress: Progress) -> Iterator[None]:
    """Holds the lock; waits up to `wait_s` seconds for whoever has it, then raises `LakeBusyError`."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        begun = time.monotonic()
        while not _try(descriptor):
            waited = time.monotonic() - begun
            if waited >= wait_s:
                raise LakeBusyError(
                    "another import, erasure or compaction is at work in this workspace",
                    where=str(path.parent),
                    hint="wait until it is done and do it again",
                )
            progress("waiting for another import to finish", waited, wait_s)
            time.sleep(min(0.05 + waited / 10, 1.0, wait_s))
        yield
    finally:
        os.close(descriptor)
