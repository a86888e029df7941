"""What follows what: event names, and pairs of consecutive ones with the time between them (directly-follows).

With few names every pair has a row of its own; with many, only the pairs that the log holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.measures.durations import Histogram, Kept, added, blank, bucket, put, shift_of
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.pairs import place
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks

EVENTS, CASES, _SEEN = range(3)


class Scratch(NamedTuple):
    """`names` [groups · names, 3] and `pairs` [groups · pairs, 2]: counts, and the walk that met it last."""

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
        self.shift = shift_of(self.rows)

    @property
    def rows(self) -> int:
        """How many sets of durations there are."""
        return self.groups * self.pairs

    def scratch(self) -> Scratch:
        """Empty."""
        rows = self.groups * self.pairs
        return Scratch(
            np.zeros((0 if self.pairs_only else self.groups * self.names, 3), np.int64),
            np.zeros((rows, 2), np.int64),
            blank(rows),
            np.zeros(1, np.int64),
        )

    def count(self, scratch: Scratch, block: Block) -> None:
        """Add the walks of a block."""
        _count(
            block.walks, block.group, block.event, block.time, self.names, self.pairs, self.table.key, self.table.row,
            self.shift, scratch.names, scratch.pairs, scratch.histogram, scratch.serial,
        )  # fmt: skip

    def tally(self, scratches: list[Scratch]) -> Tally:
        """What was counted."""
        names = np.sum([s.names[:, :2] for s in scratches], axis=0)
        names = names.reshape(self.groups, 0 if self.pairs_only else self.names, 2)
        pairs = np.sum([s.pairs[:, 0] for s in scratches], axis=0).reshape(self.groups, self.pairs)
        return Tally({"names": names, "pairs": pairs, "wait": added([s.histogram for s in scratches])})

    def keep(self, bounds: Ints, block: Block, kept: Kept) -> None:
        """Keep waits."""
        slots, values, used = kept.room(block.time.size)
        kept.keep(
            _keep(
                block.walks, block.group, block.event, block.time, self.names, self.pairs, self.table.key,
                self.table.row, bounds, slots, values, used,
            )
        )  # fmt: skip


@kernel
def _count(
    walks: Walks, group: Codes, event: Codes, time: Ints, names: int, pairs: int, key: Ints, row: Ints, shift: int,
    of_names: Ints, of_pairs: Ints, histogram: Histogram, serial: Ints,
) -> None:  # fmt: skip
    met = serial[0]
    width = u64(names)
    for w in range(walks.begin.size):
        met += 1
        first_name = u64(group[w]) * width
        first_pair = u64(group[w]) * u64(pairs)
        begin = u64(walks.begin[w])
        before = u64(0)
        since = np.int64(0)
        for i in range(begin, u64(walks.end[w])):
            e = u64(event[i])
            now = time[i]
            if of_names.shape[0] > 0:
                n = first_name + e
                of_names[n, EVENTS] += 1
                of_names[n, CASES] += of_names[n, _SEEN] != met
                of_names[n, _SEEN] = met
            if i > begin:
                p = before * width + e
                if key.size > 0:
                    p = u64(row[place(key, np.int64(p))])
                p += first_pair
                histogram[p, bucket(now - since, shift)] += np.uint32(1)
                of_pairs[p, 0] += of_pairs[p, 1] != met
                of_pairs[p, 1] = met
            before = e
            since = now
    serial[0] = met


@kernel
def _keep(
    walks: Walks, group: Codes, event: Codes, time: Ints, names: int, pairs: int, key: Ints, row: Ints,
    bounds: Ints, slots: Codes, values: Ints, used: int,
) -> np.uint64:  # fmt: skip
    width = u64(names)
    kept = u64(used)
    for w in range(walks.begin.size):
        first_pair = u64(group[w]) * u64(pairs)
        b = u64(walks.begin[w])
        before = u64(event[b])
        since = time[b]
        for i in range(b + u64(1), u64(walks.end[w])):
            e = u64(event[i])
            now = time[i]
            p = before * width + e
            if key.size > 0:
                p = u64(row[place(key, np.int64(p))])
            kept = put(bounds, first_pair + p, now - since, slots, values, kept)
            before = e
            since = now
    return kept
