"""Arrays that a thread uses again for every block, so that the system need not find it new memory each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from desirepath.eventlog.cores import cores

_MOST_IDLE = 1 << 26
"""Bytes that a pad may keep for the next question: new memory is slower than most of what is done in it."""


class Pad:
    """Scratch arrays by name. What was given under a name is overwritten when the name is asked for again."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}

    def array(self, name: str, size: int, dtype: DTypeLike) -> NDArray[Any]:
        """An array with anything in it."""
        known = self._arrays.get(name)
        if known is None or known.size < size or known.dtype != dtype:
            known = self._arrays[name] = np.empty(size + size // 4, dtype)
        return known[:size]

    @property
    def nbytes(self) -> int:
        """How much memory it has."""
        return sum(array.nbytes for array in self._arrays.values())


_IDLE: list[Pad] = []


@contextmanager
def lent() -> Iterator[Pad]:
    """A pad for a thread, back again afterwards: nothing that outlives the context may lie on it."""
    try:
        pad = _IDLE.pop()
    except IndexError:
        pad = Pad()
    yield pad
    if pad.nbytes <= _MOST_IDLE and len(_IDLE) < cores():
        _IDLE.append(pad)
