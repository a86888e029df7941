"""Memory for large arrays that goes back into stock when nobody has the array any more.

The system takes longer to find new memory (half a second a gigabyte) than kernels take to fill it.
"""

from __future__ import annotations

import ctypes
import weakref
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from desirepath.eventlog.cores import memory

Piece = NDArray[np.uint8]
LEAST = 1 << 18
"""Smaller arrays (bytes) are not worth it …"""
MOST = memory() // 64
"""… and more than this is not kept idle."""
_LOCK = Lock()
_IDLE: list[Piece] = []
_RETURNED: list[Piece] = []
"""Arrays end at any moment, also while the lock is held."""


def empty(size: int, dtype: DTypeLike) -> NDArray[Any]:
    """An array with anything in it."""
    wanted = size * np.dtype(dtype).itemsize
    if wanted < LEAST:
        return np.empty(size, dtype)
    with _LOCK:
        piece = _taken(wanted)
    lease = (ctypes.c_char * piece.size).from_buffer(piece.data)
    weakref.finalize(lease, _RETURNED.append, piece).atexit = False
    return np.frombuffer(memoryview(lease), np.uint8, wanted).view(dtype)


def copied(array: NDArray[Any]) -> NDArray[Any]:
    """A copy."""
    out = empty(array.size, array.dtype)
    out[:] = array
    return out


def _taken(wanted: int) -> Piece:
    """The smallest piece in stock that is large enough and not far too large; else a new one."""
    while _RETURNED:
        _IDLE.append(_RETURNED.pop())
    while sum(piece.size for piece in _IDLE) > MOST:
        del _IDLE[0]
    fitting = [piece.size for piece in _IDLE if wanted <= piece.size <= 2 * wanted]
    if not fitting:
        return np.empty(wanted + wanted // 8, np.uint8)
    return _IDLE.pop([piece.size for piece in _IDLE].index(min(fitting)))
