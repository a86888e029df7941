"""Has the kernels compiled while people do something else: light to import, for it must not wait for the compiler."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from functools import cache
from pathlib import Path
from time import time

_PATIENCE_S = 300.0


def meanwhile() -> bool:
    """Start compiling in a process of its own, unless that has been done or begun; says whether it was started."""
    done = mark()
    try:
        if done.exists() and (done.stat().st_size or time() - done.stat().st_mtime < _PATIENCE_S):
            return False
        done.parent.mkdir(parents=True, exist_ok=True)
        done.write_bytes(b"")
        subprocess.Popen(
            [sys.executable, "-c", "from desirepath.eventlog.warmup import warmup; warmup()"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True


def mark() -> Path:
    """A file that is there when compiling was begun, and not empty when it is done."""
    return Path(__file__).parent / "__pycache__" / f"warm-{stamp()[:16]}"


@cache
def stamp() -> str:
    """Changes whenever a file with kernels does."""
    files = sorted(Path(__file__).parent.rglob("*.py"))
    facts = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr(facts).encode()).hexdigest()
