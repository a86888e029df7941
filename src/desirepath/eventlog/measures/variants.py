"""Variants: walks by the names of their events, repeats collapsed first, then cut off after twenty steps.

Walks are told apart by a 64-bit hash of that path; of n different paths any two are taken for one with probability
n²/2⁶⁴ (a million: 5·10⁻⁸).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.blocks import Block
from desirepath.eventlog.jit import frozen, kernel, u64
from desirepath.eventlog.log import Log
from desirepath.eventlog.masks import differ
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Kinds, Sightings, Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks

_COMMON = 1 << 16
STEPS = 20
"""Length at which a variant is cut off."""
STEP_BITS = 5
"""An example says where its events begin and, in its lowest bits, how many steps its path has."""


class Variants(Measure):
    """Tally: kinds `paths<group>`, by the hash of the path."""

    name = "variants"

    def scratch(self) -> list[Sightings]:
        """Empty, for each group."""
        return [Sightings() for _ in range(self.groups)]

    def count(self, scratch: list[Sightings], block: Block) -> None:
        """Add the walks of a block."""
        walks = block.walks
        path, steps = np.empty((2, walks.begin.size), np.int64)
        _hash(walks, block.event, path, steps)
        example = block.positions(walks.begin) << STEP_BITS | steps
        for g, sightings in enumerate(scratch):
            here = slice(None) if self.groups == 1 else block.group == g
            sightings.note(path[here], example[here])

    def tally(self, scratches: list[list[Sightings]]) -> Tally:
        """What was counted."""
        return Tally(
            kinds={f"paths{g}": Sightings.kinds(list(of)) for g, of in enumerate(zip(*scratches, strict=True))}
        )


def most_frequent(kinds: Kinds, most: int) -> Ints:
    """The places of the kinds with the most walks; of the last ones with equal counts, it is the hash that chooses."""
    if kinds.key.size <= most:
        return np.arange(kinds.key.size)
    often = np.zeros(_COMMON + 1, np.int64)
    _count_often(*frozen((kinds.n,)), often)
    enough = np.cumsum(often[::-1])[::-1] >= most
    candidates = np.flatnonzero(kinds.n >= np.flatnonzero(enough)[-1])
    order = np.lexsort((kinds.key[candidates], -kinds.n[candidates]))
    return np.asarray(candidates[order][:most])


def paths(log: Log, examples: Ints) -> list[tuple[int, ...]]:
    """The paths of examples."""
    column = log.columns["event"]
    begin, length = frozen((examples >> STEP_BITS, examples & (1 << STEP_BITS) - 1))
    steps = np.zeros((examples.size, STEPS), np.int64)
    _read(column.codes, begin, length, steps)
    return [tuple(path[:n]) for path, n in zip(column.rank[steps].tolist(), length.tolist(), strict=True)]


@kernel
def _count_often(n: Ints, often: Ints) -> None:
    """How many kinds there are so many walks of; the last place is for so many or more."""
    for k in range(u64(n.size)):
        often[u64(min(n[k], np.int64(_COMMON)))] += 1


@kernel
def _read(codes: NDArray[Any], begin: Ints, length: Ints, steps: Ints) -> None:
    for k in range(begin.size):
        n, i = 0, begin[k]
        while n < length[k]:
            if n == 0 or steps[k, n - 1] != np.int64(codes[i]):
                steps[k, n] = codes[i]
                n += 1
            i += 1


@kernel
def _hash(walks: Walks, event: Codes, path: Ints, length: Ints) -> None:
    for w in range(walks.begin.size):
        h = np.int64(0x9E3779B97F4A7C1)
        steps = np.int64(0)
        before = np.int64(-1)
        for i in range(u64(walks.begin[w]), u64(walks.end[w])):
            e = np.int64(event[i])
            new = differ(e, before)
            mixed = (h ^ (e + 1)) * np.int64(0x2545F4914F6CDD1D)
            mixed ^= mixed >> np.int64(32)
            h = (mixed & new) | (h & ~new)
            steps -= new
            before = e
            if steps == STEPS:
                break
        path[w] = max(h & np.int64(0x7FFFFFFFFFFFFFFF), np.int64(1))
        length[w] = steps
