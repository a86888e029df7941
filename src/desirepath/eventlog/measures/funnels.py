"""Ordered funnels with a window: walks by the furthest step that they reach (see `chains` for what a chain is)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.chains import Chain, Mode
from desirepath.eventlog.jit import frozen, kernel, u64
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.unpacking import Codes


class Funnels(Measure):
    """Tally: `levels` [groups, steps + 1] walks by the furthest step that they reach."""

    name = "funnels"

    def __init__(
        self, question: Question, steps: Sequence[Collection[int]], window_s: float, mode: Mode = "any"
    ) -> None:
        super().__init__(question)
        self.chain = Chain.of(len(question.log.event_names), steps, window_s, mode)

    def scratch(self) -> Ints:
        """No walks yet."""
        return np.zeros((self.groups, self.chain.steps + 1), np.int64)

    def count(self, scratch: Ints, block: Block) -> None:
        """Add the walks of a block."""
        level = self.chain.reached(block.walks, block.time, block.event)
        _count(*frozen((level, block.group)), scratch)

    def tally(self, scratches: list[Ints]) -> Tally:
        """What was counted."""
        return Tally({"levels": np.sum(scratches, axis=0)})


@kernel
def _count(level: Ints, group: Codes, levels: Ints) -> None:
    for w in range(u64(level.size)):
        levels[u64(group[w]), u64(level[w])] += 1
