"""How many walks, events and customers there are, from when to when, and how many walks reach the end."""

from __future__ import annotations

import numpy as np

from desirepath.eventlog.blocks import Block
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import NEVER, Tally
from desirepath.eventlog.model import Ints

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
        totals, first, last = scratch
        walks = block.walks
        if not walks.begin.size:
            return
        for g in np.unique(block.group) if self.groups > 1 else (0,):
            here = slice(None) if self.groups == 1 else block.group == g
            begin, end, person = walks.begin[here], walks.end[here], block.person[here]
            totals[g] += (
                begin.size,
                (end - begin).sum(),
                1 + np.count_nonzero(person[1:] != person[:-1]),
                np.count_nonzero(walks.finish[here] >= 0),
            )
            first[g] = min(first[g], block.time[begin].min())
            last[g] = max(last[g], block.time[end - 1].max())

    def tally(self, scratches: list[tuple[Ints, Ints, Ints]]) -> Tally:
        """What was counted."""
        totals, first, last = zip(*scratches, strict=True)
        return Tally(
            {"totals": np.sum(totals, axis=0)}, {"first": np.min(first, axis=0)}, {"last": np.max(last, axis=0)}
        )
