"""The durations of a block as a list of (item, duration), from which all waits and dwells are measured alike."""

from __future__ import annotations

import numpy as np

from desirepath.eventlog.jit import kernel
from desirepath.eventlog.kernels import place
from desirepath.eventlog.model import Ints
from desirepath.eventlog.walks import Walks


@kernel
def durations(
    walks: Walks,
    event: Ints,
    time: Ints,
    touch: Ints,
    stage: Ints,
    names: int,
    touches: int,
    pair_key: Ints,
    pair_item: Ints,
    first_item: Ints,
    item: Ints,
    duration: Ints,
) -> int:
    """List every duration of a block under its item; returns how many.

    Items: pairs of event names, then pairs of touchpoints, touchpoints and stages from `first_item` on.
    """
    n = 0
    for w in range(walks.begin.size):
        if not walks.inside[w]:
            continue
        t0 = -1
        s0 = -1
        touched = 0
        visit = np.int64(0)
        for i in range(walks.begin[w], walks.end[w]):
            if i > walks.begin[w]:
                item[n] = pair_item[place(pair_key, event[i - 1] * names + event[i] + 1)]
                duration[n] = time[i] - time[i - 1]
                n += 1
            t = touch[i]
            if t < 0:
                continue
            s = stage[t]
            if t0 >= 0 and t != t0:
                item[n] = first_item[0] + t0 * touches + t
                item[n + 1] = first_item[1] + t
                duration[n] = time[i] - time[touched]
                duration[n + 1] = duration[n]
                n += 2
            if s != s0:
                if s0 >= 0:
                    item[n] = first_item[2] + s0
                    duration[n] = time[i] - visit
                    n += 1
                visit = time[i]
            t0 = t
            s0 = s
            touched = i
    return n
