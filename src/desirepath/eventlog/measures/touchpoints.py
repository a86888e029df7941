"""What happens at the touchpoints, and what follows what among them: unmatched events left out, repeats collapsed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.masks import differ, positive
from desirepath.eventlog.measures.durations import Durations, Histogram, added, count_walks
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import NEVER, Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.runs import Runs
from desirepath.eventlog.unpacking import Codes

EVENTS, CASES, CUSTOMERS, REPEAT_CASES, LOOPS, LAST = range(6)
_RUNS, _CASES, _CUSTOMERS, _REPEATS, _FIRST_TIME, _LAST_TIME, _SEEN, _PERSON = range(8)
_CHUNK = (1 << 16) - 1
"""Of so many runs, four counts fit into one integer: they are added up at once, for it is memory that takes time."""
KNOWN = [(times, 1 + several) for times in range(4) for several in range(2)]
"""A walk met a touchpoint so many times, and now once or several times more: what then is known and counted."""
MORE = np.array([min(times + now, 3) for times, now in KNOWN])
_COUNTS = np.array([1 | (t == 0) << 16 | (t < 2 <= t + now) << 48 for t, now in KNOWN], np.uint64)
_BY_EVENT = np.empty(0, np.int32)
_BY_EVENT.setflags(write=False)


class Scratch(NamedTuple):
    """Per group and touchpoint counts, times and marks; per pair walks, and the walk that met it last."""

    touches: Ints  # [groups · touchpoints, 8]
    pairs: Ints  # [pairs + 1, 2]
    histogram: Histogram
    events: Ints  # [groups · names, 1 + touchpoints] by name and touchpoint (0: none), or just by name
    serial: Ints  # [1] walks so far


class Touchpoints(Measure):
    """Tally: `touches` [groups, touchpoints, 6]; `touch_pairs` [groups, touchpoints²] walks; `touch_wait` a row a pair.

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

    @property
    def rows(self) -> int:
        """How many sets of durations there are."""
        return self.groups * self.touches * (self.touches + (not self.by_pair_only))

    @property
    def belongs(self) -> Codes:
        """Those of a pair belong to the touchpoint that is entered, too; these rows come after all pairs."""
        pairs = np.arange(self.groups * self.touches**2, dtype=np.int32)
        group, entered = pairs // max(1, self.touches**2), pairs % max(1, self.touches)
        into = pairs.size + group * self.touches + entered
        return pairs[:, None] if self.by_pair_only else np.stack([pairs, into], axis=1)

    def scratch(self) -> Scratch:
        """Empty."""
        items = self.groups * self.touches
        touches = np.zeros((items, 8), np.int64)
        touches[:, _FIRST_TIME], touches[:, _LAST_TIME] = NEVER.max, NEVER.min
        return Scratch(
            touches,
            np.zeros((self.groups * self.touches**2 + 1, 2), np.int64),
            self.blank(),
            np.zeros((self.groups * self.names, 1 if self.by_event is not None else 1 + self.touches), np.int64),
            np.zeros(1, np.int64),
        )

    def count(self, scratch: Scratch, block: Block) -> None:
        """Add the walks of a block."""
        serial, waits = int(scratch.serial[0]), self.timed(block)
        self.tell(block, scratch.events)
        _count(
            block.touch_runs, block.time, block.group, block.person, self.question.several, self.touches,
            self.groups > 1, scratch.touches, serial,
        )  # fmt: skip
        count_walks(waits.row, block.touch_runs.walk, scratch.pairs, serial)
        scratch.serial[0] += block.walks.begin.size

    def tally(self, scratches: list[Scratch]) -> Tally:
        """What was counted."""
        counts = np.stack([s.touches for s in scratches]).reshape(len(scratches), self.groups, self.touches, 8)
        runs, cases, customers, repeats = np.moveaxis(counts[..., :_FIRST_TIME].sum(axis=0), -1, 0)
        waits = added([s.histogram for s in scratches])
        left = waits.reshape(self.groups, self.touches, self.touches, waits.shape[1]).sum(axis=(2, 3))
        of_names = self.of_names([s.events for s in scratches])
        sums = np.empty((self.groups, self.touches, 6), np.int64)
        sums[..., EVENTS] = of_names[..., 1:].sum(axis=1)
        sums[..., CASES], sums[..., REPEAT_CASES] = cases, repeats
        sums[..., CUSTOMERS] = customers if self.question.several else cases
        sums[..., LOOPS], sums[..., LAST] = runs - cases, runs - left
        pairs = np.sum([s.pairs[:-1, 0] for s in scratches], axis=0)
        return Tally(
            {
                "touches": sums,
                "touch_pairs": pairs.reshape(self.groups, self.touches**2),
                "touch_wait": waits,
                "matched": of_names[..., 1:].sum(axis=2),
            },
            {"touch_first": counts[..., _FIRST_TIME].min(axis=0)},
            {"touch_last": counts[..., _LAST_TIME].max(axis=0)},
        )

    def tell(self, block: Block, events: Ints) -> None:
        """Add the events of a block."""
        touch = _BY_EVENT if self.by_event is not None else block.touch
        _tell(block.event, block.walk, block.group, touch, self.names, self.groups > 1, events)

    def of_names(self, told: Sequence[Ints]) -> Ints:
        """Events by group, name and touchpoint (0: none)."""
        counted: Ints = np.sum(told, axis=0)
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

    def find(self, block: Block) -> Durations:
        """From the end of a run to the beginning of the next one of the same walk, by pair."""
        size = block.touch_runs.code.size
        found = Durations(block.pad.array("touch pair", size, np.int32), block.pad.array("touch wait", size, np.int64))
        nowhere = self.groups * self.touches**2
        _find(block.touch_runs, block.time, block.group, self.touches, self.groups > 1, nowhere, *found)
        return found


