"""What follows what: event names, and pairs of consecutive ones with the time between them (directly-follows).

With few names every pair has a row of its own; with many, only the pairs that the log holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.measures.durations import Durations, Histogram, added, count_walks
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.pairs import place
from desirepath.eventlog.unpacking import Codes

EVENTS, CASES, _SEEN = range(3)


class Scratch(NamedTuple):
    """`names` [groups · names + 1, 3] and `pairs` [groups · pairs + 1, 2]: counts, and the walk that met it last; the
    last row is for what counts nowhere.
    """

    names: Ints
    pairs: Ints
    histogram: Histogram
    serial: Ints  # [1] walks so far


class Follows(Measure):
    """Tally: `names` [groups, names, 2] events and walks (not with `pairs_only`); `pairs` [groups, pairs] walks; `wait`
    a row a pair.
    """

    name = "follows"
    durations = "wait"
    pairs_up = True

    def __init__(self, question: Question, *, pairs_only: bool = False) -> None:
        super().__init__(question)
        self.pairs_only = pairs_only
        self.names = len(question.log.event_names)
        self.table = question.log.pairs
        self.pairs = self.table.count

    @property
    def rows(self) -> int:
        """How many sets of durations there are."""
        return self.groups * self.pairs

    def scratch(self) -> Scratch:
        """Empty."""
        return Scratch(
            np.zeros((0 if self.pairs_only else self.groups * self.names + 1, 3), np.int64),
            np.zeros((self.rows + 1, 2), np.int64),
            self.blank(),
            np.zeros(1, np.int64),
        )

    def count(self, scratch: Scratch, block: Block) -> None:
        """Add the walks of a block."""
        found, serial = self.timed(block), int(scratch.serial[0])
        if not self.pairs_only:
            _names(block.event, block.walk, block.group, self.names, self.groups > 1, scratch.names, serial)
        count_walks(found.row, block.walk, scratch.pairs, serial)
        scratch.serial[0] += block.walks.begin.size

    def tally(self, scratches: list[Scratch]) -> Tally:
        """What was counted."""
        names = np.sum([s.names[:-1, :2] for s in scratches], axis=0)
        names = names.reshape(self.groups, 0 if self.pairs_only else self.names, 2)
        pairs = np.sum([s.pairs[:-1, 0] for s in scratches], axis=0).reshape(self.groups, self.pairs)
        return Tally({"names": names, "pairs": pairs, "wait": added([s.histogram for s in scratches])})

    def find(self, block: Block) -> Durations:
        """The time between consecutive events, by pair; the first event of a walk follows nothing."""
        size = block.event.size
        found = Durations(block.pad.array("pair", size, np.int32), block.pad.array("wait", size, np.int64))
        table = self.table
        if self.groups == 1 and not table.key.size and block.question.plain:
            _find_whole(block.event, block.time, block.walks.begin, self.names, self.rows, *found)
        else:
            _find(
                block.event, block.time, block.walk, block.group, self.names, table.count, table.key, table.row,
                self.rows, *found,
            )  # fmt: skip
        return found


@kernel
def _find(
    event: Codes, time: Ints, walk: Codes, group: Codes, names: int, pairs: int, key: Ints, row_of: Ints, nowhere: int,
    row: Codes, wait: Ints,
) -> None:  # fmt: skip
    one = u64(1)
    row[0] = nowhere
    wait[0] = 0
    for i in range(one, u64(event.size)):
        wait[i] = time[i] - time[i - one]
        row[i] = nowhere
        if walk[i] == walk[i - one] and walk[i] >= 0:
            pair = np.int64(event[i - one]) * names + event[i]
            if key.size > 0:
                pair = row_of[place(key, pair)]
            row[i] = group[walk[i]] * pairs + pair


@kernel
def _find_whole(event: Codes, time: Ints, begin: Ints, names: int, nowhere: int, row: Codes, wait: Ints) -> None:
    """The same where all events lie in walks, and every pair has a row: a loop for the vector unit."""
    one = u64(1)
    wait[0] = 0
    for i in range(one, u64(event.size)):
        wait[i] = time[i] - time[i - one]
        row[i] = event[i - one] * np.int32(names) + event[i]
    for w in range(begin.size):
        row[u64(begin[w])] = nowhere


@kernel
def _names(event: Codes, walk: Codes, group: Codes, names: int, several: bool, out: Ints, serial: int) -> None:
    nowhere = u64(out.shape[0] - 1)
    for i in range(u64(event.size)):
        w = walk[i]
        n = u64(event[i])
        if several and w >= 0:
            n += u64(group[w]) * u64(names)
        n = n if w >= 0 else nowhere
        out[n, EVENTS] += 1
        out[n, CASES] += out[n, _SEEN] != serial + w + 1
        out[n, _SEEN] = serial + w + 1
