"""Who is behind a number: the walks in scope that met a touchpoint, took a step, or went no further from a stage.

Blocks are read one after the other until as many walks are found as were asked for, so that a page costs no more than
it shows. Walks come in the order of the log.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.log import Event, Log, Timeline
from desirepath.eventlog.model import Ints, Rules, Scope
from desirepath.eventlog.pad import Pad
from desirepath.eventlog.unpacking import Codes


@dataclass(frozen=True)
class Met:
    """Walks with an event at any of these touchpoints; all walks where there are none."""

    touchpoints: tuple[int, ...] = ()

    def of(self, block: Block) -> NDArray[np.bool_]:
        """Which walks of the block."""
        walks = block.walks
        if not self.touchpoints:
            return np.ones(walks.begin.size, np.bool_)
        walk, at = _events(block)
        return _any(walk[np.isin(block.touch[at], self.touchpoints)], walks.begin.size)


@dataclass(frozen=True)
class Stepped:
    """Walks that go from one touchpoint straight to another: events off the map do not count."""

    source: int
    target: int

    def of(self, block: Block) -> NDArray[np.bool_]:
        """Which walks of the block."""
        walk, at = _events(block)
        matched = block.touch[at] >= 0
        walk, touch = walk[matched], block.touch[at][matched]
        step = (walk[1:] == walk[:-1]) & (touch[:-1] == self.source) & (touch[1:] == self.target)
        return _any(walk[1:][step], block.walks.begin.size)


@dataclass(frozen=True)
class Dropped:
    """Walks that enter a stage and, after their first event there, neither a later stage nor the end."""

    stage: int

    def of(self, block: Block) -> NDArray[np.bool_]:
        """Which walks of the block."""
        walks, (walk, at) = block.walks, _events(block)
        stage = np.append(block.question.stage, np.int32(-1))[block.touch[at]]
        first = np.full(walks.begin.size, np.iinfo(np.int64).max)
        np.minimum.at(first, walk[stage == self.stage], at[stage == self.stage])
        later = stage > self.stage
        furthest = np.full(walks.begin.size, -1)
        np.maximum.at(furthest, walk[later], at[later])
        entered = first < np.iinfo(np.int64).max
        return np.asarray(entered & (furthest < first) & (walks.finish < first))


Chosen = Met | Stepped | Dropped


@dataclass(frozen=True)
class Walker:
    """A walk: its case in full where it is one, else the session; and the touchpoint of each event, −1 without."""

    timeline: Timeline
    touchpoints: tuple[int, ...]


def walkers(
    log: Log, rules: Rules, scope: Scope, chosen: Chosen, *, limit: int, offset: int = 0
) -> tuple[tuple[Walker, ...], bool]:
    """So many of the walks in scope that are meant, after the first `offset`; and whether there are more."""
    question = Question.of(log, rules, scope)
    found: list[Walker] = []
    passed, pad = 0, Pad()
    for cases in question.blocks(question.selected(log.alive)):
        block = Block(question, cases, pad)
        for w in np.flatnonzero(chosen.of(block)).tolist():
            if passed >= offset + limit:
                return tuple(found), True
            if passed >= offset:
                found.append(_walker(log, block, w))
            passed += 1
    return tuple(found), False


def _walker(log: Log, block: Block, w: int) -> Walker:
    walks = block.walks
    place = int(walks.case[w])
    case = block.cases[0] + place if isinstance(block.cases, tuple) else int(block.cases[place])
    first, begin, end = int(block.bounds[place]), int(walks.begin[w]), int(walks.end[w])
    whole = log.timeline_of(case)
    events: tuple[Event, ...] = whole.events[begin - first : end - first]
    touch: Codes = block.touch[begin:end]
    return Walker(Timeline(whole.id, whole.customer, events), tuple(touch.tolist()))


def _events(block: Block) -> tuple[Ints, Ints]:
    """Of every event of a walk in scope: the walk's place, and where the event lies in the block."""
    walks = block.walks
    lengths = walks.end - walks.begin
    walk = np.repeat(np.arange(lengths.size), lengths)
    within = np.arange(walk.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return walk, walks.begin[walk] + within


def _any(walk: Ints, walks: int) -> NDArray[np.bool_]:
    met = np.zeros(walks, np.bool_)
    met[walk] = True
    return met
