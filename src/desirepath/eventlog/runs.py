"""Unbroken runs: neighbouring events of one touchpoint or stage (unmatched ones between them left out) become one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.model import Ints
from desirepath.eventlog.pad import Pad
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks


class Runs(NamedTuple):
    """Walk w has the runs [begin[w], end[w]); of each its code, its first and its last event as places in the block."""

    begin: Ints
    end: Ints
    code: Codes
    at: Codes
    to: Codes


def runs_of(walks: Walks, code: Codes, pad: Pad, name: str) -> Runs:
    """Runs of events with the same code; those with code −1 are left out. They are put on the pad under the name."""
    begin, end = (pad.array(f"{name} {c}", walks.begin.size, np.int64) for c in ("begin", "end"))
    runs = Runs(begin, end, *(pad.array(f"{name} {c}", code.size + 1, np.int32) for c in ("run", "at", "to")))
    _find(walks, code, *runs)
    return _frozen(runs)


def _frozen(runs: Runs) -> Runs:
    for column in runs:
        column.setflags(write=False)
    return runs


@kernel
def _find(walks: Walks, of_event: Codes, begin: Ints, end: Ints, code: Codes, at: Codes, to: Codes) -> None:
    """Every event is written where the next run would begin, and stays if one does: no branch is guessed wrong."""
    nowhere = u64(code.size - 1)
    one = u64(1)
    found = u64(0)
    for w in range(walks.begin.size):
        begin[w] = found
        before = np.int32(-1)
        for i in range(u64(walks.begin[w]), u64(walks.end[w])):
            c = of_event[i]
            on = c >= 0
            code[found] = c
            at[found] = i
            found += u64(on & (c != before))
            to[found - one if on else nowhere] = i
            before = c if on else before
        end[w] = found
