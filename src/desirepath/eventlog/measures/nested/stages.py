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
from desirepath.eventlog.sessions import Runs, Sessions
from desirepath.eventlog.unpacking import Codes


class Scratch(NamedTuple):
    """What cases, and sessions, do in which stages: sets of stages by their pieces, single stages, whole sets."""

    sets: Ints  # [2, 2, pieces, 2^bits of a piece] by the set they continue, and fall back into
    single: Ints  # [2, stages, 3] that begin in, end in, have one event only in a stage
    few: Ints  # [2, 2 · sets] by set and by whether they went back, where the stages are few
    many: tuple[Sightings, Sightings]  # else the same
    histogram: Histogram


class Met(NamedTuple):
    """Of each session or case that meets any stage where its runs of events begin (and behind the last one where they
    end), and sets of stages: those met, gone on from, fallen back into.
    """

    begin: Ints
    met: Ints
    onward: Ints
    back: Ints

    @classmethod
    def on(cls, pad: Pad, name: str, most: int) -> Met:
        """Of so many, on the pad."""
        return cls(*(pad.array(f"{name} {each}", most + 1, np.int64) for each in cls._fields))

    def first(self, n: np.uint64) -> Met:
        """Of so many of them."""
        return frozen(Met(self.begin[: int(n) + 1], *(each[: int(n)] for each in self[1:])))


class Ended(NamedTuple):
    """Of each session the stages that are met before it, and before its case, reaches the journey's end."""

    by_session: Ints
    by_case: Ints


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
        runs, stage = Sessions.of(block, self.gap).runs, self.question.stage
        block.memo[self.name], sessions, ended = self._met(block)
        cases = Met.on(block.pad, "cases", sessions.met.size)
        cases = cases.first(_join(sessions, runs, stage, ended.by_case, cases))
        if ended.by_session.size:
            sessions = sessions._replace(onward=frozen((sessions.onward | ended.by_session,))[0])
        for each, met in enumerate((cases, sessions)):
            _count(met, runs, stage, self.piece, scratch.sets[each], scratch.single[each], scratch.few[each])
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
        return self._met(block)[0]

    def _met(self, block: Block) -> tuple[Durations, Met, Ended]:
        """The dwells, what sessions meet, and where the journey has an end what of it before that."""
        found, pad = Sessions.of(block, self.gap), block.pad
        size, ends = found.runs.code.size, found.count if self.question.how.nth > 0 else 0
        dwells = Durations(pad.array("visit", size, np.int32), pad.array("dwell", size, np.int64))
        met = Met.on(pad, "sessions", found.count)
        ended = Ended(*(pad.array(f"ended {each}", ends, np.int64) for each in Ended._fields))
        n = _meet(
            found.runs,
            self.question.stage,
            block.time,
            block.walks.finish,
            found.finish,
            self.rows,
            *dwells,
            met,
            ended,
        )
        return frozen(dwells), met.first(n), frozen(Ended(*(each[: int(n)] for each in ended)))