@kernel
def _tell(event: Codes, walk: Codes, group: Codes, touch: Codes, names: int, several: bool, events: Ints) -> None:
    for i in range(u64(event.size)):
        w = walk[i]
        n = u64(event[i])
        if several and w >= 0:
            n += u64(group[w]) * u64(names)
        events[n, u64(0) if touch.size == 0 else u64(1 + touch[i])] += w >= 0


@kernel
def _count(
    runs: Runs, time: Ints, group: Codes, person: Ints, several: bool, touches: int, grouped: bool, out: Ints,
    serial: int,
) -> None:  # fmt: skip
    """A mark says in which walk a touchpoint was met last, times four, plus how often (three for more)."""
    two, one = np.int64(2), np.int64(1)
    packed = np.zeros(out.shape[0], np.uint64)
    for first in range(0, runs.code.size, _CHUNK):
        for k in range(u64(first), u64(min(first + _CHUNK, runs.code.size))):
            w = runs.walk[k]
            r = u64(runs.code[k])
            if grouped:
                r += u64(group[w]) * u64(touches)
            met = np.int64(serial + w + 1) << two
            since = out[r, _SEEN] - met
            several_events = positive(np.int64(runs.to[k]) - runs.at[k]) & one
            which = u64((since & positive(since)) << one | several_events)
            out[r, _SEEN] = met + MORE[which]
            counts = _COUNTS[which]
            if several:
                counts |= u64(differ(out[r, _PERSON], person[w] + 1) & one) << u64(32)
                out[r, _PERSON] = person[w] + 1
            packed[r] += counts
            if time[u64(runs.at[k])] < out[r, _FIRST_TIME]:
                out[r, _FIRST_TIME] = time[u64(runs.at[k])]
            if time[u64(runs.to[k])] > out[r, _LAST_TIME]:
                out[r, _LAST_TIME] = time[u64(runs.to[k])]
        for i in range(u64(out.shape[0])):
            for each in range(4):
                out[i, each] += np.int64(packed[i] >> u64(16 * each) & u64(_CHUNK))
            packed[i] = u64(0)


@kernel
def _find(
    runs: Runs, time: Ints, group: Codes, touches: int, grouped: bool, nowhere: int, row: Codes, wait: Ints
) -> None:
    one = u64(1)
    if runs.code.size > 0:
        row[0] = nowhere
        wait[0] = 0
    for k in range(one, u64(runs.code.size)):
        wait[k] = time[u64(runs.at[k])] - time[u64(runs.to[k - one])]
        pair = runs.code[k - one] * np.int32(touches) + runs.code[k]
        if grouped:
            pair += group[runs.walk[k]] * np.int32(touches) * np.int32(touches)
        row[k] = pair if runs.walk[k] == runs.walk[k - one] else np.int32(nowhere)
