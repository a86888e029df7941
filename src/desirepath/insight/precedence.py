"""Who comes before whom: for each pair of events, in how many walks the one is first met before the other.

A *walk* is a case, cut where nothing happens for longer than the pause between visits. That pause is read off the gaps
between a case's events: on a logarithmic scale they form two hills, inside a visit and between visits, and the pause
lies in the valley between them. Two events that seldom meet in a walk are compared over the whole case instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.jit import kernel
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Floats, Ints

MET = 20
"""Walks in which two events must meet before what happens within walks is believed."""
DEPTH = 3.0
"""How much lower than its lower hill a valley must be."""
SHORTEST, LONGEST = 9, 22  # powers of two of a second: eight minutes to seven weeks
PAUSES = (1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400, 14 * 86400)


@dataclass(frozen=True)
class Precedence:
    """Counts over the kept event names; [a, b] is a before b, or a directly followed by b within a walk."""

    first: Floats
    steps: Floats
    events: Ints
    starts: Ints  # walks that begin with it
    ends: Ints  # walks that end with it
    case_starts: Ints  # cases that begin with it
    walks: int
    pause_s: int | None  # None: no valley, walks are whole cases


def precedence(log: Log, kinds: Sequence[Sequence[int]]) -> Precedence:
    """Counted over kinds of events, each given by the codes of its names; all other events are passed over."""
    index = np.full(len(log.event_names), -1, np.int64)
    for kind, codes in enumerate(kinds):
        index[list(codes)] = kind
    offset, time, names, _ = log.flat()
    event = index[names]
    pause = _pause(_gaps(offset, time))
    far, _, case_starts, _, _ = _count(offset, time, event, len(kinds), -1)
    cut = -1 if pause is None else pause * 1_000_000
    near, steps, starts, ends, walks = _count(offset, time, event, len(kinds), cut)
    first = np.where(near + near.T >= MET, near, far).astype(np.float64)
    events = np.bincount(event[event >= 0], minlength=len(kinds))
    return Precedence(first, steps.astype(np.float64), events, starts, ends, case_starts, walks, pause)


def _count(offset: Ints, time: Ints, event: Ints, names: int, pause: int) -> tuple[Ints, Ints, Ints, Ints, int]:
    first, steps = np.zeros((names, names), np.int64), np.zeros((names, names), np.int64)
    starts, ends = np.zeros(names, np.int64), np.zeros(names, np.int64)
    walks = _walk(offset, time, event, pause, first, steps, starts, ends)
    return first, steps, starts, ends, int(walks)


@kernel
def _walk(offset: Ints, time: Ints, event: Ints, pause: int, first: Ints, steps: Ints, starts: Ints, ends: Ints) -> int:
    """Adds every walk to the counts; `pause` −1 never cuts. Returns the number of walks."""
    names = starts.size
    seen = np.full(names, -1, np.int64)  # the walk that met it last
    met = np.empty(names, np.int64)  # in the order met
    walk = -1
    for c in range(offset.size - 1):
        before = -1
        at = 0
        count = 0
        for i in range(offset[c], offset[c + 1]):
            e = event[i]
            if e < 0:
                continue
            if before < 0 or (pause >= 0 and time[i] - at > pause):
                if before >= 0:
                    ends[before] += 1
                walk += 1
                count = 0
                starts[e] += 1
            elif before != e:
                steps[before, e] += 1
            if seen[e] != walk:
                for k in range(count):
                    first[met[k], e] += 1
                met[count] = e
                count += 1
                seen[e] = walk
            before = e
            at = time[i]
        if before >= 0:
            ends[before] += 1
    return walk + 1


@kernel
def _histogram(offset: Ints, time: Ints, hills: Ints) -> None:
    """Counts gaps between a case's neighbouring events by the power of two of their seconds."""
    for c in range(offset.size - 1):
        for i in range(offset[c] + 1, offset[c + 1]):
            gap = (time[i] - time[i - 1]) // 1_000_000
            power = 0
            while gap > 1:
                gap >>= 1
                power += 1
            hills[min(power, hills.size - 1)] += 1


def _gaps(offset: Ints, time: Ints) -> Ints:
    hills = np.zeros(28, np.int64)
    _histogram(offset, time, hills)
    return hills


def _pause(gaps: Ints) -> int | None:
    """The usual pause nearest to the deepest valley of the histogram, or None where there is none worth the name."""
    smooth: NDArray[np.float64] = np.convolve(gaps.astype(np.float64), [0.25, 0.5, 0.25], "same")
    depth = [
        min(smooth[:power].max(), smooth[power + 1 :].max()) / max(smooth[power], 1.0)
        for power in range(SHORTEST, LONGEST)
    ]
    if max(depth) < DEPTH:
        return None
    deepest = float(np.median(np.flatnonzero(np.array(depth) == max(depth))))
    valley = 2.0 ** (SHORTEST + deepest + 0.5)
    return min(PAUSES, key=lambda usual: abs(np.log(usual / valley)))
