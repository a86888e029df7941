"""How long walks are, in time and in events: of sessions, say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from desirepath.eventlog.blocks import Block
from desirepath.eventlog.measures.durations import Durations, Histogram, added
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Tally
from desirepath.eventlog.model import Ints


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
        return Scratch(np.zeros(self.groups, np.int64), self.blank())

    def count(self, scratch: Scratch, block: Block) -> None:
        """Add the walks of a block."""
        walks = block.walks
        scratch.single[:] += np.bincount(block.group[walks.end - walks.begin == 1], minlength=self.groups)

    def tally(self, scratches: list[Scratch]) -> Tally:
        """What was counted."""
        return Tally(
            {"single": np.sum([s.single for s in scratches], axis=0), "span": added([s.histogram for s in scratches])}
        )

    def find(self, block: Block) -> Durations:
        """From the first to the last event of each walk."""
        walks, time = block.walks, block.time
        return Durations(block.group, time[walks.end - 1] - time[walks.begin])
