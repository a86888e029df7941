"""A log is worked on in blocks of whole cases, small enough for the processor's cache, shared out among threads.

Cases that a condition or the period rules out are left out before any of their events is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from desirepath.errors import DesirepathError
from desirepath.eventlog.chains import Chain
from desirepath.eventlog.jit import wrapping
from desirepath.eventlog.lazy import lazy
from desirepath.eventlog.log import Column, Log
from desirepath.eventlog.matching import Compiled, compile_rules, globbed
from desirepath.eventlog.model import Ints, Rules, Scope
from desirepath.eventlog.pad import Pad, lent
from desirepath.eventlog.picking import narrow, picked
from desirepath.eventlog.runs import Runs, merged, runs_of
from desirepath.eventlog.unpacking import Codes, codes, spread, times
from desirepath.eventlog.walks import Cut, Walks, cut, numbered, whole, within

BLOCK = 1 << 18
"""Events of a block (a bigger case, or person with many, is a block of its own)."""
_FIRST, _LAST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
_NOTHING = np.empty(0, np.int64)
_NOTHING.setflags(write=False)
State = TypeVar("State")
Cases = Ints | tuple[int, int]
"""The numbers of some cases, or the first and the one past the last."""


@dataclass(frozen=True)
class Question:
    """A log with the rules and the scope to read it by; walks may be grouped by a column."""

    log: Log
    rules: Rules
    scope: Scope
    compiled: Compiled
    stage: Codes  # of each touchpoint
    by: Column | None

    @classmethod
    def of(cls, log: Log, rules: Rules, scope: Scope, by: str | None = None) -> Question:
        """Compile the rules for this log."""
        if by is not None and by not in log.columns:
            known = ", ".join(sorted(log.columns))
            raise DesirepathError(f"the event log has no dimension {by!r}", hint=f"it has {known}")
        stage = np.array(rules.stage, np.int32)
        stage.setflags(write=False)
        column = None if by is None else log.columns[by]
        return cls(log, rules, scope, compile_rules(log, rules, scope), stage, column)

    @property
    def groups(self) -> tuple[str | None, ...]:
        """The values by which walks are grouped, the last one for those without any."""
        return (None,) if self.by is None else (*self.by.values, None)

    @lazy
    def how(self) -> Cut:
        """How cases are cut into walks."""
        rules, scope = self.rules, self.scope
        return Cut(
            -1 if rules.session_gap is None else round(rules.session_gap * 1e6),
            rules.trim and rules.start is not None,
            rules.trim and rules.end is not None,
            rules.end_nth if rules.end is not None else 0,
            self.compiled.needed,
            _FIRST if scope.start is None else scope.start,
            _LAST if scope.end is None else scope.end,
        )

    @property
    def cuts(self) -> bool:
        """Whether walks are anything but whole cases."""
        return self.how.gap >= 0 or self.how.trim_start or self.how.trim_end

    @property
    def flagged(self) -> bool:
        """Whether it matters what an event is to find walks and their ends."""
        return self.how.nth > 0 or self.how.trim_start or self.how.needed > 0

    @property
    def plain(self) -> bool:
        """Whether walks are whole cases, and known to be in scope by what stands in the log for each case."""
        return not (self.cuts or self.flagged or self.scope.paths)

    @lazy
    def paths(self) -> tuple[tuple[Chain, bool], ...]:
        """The ways that walks in scope take or do not take."""
        names = self.log.event_names
        return tuple(
            (Chain.of(len(names), [np.flatnonzero(globbed(names, s)[:-1]) for s in p.steps], p.within_s), p.taken)
            for p in self.scope.paths
        )

    @property
    def several(self) -> bool:
        """Whether a person may have several walks."""
        return self.how.gap >= 0 or self.log.notion == "case"

    @lazy
    def touch_of_event(self) -> Codes | None:
        """The touchpoint of each event name, −1 without; None where it depends on more than the name."""
        axes = self.compiled.axes
        if len(axes) > 1 or any(axis.column != "event" for axis in axes):
            return None
        names = len(self.log.event_names)
        classes = axes[0].classes[:names] if axes else np.zeros(names, np.int32)
        return np.asarray(self.compiled.touch[classes])

    @lazy
    def one_to_one(self) -> bool:
        """Whether every touchpoint is a stage."""
        return bool(np.array_equal(self.stage, np.arange(self.stage.size)))

    def selected(self, alive: NDArray[np.bool_] | None) -> Ints | None:
        """The cases that may be in scope; None for all."""
        mask = alive
        if self.compiled.cases:
            mask = np.ones(self.log.offset.size - 1, np.bool_) if alive is None else alive.copy()
            for name, fulfils in self.compiled.cases:
                column = self.log.columns[name]
                narrow(mask, fulfils[column.rank], column.codes)
        if self.scope.audience is not None:
            mask = _and(mask, self._audience)
        low, high = (self._stored(t) for t in (self.scope.start, self.scope.end))
        if high is not None:
            mask = _and(mask, self.log.begin < high)
        if low is not None and not self.cuts:
            mask = _and(mask, self.log.begin >= low)
        if mask is None:
            return None
        chosen = np.flatnonzero(mask)
        if low is not None and self.cuts:  # what is cut begins somewhere between a case's first and last event
            chosen = chosen[self.log.time[self.log.offset[chosen + 1] - 1] >= low]
        return chosen

    @lazy
    def _audience(self) -> NDArray[np.bool_]:
        """The cases of the customers asked for."""
        mask = np.zeros(self.log.offset.size - 1, np.bool_)
        mask[self.log.find(pa.array(self.scope.audience, pa.string()), "customer")[1]] = True
        return mask

    def _stored(self, time: int | None) -> int | None:
        """The least stored time that is not before this one."""
        return None if time is None else -((self.log.base - time) // self.log.unit)

    def blocks(self, cases: Ints | None) -> list[Cases]:
        """All cases (these, or every one of the log) in blocks; a person's cases stay together."""
        offset = self.log.offset
        if cases is None:
            ends = offset
            count = offset.size - 1
        else:
            count = cases.size
            ends = np.concatenate([[0], np.cumsum(offset[cases + 1] - offset[cases])])
        cuts = np.searchsorted(ends, np.arange(BLOCK, int(ends[-1]), BLOCK))
        if self.log.notion == "case":
            cuts = self._between_persons(cuts, count, cases)
        bounds = np.unique(np.concatenate([[0], cuts, [count]])).tolist()
        return [(a, z) if cases is None else cases[a:z] for a, z in pairwise(bounds)]

    def _between_persons(self, cuts: Ints, count: int, cases: Ints | None) -> Ints:
        moved = []
        for cut_ in cuts.tolist():
            while cut_ < count:
                before, here = (cut_ - 1, cut_) if cases is None else (cases[cut_ - 1], cases[cut_])
                if self.log.person[before] != self.log.person[here]:
                    break
                cut_ += 1
            moved.append(cut_)
        return np.array(moved, np.int64)

    def each_block(
        self,
        new: Callable[[], State],
        add: Callable[[State, Block], None],
        threads: int,
        blocks: Sequence[Cases],
    ) -> list[State]:
        """Add every block to the state of some thread; returns the states."""
        left = iter(blocks)
        threads = max(1, min(threads, len(blocks)))
        lock = Lock()

        def work(_: int) -> State:
            state = new()
            with wrapping(), lent() as pad:  # each thread for itself
                while True:
                    with lock:
                        block = next(left, None)
                    if block is None:
                        return state
                    add(state, Block(self, block, pad))

        if threads == 1:
            return [work(0)]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(work, range(threads)))


