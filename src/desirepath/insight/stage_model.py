"""Which events form a stage, and in which order the stages come: the most probable ordered partition.

For a pair of events there are two counts: walks that meet a before b against b before a, and direct steps a → b against
b → a. Both are beta-binomial. Inside a stage people move freely, so the distribution is symmetric: Beta(3, 3) and
Beta(2, 2); from an earlier stage to a later one it leans forward, by that one of a few shapes that fits the data best
(noisy clocks blur the order). Words add `WORDS` nats for each pair of names that speak of phases. The search begins
with the least-squares ranking of the pairwise log-odds (HodgeRank: Jiang, Lim, Yao, Ye 2011), cut into stages by
dynamic programming, and with what the words propose; from both it climbs by moving events and stages. The number of
stages is the one with the highest value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from desirepath.eventlog.model import Floats, Ints
from desirepath.insight.precedence import Precedence

FEWEST, MOST = 3, 8
WORDS = 6.0
HALF = 20.0
"""Walks that give the odds of a pair half their full weight."""
ENOUGH = 400.0
"""Counts of a pair beyond this add no certainty: customers are not independent coins."""
INSIDE_FIRST, INSIDE_STEPS = (3.0, 3.0), (2.0, 2.0)
FORWARD_FIRST = ((12.0, 1.0), (9.0, 1.0), (7.0, 1.5), (5.0, 2.0), (3.0, 1.5), (4.0, 2.5))
FORWARD_STEPS = ((9.0, 1.0), (5.0, 1.5), (3.0, 1.5), (2.5, 1.5))

Shape = tuple[float, float]


@dataclass(frozen=True)
class Tables:
    """Log-likelihood of each pair if both are in one stage (symmetric), and if the row's stage comes before."""

    same: Floats
    before: Floats

    def value(self, stage: Ints) -> float:
        """Of a whole ordered partition."""
        together = np.triu(self.same, 1)[stage[:, None] == stage[None, :]].sum()
        return float(together + self.before[stage[:, None] < stage[None, :]].sum())


def stages(counts: Precedence, phases: Ints) -> tuple[Ints, Floats]:
    """The stage of each event (0 … K−1, in order) and its place on the line from start to end.

    `phases` holds what the words say, −1 where nothing.
    """
    place = _places(counts.first, phases)
    fewest, most = min(FEWEST, len(place)), min(MOST, len(place))
    first, steps = _capped(counts.first), _capped(counts.steps)
    shapes = list(product(FORWARD_FIRST, FORWARD_STEPS))
    options = [_tables(first, steps, phases, *shape) for shape in shapes]
    begins = [_cut(t, np.argsort(place, kind="stable"), fewest, most) for t in options]
    begins = [max(begins, key=lambda begin: _fitting(options, begin).value(begin)), *_spoken(phases, place, fewest)]
    found = [_improved(options, begin, fewest, most) for begin in begins]
    return max(found, key=lambda stage: _fitting(options, stage).value(stage)), place


def _spoken(phases: Ints, place: Floats, fewest: int) -> list[Ints]:
    """The partition that the words propose, if they know enough phases: a name without one joins the nearest."""
    known = np.unique(phases[phases >= 0])
    if len(known) < fewest:
        return []
    middle = np.array([np.median(place[phases == p]) for p in known])
    nearest = np.abs(place[:, None] - middle).argmin(1)
    return [np.where(phases >= 0, np.searchsorted(known, phases), nearest)]


def _fitting(options: list[Tables], stage: Ints) -> Tables:
    return max(options, key=lambda tables: tables.value(stage))


def _improved(options: list[Tables], stage: Ints, fewest: int, most: int) -> Ints:
    """Climbs and chooses the shape that fits in turn, until neither helps."""
    tables = _fitting(options, stage)
    while True:
        stage = _climb(tables, stage, fewest, most)
        fitting = _fitting(options, stage)
        if fitting.value(stage) <= tables.value(stage):
            return stage
        tables = fitting


def _capped(counts: Floats) -> Floats:
    total = counts + counts.T
    capped: Floats = counts * np.minimum(1.0, ENOUGH / np.maximum(total, 1.0))
    return capped


def _places(first: Floats, phases: Ints) -> Floats:
    """Places x whose differences come nearest to the pairwise log-odds; the odds of words count like much data."""
    total = first + first.T
    odds = np.clip(np.log((first + 1) / (first.T + 1)), -4, 4)
    weight = total / (total + HALF)
    known = _known(phases)
    told = np.where(known, np.sign(phases[None, :] - phases[:, None]) * 1.5, 0.0)
    spoken = known & (told != 0)
    laplacian = -(weight + spoken)
    np.fill_diagonal(laplacian, 0.0)
    np.fill_diagonal(laplacian, -laplacian.sum(1) + 1e-3)
    place: Floats = np.linalg.solve(laplacian, -(weight * odds + spoken * told).sum(1))
    return place


