"""Ordered funnels with a window, in the modes of ClickHouse's `windowFunnel`.

A walk reaches step k when it has events p₁ ≤ … ≤ pₖ in the total order, pⱼ among the names of step j, with
time(pₖ) ≤ time(p₁) + window; events in between do not matter, one event may fill several steps, and of all chains, from
whichever first step, the longest counts. It is enough to know, for each step, the latest start of a chain that got
there. A strict mode allows fewer chains:

- `increase`: each step is later than the one before, not at the same time;
- `once`: an event fills one step only;
- `order`: nothing lies between the steps: each is filled by the very next event;
- `deduplication`: an event fills one step only, and one of a step that a chain has passed already ends that chain (the
  last step that it fills may be such an event).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np

from desirepath.errors import DesirepathError
from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import kernel
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks

MOST_STEPS = 60
Mode = Literal["any", "increase", "once", "order", "deduplication"]
MODES = ("any", "increase", "once", "order", "deduplication")
_ENDLESS = 1 << 61
_LONG_AGO = -(1 << 62)
_NONE = -(1 << 63)


class Funnels(Measure):
    """Tally: `levels` [groups, steps + 1] walks by the furthest step that they reach."""

    name = "funnels"

    def __init__(
        self, question: Question, steps: Sequence[Collection[int]], window_s: float, mode: Mode = "any"
    ) -> None:
        super().__init__(question)
        if not window_s >= 0:
            raise DesirepathError(f"a window of {window_s} seconds", hint="a window is zero or longer")
        if mode not in MODES:
            raise DesirepathError(f"a funnel of mode {mode!r}", hint=f"the modes are {', '.join(MODES)}")
        self.mode = MODES.index(mode)
        self.window = round(window_s * 1e6) if window_s < _ENDLESS / 1e6 else _ENDLESS
        self.steps = len(steps)
        self.fills = _bits(len(question.log.event_names), steps)
        self.step = _only_step(self.fills, self.steps)

    def scratch(self) -> Ints:
        """No walks yet."""
        return np.zeros((self.groups, self.steps + 1), np.int64)

    def count(self, scratch: Ints, block: Block) -> None:
        """Add the walks of a block."""
        args = (block.walks, block.group, block.time, block.event)
        if self.mode == 0 and self.step is not None:
            climb(*args, self.step, self.window, scratch)
        else:
            climb_any(*args, self.fills, self.window, self.mode, scratch)

    def tally(self, scratches: list[Ints]) -> Tally:
        """What was counted."""
        return Tally({"levels": np.sum(scratches, axis=0)})


def _bits(names: int, steps: Sequence[Collection[int]]) -> Ints:
    """Per event name the steps that it fills, as bits."""
    if not 0 < len(steps) <= MOST_STEPS:
        raise DesirepathError(f"a funnel of {len(steps)} steps", hint=f"it has 1 to {MOST_STEPS} steps")
    bits = np.zeros(names, np.int64)
    for k, codes in enumerate(steps):
        for code in set(codes):
            if not 0 <= code < names:
                raise DesirepathError(f"step {k + 1} asks for event {code}", hint=f"there are {names} event names")
            bits[code] |= 1 << k
    bits.setflags(write=False)
    return bits


def _only_step(fills: Ints, steps: int) -> Codes | None:
    """Per event name the one step that it fills, `steps` + 1 for none; None where one fills several."""
    if (fills & (fills - 1)).any():
        return None
    step = np.full(fills.size, steps + 1, np.int32)
    for k in range(steps):
        step[fills == 1 << k] = k
    step.setflags(write=False)
    return step


@kernel
def climb(walks: Walks, group: Codes, time: Ints, event: Codes, step: Codes, window: int, levels: Ints) -> None:
    """Count walks by group and the furthest step they reach."""
    last = levels.shape[1] - 1
    start = np.empty(last + 3, np.int64)  # of a chain with so many steps the latest start; of none, now
    for w in range(walks.begin.size):
        start[:] = _LONG_AGO
        level = 0
        for i in range(walks.begin[w], walks.end[w]):
            k = np.int64(step[event[i]])
            start[0] = time[i]
            since = start[k]
            reached = time[i] - since <= window
            start[k + 1] = since if reached else start[k + 1]
            level = max(level, k + 1 if reached else 0)
        levels[group[w], level] += 1


@kernel
def climb_any(
    walks: Walks, group: Codes, time: Ints, event: Codes, fills: Ints, window: int, mode: int, levels: Ints
) -> None:
    """The same in any mode, and where an event fills several steps."""
    last = levels.shape[1] - 1
    start = np.empty(last + 1, np.int64)  # of the chains that may go on, the latest start by the steps they have
    fresh = np.empty(last + 1, np.int64)  # the same of those that this moment's events made (mode `increase`)
    for w in range(walks.begin.size):
        level = 0
        now = np.int64(_NONE)
        if mode != 0:
            start[:] = _NONE
            fresh[:] = _NONE
        for i in range(walks.begin[w], walks.end[w]):
            bits = fills[event[i]]
            if mode == 0:
                k = 0
                while bits != 0 and k <= level:
                    if bits & 1:
                        if k == 0:
                            start[0] = time[i]
                            level = max(level, 1)
                        elif time[i] - start[k - 1] <= window:
                            start[k] = start[k - 1]
                            level = max(level, k + 1)
                    bits >>= 1
                    k += 1
            else:
                if mode == 1 and time[i] != now:
                    for k in range(level):
                        start[k] = max(start[k], fresh[k])
                    fresh[:] = _NONE
                    now = time[i]
                level = _strictly(bits, time[i], window, mode, level, last, start, fresh)
            if level == last:
                break
        levels[group[w], level] += 1


@kernel
def _strictly(bits: int, now: int, window: int, mode: int, level: int, last: int, start: Ints, fresh: Ints) -> int:
    """One event in a strict mode; returns the furthest step reached."""
    made = fresh if mode == 1 else start
    reached = level
    for k in range(min(level, last - 1), -1, -1):
        filled = bits >> k & 1 == 1
        since = np.int64(_NONE)
        if filled and k == 0:
            since = np.int64(now)
        elif filled and start[k - 1] != _NONE and now - start[k - 1] <= window:
            since = start[k - 1]
        if mode == 4 and filled:
            for j in range(k, last):
                start[j] = _NONE  # chains that have passed this step end here
        if mode == 3:
            start[k] = since
        elif since != _NONE:
            made[k] = max(made[k], since)
        if since != _NONE:
            reached = max(reached, k + 1)
    return reached
