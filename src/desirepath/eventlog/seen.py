"""Which ids were seen lately, by their hash: a set that forgets some when it is full, so that its memory is bounded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.cores import memory
from desirepath.eventlog.hashing import Hashes
from desirepath.eventlog.jit import kernel, u64

_WAYS = 8
"""Places for ids whose hashes end alike: as many as one line of the processor's cache holds."""
_ROWS_AN_ID = 4


class Seen:
    """May be asked by several threads at once; two who ask for the same id at the same time may both hold it new."""

    def __init__(self, rows: int) -> None:
        """With places enough for the ids of so many rows, as a rule, and at most a sixty-fourth of memory."""
        most = max(1 << 20, memory() // 64) // 8
        places = max(_WAYS, min(rows // _ROWS_AN_ID, most))
        self._places = np.zeros(1 << places.bit_length() - 1, np.uint64)

    def enter(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Whether each hash (none is 0) was not seen, or was forgotten."""
        new = np.empty(hashes.size, np.bool_)
        hashes.setflags(write=False)
        _enter(self._places, hashes, new)
        return new


@kernel
def _enter(places: Hashes, hashes: Hashes, new: NDArray[np.bool_]) -> None:
    """Hashes come in the order of their partition: lines go by their first bits, so that neighbours are looked up."""
    ways = u64(_WAYS)
    shift = u64(64)
    while u64(places.size) >> (u64(67) - shift) != u64(0):
        shift -= u64(1)
    for i in range(u64(hashes.size)):
        h = hashes[i]
        line = (h >> u64(1) >> shift) * ways
        k = u64(0)
        while k < ways and places[line + k] != u64(0) and places[line + k] != h:
            k += u64(1)
        if k == ways:
            k = h >> u64(32) & (ways - u64(1))
        new[i] = places[line + k] != h
        places[line + k] = h
