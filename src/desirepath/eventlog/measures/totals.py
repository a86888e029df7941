"""How many walks, events and customers there are, from when to when, and how many walks reach the end."""

from __future__ import annotations

import numpy as np

from desirepath.eventlog.blocks import Block
from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import NEVER, Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks

WALKS, EVENTS, CUSTOMERS, COMPLETED = range(4)


class Totals(Measure):
    """Tally: `totals` [groups, 4]; `first`, `last` [groups] µs."""

    name = "totals"

    def scratch(self) -> tuple[Ints, Ints, Ints]:
        """Totals, first, last."""
        return (
            np.zeros((self.groups, 4), np.int64),
            np.full(self.groups, NEVER.max),
            np.full(self.groups, NEVER.min),
        )

    def count(self, scratch: tuple[Ints, Ints, Ints], block: Block) -> None:
        """Add the walks of a block; within a group, those of a person stand side by side."""
        _count(block.walks, block.group, block.person, block.time, *scratch)

    def tally(self, scratches: list[tuple[Ints, Ints, Ints]]) -> Tally:
        """What was counted."""
        totals, first, last = zip(*scratches, strict=True)
        return Tally(
            {"totals": np.sum(totals, axis=0)}, {"first": np.min(first, axis=0)}, {"last": np.max(last, axis=0)}
        )


@kernel
def _count(walks: Walks, group: Codes, person: Ints, time: Ints, totals: Ints, first: Ints, last: Ints) -> None:
    one = u64(1)
    owner = np.full(first.size, np.int64(-1))
    for w in range(u64(walks.begin.size)):
        g = u64(group[w])
        begin, end = u64(walks.begin[w]), u64(walks.end[w])
        totals[g, WALKS] += 1
        totals[g, EVENTS] += np.int64(end - begin)
        totals[g, CUSTOMERS] += person[w] != owner[g]
        totals[g, COMPLETED] += walks.finish[w] >= 0
        owner[g] = person[w]
        first[g] = min(first[g], time[begin])
        last[g] = max(last[g], time[end - one])
