"""Cutting cases into walks: what counts as one case under the journey's rules and the scope.

A *walk* is a case of the log or a session of it, cut to its start and end where the rules trim.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.jit import kernel
from desirepath.eventlog.model import Ints


class Walks(NamedTuple):
    """The walks of a block: events [begin, end) of its arrays."""

    begin: Ints
    end: Ints
    case: Ints  # index in the log
    finish: Ints  # the event that reaches the end rule, −1 without
    inside: NDArray[np.bool_]  # in scope


@kernel
def cut(
    offset: Ints,
    time: Ints,
    flags: Ints,
    first_case: int,
    gap: int,
    trim_start: bool,
    trim_end: bool,
    nth: int,
    needed: int,
    start: int,
    end: int,
    walks: Walks,
) -> int:
    """Cut a block into walks; returns how many. `gap` −1 cuts no sessions, `nth` 0 knows no end.

    A walk is in scope when its first event lies in [start, end) and its events together have all the needed flags.
    Where the start is trimmed and missing, there is no walk.
    """
    found = 0
    for c in range(offset.size - 1):
        a = offset[c]
        while a < offset[c + 1]:
            z = a + 1
            while z < offset[c + 1] and (gap < 0 or time[z] - time[z - 1] <= gap):
                z += 1
            b = a
            a = z
            if trim_start:
                while b < z and flags[b] & 1 == 0:
                    b += 1
                if b == z:
                    continue
            finish = -1
            reached = 0
            seen = 0
            for i in range(b, z if nth > 0 or needed > 0 else b):
                seen |= flags[i]
                if nth > 0 and flags[i] & 2:
                    reached += 1
                    if reached == nth:
                        finish = i
                        if trim_end:
                            z = i + 1
                            break
            walks.begin[found] = b
            walks.end[found] = z
            walks.case[found] = first_case + c
            walks.finish[found] = finish
            walks.inside[found] = start <= time[b] < end and seen & needed == needed
            found += 1
    return found
