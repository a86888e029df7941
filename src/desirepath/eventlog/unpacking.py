"""Codes and times of chosen cases, copied side by side out of the log's columns into arrays of one type."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.model import Ints

Codes = NDArray[np.int32]


_AS_THEY_ARE = np.arange(1 << 20, dtype=np.int32)
_AS_THEY_ARE.setflags(write=False)


def codes(column: NDArray[Any], starts: Ints, bounds: Ints, table: Codes, out: Codes | None = None) -> Codes:
    """`table[code]` of every event; run k has the events from `starts[k]` on, and takes [bounds[k], bounds[k + 1])."""
    out = np.empty(int(bounds[-1]), np.int32) if out is None else out
    _codes(column, starts, bounds, table, out)
    out.setflags(write=False)
    return out


def stored(column: NDArray[Any], starts: Ints, bounds: Ints, highest: int) -> Codes:
    """The codes as they are stored, of which none is greater than `highest`."""
    table = _AS_THEY_ARE
    if highest >= table.size:
        table = np.arange(highest + 1, dtype=np.int32)
        table.setflags(write=False)
    return codes(column, starts, bounds, table)


def times(column: NDArray[Any], starts: Ints, bounds: Ints, unit: int, base: int, out: Ints | None = None) -> Ints:
    """The times in µs, of a column that counts `unit` µs from `base`."""
    if starts.size == 1 and column.dtype == np.int64 and (unit, base) == (1, 0):
        return column[starts[0] : starts[0] + bounds[1]]
    out = np.empty(int(bounds[-1]), np.int64) if out is None else out
    _times(column, starts, bounds, unit, base, out)
    out.setflags(write=False)
    return out


def spread(of_case: Codes, bounds: Ints) -> Codes:
    """What is known of each case, for each of its events."""
    out = np.repeat(of_case, np.diff(bounds))
    out.setflags(write=False)
    return out


@kernel
def _codes(column: NDArray[Any], starts: Ints, bounds: Ints, table: Codes, out: Codes) -> None:
    for c in range(starts.size):
        first, source = u64(bounds[c]), u64(starts[c])
        for i in range(u64(bounds[c + 1] - bounds[c])):
            out[first + u64(i)] = table[u64(column[source + u64(i)])]


@kernel
def _times(column: NDArray[Any], starts: Ints, bounds: Ints, unit: int, base: int, out: Ints) -> None:
    for c in range(starts.size):
        first, source = u64(bounds[c]), u64(starts[c])
        for i in range(u64(bounds[c + 1] - bounds[c])):
            out[first + u64(i)] = np.int64(column[source + u64(i)]) * unit + base
