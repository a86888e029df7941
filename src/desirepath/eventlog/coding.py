"""Strings become small integers: codes are given as values turn up, and ranked by value at the end.

Ranked codes depend on the set of values only, never on the order in which they came. A missing value has the code one
past the last.
"""

from __future__ import annotations

from threading import Lock

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


class Codes:
    """The values of one column seen so far; may be fed from several threads."""

    def __init__(self) -> None:
        self._code: dict[str, int] = {}
        self._lock = Lock()

    def encode(self, column: pa.Array) -> NDArray[np.int32]:
        """The code of each value, −1 for null."""
        encoded = column.dictionary_encode()
        with self._lock:
            known = [self._code.setdefault(value, len(self._code)) for value in encoded.dictionary.to_pylist()]
        codes = np.array([*known, -1], np.int32)
        indices = encoded.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
        coded: NDArray[np.int32] = codes[indices]
        return coded

    def ranked(self) -> tuple[tuple[str, ...], NDArray[np.integer]]:
        """All values in order, and the rank of each code; index −1 gives the code of a missing value."""
        values = sorted(self._code)
        ranks = np.empty(len(values) + 1, smallest(len(values)))
        ranks[[self._code[value] for value in values]] = np.arange(len(values))
        ranks[-1] = len(values)
        return tuple(values), ranks


def smallest(highest: int) -> np.dtype[np.unsignedinteger]:
    """The smallest unsigned type that holds `highest`."""
    return np.min_scalar_type(highest)
