"""`summarise`: one log, one set of rules, one scope → one `Summary`, on as many threads as asked for.

The log is read up to three times: everything that is counted, then the histograms of the durations that are many, then
the few durations around the wanted quantiles. All numbers are exact.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np

from desirepath.errors import DesirepathError
from desirepath.eventlog.blocks import Block, Question, cores
from desirepath.eventlog.durations import durations
from desirepath.eventlog.jit import wrapping
from desirepath.eventlog.kernels import (
    BACKTRACKED,
    CASES,
    COMPLETED,
    CUSTOMERS,
    EVENTS,
    STEPS,
    Tally,
)
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Ints, Rules, Scope, Summary, Transitions, Waits
from desirepath.eventlog.quantiles import Durations, exact
from desirepath.eventlog.tallies import count, fitted, merge, new_counter

VARIANTS = 1000
"""How many variants a summary names; of those with equal counts at the end, it is the hash that chooses."""
MOST_STAGES = 60


def summarise(log: Log, rules: Rules, scope: Scope, threads: int | None = None) -> Summary:
    """Everything the living map needs from the log."""
    if rules.stages > MOST_STAGES:
        raise DesirepathError(f"a journey of {rules.stages} stages", hint=f"at most {MOST_STAGES} are counted")
    threads = threads or cores()
    question = Question.of(log, rules, scope)
    counters = question.each_block(
        lambda: new_counter(question), lambda counter, block: count(question, counter, block), threads
    )
    total = reduce(merge, [counter.tally for counter in counters])
    return _summary(question, total, _waits(question, total, threads))


def _pairs(total: Tally) -> tuple[Ints, Ints]:
    """The keys (source · names + target) of all pairs of event names that occur, ascending, and their places."""
    at = np.flatnonzero(total.pairs.n)
    keys = (total.pairs.key[at] if total.pairs.key.size else at) - 1
    order = np.argsort(keys)
    return keys[order], at[order]


def _waits(question: Question, total: Tally, threads: int) -> Waits:
    """Of all pairs of event names, pairs of touchpoints, touchpoints and stages, one after the other."""
    names, touches = len(question.log.event_names), len(question.rules.touchpoints)
    keys, at = _pairs(total)
    if total.pairs.key.size:
        pair_key, places = fitted(keys + 1)
    else:
        pair_key, places = total.pairs.key, keys + 1
    pair_item = np.zeros(max(pair_key.size, total.pairs.n.size), np.int64)
    pair_item[places] = np.arange(keys.size)
    first_item = keys.size + np.array([0, touches * touches, touches * touches + touches])

    def of_block(block: Block) -> Durations:
        item, duration = np.empty((2, 4 * block.event.size), np.int64)
        with wrapping():
            n = durations(
                block.walks,
                block.event,
                block.time,
                block.touch,
                question.stage,
                names,
                touches,
                pair_key,
                pair_item,
                first_item,
                item,
                duration,
            )
        return item[:n], duration[:n]

    def stream(new: Callable[[], Any], add: Callable[[Any, Durations], Any]) -> list[Any]:
        return question.each_block(new, lambda state, block: add(state, of_block(block)), threads)

    n = np.concatenate(
        [total.pairs.n[at], total.touches.pairs.ravel(), total.touches.pairs.sum(axis=0), total.stages.dwells]
    )
    return exact(n, stream, threads)


def _summary(question: Question, total: Tally, waits: Waits) -> Summary:
    log, rules = question.log, question.rules
    touches = len(rules.touchpoints)
    keys, at = _pairs(total)
    ends = np.cumsum([0, keys.size, touches * touches, touches, rules.stages])
    of_pairs, of_touch_pairs, of_touches, of_stages = (_part(waits, slice(a, z)) for a, z in pairwise(ends))
    linked = np.flatnonzero(total.touches.pairs)
    cases, events = int(total.totals[CASES]), int(total.totals[EVENTS])
    several = log.person is not None
    met = total.touches.events > 0
    customers = total.marks.sum(axis=0, dtype=np.int64)
    fitting, skipping, back, late = _conformance(total, rules.stages)
    return Summary(
        customers=int(customers[0] if several else total.totals[CUSTOMERS]),
        cases=cases,
        events=events,
        first_time=int(total.times[0, 0]) if cases else None,
        last_time=int(total.times[1, 0]) if cases else None,
        completed=int(total.totals[COMPLETED]),
        event_names=log.event_names,
        event_count=total.names.events,
        event_cases=total.names.cases,
        event_touchpoint_count=total.names.matched,
        transitions=Transitions(
            keys // max(1, len(log.event_names)),
            keys % max(1, len(log.event_names)),
            total.pairs.n[at],
            total.pairs.cases[at],
            of_pairs,
        ),
        stage_entered=total.stages.entered,
        stage_customers=customers[1 : 1 + rules.stages] if several else total.stages.customers,
        stage_continued=total.stages.continued,
        stage_last=total.stages.last,
        stage_single=total.stages.single,
        stage_backtrack=total.stages.backtrack,
        stage_dwell=of_stages,
        touch_cases=total.touches.cases,
        touch_customers=customers[1 + rules.stages :] if several else total.touches.customers,
        touch_events=total.touches.events,
        touch_repeat_cases=total.touches.repeat_cases,
        touch_loops=total.touches.loops,
        touch_first_time=np.where(met, total.times[0, 1:], 0),
        touch_last_time=np.where(met, total.times[1, 1:], 0),
        touch_last=total.touches.last,
        touch_wait=of_touches,
        touch_transitions=Transitions(
            linked // max(1, touches),
            linked % max(1, touches),
            total.touches.pairs.ravel()[linked],
            total.touches.pair_cases.ravel()[linked],
            _part(of_touch_pairs, linked),
        ),
        variants=_variants(log, total),
        variants_total=int(np.count_nonzero(total.paths.key)),
        fitting_cases=fitting,
        matched_cases=int(total.sets.n.sum()),
        backtracking_cases=back,
        skipping_cases=skipping,
        late_start_cases=late,
    )


def _part(waits: Waits, which: Any) -> Waits:
    return Waits(waits.n[which], waits.median[which], waits.p90[which])


def _conformance(total: Tally, stages: int) -> tuple[int, int, int, int]:
    """Cases that fit, that skip a stage, that go back, that start late; stages without any data count for nothing."""
    at = np.flatnonzero(total.sets.key)
    visited, n = total.sets.key[at] & ~BACKTRACKED, total.sets.n[at]
    back = total.sets.key[at] & BACKTRACKED != 0
    data = np.bitwise_or.reduce(visited, initial=0)
    reach = np.ones(at.size, np.int64) << stages
    below_last = np.zeros(at.size, np.int64)
    for s in range(stages):
        here = visited >> s & 1 == 1
        reach = np.where(here, np.minimum(reach, 1 << s), reach)
        below_last = np.where(here, (1 << s) - 1, below_last)
    gaps = data & below_last & ~visited
    skips = gaps & -reach != 0
    walked = np.flatnonzero(total.stages.entered)
    late = int(total.stages.first[walked[1:]].sum())
    return int(n[(gaps == 0) & ~back].sum()), int(n[skips].sum()), int(n[back].sum()), late


def _variants(log: Log, total: Tally) -> tuple[tuple[tuple[int, ...], int], ...]:
    at = np.flatnonzero(total.paths.key)
    if at.size > VARIANTS:
        n = total.paths.n[at]
        least = np.partition(n, -VARIANTS)[-VARIANTS]
        tied = at[n == least]
        tied = tied[np.argsort(total.paths.key[tied])][: VARIANTS - np.count_nonzero(n > least)]
        at = np.concatenate([at[n > least], tied])
    paths = [(_path(log, int(total.paths.begin[k]), int(total.paths.end[k])), int(total.paths.n[k])) for k in at]
    return tuple(sorted(paths, key=lambda path: (-path[1], path[0])))


def _path(log: Log, begin: int, end: int) -> tuple[int, ...]:
    path: list[int] = []
    for start in range(begin, end, 4096):
        for code in log.event[start : min(end, start + 4096)].tolist():
            if not path or path[-1] != code:
                path.append(code)
                if len(path) == STEPS:
                    return tuple(path)
    return tuple(path)
