"""What happens in the stages in cases and in their sessions.

What a case meets, goes on from and falls back into follows from its sessions, one after the other.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import Int, frozen, kernel, u64
from desirepath.eventlog.masks import differ, positive
from desirepath.eventlog.measures import stages
from desirepath.eventlog.measures.durations import Durations, Histogram, added
from desirepath.eventlog.measures.stages import (
    BACKTRACK,
    BACKTRACKED,
    CONTINUED,
    CUSTOMERS,
    ENTERED,
    FIRST,
    LAST,
    SINGLE,
)
from desirepath.eventlog.measures.tally import Kinds, Sightings, Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.pad import Pad
from desirepath.eventlog.runs import Runs
from desirepath.eventlog.sessions import Sessions
from desirepath.eventlog.unpacking import Codes


class Scratch(NamedTuple):
    """What cases, and sessions, do in which stages: sets of stages by their pieces, single stages, whole sets."""

    sets: Ints  # [2, 2, pieces, 2^bits of a piece] by the set they continue, and fall back into
    single: Ints  # [2, stages, 3] that begin in, end in, have one event only in a stage
    few: Ints  # [2, 2 · sets] by set and by whether they went back, where the stages are few
    many: tuple[Sightings, Sightings]  # else the same
    histogram: Histogram


class Met(NamedTuple):
    """Of each session or case that meets any stage its runs of events, [begin, end), and sets of stages: those met,
    gone on from, fallen back into; `ended`: those that a session meets before its case reaches the journey's end.
    """

    begin: Ints
    end: Ints
    met: Ints
    onward: Ints
    back: Ints
    ended: Ints

    @classmethod
    def on(cls, pad: Pad, name: str, most: int) -> Met:
        """Of so many, on the pad."""
        return cls(*(pad.array(f"{name} {each}", most + 1, np.int64) for each in cls._fields))

    def first(self, n: np.uint64) -> Met:
        """Of so many of them."""
        return frozen(Met(*(each[: int(n)] for each in self)))


class Stages(stages.Stages):
    """Tally: that of the cases, but for `IN_ORDER`, which nobody asks for; `session_stages` and `session_sets0`."""

    def __init__(self, question: Question, *, gap: int) -> None:
        super().__init__(question)
        self.gap = gap

    def scratch(self) -> Any:
        """Empty."""
        return Scratch(
            np.zeros((2, 2, -(-self.stages // self.piece), 1 << self.piece), np.int64),
            np.zeros((2, self.stages, 3), np.int64),
            np.zeros((2, 2 << self.stages if self.stages <= stages.FEW else 0), np.int64),
            (Sightings(), Sightings()),
            self.blank(),
        )

    def count(self, scratch: Any, block: Block) -> None:
        """Add the cases of a block, and their sessions."""
        found = Sessions.of(block, self.gap)
        runs, ends = found.stage_runs, block.question.how.nth > 0
        sessions, cases = (Met.on(block.pad, name, found.count) for name in ("sessions", "cases"))
        sessions = sessions.first(_meet(runs, block.walk, block.walks.finish, found.finish, ends, sessions))
        cases = cases.first(_join(sessions, runs, block.walk, cases))
        for each, met in enumerate((cases, sessions)):
            _count(met, runs, self.piece, scratch.sets[each], scratch.single[each], scratch.few[each])
            if self.stages > stages.FEW:
                sets = met.met | np.where(met.back > 0, BACKTRACKED, 0)
                scratch.many[each].note(sets, np.zeros_like(sets))

    def tally(self, scratches: list[Any]) -> Tally:
        """What was counted."""
        sets = self.by_stage(np.sum([s.sets for s in scratches], axis=0))
        single = np.sum([s.single for s in scratches], axis=0)
        kinds = [self._kinds(scratches, each) for each in range(2)]
        counts = np.zeros((2, 1, self.stages, 8), np.int64)
        for each in range(2):
            of = counts[each, 0]
            of[:, [CONTINUED, BACKTRACK]], of[:, [FIRST, LAST, SINGLE]] = sets[each], single[each]
            of[:, ENTERED] = [kinds[each].n[kinds[each].key >> s & 1 == 1].sum() for s in range(self.stages)]
        counts[..., CUSTOMERS] = counts[:1, ..., ENTERED]
        dwell = added([s.histogram for s in scratches])
        return Tally(
            {"stages": counts[0], "session_stages": counts[1], "dwell": dwell},
            kinds={"sets0": kinds[0], "session_sets0": kinds[1]},
        )

    def _kinds(self, scratches: list[Scratch], each: int) -> Kinds:
        if self.stages > stages.FEW:
            return Sightings.kinds([s.many[each] for s in scratches])
        return self.kinds(np.sum([s.few[each] for s in scratches], axis=0))

    def find(self, block: Block) -> Durations:
        """From the beginning of a case's visit to that of its next one, by stage."""
        runs = Sessions.of(block, self.gap).stage_runs
        size = runs.code.size
        found = Durations(block.pad.array("visit", size, np.int32), block.pad.array("dwell", size, np.int64))
        _find(runs, block.walk, block.time, self.rows, *found)
        return found


