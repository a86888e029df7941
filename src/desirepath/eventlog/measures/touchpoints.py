"""What happens at the touchpoints, and what follows what among them: unmatched events left out, repeats collapsed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.measures.durations import (
    NOT_KEPT,
    Histogram,
    Kept,
    Room,
    added,
    blank,
    bucket,
    bump,
    put,
    shift_of,
)
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import NEVER, Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.runs import Runs
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks

EVENTS, CASES, CUSTOMERS, REPEAT_CASES, LOOPS, LAST, FIRST, FIRST_TIME, LAST_TIME = range(9)
_SEEN, _TIMES, _PERSON = range(9, 12)


class Scratch(NamedTuple):
    """Per group and touchpoint twelve counts, times and marks; per pair walks, and the walk that met it last."""

    touches: Ints  # [groups · touchpoints, 12]
    pairs: Ints  # [groups · touchpoints², 2]
    histogram: Histogram
    events: Ints  # [groups · names, 1 + touchpoints] by name and touchpoint (0: none), or just by name
    serial: Ints  # [1] walks so far


class Touchpoints(Measure):
    """Tally: `touches` [groups, touchpoints, 7]; `touch_pairs` [groups, touchpoints²] walks; `touch_wait` a row a pair.

    With `by_pair_only` there are no waits for entering a touchpoint from wherever.

    `matched` [groups, names] counts the events of each name that a touchpoint claims; `touch_first` and `touch_last`
    [groups, touchpoints] are the times of the first and last event there.
    """

    name = "touchpoints"
    durations = "touch_wait"

    def __init__(self, question: Question, *, by_pair_only: bool = False) -> None:
        super().__init__(question)
        self.by_pair_only = by_pair_only
        self.touches = len(question.rules.touchpoints)
        self.names = len(question.log.event_names)
        self.by_event = question.touch_of_event
        self.shift = shift_of(self.groups * self.touches**2)

    @property
    def rows(self) -> int:
        """How many sets of durations there are."""
        return self.groups * self.touches * (self.touches + (not self.by_pair_only))

    def scratch(self) -> Scratch:
        """Empty."""
        items = self.groups * self.touches
        touches = np.zeros((items, 12), np.int64)
        touches[:, FIRST_TIME], touches[:, LAST_TIME] = NEVER.max, NEVER.min
        return Scratch(
            touches,
            np.zeros((items * self.touches, 2), np.int64),
            blank(items * self.touches),
            np.zeros((self.groups * self.names, 1 if self.by_event is not None else 1 + self.touches), np.int64),
            np.zeros(1, np.int64),
        )

    def count(self, scratch: Scratch, block: Block) -> None:
        """Add the walks of a block."""
        self._count(scratch, block, NOT_KEPT, Kept.no_room())

    def count_and_keep(self, scratch: Scratch, bounds: Ints, block: Block, kept: Kept) -> None:
        """The same, and keep waits."""
        kept.keep(self._count(scratch, block, bounds, kept.room(2 * block.touch_runs.code.size)))

    def _count(self, scratch: Scratch, block: Block, bounds: Ints, room: Room) -> int:
        if self.by_event is None:
            _match(block.walks, block.group, block.event, block.touch, self.names, scratch.events)
        else:
            _tell(block.walks, block.group, block.event, self.names, scratch.events)
        used = _count(
            block.touch_runs, block.time, block.group, block.person, self.question.several, self.touches, self.shift,
            scratch.touches, scratch.pairs, scratch.histogram, scratch.serial, self._into, bounds, *room,
        )  # fmt: skip
        return int(used)

    @property
    def _into(self) -> int:
        """The row of waits for entering the first touchpoint from wherever, 0 where that is not asked for."""
        return 0 if self.by_pair_only else self.groups * self.touches**2

    def tally(self, scratches: list[Scratch]) -> Tally:
        """What was counted."""
        shape = (self.groups, self.touches)
        counts = np.stack([s.touches for s in scratches]).reshape(len(scratches), *shape, 12)
        sums = counts[..., : FIRST + 1].sum(axis=0)
        waits = added([s.histogram for s in scratches])
        of_names = self._events(np.sum([s.events for s in scratches], axis=0))
        sums[..., EVENTS] = of_names[..., 1:].sum(axis=1)
        entered = waits.reshape(self.groups, self.touches, self.touches, waits.shape[1]).sum(axis=(1, 3))
        sums[..., LOOPS] = entered + sums[..., FIRST] - sums[..., CASES]
        if not self.question.several:
            sums[..., CUSTOMERS] = sums[..., CASES]
        pairs = np.sum([s.pairs[:, 0] for s in scratches], axis=0)
        return Tally(
            {
                "touches": sums,
                "touch_pairs": pairs.reshape(self.groups, self.touches**2),
                "touch_wait": waits,
                "matched": of_names[..., 1:].sum(axis=2),
            },
            {"touch_first": counts[..., FIRST_TIME].min(axis=0)},
            {"touch_last": counts[..., LAST_TIME].max(axis=0)},
        )

    def _events(self, counted: Ints) -> Ints:
        """Events by group, name and touchpoint (0: none)."""
        found = np.zeros((self.groups, self.names, 1 + self.touches), np.int64)
        if self.by_event is None:
            return counted.reshape(found.shape)
        found[:, np.arange(self.names), 1 + self.by_event] = counted.reshape(self.groups, self.names)
        return found

    def histogram(self, tally: Tally) -> NDArray[Any]:
        """Waits by pair, and behind them by the touchpoint that is entered, from wherever."""
        pairs = tally.sums["touch_wait"]
        if self.by_pair_only:
            return pairs
        buckets = pairs.shape[1]
        into = pairs.reshape(self.groups, self.touches, self.touches, buckets).sum(axis=1)
        return np.concatenate([pairs, into.reshape(-1, buckets)])

    def keep(self, bounds: Ints, block: Block, kept: Kept) -> None:
        """Keep waits."""
        slots, values, used = kept.room(2 * block.touch_runs.code.size)
        runs, time, group = block.touch_runs, block.time, block.group
        kept.keep(_keep(runs, time, group, self.touches, self._into, bounds, slots, values, used))


@kernel
def _match(walks: Walks, group: Codes, event: Codes, touch: Codes, names: int, events: Ints) -> None:
    for w in range(walks.begin.size):
        first = u64(group[w]) * u64(names)
        for i in range(u64(walks.begin[w]), u64(walks.end[w])):
            events[first + u64(event[i]), u64(1 + touch[i])] += 1


@kernel
def _tell(walks: Walks, group: Codes, event: Codes, names: int, events: Ints) -> None:
    for w in range(walks.begin.size):
        first = u64(group[w]) * u64(names)
        for i in range(u64(walks.begin[w]), u64(walks.end[w])):
            events[first + u64(event[i]), 0] += 1


@kernel
def _count(
    runs: Runs, time: Ints, group: Codes, person: Ints, several: bool, touches: int, shift: int, out: Ints,
    of_pairs: Ints, histogram: Histogram, serial: Ints, into: int, bounds: Ints, slots: Codes, values: Ints, used: int,
) -> np.uint64:  # fmt: skip
    """Returns how many durations are kept."""
    keeps = bounds.size > 0
    kept = u64(used)
    met = serial[0]
    width = u64(touches)
    for w in range(runs.begin.size):
        b, z = u64(runs.begin[w]), u64(runs.end[w])
        if b == z:
            continue
        met += 1
        first = u64(group[w]) * width
        before = u64(0)
        since = np.int64(0)
        out[first + u64(runs.code[b]), FIRST] += 1
        for k in range(b, z):
            t = u64(runs.code[k])
            r = first + t
            new = out[r, _SEEN] != met
            some = 0 if new else out[r, _TIMES]
            more = some + 1 + (runs.to[k] > runs.at[k])
            out[r, _SEEN] = met
            out[r, _TIMES] = more
            out[r, CASES] += new
            out[r, REPEAT_CASES] += (some < 2) & (more >= 2)
            if several:
                out[r, CUSTOMERS] += out[r, _PERSON] != person[w] + 1
                out[r, _PERSON] = person[w] + 1
            now = time[u64(runs.at[k])]
            if now < out[r, FIRST_TIME]:
                out[r, FIRST_TIME] = now
            if k > b:
                p = (first + before) * width + t
                bump(histogram, p, bucket(now - since, shift))
                if keeps:
                    kept = put(bounds, p, now - since, slots, values, kept)
                    if into > 0:
                        kept = put(bounds, u64(into) + r, now - since, slots, values, kept)
                of_pairs[p, 0] += of_pairs[p, 1] != met
                of_pairs[p, 1] = met
            since = time[u64(runs.to[k])]
            if since > out[r, LAST_TIME]:
                out[r, LAST_TIME] = since
            before = t
        out[first + before, LAST] += 1
    serial[0] = met
    return kept


@kernel
def _keep(
    runs: Runs, time: Ints, group: Codes, touches: int, into: int, bounds: Ints, slots: Codes, values: Ints, used: int
) -> np.uint64:
    width = u64(touches)
    one = u64(1)
    kept = u64(used)
    for w in range(runs.begin.size):
        first = u64(group[w]) * width
        for k in range(u64(runs.begin[w]) + one, u64(runs.end[w])):
            t = u64(runs.code[k])
            wait = time[u64(runs.at[k])] - time[u64(runs.to[k - one])]
            kept = put(bounds, (first + u64(runs.code[k - one])) * width + t, wait, slots, values, kept)
            if into > 0:
                kept = put(bounds, u64(into) + first + t, wait, slots, values, kept)
    return kept
