"""A log is worked on in blocks of whole cases, small enough for the processor's cache, shared out among threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.jit import wrapping
from desirepath.eventlog.log import Log
from desirepath.eventlog.matching import Compiled, compile_rules
from desirepath.eventlog.model import Ints, Rules, Scope
from desirepath.eventlog.walks import Walks, cut

BLOCK = 1 << 16
"""Events of a block (a bigger case is a block of its own)."""
_FIRST, _LAST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
State = TypeVar("State")


@dataclass(frozen=True)
class Block:
    """The events of some cases, and the walks they are cut into (positions count from `first_event`).

    What a question does not ask for is not unpacked: of the codes of the events, and of their touchpoints where all
    have the same.
    """

    first_event: int
    codes: NDArray[np.integer]
    time: Ints
    touches: Ints | np.int64
    walks: Walks

    @cached_property
    def event(self) -> Ints:
        """The codes in the type that kernels take."""
        return self.codes.astype(np.int64)

    @cached_property
    def touch(self) -> Ints:
        """The touchpoint of each event, −1 without."""
        return self.touches if isinstance(self.touches, np.ndarray) else np.full(self.codes.size, self.touches)


@dataclass(frozen=True)
class Question:
    """A log with the rules and the scope to read it by."""

    log: Log
    rules: Rules
    scope: Scope
    compiled: Compiled
    stage: Ints  # of each touchpoint

    @classmethod
    def of(cls, log: Log, rules: Rules, scope: Scope) -> Question:
        """Compile the rules for this log."""
        return cls(log, rules, scope, compile_rules(log, rules, scope), np.array(rules.stage, np.int64))

    def block(self, first: int, last: int) -> Block:
        """Read the cases [first, last)."""
        log, rules = self.log, self.rules
        bounds = np.asarray(log.offset[first : last + 1])
        a, z = int(bounds[0]), int(bounds[-1])
        touches, flags = self.compiled.read(log, first, last)
        time = log.time[a:z]
        walks = _room(z - a)
        with wrapping():
            found = cut(
                bounds - a,
                time,
                flags,
                first,
                -1 if rules.session_gap is None else round(rules.session_gap * 1e6),
                rules.trim and rules.start is not None,
                rules.trim and rules.end is not None,
                rules.end_nth if rules.end is not None else 0,
                self.compiled.needed,
                _FIRST if self.scope.start is None else self.scope.start,
                _LAST if self.scope.end is None else self.scope.end,
                walks,
            )
        return Block(a, log.event[a:z], time, touches, _first(walks, found))

    def blocks(self) -> list[tuple[int, int]]:
        """Ranges of cases that cover the log."""
        offset = self.log.offset
        cuts = np.searchsorted(offset, np.arange(BLOCK, int(offset[-1]), BLOCK))
        bounds = np.unique(np.concatenate([[0], cuts, [offset.size - 1]])).tolist()
        return list(pairwise(bounds))

    def each_block(self, new: Callable[[], State], add: Callable[[State, Block], State], threads: int) -> list[State]:
        """Add every block to the state of some thread; returns the states."""
        left = iter(self.blocks())
        lock = Lock()

        def work(_: int) -> State:
            state = new()
            while True:
                with lock:
                    bounds = next(left, None)
                if bounds is None:
                    return state
                state = add(state, self.block(*bounds))

        if threads == 1:
            return [work(0)]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(work, range(threads)))


def _room(walks: int) -> Walks:
    begin, end, case, finish = np.empty((4, walks), np.int64)
    return Walks(begin, end, case, finish, np.empty(walks, np.bool_))


def _first(walks: Walks, found: int) -> Walks:
    begin, end, case, finish, inside = walks
    return Walks(begin[:found], end[:found], case[:found], finish[:found], inside[:found])


def cores() -> int:
    """How many threads this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
