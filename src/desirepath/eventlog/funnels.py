"""Ordered funnels with a window: ClickHouse's `windowFunnel` in its default mode.

A case reaches step k when it has events p₁ ≤ … ≤ pₖ in the total order, pⱼ among the names of step j, with
time(pₖ) ≤ time(p₁) + window; events in between do not matter, one event may fill several steps, and of all chains, from
whichever first step, the longest counts. So does a journey that starts again: it is enough to know, for each step, the
latest start of a chain that got there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial, reduce

import numpy as np

from desirepath.errors import DesirepathError
from desirepath.eventlog.blocks import Block, Question, cores
from desirepath.eventlog.jit import kernel, wrapping
from desirepath.eventlog.log import Log
from desirepath.eventlog.matching import Column, columns
from desirepath.eventlog.model import Funnel, Ints, Rules, Scope
from desirepath.eventlog.walks import Walks

MOST_STEPS = 60
_EVERY_CASE = Rules(touchpoints=(), stage=(), stages=0)
_ENDLESS = 1 << 62


def funnel(
    log: Log,
    steps: Sequence[Collection[int]],
    window_s: float,
    scope: Scope,
    by: str | None = None,
    threads: int | None = None,
) -> Funnel:
    """How many cases in scope reach each step; a step is any of these codes of `log.event_names`.

    `by` is a dimension, `channel` or `event`: a case belongs to the group of its first event. `window_s` may be
    infinite.
    """
    wanted = _bits(log, steps)
    if not window_s >= 0:
        raise DesirepathError(f"a window of {window_s} seconds", hint="a window is zero or longer")
    window = round(window_s * 1e6) if window_s < _ENDLESS / 1e6 else _ENDLESS
    column = None if by is None else _column(log, by)
    groups: tuple[str | None, ...] = (None,) if column is None else (*column[0], None)
    question = Question.of(log, _EVERY_CASE, scope)
    tallies = question.each_block(
        lambda: np.zeros((len(groups), len(steps) + 1), np.int64),
        partial(_count, column, wanted, window),
        threads or cores(),
    )
    total = reduce(np.add, tallies)
    at_least = np.cumsum(total[:, ::-1], axis=1)[:, ::-1]
    return Funnel(groups, at_least[:, 0].copy(), at_least[:, 1:].copy())


def _bits(log: Log, steps: Sequence[Collection[int]]) -> Ints:
    """Per event name the steps that it fills, as bits."""
    if not 0 < len(steps) <= MOST_STEPS:
        raise DesirepathError(f"a funnel of {len(steps)} steps", hint=f"it has 1 to {MOST_STEPS} steps")
    bits = np.zeros(len(log.event_names), np.int64)
    for k, codes in enumerate(steps):
        for code in set(codes):
            if not 0 <= code < bits.size:
                raise DesirepathError(f"step {k + 1} asks for event {code}", hint=f"there are {bits.size} event names")
            bits[code] |= 1 << k
    return bits


def _column(log: Log, by: str) -> Column:
    known = columns(log)
    if by not in known:
        raise DesirepathError(f"the event log has no dimension {by!r}", hint=f"it has {', '.join(sorted(known))}")
    return known[by]


def _count(column: Column | None, wanted: Ints, window: int, tally: Ints, block: Block) -> Ints:
    walks = block.walks
    group = np.zeros(walks.begin.size, np.int64)
    if column is not None:
        _, codes, per_case = column
        group[:] = codes[walks.case if per_case else block.first_event + walks.begin]
    with wrapping():
        climb(walks, block.time, wanted.take(block.codes), window, group, np.empty(tally.shape[1], np.int64), tally)
    return tally


@kernel
def climb(walks: Walks, time: Ints, steps: Ints, window: int, group: Ints, start: Ints, levels: Ints) -> None:
    """Count walks by group and the furthest step they reach; `start` is scratch, a place for each step."""
    last = levels.shape[1] - 1
    for w in range(walks.begin.size):
        if not walks.inside[w]:
            continue
        level = 0
        for i in range(walks.begin[w], walks.end[w]):
            fills = steps[i]
            k = 0
            while fills != 0 and k <= level and k < last:
                if fills & 1:
                    if k == 0:
                        start[0] = time[i]
                        level = max(level, 1)
                    elif time[i] - start[k - 1] <= window:
                        start[k] = start[k - 1]
                        level = max(level, k + 1)
                fills >>= 1
                k += 1
            if level == last:
                break
        levels[group[w], level] += 1
