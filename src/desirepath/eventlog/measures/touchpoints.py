"""What happens at the touchpoints, and what follows what among them: unmatched events left out, repeats collapsed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import Int, kernel
from desirepath.eventlog.measures.durations import Histogram, Kept, added, blank, bucket, put, shift_of
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import NEVER, Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.runs import Runs
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks

EVENTS, CASES, CUSTOMERS, REPEAT_CASES, LOOPS, LAST, FIRST_TIME, LAST_TIME = range(8)
_SEEN, _TIMES, _PERSON = range(8, 11)


class Scratch(NamedTuple):
    """Per group and touchpoint eleven counts, times and marks; per pair walks, and the walk that met it last."""

    touches: Ints  # [groups · touchpoints, 11]
    pairs: Ints  # [groups · touchpoints², 2]
    histogram: Histogram
    matched: Ints  # [groups · names]
    serial: Ints  # [1] walks so far


class Touchpoints(Measure):
    """Tally: `touches` [groups, touchpoints, 6]; `touch_pairs` [groups, touchpoints²] walks; `touch_wait` a row a pair.

    `matched` [groups, names] counts the events of each name that a touchpoint claims; `touch_first` and `touch_last`
    [groups, touchpoints] are the times of the first and last event there.
    """

    name = "touchpoints"
    durations = "touch_wait"

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.touches = len(question.rules.touchpoints)
        self.names = len(question.log.event_names)
        self.shift = shift_of(self.groups * self.touches**2)

    @property
    def rows(self) -> int:
        """How many sets of durations there are."""
        return self.groups * self.touches * (self.touches + 1)

    def scratch(self) -> Scratch:
        """Empty."""
        items = self.groups * self.touches
        touches = np.zeros((items, 11), np.int64)
        touches[:, FIRST_TIME], touches[:, LAST_TIME] = NEVER.max, NEVER.min
        return Scratch(
            touches,
            np.zeros((items * self.touches, 2), np.int64),
            blank(items * self.touches),
            np.zeros(self.groups * self.names, np.int64),
            np.zeros(1, np.int64),
        )

    def count(self, scratch: Scratch, block: Block) -> None:
        """Add the walks of a block."""
        _match(
            block.walks, block.group, block.event, block.touch, self.names, self.touches, scratch.matched,
            scratch.touches,
        )  # fmt: skip
        _count(
            block.touch_runs, block.time, block.group, block.person, self.question.several, self.touches,
            self.shift,
            scratch.touches, scratch.pairs, scratch.histogram, scratch.serial,
        )  # fmt: skip

    def tally(self, scratches: list[Scratch]) -> Tally:
        """What was counted."""
        shape = (self.groups, self.touches)
        counts = np.stack([s.touches for s in scratches]).reshape(len(scratches), *shape, 11)
        if not self.question.several:
            counts[..., CUSTOMERS] = counts[..., CASES]
        return Tally(
            {
                "touches": counts[..., :6].sum(axis=0),
                "touch_pairs": np.sum([s.pairs[:, 0] for s in scratches], axis=0).reshape(self.groups, self.touches**2),
                "touch_wait": added([s.histogram for s in scratches]),
                "matched": np.sum([s.matched for s in scratches], axis=0).reshape(self.groups, self.names),
            },
            {"touch_first": counts[..., FIRST_TIME].min(axis=0)},
            {"touch_last": counts[..., LAST_TIME].max(axis=0)},
        )

    def histogram(self, tally: Tally) -> NDArray[Any]:
        """Waits by pair, and behind them by the touchpoint that is entered, from wherever."""
        pairs = tally.sums["touch_wait"]
        buckets = pairs.shape[1]
        into = pairs.reshape(self.groups, self.touches, self.touches, buckets).sum(axis=1)
        return np.concatenate([pairs, into.reshape(-1, buckets)])

    def keep(self, bounds: Ints, block: Block, kept: Kept) -> None:
        """Keep waits."""
        slots, values, used = kept.room(2 * block.touch_runs.code.size)
        kept.keep(_keep(block.touch_runs, block.time, block.group, self.touches, bounds, slots, values, used))


@kernel
def _match(
    walks: Walks, group: Codes, event: Codes, touch: Codes, names: int, touches: int, matched: Ints, out: Ints
) -> None:
    for w in range(walks.begin.size):
        first_name = np.int64(group[w]) * names
        first = np.int64(group[w]) * touches
        for i in range(walks.begin[w], walks.end[w]):
            t = np.int64(touch[i])
            matched[first_name + event[i]] += t >= 0
            if t >= 0:
                out[first + t, EVENTS] += 1


@kernel
def _count(
    runs: Runs, time: Ints, group: Codes, person: Ints, several: bool, touches: int, shift: int, out: Ints,
    of_pairs: Ints, histogram: Histogram, serial: Ints,
) -> None:  # fmt: skip
    met = serial[0]
    for w in range(runs.begin.size):
        met += 1
        first = np.int64(group[w]) * touches
        who = person[w] + 1
        before = np.int64(-1)
        since = np.int64(0)
        for k in range(runs.begin[w], runs.end[w]):
            t = np.int64(runs.code[k])
            r = first + t
            new = out[r, _SEEN] != met
            some = 0 if new else out[r, _TIMES]
            more = some + 1 + (runs.to[k] > runs.at[k])
            out[r, _SEEN] = met
            out[r, _TIMES] = more
            out[r, CASES] += new
            out[r, LOOPS] += not new
            out[r, REPEAT_CASES] += (some < 2) & (more >= 2)
            if several:
                out[r, CUSTOMERS] += out[r, _PERSON] != who
                out[r, _PERSON] = who
            now = time[runs.at[k]]
            out[r, FIRST_TIME] = min(out[r, FIRST_TIME], now)
            if before >= 0:
                p = (first + before) * touches + t
                histogram[p, bucket(now - since, shift)] += np.uint32(1)
                of_pairs[p, 0] += of_pairs[p, 1] != met
                of_pairs[p, 1] = met
            since = time[runs.to[k]]
            out[r, LAST_TIME] = max(out[r, LAST_TIME], since)
            before = t
        if before >= 0:
            out[first + before, LAST] += 1
    serial[0] = met


@kernel
def _keep(
    runs: Runs, time: Ints, group: Codes, touches: int, bounds: Ints, slots: Codes, values: Ints, used: Int
) -> Int:
    pairs = bounds.shape[0] - bounds.shape[0] // (touches + 1)
    for w in range(runs.begin.size):
        first = np.int64(group[w]) * touches
        for k in range(runs.begin[w] + 1, runs.end[w]):
            t = np.int64(runs.code[k])
            wait = time[runs.at[k]] - time[runs.to[k - 1]]
            used = put(bounds, (first + runs.code[k - 1]) * touches + t, wait, slots, values, used)
            used = put(bounds, pairs + first + t, wait, slots, values, used)
    return used
