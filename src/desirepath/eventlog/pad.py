"""Arrays that a thread uses again for every block, so that the system need not find it new memory each time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


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
