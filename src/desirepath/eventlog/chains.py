"""Chains of steps within a window: how far each walk gets. The semantics are those of ClickHouse's `windowFunnel`.

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
from dataclasses import dataclass
from typing import Literal

import numpy as np

from desirepath.errors import DesirepathError
from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.masks import positive
from desirepath.eventlog.model import Ints
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks

MOST_STEPS = 60
FEW = 6
"""For so many steps the state of a chain fits into the processor's registers."""
Mode = Literal["any", "increase", "once", "order", "deduplication"]
MODES = ("any", "increase", "once", "order", "deduplication")
_ENDLESS = 1 << 61
_LONG_AGO = -(1 << 62)
_NONE = -(1 << 63)


@dataclass(frozen=True)
class Chain:
    """The steps that each event name fills, as bits; `step` is the only one, where no name fills several."""

    steps: int
    fills: Ints
    step: Codes | None
    window: int  # µs
    mode: int

    @classmethod
    def of(cls, names: int, steps: Sequence[Collection[int]], window_s: float, mode: Mode = "any") -> Chain:
        """A step is any of these codes of event names; the window may be infinite."""
        if not window_s >= 0:
            raise DesirepathError(f"a window of {window_s} seconds", hint="a window is zero or longer")
        if mode not in MODES:
            raise DesirepathError(f"a funnel of mode {mode!r}", hint=f"the modes are {', '.join(MODES)}")
        fills = _bits(names, steps)
        window = round(window_s * 1e6) if window_s < _ENDLESS / 1e6 else _ENDLESS
        return cls(len(steps), fills, _only_step(fills, len(steps)), window, MODES.index(mode))

    def reached(self, walks: Walks, time: Ints, event: Codes) -> Ints:
        """How many steps each walk gets."""
        level = np.empty(walks.begin.size, np.int64)
        if self.mode == 0 and self.step is not None and self.steps <= FEW:
            climb_few(walks, time, event, self.step, self.window, level)
        elif self.mode == 0 and self.step is not None:
            climb(walks, time, event, self.step, self.steps, self.window, level)
        else:
            climb_any(walks, time, event, self.fills, self.steps, self.window, self.mode, level)
        return level


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
def climb_few(walks: Walks, time: Ints, event: Codes, step: Codes, window: int, level: Ints) -> None:
    """The furthest step of each walk, where an event fills one step at most and steps are few.

    `s1` … `s6` are the latest starts of chains with so many steps. All are renewed at every event, by masks (−1 where
    the event is that step and in time, else 0): waiting for memory, or guessing a branch wrong, would take longer.
    """
    never, one = np.int64(_LONG_AGO), np.int64(1)
    for w in range(walks.begin.size):
        s1, s2, s3, s4, s5, s6 = never, never, never, never, never, never
        for i in range(u64(walks.begin[w]), u64(walks.end[w])):
            fills = one << np.int64(step[u64(event[i])])
            now = time[i]
            before = now - window - one
            mask = positive(s5 - before) & -(fills >> np.int64(5) & one)
            s6 = (s5 & mask) | (s6 & ~mask)
            mask = positive(s4 - before) & -(fills >> np.int64(4) & one)
            s5 = (s4 & mask) | (s5 & ~mask)
            mask = positive(s3 - before) & -(fills >> np.int64(3) & one)
            s4 = (s3 & mask) | (s4 & ~mask)
            mask = positive(s2 - before) & -(fills >> np.int64(2) & one)
            s3 = (s2 & mask) | (s3 & ~mask)
            mask = positive(s1 - before) & -(fills >> one & one)
            s2 = (s1 & mask) | (s2 & ~mask)
            mask = -(fills & one)
            s1 = (now & mask) | (s1 & ~mask)
        level[w] = (
            np.int64(s1 > never) + np.int64(s2 > never) + np.int64(s3 > never)
            + np.int64(s4 > never) + np.int64(s5 > never) + np.int64(s6 > never)
        )  # fmt: skip


@kernel
def climb(walks: Walks, time: Ints, event: Codes, step: Codes, steps: int, window: int, level: Ints) -> None:
    """The furthest step of each walk, where an event fills one step at most."""
    start = np.empty(steps + 3, np.int64)  # of a chain with so many steps the latest start; of none, now
    for w in range(walks.begin.size):
        start[:] = _LONG_AGO
        best = np.int64(0)
        for i in range(u64(walks.begin[w]), u64(walks.end[w])):
            k = u64(step[u64(event[i])])
            now = time[i]
            start[0] = now
            since = start[k]
            reached = now - since <= window
            k += u64(1)
            start[k] = since if reached else start[k]
            best = max(best, np.int64(k) if reached else np.int64(0))
        level[w] = best


@kernel
def climb_any(
    walks: Walks, time: Ints, event: Codes, fills: Ints, steps: int, window: int, mode: int, level: Ints
) -> None:
    """The same in any mode, and where an event fills several steps."""
    start = np.empty(steps + 1, np.int64)  # of the chains that may go on, the latest start by the steps they have
    fresh = np.empty(steps + 1, np.int64)  # the same of those that this moment's events made (mode `increase`)
    for w in range(walks.begin.size):
        best = 0
        now = np.int64(_NONE)
        start[:] = _NONE
        fresh[:] = _NONE
        for i in range(walks.begin[w], walks.end[w]):
            bits = fills[event[i]]
            if mode == 0:
                best = _loosely(bits, time[i], window, best, steps, start)
            else:
                if mode == 1 and time[i] != now:
                    for k in range(best):
                        start[k] = max(start[k], fresh[k])
                    fresh[:] = _NONE
                    now = time[i]
                best = _strictly(bits, time[i], window, mode, best, steps, start, fresh)
            if best == steps:
                break
        level[w] = best


@kernel
def _loosely(bits: int, now: int, window: int, best: int, steps: int, start: Ints) -> int:
    """One event that may fill several steps; returns the furthest step reached."""
    k = 0
    while bits != 0 and k <= best and k < steps:
        if bits & 1:
            if k == 0:
                start[0] = now
                best = max(best, 1)
            elif now - start[k - 1] <= window:
                start[k] = start[k - 1]
                best = max(best, k + 1)
        bits >>= 1
        k += 1
    return best


@kernel
def _strictly(bits: int, now: int, window: int, mode: int, best: int, steps: int, start: Ints, fresh: Ints) -> int:
    """One event in a strict mode; returns the furthest step reached."""
    made = fresh if mode == 1 else start
    reached = best
    for k in range(min(best, steps - 1), -1, -1):
        filled = bits >> k & 1 == 1
        since = np.int64(_NONE)
        if filled and k == 0:
            since = np.int64(now)
        elif filled and start[k - 1] != _NONE and now - start[k - 1] <= window:
            since = start[k - 1]
        if mode == 4 and filled:
            for j in range(k, steps):
                start[j] = _NONE  # chains that have passed this step end here
        if mode == 3:
            start[k] = since
        elif since != _NONE:
            made[k] = max(made[k], since)
        if since != _NONE:
            reached = max(reached, k + 1)
    return reached
