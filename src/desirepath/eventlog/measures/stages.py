"""What happens in the stages: who enters them, goes on, goes back and stays how long."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.masks import bit_of, differ, positive
from desirepath.eventlog.measures.durations import Durations, Histogram, added
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Kinds, Sightings, Tally
from desirepath.eventlog.model import Ints
from desirepath.eventlog.runs import Runs
from desirepath.eventlog.unpacking import Codes

ENTERED, CUSTOMERS, CONTINUED, LAST, SINGLE, BACKTRACK, FIRST, IN_ORDER = range(8)
BACKTRACKED = np.int64(1 << 62)
"""Beside the set of its stages, the bit that says that a walk went back to an earlier one."""
_PIECE, _LEAST_PIECE = 8, 4
"""Sets of stages are counted in pieces of so many bits …"""
_MANY_GROUPS = 256
"""… and in the smaller ones with more groups than this."""
FEW = 12
"""With up to so many stages, every set of them has a place of its own."""


class Scratch(NamedTuple):
    """What walks do in which stages: sets of stages by their pieces, single stages, how far the drawn order is kept."""

    sets: Ints  # [groups, 4, pieces, 2^bits of a piece] walks by the set they enter, are new in, continue, fall back
    single: Ints  # [groups, stages, 3] walks that begin in, end in, have one event only in a stage
    order: Ints  # [groups, 1 + stages] walks by how many stages they visit in the order drawn
    histogram: Histogram
    few: Ints  # [groups, 2 · sets] walks by set and by whether they went back, where the stages are few
    many: list[Sightings]  # else the same, of each group


class Stages(Measure):
    """Tally: `stages` [groups, stages, 8]; `dwell` a row a stage (without quantiles where `dwells` is False);
    kinds `sets<group>`: walks by the stages they visit.

    `IN_ORDER` counts walks that visit the stages up to this one in the order drawn, whatever happens in between.
    """

    name = "stages"
    durations: str | None = "dwell"

    def __init__(self, question: Question, *, dwells: bool = True) -> None:
        super().__init__(question)
        if not dwells:
            self.durations = None
        self.stages = question.rules.stages
        self.piece = max(1, min(self.stages, _PIECE if self.groups <= _MANY_GROUPS else _LEAST_PIECE))

    @property
    def rows(self) -> int:
        """How many sets of durations there are."""
        return self.groups * self.stages if self.durations else 0

    def scratch(self) -> Scratch:
        """Empty."""
        return Scratch(
            np.zeros((self.groups, 4, -(-self.stages // self.piece), 1 << self.piece), np.int64),
            np.zeros((self.groups, self.stages, 3), np.int64),
            np.zeros((self.groups, 1 + self.stages), np.int64),
            self.blank(),
            np.zeros((self.groups, 2 << self.stages if self.stages <= FEW else 0), np.int64),
            [Sightings() for _ in range(self.groups)],
        )

    def count(self, scratch: Scratch, block: Block) -> None:
        """Add the walks of a block."""
        walks = block.walks
        most = walks.begin.size if self.stages > FEW else 0
        walk, key = block.pad.array("set walk", most, np.int32), block.pad.array("set", most, np.int64)
        n = _count(
            block.stage_runs, walks.finish, block.group, block.person, self.question.several, self.piece, *scratch[:3],
            scratch.few, walk, key,
        )  # fmt: skip
        if self.stages > FEW:
            for g, sets in enumerate(scratch.many):
                here = key[:n].copy() if self.groups == 1 else key[:n][block.group[walk[:n]] == g]
                sets.note(here, np.zeros_like(here))

    def tally(self, scratches: list[Scratch]) -> Tally:
        """What was counted."""
        counts = np.empty((self.groups, self.stages, 8), np.int64)
        of_sets = self.by_stage(np.sum([s.sets for s in scratches], axis=0))
        counts[..., [ENTERED, CUSTOMERS, CONTINUED, BACKTRACK]] = of_sets
        counts[..., [FIRST, LAST, SINGLE]] = np.sum([s.single for s in scratches], axis=0)
        order = np.sum([s.order for s in scratches], axis=0)
        counts[..., IN_ORDER] = order[:, :0:-1].cumsum(axis=1)[:, ::-1]
        if not self.question.several:
            counts[..., CUSTOMERS] = counts[..., ENTERED]
        sets = {f"sets{g}": self._sets(scratches, g) for g in range(self.groups)}
        return Tally({"stages": counts, "dwell": added([s.histogram for s in scratches])}, kinds=sets)

    def by_stage(self, sets: Ints) -> Ints:
        """Walks by stage, of walks by sets of stages: [groups, stages, what the sets are of]."""
        holds = np.arange(1 << self.piece)[:, None] >> np.arange(self.piece) & 1
        found = sets @ holds
        return found.reshape(*sets.shape[:2], -1)[..., : self.stages].transpose(0, 2, 1)

    def _sets(self, scratches: list[Scratch], g: int) -> Kinds:
        if self.stages > FEW:
            return Sightings.kinds([s.many[g] for s in scratches])
        return self.kinds(np.sum([s.few[g] for s in scratches], axis=0))

    def kinds(self, n: Ints) -> Kinds:
        """Walks by whole set, of walks in the order of the sets, first those that did not go back."""
        met = 1 + np.flatnonzero(n[1:])
        key = np.where(met >> self.stages, met & ((1 << self.stages) - 1) | BACKTRACKED, met)
        return Kinds(key, n[met], np.zeros_like(key))

    def find(self, block: Block) -> Durations:
        """From the beginning of a visit to that of the walk's next one, by stage."""
        size = block.stage_runs.code.size
        found = Durations(block.pad.array("visit", size, np.int32), block.pad.array("dwell", size, np.int64))
        _find(block.stage_runs, block.time, block.group, self.stages, self.groups > 1, self.rows, *found)
        return found


