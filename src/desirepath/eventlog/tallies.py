"""Tallies: made empty, fed blocks, merged. Merging is associative and commutative, so threads, machines and later
increments may share the work in any way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import wrapping
from desirepath.eventlog.kernels import (
    Kinds,
    Names,
    Pairs,
    Stages,
    Stamps,
    Tally,
    Touches,
    count_kinds,
    count_names,
    count_stages,
    count_touchpoints,
    count_walks,
    hash_paths,
    put,
)
from desirepath.eventlog.model import Ints

DENSE = 1 << 20
"""Up to so many pairs of event names, every pair has a place of its own."""
_FIRST_PLACES = 1 << 10
_NEVER = np.iinfo(np.int64)
_NOBODY = np.empty(0, np.int64)
_NOBODY.setflags(write=False)


@dataclass(frozen=True)
class Counter:
    """A tally, the stamps of the thread that feeds it, and how many places of its tables are taken."""

    tally: Tally
    stamps: Stamps
    pairs: int = 0
    paths: int = 0
    sets: int = 0


def new_counter(question: Question) -> Counter:
    """An empty tally for the question."""
    log, rules = question.log, question.rules
    names, touches, stages = len(log.event_names), len(rules.touchpoints), rules.stages
    dense = names * names < DENSE
    places = names * names + 1 if dense else _FIRST_PLACES
    several = log.person is not None
    tally = Tally(
        totals=_zeros(4),
        times=np.repeat([[_NEVER.max], [_NEVER.min]], 1 + touches, axis=1),
        names=Names(*_zeros(3, names)),
        pairs=Pairs(_zeros(0 if dense else places), _zeros(places), _zeros(places)),
        touches=Touches(*_zeros(6, touches), *_zeros(2, touches, touches)),
        stages=Stages(*_zeros(8, stages)),
        paths=Kinds(*_zeros(4, _FIRST_PLACES)),
        sets=Kinds(*_zeros(4, _FIRST_PLACES)),
        marks=np.zeros((log.person_count if several else 0, 1 + stages + touches), np.bool_),
    )
    stamps = Stamps(
        event=_zeros(names),
        pair=_zeros(places),
        touch=_zeros(touches),
        touch_times=_zeros(touches),
        touch_person=_zeros(touches),
        touch_pair=_zeros(touches, touches),
        stage=_zeros(stages),
        stage_person=_zeros(stages),
        stage_first=_zeros(stages),
        stage_last=_zeros(stages),
        stage_back=_zeros(stages),
        person=_zeros(1),
    )
    return Counter(tally, stamps)


def count(question: Question, counter: Counter, block: Block) -> Counter:
    """Add the walks of a block."""
    counter = _roomy(counter, block.event.size, block.walks.begin.size)
    person = _NOBODY if question.log.person is None else question.log.person
    walks, first, tally, stamps = block.walks, block.first_event, counter.tally, counter.stamps
    path, visited = np.empty((2, walks.begin.size), np.int64)
    names = len(question.log.event_names)
    with wrapping():
        count_walks(walks, block.time, person, tally.totals, tally.times, tally.marks, stamps.person)
        pairs = count_names(walks, first, block.event, block.touch, names, tally.names, tally.pairs, stamps)
        count_touchpoints(
            walks, first, block.touch, block.time, person, tally.touches, tally.times, tally.marks, stamps
        )
        count_stages(walks, first, block.touch, question.stage, person, tally.stages, tally.marks, stamps, visited)
        hash_paths(walks, block.event, path)
        paths = count_kinds(walks, first, path, tally.paths)
        sets = count_kinds(walks, first, visited, tally.sets)
    return Counter(tally, stamps, counter.pairs + pairs, counter.paths + paths, counter.sets + sets)


def merge(a: Tally, b: Tally) -> Tally:
    """Both together; of two examples the one that stands first in the log is kept."""
    return Tally(
        totals=a.totals + b.totals,
        times=np.stack([np.minimum(a.times[0], b.times[0]), np.maximum(a.times[1], b.times[1])]),
        names=Names(*map(np.add, a.names, b.names)),
        pairs=_merged_pairs(a.pairs, b.pairs),
        touches=Touches(*map(np.add, a.touches, b.touches)),
        stages=Stages(*map(np.add, a.stages, b.stages)),
        paths=_merged_kinds(a.paths, b.paths),
        sets=_merged_kinds(a.sets, b.sets),
        marks=a.marks | b.marks,
    )


def fitted(keys: Ints, places: int = 0) -> tuple[Ints, Ints]:
    """A hash table that holds these keys (some perhaps twice) with room to spare, and the place of each."""
    table = _zeros(max(places, _places(keys.size)))
    at = np.empty(keys.size, np.int64)
    with wrapping():
        put(table, keys, at)
    return table, at


def _places(entries: int) -> int:
    return max(_FIRST_PLACES, 1 << (2 * entries).bit_length())


def _roomy(counter: Counter, events: int, walks: int) -> Counter:
    """With room for another block, whatever is in it."""
    tally, stamps = counter.tally, counter.stamps
    pairs = tally.pairs
    if pairs.key.size and 2 * (counter.pairs + events) > pairs.key.size:
        old = np.flatnonzero(pairs.key)
        key, at = fitted(pairs.key[old], _places(2 * counter.pairs + events))
        n, cases, stamp = (_moved(column, old, at, key.size) for column in (pairs.n, pairs.cases, stamps.pair))
        tally, stamps = tally._replace(pairs=Pairs(key, n, cases)), stamps._replace(pair=stamp)
    if 2 * (counter.paths + walks) > tally.paths.key.size:
        tally = tally._replace(paths=_grown(tally.paths, _places(2 * counter.paths + walks)))
    if 2 * (counter.sets + walks) > tally.sets.key.size:
        tally = tally._replace(sets=_grown(tally.sets, _places(2 * counter.sets + walks)))
    return Counter(tally, stamps, counter.pairs, counter.paths, counter.sets)


def _grown(kinds: Kinds, places: int) -> Kinds:
    old = np.flatnonzero(kinds.key)
    key, at = fitted(kinds.key[old], places)
    return Kinds(key, *(_moved(column, old, at, key.size) for column in kinds[1:]))


def _moved(values: Ints, old: Ints, at: Ints, places: int) -> Ints:
    moved = _zeros(places)
    moved[at] = values[old]
    return moved


def _merged_pairs(a: Pairs, b: Pairs) -> Pairs:
    if a.key.size == 0:
        return Pairs(a.key, a.n + b.n, a.cases + b.cases)
    join = _Join.of(a.key, b.key)
    return Pairs(join.key, join.sum(a.n, b.n), join.sum(a.cases, b.cases))


def _merged_kinds(a: Kinds, b: Kinds) -> Kinds:
    join = _Join.of(a.key, b.key)
    return Kinds(join.key, join.sum(a.n, b.n), join.least(a.begin, b.begin), join.least(a.end, b.end))


@dataclass(frozen=True)
class _Join:
    """Two tables become one: where the entries of each lie, and where they go."""

    key: Ints
    old: tuple[Ints, Ints]
    new: tuple[Ints, Ints]

    @classmethod
    def of(cls, a: Ints, b: Ints) -> _Join:
        old = np.flatnonzero(a), np.flatnonzero(b)
        key, at = fitted(np.concatenate([a[old[0]], b[old[1]]]))
        return cls(key, old, (at[: old[0].size], at[old[0].size :]))

    def sum(self, a: Ints, b: Ints) -> Ints:
        out = _zeros(self.key.size)
        out[self.new[0]] = a[self.old[0]]
        out[self.new[1]] += b[self.old[1]]
        return out

    def least(self, a: Ints, b: Ints) -> Ints:
        out = np.full(self.key.size, _NEVER.max)
        out[self.new[0]] = a[self.old[0]]
        out[self.new[1]] = np.minimum(out[self.new[1]], b[self.old[1]])
        return out


def _zeros(*shape: int) -> Ints:
    return np.zeros(shape, np.int64)