@kernel
def _meet(
    runs: Runs, stage: Codes, time: Ints, finish: Ints, session_finish: Ints, nowhere: int, row: Codes, dwell: Ints,
    out: Met, until: Ended,
) -> np.uint64:  # fmt: skip
    """What sessions meet; returns how many do. All is written with every run, and stays with a session's last one: no
    branch is guessed wrong.

    A case's visit to a stage is told where the last of its runs leaves it.
    """
    one = np.int64(1)
    met, onward, back = np.int64(0), np.int64(0), np.int64(0)
    ended, ended_by_case = np.int64(0), np.int64(0)
    before, last, of_case, since = np.int64(-1), np.int64(0), np.int32(-1), np.int64(0)
    n, k_before = u64(0), u64(0)  # one more than the place of the session, one less than that of the run
    for k in range(u64(runs.code.size)):
        w, s, c = np.int64(runs.session[k]), np.int64(stage[u64(runs.code[k])]), runs.case[k]
        now = time[u64(runs.at[k])]
        stays, goes = (s == last) & (c == of_case), (s != last) & (c == of_case)
        dwell[k_before] = now - since
        row[k_before] = np.int32(last) if goes else np.int32(nowhere)
        since = since if stays else now
        new = differ(w, before)
        n += u64(new & one)
        met, onward, back = met & ~new, onward & ~new, back & ~new
        bit = one << s
        onward |= met & (bit - one)
        back |= positive(last - s) & bit & ~new
        met |= bit
        here = n - u64(1)
        if until.by_case.size > 0:
            ended, ended_by_case = ended & ~new, ended_by_case & ~new
            ended |= positive(session_finish[u64(w)] + one - runs.at[k]) & bit
            ended_by_case |= positive(finish[u64(c)] + one - runs.at[k]) & bit
            until.by_session[here], until.by_case[here] = ended, ended_by_case
        out.begin[n] = k + u64(1)
        out.met[here], out.onward[here], out.back[here] = met, onward, back
        before, last, of_case, k_before = w, s, c, u64(k)
    out.begin[0] = 0
    if runs.code.size > 0:
        row[k_before], dwell[k_before] = nowhere, 0
    return n


@kernel
def _join(sessions: Met, runs: Runs, stage: Codes, ended: Ints, out: Met) -> np.uint64:
    """What cases meet in their sessions; returns how many do."""
    one = np.int64(1)
    met, onward, back = np.int64(0), np.int64(0), np.int64(0)
    before, last = np.int64(-1), np.int64(0)
    n = u64(0)
    for k in range(u64(sessions.met.size)):
        begin, end = u64(sessions.begin[k]), u64(sessions.begin[k + u64(1)])
        c, entered = np.int64(runs.case[begin]), np.int64(stage[u64(runs.code[begin])])
        new = differ(c, before)
        n += u64(new & one)
        met, onward, back = met & ~new, onward & ~new, back & ~new
        onward |= sessions.onward[k] | (met & _below(sessions.met[k]))
        if ended.size > 0:
            onward |= ended[k]
        back |= sessions.back[k] | (positive(last - entered) & (one << entered) & ~new)
        met |= sessions.met[k]
        here = n - u64(1)
        out.begin[n] = end
        out.met[here], out.onward[here], out.back[here] = met, onward, back
        before, last = c, np.int64(stage[u64(runs.code[end - u64(1)])])
    out.begin[0] = 0
    return n


@kernel
def _below(bits: Int) -> Int:
    """All bits below the highest one."""
    found = np.int64(bits) >> np.int64(1)
    found |= found >> np.int64(1)
    found |= found >> np.int64(2)
    found |= found >> np.int64(4)
    found |= found >> np.int64(8)
    found |= found >> np.int64(16)
    return found | found >> np.int64(32)


@kernel
def _count(found: Met, runs: Runs, stage: Codes, piece: int, sets: Ints, single: Ints, few: Ints) -> None:
    """Loops with little in each are what the compiler does best."""
    n, one = u64(found.met.size), u64(1)
    for k in range(n):
        begin, last = u64(found.begin[k]), u64(found.begin[k + one]) - one
        at = u64(stage[u64(runs.code[last])])
        single[u64(stage[u64(runs.code[begin])]), 0] += 1
        single[at, 1] += 1
        single[at, 2] += (begin == last) & (runs.at[begin] == runs.to[begin])
    if few.size > 0:
        went_back = np.int64(few.size >> 1)
        for k in range(n):
            few[u64(found.met[k] | (positive(found.back[k]) & went_back))] += 1
    mask = (np.int64(1) << piece) - np.int64(1)
    for each in range(sets.shape[1]):
        for k in range(n):
            sets[0, each, u64(found.onward[k] >> (each * piece) & mask)] += 1
            sets[1, each, u64(found.back[k] >> (each * piece) & mask)] += 1