@kernel
def _find(
    runs: Runs, time: Ints, group: Codes, stages: int, grouped: bool, nowhere: int, row: Codes, dwell: Ints
) -> None:
    n = u64(runs.code.size)
    if n == u64(0):
        return
    last, one = n - u64(1), u64(1)
    now = time[u64(runs.at[0])]
    for k in range(last):
        later = time[u64(runs.at[k + one])]
        dwell[k] = later - now
        now = later
        stage = runs.code[k]
        if grouped:
            stage += group[runs.walk[k]] * np.int32(stages)
        row[k] = stage if runs.walk[k] == runs.walk[k + one] else np.int32(nowhere)
    row[last] = nowhere
    dwell[last] = 0


@kernel
def _count(
    runs: Runs, finish: Ints, group: Codes, person: Ints, several: bool, piece: int, sets: Ints, single: Ints,
    in_order: Ints, few: Ints, walk: Codes, key: Ints,
) -> np.uint64:  # fmt: skip
    """Count walks by the sets of stages that they meet, that are new to their person, continued, fallen back into.

    The sets themselves are listed, with their walks, where there is room for them. Returns how many walks meet any.
    """
    pieces = sets.shape[2]
    one = np.int64(1)
    mask = (one << piece) - one
    known = np.zeros(in_order.shape[0], np.int64)  # of each group the stages that the person of its last walk has met
    owner = np.full(in_order.shape[0], np.int64(-1))  # and that person, whose walks stand side by side
    n, k, end = u64(0), u64(0), u64(runs.code.size)
    while k < end:
        w = runs.walk[k]
        g, reached = u64(group[w]), finish[w]
        first = np.int64(runs.code[k])
        alone = runs.at[k] == runs.to[k]
        met, onward, back, wanted, before = np.int64(0), np.int64(0), np.int64(0), one, first
        start = k
        while k < end and runs.walk[k] == w:
            s = np.int64(runs.code[k])
            bit = one << s
            wanted += wanted & bit  # carried on to the next bit: the stage that would keep the order drawn
            onward |= met & (bit - one) | (positive(reached + one - runs.at[k]) & bit)
            back |= positive(before - s) & bit
            met |= bit
            before = s
            k += u64(1)
        in_order[g, u64(bit_of(wanted))] += 1
        single[g, u64(first), 0] += 1
        single[g, u64(before), 1] += 1
        single[g, u64(before), 2] += alone and k == start + u64(1)
        if few.shape[1] > 0:
            few[g, u64(met | (positive(back) & np.int64(few.shape[1] >> 1)))] += 1
        if key.size > 0:
            walk[n] = w
            key[n] = met | (positive(back) & BACKTRACKED)
        n += u64(1)
        had = known[g] & ~differ(owner[g], person[w])
        if several:
            known[g] = had | met
            owner[g] = person[w]
        for each in range(pieces):
            low = each * piece
            sets[g, 0, each, u64(met >> low & mask)] += 1
            if several:
                sets[g, 1, each, u64((met & ~had) >> low & mask)] += 1
            sets[g, 2, each, u64(onward >> low & mask)] += 1
            sets[g, 3, each, u64(back >> low & mask)] += 1
    return n


def conformance(sets: tuple[Ints, Ints], first: Ints, stages: int) -> tuple[int, int, int, int]:
    """Walks that fit, that skip a stage, that go back, that start late; stages without any data count for nothing.

    `sets` are kinds and their numbers, `first` the walks that begin in each stage.
    """
    key, n = sets
    visited, back = key & ~BACKTRACKED, key & BACKTRACKED != 0
    data = np.bitwise_or.reduce(visited, initial=0)
    gaps, reach = _gaps(visited, data, stages)
    skips = gaps & -reach != 0
    walked = [s for s in range(stages) if data >> s & 1]
    late = int(first[walked[1:]].sum())
    return int(n[(gaps == 0) & ~back].sum()), int(n[skips].sum()), int(n[back].sum()), late


def _gaps(visited: Ints, data: NDArray[np.int64], stages: int) -> tuple[Ints, Ints]:
    """Stages with data below the furthest that a walk leaves out, and its first stage, as bits."""
    reach = np.ones(visited.size, np.int64) << stages
    below_last = np.zeros(visited.size, np.int64)
    for s in range(stages):
        here = visited >> s & 1 == 1
        reach = np.where(here, np.minimum(reach, 1 << s), reach)
        below_last = np.where(here, (1 << s) - 1, below_last)
    return data & below_last & ~visited, reach
