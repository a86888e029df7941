"""Which pairs of consecutive event names a log holds, each with a row for what is counted of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from desirepath.eventlog.jit import Int, kernel, wrapping
from desirepath.eventlog.model import Ints
from desirepath.eventlog.unpacking import Codes

DENSE = 256
"""Up to so many names, every possible pair has a row."""


@dataclass(frozen=True)
class Pairs:
    """Pair (a, b) has the row a · names + b, or the row that stands where `place` finds its key in a hash table."""

    names: int
    count: int
    key: Ints  # a · names + b + 1; 0 where the table is free; empty where every pair has a row
    row: Ints
    all: Ints  # a · names + b of each row

    @property
    def mark(self) -> str:
        """The same for the same rows."""
        return hashlib.sha256(self.all.tobytes()).hexdigest()[:20] if self.key.size else ""

    @classmethod
    def dense(cls, names: int) -> Pairs:
        """Every possible pair."""
        return cls(
            names,
            names * names,
            _frozen(np.empty(0, np.int64)),
            _frozen(np.empty(0, np.int64)),
            np.arange(names * names),
        )

    @classmethod
    def of(cls, names: int, found: Ints) -> Pairs:
        """These pairs, given as a · names + b, ascending."""
        key = np.zeros(max(16, 1 << (2 * found.size).bit_length()), np.int64)
        row = np.zeros(key.size, np.int64)
        with wrapping():
            _enter(found, key, row)
        return cls(names, found.size, _frozen(key), _frozen(row), found)


def distinct(offset: Ints, event: Codes, names: int) -> Ints:
    """The pairs that consecutive events of the cases make, ascending."""
    inside = np.ones(event.size, np.bool_)
    inside[offset[:-1]] = False
    found = [np.empty(0, np.int64)]
    for a in range(1, event.size, 1 << 22):
        z = min(a + (1 << 22), event.size)
        pair = event[a - 1 : z - 1].astype(np.int64) * names + event[a:z]
        found.append(np.unique(pair[inside[a:z]]))
    return np.unique(np.concatenate(found))


@kernel
def place(key: Ints, pair: Int) -> Int:
    """Where the pair is, or would be put."""
    mask = key.size - 1
    wanted = np.int64(pair) + 1
    at = ((wanted ^ (wanted >> 29)) * 0x9E3779B97F4A7C1 >> 20) & mask
    while key[at] != 0 and key[at] != wanted:
        at = (at + 1) & mask
    return at


@kernel
def _enter(found: Ints, key: Ints, row: Ints) -> None:
    for k in range(found.size):
        at = place(key, found[k])
        key[at] = found[k] + 1
        row[at] = k


def _frozen(array: Ints) -> Ints:
    array.setflags(write=False)
    return array