class Block:
    """The events of some cases, one case after the other; what a question does not ask for is not unpacked."""

    def __init__(self, question: Question, cases: Cases, pad: Pad) -> None:
        self.question = question
        self.pad = pad
        self.cases = cases
        self.memo: dict[str, Any] = {}
        """What measures have found in the block, by their names."""
        offset = question.log.offset
        if isinstance(cases, tuple):
            first, last = cases
            bounds = np.asarray(offset[first : last + 1])
            self.bounds = bounds - bounds[0]
            self.starts, self.runs = bounds[:1], self.bounds[[0, -1]]
        else:
            begin = np.asarray(offset[cases])
            self.bounds = np.concatenate([[0], np.cumsum(offset[cases + 1] - begin)])
            leaps = np.concatenate([[0], np.flatnonzero(np.diff(cases) != 1) + 1])
            self.starts, self.runs = begin[leaps], np.append(self.bounds[leaps], self.bounds[-1])
        for array in (self.starts, self.bounds, self.runs):
            array.setflags(write=False)

    def unpacked(self, column: Column, table: Codes, name: str) -> Codes:
        """`table[code]` of every event, in the pad under that name."""
        if not column.per_case:
            out = self.pad.array(name, int(self.bounds[-1]), np.int32)
            return codes(column.codes, self.starts, self.runs, table, out)
        return spread(table[self.of_cases(column.codes)], self.bounds)

    def of_cases(self, values: NDArray[Any]) -> NDArray[Any]:
        """What stands in the log for each case of the block."""
        return values[slice(*self.cases)] if isinstance(self.cases, tuple) else values[self.cases]

    @lazy
    def event(self) -> Codes:
        """The code of each event's name."""
        column = self.question.log.columns["event"]
        return self.unpacked(column, column.rank, "event")

    @lazy
    def time(self) -> Ints:
        """In µs since 1970 UTC."""
        log = self.question.log
        out = self.pad.array("time", int(self.bounds[-1]), np.int64)
        return times(log.time, self.starts, self.runs, log.unit, log.base, out)

    @lazy
    def _classes(self) -> Codes:
        """Which combination of classes each event has; zeros without any axis."""
        log, index = self.question.log, None
        for k, axis in enumerate(self.question.compiled.axes):
            column = log.columns[axis.column]
            found = self.unpacked(column, _frozen(axis.classes[column.rank]), f"class {k}")
            index = found if index is None else index * (axis.classes.max() + 1) + found
        return np.zeros(int(self.bounds[-1]), np.int32) if index is None else index.astype(np.int32, copy=False)

    @lazy
    def touch(self) -> Codes:
        """The touchpoint of each event, −1 without."""
        table, axes = self.question.compiled.touch, self.question.compiled.axes
        if len(axes) == 1 and axes[0].column == "event":
            column = self.question.log.columns["event"]
            return self.unpacked(column, _frozen(table[axes[0].classes][column.rank]), "touch")
        return _frozen(table.take(self._classes))

    @lazy
    def touch_runs(self) -> Runs:
        """Unbroken runs of events at one touchpoint."""
        return runs_of(self.walk, self.touch, self.pad, "touch")

    @lazy
    def stage_runs(self) -> Runs:
        """Unbroken runs of events in one stage: visits."""
        if self.question.one_to_one:
            return self.touch_runs
        return merged(self.touch_runs, self.question.stage, self.pad, "stage")

    @lazy
    def flags(self) -> Ints:
        """The flags of each event; empty where nobody asks for them."""
        if not self.question.flagged:
            return _NOTHING
        return _frozen(self.question.compiled.flags.take(self._classes))

    @lazy
    def every_walk(self) -> Walks:
        """The walks that the cases are cut into, in scope or not."""
        question = self.question
        found = cut(self.bounds, self.time, self.flags, question.how, self.pad)
        for name, fulfils in question.compiled.cases:
            column = question.log.columns[name]
            fulfilled = fulfils[column.rank][self.of_cases(column.codes)]
            found = found._replace(inside=_frozen(found.inside & fulfilled[found.case]))
        for chain, taken in question.paths:
            takes = chain.reached(found, self.time, self.event) == chain.steps
            found = found._replace(inside=_frozen(found.inside & (takes == taken)))
        return found

    @lazy
    def walks(self) -> Walks:
        """Those in scope."""
        return whole(self.bounds) if self.question.plain else within(self.every_walk)

    @lazy
    def walk(self) -> Codes:
        """The number of each event's walk, −1 outside of any."""
        out = self.pad.array("walk", int(self.bounds[-1]), np.int32)
        return numbered(self.walks, out)

    @lazy
    def person(self) -> Ints:
        """The person of each walk: the number of the log's first case of theirs, the same for all their walks."""
        number = np.arange(*self.cases) if isinstance(self.cases, tuple) else self.cases
        if self.question.log.notion == "case" and number.size:
            person = self.of_cases(self.question.log.person)
            new = np.concatenate([[True], person[1:] != person[:-1]])
            number = number[np.maximum.accumulate(np.where(new, np.arange(number.size), 0))]
        return _frozen(number if self.question.plain else picked(number, self.walks.case))

    @lazy
    def group(self) -> Codes:
        """The group of each walk: the value of its first event."""
        column, walks = self.question.by, self.walks
        if column is None:
            return _frozen(np.zeros(walks.begin.size, np.int32))
        if not column.per_case:
            return _frozen(column.rank[column.codes[self.positions(walks.begin)]])
        codes_ = self.of_cases(column.codes)
        return _frozen(picked(column.rank, codes_ if self.question.plain else codes_[walks.case]))

    def positions(self, at: Ints) -> Ints:
        """Where in the log events of the block lie that are the first of their walks."""
        if isinstance(self.cases, tuple):
            return np.asarray(at + self.starts[0])
        case = self.walks.case
        return np.asarray(at - self.bounds[case] + self.question.log.offset[self.cases[case]])


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array


def _and(mask: NDArray[np.bool_] | None, other: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return other if mask is None else mask & other
