"""How long walks are, in time and in events: of sessions, say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from desirepath.eventlog.blocks import Block
from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.measures.durations import Histogram, Kept, added, blank, bucket, put
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks


class Scratch(NamedTuple):
    """`single` [groups] walks of one event; the time from first to last event, a row a group."""

    single: Ints
    histogram: Histogram


class Spans(Measure):
    """Tally: `single` [groups] walks of one event; `span` a row a group."""

    name = "spans"
    durations = "span"

    @property
    def rows(self) -> int:
        """How many sets of durations there are."""
        return self.groups

    def scratch(self) -> Scratch:
        """Empty."""
        return Scratch(np.zeros(self.groups, np.int64), blank(self.groups))

    def count(self, scratch: Scratch, block: Block) -> None:
        """Add the walks of a block."""
        _count(block.walks, block.group, block.time, scratch.single, scratch.histogram)

    def tally(self, scratches: list[Scratch]) -> Tally:
        """What was counted."""
        return Tally(
            {"single": np.sum([s.single for s in scratches], axis=0), "span": added([s.histogram for s in scratches])}
        )

    def keep(self, bounds: Ints, block: Block, kept: Kept) -> None:
        """Keep spans."""
        slots, values, used = kept.room(block.walks.begin.size)
        kept.keep(_keep(block.walks, block.group, block.time, bounds, slots, values, used))


@kernel
def _count(walks: Walks, group: Codes, time: Ints, single: Ints, histogram: Histogram) -> None:
    for w in range(walks.begin.size):
        b, z = walks.begin[w], walks.end[w] - 1
        single[group[w]] += b == z
        histogram[group[w], bucket(time[z] - time[b], 0)] += np.uint32(1)


@kernel
def _keep(walks: Walks, group: Codes, time: Ints, bounds: Ints, slots: Codes, values: Ints, used: int) -> np.uint64:
    kept = u64(used)
    for w in range(walks.begin.size):
        span = time[walks.end[w] - 1] - time[walks.begin[w]]
        kept = put(bounds, u64(group[w]), span, slots, values, kept)
    return kept
