"""What of the machine this process may use."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path

_LIMIT = Path("/sys/fs/cgroup/memory.max")
"""Of a container's memory."""


def cores() -> int:
    """How many threads: as many as the system gives it."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory() -> int:
    """Bytes of the machine, or of the container around it; 0 where the system does not say."""
    known = []
    with suppress(AttributeError, ValueError, OSError):
        known.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    with suppress(ValueError, OSError):  # "max" where there is no limit
        known.append(int(_LIMIT.read_text("ascii")))
    return min(known, default=0)


def give_back() -> None:
    """Give memory that nothing lies in back to the system, where its allocator would keep it for later (glibc)."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
