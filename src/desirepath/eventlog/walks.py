"""Cutting cases into walks: what counts as one case under the journey's rules and the scope.

A *walk* is a case of the log or a session of it, cut to its start and end where the rules trim.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.jit import Int, frozen, kernel, u64
from desirepath.eventlog.model import Ints
from desirepath.eventlog.pad import Pad
from desirepath.eventlog.unpacking import Codes


class Walks(NamedTuple):
    """The walks of a block: events [begin, end) of its arrays."""

    begin: Ints
    end: Ints
    case: Ints  # place among the cases of the block
    finish: Ints  # the event that reaches the end rule, −1 without
    inside: NDArray[np.bool_]  # in scope


class Cut(NamedTuple):
    """How to cut. `gap` −1 cuts no sessions, `nth` 0 knows no end; times are µs."""

    gap: int
    trim_start: bool
    trim_end: bool
    nth: int
    needed: int  # flags that the events of a walk in scope have together
    start: int
    end: int


_AT_HAND = 1 << 17
_NUMBERS, _NEVER, _INSIDE = frozen((np.arange(_AT_HAND), np.full(_AT_HAND, -1), np.ones(_AT_HAND, np.bool_)))
"""What is known of so many whole cases."""


def whole(bounds: Ints) -> Walks:
    """Every case as it is, all of them in scope."""
    n = bounds.size - 1
    if n <= _AT_HAND:
        return Walks(*frozen((bounds[:-1], bounds[1:])), _NUMBERS[:n], _NEVER[:n], _INSIDE[:n])
    return frozen(Walks(bounds[:-1], bounds[1:], np.arange(n), np.full(n, -1), np.ones(n, np.bool_)))


def cut(bounds: Ints, time: Ints, flags: Ints, how: Cut, pad: Pad, name: str = "walk") -> Walks:
    """Cut the cases that lie at `bounds`; `flags` may be empty where none are asked for. The walks are on the pad,
    under the name.
    """
    most = (time.size if how.gap >= 0 else bounds.size - 1) + 1
    begin, end, case, finish = (pad.array(f"{name} {column}", most, np.int64) for column in Walks._fields[:4])
    inside = pad.array(f"{name} inside", most, np.bool_)
    if how.gap >= 0 and not flags.size:
        n = int(_sessions(bounds, time, how, begin, end, case, inside))
        finish[:n] = -1
        return frozen(Walks(begin[:n], end[:n], case[:n], finish[:n], inside[:n]))
    n = _cut(bounds, time, flags, how, begin, end, case, finish, inside)
    return frozen(Walks(begin[:n], end[:n], case[:n], finish[:n], inside[:n]))


def within(walks: Walks) -> Walks:
    """Only those in scope."""
    if walks.inside.all():
        return walks
    begin, end, case, finish, inside = walks
    return frozen(Walks(begin[inside], end[inside], case[inside], finish[inside], inside[inside]))


def numbered(walks: Walks, out: Codes) -> Codes:
    """The number of each event's walk, −1 for events outside of any."""
    _number(walks, out)
    out.setflags(write=False)
    return out


@kernel
def _number(walks: Walks, out: Codes) -> None:
    """Begins and ends are marked, then added up: a loop over the events of each walk would end unforeseen each time."""
    out[:] = 0
    for w in range(walks.begin.size):
        out[u64(walks.begin[w])] = 1
    n = np.int32(-1)
    for i in range(u64(out.size)):
        n += out[i]
        out[i] = n
    for w in range(walks.begin.size):
        after = walks.begin[w + 1] if w + 1 < walks.begin.size else out.size
        out[walks.end[w] : after] = -1
    if walks.begin.size > 0:
        out[: walks.begin[0]] = -1


@kernel
def _sessions(
    bounds: Ints, time: Ints, how: Cut, begin: Ints, end: Ints, case: Ints, inside: NDArray[np.bool_]
) -> np.uint64:
    """The same where only pauses cut and no event is looked at."""
    starts = np.zeros(time.size + 1, np.int8)
    for k in range(bounds.size - 1):
        starts[u64(bounds[k])] = 1
    found, one = u64(0), u64(1)
    c: Int = np.int64(-1)
    before: Int = np.int64(0)
    for i in range(u64(time.size)):
        now: Int = time[i]
        c += np.int64(starts[i])
        begin[found] = i
        case[found] = c
        found += u64((starts[i] == 1) | (now - before > how.gap))
        end[found - one] = i + one
        before = now
    for w in range(found):
        first = time[u64(begin[w])]
        inside[w] = (how.start <= first) & (first < how.end)
    return found


@kernel
def _cut(
    bounds: Ints,
    time: Ints,
    flags: Ints,
    how: Cut,
    begin: Ints,
    end: Ints,
    case: Ints,
    finish: Ints,
    inside: NDArray[np.bool_],
) -> int:
    """A walk is in scope when its first event lies in [start, end) and its events together have all needed flags.

    Where the start is trimmed and missing, there is no walk.
    """
    found = 0
    for c in range(bounds.size - 1):
        a = bounds[c]
        while a < bounds[c + 1]:
            z = a + 1
            if how.gap < 0:
                z = bounds[c + 1]
            while z < bounds[c + 1] and time[z] - time[z - 1] <= how.gap:
                z += 1
            b = a
            a = z
            if how.trim_start:
                while b < z and flags[b] & 1 == 0:
                    b += 1
                if b == z:
                    continue
            last = -1
            reached = 0
            seen = 0
            for i in range(b, z if flags.size > 0 else b):
                seen |= flags[i]
                if how.nth > 0 and flags[i] & 2:
                    reached += 1
                    if reached == how.nth:
                        last = i
                        if how.trim_end:
                            z = i + 1
                            break
            begin[found] = b
            end[found] = z
            case[found] = c
            finish[found] = last
            inside[found] = how.start <= time[b] < how.end and seen & how.needed == how.needed
            found += 1
    return found