def _known(phases: Ints) -> NDArray[np.bool_]:
    return np.asarray((phases[:, None] >= 0) & (phases[None, :] >= 0))


def _tables(first: Floats, steps: Floats, phases: Ints, forward_first: Shape, forward_steps: Shape) -> Tables:
    same = _likelihood(first, INSIDE_FIRST) + _likelihood(steps, INSIDE_STEPS)
    before = _likelihood(first, forward_first) + _likelihood(steps, forward_steps)
    known, order = _known(phases), np.sign(phases[None, :] - phases[:, None])
    same -= WORDS * (known & (order != 0))
    before -= WORDS * (known & (order == 0)) + 2 * WORDS * (known & (order < 0))
    return Tables(same, before)


def _likelihood(counts: Floats, shape: Shape) -> Floats:
    """Beta-binomial log-likelihood (without the binomial coefficient) of each pair's two counts."""
    out: Floats = betaln(counts + shape[0], counts.T + shape[1]) - betaln(*shape)
    return out


def _cut(tables: Tables, order: Ints, fewest: int, most: int) -> Ints:
    """The best partition into contiguous pieces of the given order, by dynamic programming."""
    n = len(order)
    gain = np.triu((tables.same - tables.before)[np.ix_(order, order)], 1)
    corner = np.zeros((n + 1, n + 1))
    corner[1:, 1:] = gain.cumsum(0).cumsum(1)
    square = np.diag(corner)[None, :] - corner - corner.T + np.diag(corner)[:, None]  # of the pairs within [i, j)
    reached = np.full((most + 1, n + 1), -np.inf)
    reached[0, 0] = 0.0
    came = np.zeros((most + 1, n + 1), np.int64)
    for k in range(1, most + 1):
        for j in range(1, n + 1):
            values = reached[k - 1, :j] + square[:j, j]
            came[k, j] = np.argmax(values)
            reached[k, j] = values[came[k, j]]
    k = fewest + int(np.argmax(reached[fewest:, n]))
    stage, end = np.empty(n, np.int64), n
    while k > 0:
        begin = came[k, end]
        stage[order[begin:end]] = k - 1
        k, end = k - 1, begin
    return stage


def _climb(tables: Tables, stage: Ints, fewest: int, most: int) -> Ints:
    """Takes the best single move (of an event, or of a stage) as long as one helps."""
    value = tables.value(stage)
    while True:
        better = max(_moves(tables, stage, fewest, most), key=tables.value, default=stage)
        found = tables.value(better)
        if found <= value + 1e-9:
            return stage
        stage, value = better, found


def _moves(tables: Tables, stage: Ints, fewest: int, most: int) -> Iterator[Ints]:
    yield from _event_moves(tables, stage, fewest, most)
    count = int(stage.max()) + 1
    for s in range(count):
        for gap in range(count + 1):
            moved = np.where(stage == s, 2 * gap, 2 * stage + 1)
            yield _numbered(moved)
        if s + 1 < count and count > fewest:
            yield np.where(stage > s, stage - 1, stage)


def _event_moves(tables: Tables, stage: Ints, fewest: int, most: int) -> Iterator[Ints]:
    """For each event its best other place: in a stage (odd numbers) or between two (even numbers)."""
    n, count = len(stage), int(stage.max()) + 1
    member = (stage[:, None] == np.arange(count)).astype(np.float64)
    together, ahead, behind = tables.same @ member, tables.before @ member, tables.before.T @ member
    own = member * np.diag(tables.same)[:, None]
    past = np.concatenate([np.zeros((n, 1)), np.cumsum(behind - member * np.diag(tables.before)[:, None], axis=1)], 1)
    ahead = ahead - member * np.diag(tables.before)[:, None]
    future = np.concatenate([np.cumsum(ahead[:, ::-1], axis=1)[:, ::-1], np.zeros((n, 1))], 1)
    value = np.full((n, 2 * count + 1), -np.inf)
    value[:, ::2] = past + future
    value[:, 1::2] = together - own + past[:, :-1] + future[:, 1:]
    alone = member.sum(0)[stage] == 1
    value[np.arange(n), 2 * stage + 1] = -np.inf
    if count == most:
        value[~alone, ::2] = -np.inf
    if count == fewest:
        value[alone, 1::2] = -np.inf
    for event in range(n):
        if np.isfinite(value[event]).any():
            moved = 2 * stage + 1
            moved[event] = int(np.argmax(value[event]))
            yield _numbered(moved)


def _numbered(stage: Ints) -> Ints:
    return np.unique(stage, return_inverse=True)[1].astype(np.int64)