@kernel
def _find(runs: Runs, case: Codes, time: Ints, nowhere: int, row: Codes, dwell: Ints) -> None:
    """A visit of several sessions is told where the last of them leaves it."""
    n = u64(runs.code.size)
    if n == u64(0):
        return
    last, one = n - u64(1), u64(1)
    since = time[u64(runs.at[0])]
    for k in range(last):
        at, next_at = u64(runs.at[k]), u64(runs.at[k + one])
        later = time[next_at]
        dwell[k] = later - since
        same, stays = case[at] == case[next_at], runs.code[k] == runs.code[k + one]
        row[k] = runs.code[k] if same & (not stays) else np.int32(nowhere)
        since = since if same & stays else later
    row[last] = nowhere
    dwell[last] = 0


@kernel
def _meet(runs: Runs, case: Codes, finish: Ints, session_finish: Ints, ends: bool, out: Met) -> np.uint64:
    """What sessions meet; returns how many do. All is written with every run, and stays with a session's last one: no
    branch is guessed wrong.
    """
    one = np.int64(1)
    met, onward, back, ended = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    before, last = np.int64(-1), np.int64(0)
    n = u64(0)  # one more than the place of the session
    for k in range(u64(runs.code.size)):
        w, s = np.int64(runs.walk[k]), np.int64(runs.code[k])
        new = differ(w, before)
        n += u64(new & one)
        met, onward, back, ended = met & ~new, onward & ~new, back & ~new, ended & ~new
        bit = one << s
        onward |= met & (bit - one)
        back |= positive(last - s) & bit & ~new
        met |= bit
        if ends:
            onward |= positive(session_finish[w] + one - runs.at[k]) & bit
            ended |= positive(finish[u64(case[u64(runs.at[k])])] + one - runs.at[k]) & bit
        at = n - u64(1)
        out.begin[n], out.end[at] = k + u64(1), k + u64(1)
        out.met[at], out.onward[at], out.back[at], out.ended[at] = met, onward, back, ended
        before, last = w, s
    out.begin[0] = 0
    return n


@kernel
def _join(sessions: Met, runs: Runs, case: Codes, out: Met) -> np.uint64:
    """What cases meet in their sessions; returns how many do."""
    one = np.int64(1)
    met, onward, back = np.int64(0), np.int64(0), np.int64(0)
    before, last = np.int64(-1), np.int64(0)
    n = u64(0)
    for k in range(u64(sessions.begin.size)):
        begin, end = sessions.begin[k], sessions.end[k]
        c = np.int64(case[u64(runs.at[u64(begin)])])
        new = differ(c, before)
        n += u64(new & one)
        met, onward, back = met & ~new, onward & ~new, back & ~new
        entered = np.int64(runs.code[u64(begin)])
        onward |= sessions.onward[k] | sessions.ended[k] | (met & _below(sessions.met[k]))
        back |= sessions.back[k] | (positive(last - entered) & (one << entered) & ~new)
        met |= sessions.met[k]
        at = n - u64(1)
        out.begin[n], out.end[at], out.met[at], out.onward[at], out.back[at] = end, end, met, onward, back
        before, last = c, np.int64(runs.code[u64(end - one)])
    out.begin[0] = 0
    return n


@kernel
def _below(bits: Int) -> Int:
    """All bits below the highest one."""
    found = np.int64(bits) >> np.int64(1)
    for by in (1, 2, 4, 8, 16, 32):
        found |= found >> np.int64(by)
    return found


@kernel
def _count(found: Met, runs: Runs, piece: int, sets: Ints, single: Ints, few: Ints) -> None:
    """Loops with little in each are what the compiler does best."""
    n, one = u64(found.met.size), u64(1)
    for k in range(n):
        begin, last = u64(found.begin[k]), u64(found.end[k]) - one
        single[u64(runs.code[begin]), 0] += 1
        single[u64(runs.code[last]), 1] += 1
        single[u64(runs.code[last]), 2] += (begin == last) & (runs.at[begin] == runs.to[begin])
    if few.size > 0:
        went_back = np.int64(few.size >> 1)
        for k in range(n):
            few[u64(found.met[k] | (positive(found.back[k]) & went_back))] += 1
    mask = (np.int64(1) << piece) - np.int64(1)
    for each in range(sets.shape[1]):
        for k in range(n):
            sets[0, each, u64(found.onward[k] >> (each * piece) & mask)] += 1
            sets[1, each, u64(found.back[k] >> (each * piece) & mask)] += 1
