"""Unbroken runs: neighbouring events of one touchpoint or stage (unmatched ones between them left out) become one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from desirepath.eventlog.jit import frozen, kernel, u64
from desirepath.eventlog.pad import Pad
from desirepath.eventlog.unpacking import Codes


class Runs(NamedTuple):
    """Of each run its code, its first and its last event as places in the block, and its walk."""

    code: Codes
    at: Codes
    to: Codes
    walk: Codes


def runs_of(walk: Codes, code: Codes, pad: Pad, name: str) -> Runs:
    """Runs of events of one walk with the same code, walk by walk; those with code −1, or outside of any walk, are left
    out. They are put on the pad under the name.
    """
    runs = Runs(*(pad.array(f"{name} {c}", code.size + 1, np.int32) for c in Runs._fields))
    found = _find(walk, code, *runs)
    return frozen(Runs(*(column[:found] for column in runs)))


def merged(runs: Runs, codes: Codes, pad: Pad, name: str) -> Runs:
    """Runs of runs whose codes stand for the same code (`codes[code]`)."""
    out = Runs(*(pad.array(f"{name} {c}", runs.code.size + 1, np.int32) for c in Runs._fields))
    found = _merge(runs, codes, *out)
    return frozen(Runs(*(column[:found] for column in out)))


@kernel
def _find(of_walk: Codes, of_event: Codes, code: Codes, at: Codes, to: Codes, walk: Codes) -> np.uint64:
    """Every event is written where the next run would begin, and stays if one does: no branch is guessed wrong."""
    nowhere = u64(code.size - 1)
    one = u64(1)
    found = u64(0)
    before = np.int32(-1)
    last = np.int32(-1)
    for i in range(u64(of_event.size)):
        c = of_event[i]
        w = of_walk[i]
        on = (c >= 0) & (w >= 0)
        code[found] = c
        at[found] = i
        walk[found] = w
        found += u64(on & ((c != before) | (w != last)))
        to[found - one if on else nowhere] = i
        before = c if on else before
        last = w if on else last
    return found


@kernel
def _merge(runs: Runs, codes: Codes, code: Codes, at: Codes, to: Codes, walk: Codes) -> np.uint64:
    one = u64(1)
    found = u64(0)
    before = np.int32(-1)
    last = np.int32(-1)
    for k in range(u64(runs.code.size)):
        c = codes[u64(runs.code[k])]
        w = runs.walk[k]
        code[found] = c
        at[found] = runs.at[k]
        walk[found] = w
        found += u64((c != before) | (w != last))
        to[found - one] = runs.to[k]
        before = c
        last = w
    return found
