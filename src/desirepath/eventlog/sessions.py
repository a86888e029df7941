"""The sessions that whole cases fall into, and what happens in them, run by run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from desirepath.eventlog.blocks import Block
from desirepath.eventlog.jit import Int, frozen, kernel, u64
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Ints, Rules, Scope
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import cut


def nests(log: Log, rules: Rules, scope: Scope) -> bool:
    """Whether cases are whole histories, and all sessions of those in scope count: it chooses neither by time nor by
    what happens.
    """
    shortened = rules.session_gap is not None or (rules.trim and (rules.start, rules.end) != (None, None))
    chosen = scope.start is not None or scope.end is not None or bool(scope.paths)
    by_case = all(name in log.columns and log.columns[name].per_case for name in scope.where)
    return by_case and not (shortened or chosen) and log.notion == "customer"


class Runs(NamedTuple):
    """Unbroken runs of events of a session at one touchpoint: of each its code, its first and its last event as places
    in the block, its session and its case.
    """

    code: Codes
    at: Codes
    to: Codes
    session: Codes
    case: Codes


class Sessions:
    """The sessions of a block whose walks are whole cases: a new one begins after each pause longer than `gap` µs."""

    def __init__(self, block: Block, gap: int) -> None:
        size = int(block.bounds[-1])
        begins = block.pad.array("begins", size, np.int32)
        out = Runs(*(block.pad.array(f"session {column}", size + 1, np.int32) for column in Runs._fields))
        found, self.count = (int(n) for n in _read(block.bounds, block.time, gap, block.touch, begins, *out))
        self.runs = frozen(Runs(*(column[:found] for column in out)))
        if block.question.flagged:
            how = block.question.how._replace(gap=gap)
            self.finish = cut(block.bounds, block.time, block.flags, how, block.pad, "session").finish
        else:
            (self.finish,) = frozen((np.full(self.count, -1),))

    @classmethod
    def of(cls, block: Block, gap: int) -> Sessions:
        """Those of a block; whoever asks first has them found."""
        known: Sessions | None = block.memo.get("sessions")
        if known is None:
            known = block.memo["sessions"] = cls(block, gap)
        return known


@kernel
def _read(
    bounds: Ints, time: Ints, gap: int, touch: Codes, begins: Codes, code: Codes, at: Codes, to: Codes, session: Codes,
    case: Codes,
) -> tuple[np.uint64, np.int32]:  # fmt: skip
    """Returns how many runs and how many sessions there are. Every event is written where the next run would begin, and
    stays if one does: no branch is guessed wrong.
    """
    begins[:] = 0
    for c in range(bounds.size - 1):
        begins[u64(bounds[c])] = 1
    nowhere, one = u64(code.size - 1), u64(1)
    found = u64(0)
    of_case, now, here, last = np.int32(-1), np.int32(-1), np.int32(-1), np.int32(-1)
    before: Int = np.int64(0)
    for i in range(u64(begins.size)):
        t: Int = time[i]
        of_case += begins[i]
        now += begins[i] | np.int32(t - before > gap)
        before = t
        touched = touch[i]
        on = touched >= 0
        code[found], at[found], session[found], case[found] = touched, i, now, of_case
        found += u64(on & ((touched != here) | (now != last)))
        to[found - one if on else nowhere] = i
        here = touched if on else here
        last = now if on else last
    return found, now + np.int32(1)
