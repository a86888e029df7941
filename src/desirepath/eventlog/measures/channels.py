"""What follows what among the values of a column, from the start of a walk to its conversion or to nothing.

These are the transitions of the Markov chain by which credit is given to channels: states are the values, one for a
missing value, then start, conversion and nothing. A walk converts when it reaches the rules' end; what comes after does
not count.
"""

from __future__ import annotations

import numpy as np

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import kernel
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks


class Channels(Measure):
    """Tally: `moves` [groups, states, states]; states are the values in order, missing, start, conversion, nothing."""

    name = "channels"

    def __init__(self, question: Question, column: str = "channel") -> None:
        super().__init__(question)
        self.column = question.log.columns[column]
        self.states = len(self.column.values) + 4

    def scratch(self) -> Ints:
        """No moves yet."""
        return np.zeros((self.groups, self.states, self.states), np.int64)

    def count(self, scratch: Ints, block: Block) -> None:
        """Add the walks of a block."""
        state = block.unpacked(self.column, self.column.rank, "channel")
        _count(block.walks, block.group, state, scratch)

    def tally(self, scratches: list[Ints]) -> Tally:
        """What was counted."""
        return Tally({"moves": np.sum(scratches, axis=0)})


@kernel
def _count(walks: Walks, group: Codes, state: Codes, moves: Ints) -> None:
    states = moves.shape[1]
    start, conversion, nothing = states - 3, states - 2, states - 1
    for w in range(walks.begin.size):
        converts = walks.finish[w] >= 0
        before = np.int64(start)
        for i in range(walks.begin[w], walks.finish[w] + 1 if converts else walks.end[w]):
            moves[group[w], before, state[i]] += 1
            before = np.int64(state[i])
        moves[group[w], before, conversion if converts else nothing] += 1
