"""Tallies: made empty, fed blocks, merged. Merging is associative and commutative, so threads, machines and later
increments may share the work in any way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import wrapping
from desirepath.eventlog.kernels import PAIRS, PATHS, SETS, Stamps, Table, Tally, put, tally
from desirepath.eventlog.model import Ints

DENSE = 1 << 20
"""Up to so many pairs of event names, every pair has a place of its own."""
_FIRST_PLACES = 1 << 10
_NEVER = np.iinfo(np.int64)


@dataclass(frozen=True)
class Counter:
    """A tally and the stamps of the thread that feeds it."""

    tally: Tally
    stamps: Stamps


def new_counter(question: Question) -> Counter:
    """An empty tally for the question."""
    log, rules = question.log, question.rules
    names, touches, stages = len(log.event_names), len(rules.touchpoints), rules.stages
    dense = names * names < DENSE
    places = names * names + 1 if dense else _FIRST_PLACES
    several = log.person is not None
    out = Tally(
        totals=_zeros(8),
        times=np.array([_NEVER.max, _NEVER.min]),
        event=_zeros(3, names),
        first_event=_zeros(names),
        last_event=_zeros(names),
        pairs=Table(_zeros(0 if dense else places), _zeros(places)),
        pair_cases=_zeros(places),
        stage=_zeros(7, stages),
        first_stage=_zeros(stages),
        touch=_zeros(7, touches),
        touch_first=np.full(touches, _NEVER.max),
        touch_last=np.full(touches, _NEVER.min),
        touch_pairs=_zeros(touches, touches),
        touch_pair_cases=_zeros(touches, touches),
        paths=_table(_FIRST_PLACES),
        paths_at=_zeros(2, _FIRST_PLACES),
        sets=_table(_FIRST_PLACES),
        marks=np.zeros((log.person_count if several else 0, 1 + stages + touches), np.uint8),
    )
    stamps = Stamps(
        event=_zeros(names),
        pair=_zeros(places),
        touch=_zeros(touches),
        touch_seen=_zeros(touches),
        touch_person=_zeros(touches),
        touch_pair=_zeros(touches * touches),
        stage=_zeros(stages),
        stage_person=_zeros(stages + 1),
        stage_first=_zeros(stages),
        stage_last=_zeros(stages),
        stage_back=_zeros(stages),
    )
    return Counter(out, stamps)


def count(question: Question, counter: Counter, block: Block) -> Counter:
    """Add the walks of a block."""
    person = question.log.person if question.log.person is not None else _NOBODY
    done = 0
    while True:
        with wrapping():
            done = tally(
                done,
                block.walks.begin.size,
                block.walks,
                block.event,
                block.time,
                block.touch,
                question.stage,
                person,
                block.first_event,
                len(question.log.event_names),
                counter.tally,
                counter.stamps,
            )
        if done == block.walks.begin.size:
            return counter
        counter = _grown(counter, int(block.walks.end[done] - block.walks.begin[done]))


_NOBODY = np.empty(0, np.int64)
_NOBODY.setflags(write=False)


def merge(a: Tally, b: Tally) -> Tally:
    """Both together."""
    paths, paths_at = _joined_paths(a, b)
    pairs, pair_cases = _joined_pairs(a, b)
    sets = _joined_sets(a, b)
    totals = a.totals + b.totals
    for k, table in ((PAIRS, pairs), (PATHS, paths), (SETS, sets)):
        totals[k] = np.count_nonzero(table.key)
    return Tally(
        totals=totals,
        times=np.array([min(a.times[0], b.times[0]), max(a.times[1], b.times[1])]),
        event=a.event + b.event,
        first_event=a.first_event + b.first_event,
        last_event=a.last_event + b.last_event,
        pairs=pairs,
        pair_cases=pair_cases,
        stage=a.stage + b.stage,
        first_stage=a.first_stage + b.first_stage,
        touch=a.touch + b.touch,
        touch_first=np.minimum(a.touch_first, b.touch_first),
        touch_last=np.maximum(a.touch_last, b.touch_last),
        touch_pairs=a.touch_pairs + b.touch_pairs,
        touch_pair_cases=a.touch_pair_cases + b.touch_pair_cases,
        paths=paths,
        paths_at=paths_at,
        sets=sets,
        marks=a.marks | b.marks,
    )


def fitted(keys: Ints) -> tuple[Ints, Ints]:
    """A hash table that holds these keys (some perhaps twice) with room to spare, and the place of each."""
    return _placed(keys, _places(keys.size))


def _places(entries: int) -> int:
    return max(_FIRST_PLACES, 1 << (2 * entries).bit_length())


def _placed(keys: Ints, places: int) -> tuple[Ints, Ints]:
    table = _zeros(places)
    at = np.empty(keys.size, np.int64)
    with wrapping():
        put(table, keys, at)
    return table, at


def _grown(counter: Counter, events: int) -> Counter:
    """With room for another walk of so many events."""
    out, stamps = counter.tally, counter.stamps
    if out.pairs.key.size:
        old = np.flatnonzero(out.pairs.key)
        key, at = _placed(out.pairs.key[old], _places(2 * old.size + events))
        moved = [_moved(a, old, at, key.size) for a in (out.pairs.n, out.pair_cases, stamps.pair)]
        out = out._replace(pairs=Table(key, moved[0]), pair_cases=moved[1])
        stamps = stamps._replace(pair=moved[2])
    old = np.flatnonzero(out.paths.key)
    key, at = _placed(out.paths.key[old], _places(2 * old.size + 1))
    paths_at = np.stack([_moved(row, old, at, key.size) for row in out.paths_at])
    out = out._replace(paths=Table(key, _moved(out.paths.n, old, at, key.size)), paths_at=paths_at)
    old = np.flatnonzero(out.sets.key)
    key, at = _placed(out.sets.key[old], _places(2 * old.size + 1))
    return Counter(out._replace(sets=Table(key, _moved(out.sets.n, old, at, key.size))), stamps)


def _moved(values: Ints, old: Ints, at: Ints, places: int) -> Ints:
    moved = _zeros(places)
    moved[at] = values[old]
    return moved


@dataclass(frozen=True)
class _Join:
    """Two tables become one: where the entries of each lie, and where they go."""

    key: Ints
    old: tuple[Ints, Ints]
    new: tuple[Ints, Ints]

    @classmethod
    def of(cls, a: Table, b: Table) -> _Join:
        old = np.flatnonzero(a.key), np.flatnonzero(b.key)
        key, at = fitted(np.concatenate([a.key[old[0]], b.key[old[1]]]))
        return cls(key, old, (at[: old[0].size], at[old[0].size :]))

    def sum(self, a: Ints, b: Ints) -> Ints:
        out = _zeros(self.key.size)
        out[self.new[0]] = a[self.old[0]]
        out[self.new[1]] += b[self.old[1]]
        return out


def _joined_pairs(a: Tally, b: Tally) -> tuple[Table, Ints]:
    if a.pairs.key.size == 0:
        return Table(a.pairs.key, a.pairs.n + b.pairs.n), a.pair_cases + b.pair_cases
    join = _Join.of(a.pairs, b.pairs)
    return Table(join.key, join.sum(a.pairs.n, b.pairs.n)), join.sum(a.pair_cases, b.pair_cases)


def _joined_paths(a: Tally, b: Tally) -> tuple[Table, Ints]:
    """Of two examples the one that stands first in the log is kept."""
    join = _Join.of(a.paths, b.paths)
    at = np.full((2, join.key.size), _NEVER.max)
    for tally_, old, new in zip((a, b), join.old, join.new, strict=True):
        at[:, new] = np.minimum(at[:, new], tally_.paths_at[:, old])
    return Table(join.key, join.sum(a.paths.n, b.paths.n)), at


def _joined_sets(a: Tally, b: Tally) -> Table:
    join = _Join.of(a.sets, b.sets)
    return Table(join.key, join.sum(a.sets.n, b.sets.n))


def _zeros(*shape: int) -> Ints:
    return np.zeros(shape, np.int64)


def _table(places: int) -> Table:
    return Table(_zeros(places), _zeros(places))
