"""The counting loops: each goes through the walks of a block and adds to a tally, and tallies merge by addition.

A block's events have been read into arrays of one type (see `blocks`), so that each kernel is compiled once only. Each
loops over all walks of the block itself, for numba counts references to every array at every call. Tables whose keys
the data decide are hash tables with open addressing; who calls sees to it that they have room.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.jit import kernel
from desirepath.eventlog.model import Ints
from desirepath.eventlog.walks import Walks

STEPS = 20
"""Length at which a variant is cut off."""
CASES, EVENTS, CUSTOMERS, COMPLETED = range(4)
"""Indices into `Tally.totals`."""
BACKTRACKED = np.int64(1 << 62)
"""Beside the set of its stages, the bit that says that a walk went back to an earlier one."""


class Pairs(NamedTuple):
    """Counts by pair of event names. Keys are source · names + target + 1, 0 marks a free place; without `key` the key
    itself is the place.
    """

    key: Ints
    n: Ints
    cases: Ints


class Kinds(NamedTuple):
    """Counts of walks by what they have in common (a positive key), and one example: events [begin, end) of the log."""

    key: Ints
    n: Ints
    begin: Ints
    end: Ints


class Names(NamedTuple):
    """Per event name: events, cases with one, events that matched a touchpoint."""

    events: Ints
    cases: Ints
    matched: Ints


class Touches(NamedTuple):
    """Per touchpoint, as in `Summary`; `pairs` and `pair_cases` per move from one (row) to another (column)."""

    events: Ints
    cases: Ints
    customers: Ints
    repeat_cases: Ints
    loops: Ints
    last: Ints
    pairs: Ints
    pair_cases: Ints


class Stages(NamedTuple):
    """Per stage, as in `Summary`; `first` counts cases that begin there, `dwells` visits followed by another."""

    entered: Ints
    customers: Ints
    continued: Ints
    last: Ints
    single: Ints
    backtrack: Ints
    first: Ints
    dwells: Ints


class Tally(NamedTuple):
    """All that is counted. It merges by addition, except for `times` (least, greatest) and `marks` (either)."""

    totals: Ints
    times: Ints  # [2, 1 + touchpoints] first and last: of all events, of each touchpoint
    names: Names
    pairs: Pairs
    touches: Touches
    stages: Stages
    paths: Kinds  # by hash of the collapsed path
    sets: Kinds  # by set of stages
    marks: NDArray[np.bool_]  # [persons, 1 + stages + touchpoints] seen, where a person may have several cases


class Stamps(NamedTuple):
    """Which walk last met an item (`…_person`: which customer), so that each is counted once."""

    event: Ints
    pair: Ints
    touch: Ints
    touch_times: Ints  # how often the walk met it
    touch_person: Ints
    touch_pair: Ints  # [touchpoints, touchpoints]
    stage: Ints
    stage_person: Ints
    stage_first: Ints  # events
    stage_last: Ints
    stage_back: Ints
    person: Ints  # [1]


@kernel
def place(key: Ints, wanted: np.int64) -> np.int64:
    """Where the key is or would be put."""
    if key.size == 0:
        return wanted
    mask = key.size - 1
    at = ((wanted ^ (wanted >> 29)) * 0x9E3779B97F4A7C1 >> 20) & mask
    while key[at] != 0 and key[at] != wanted:
        at = (at + 1) & mask
    return at


@kernel
def put(key: Ints, wanted: Ints, at: Ints) -> None:
    """Enter keys into a table that has room for them; `at` receives their places."""
    for k in range(wanted.size):
        at[k] = place(key, wanted[k])
        key[at[k]] = wanted[k]


@kernel
def count_walks(
    walks: Walks, time: Ints, person: Ints, totals: Ints, times: Ints, marks: NDArray[np.bool_], met: Ints
) -> None:
    """`person` is empty where every case is a person's only one; otherwise persons are marked instead of counted."""
    for w in range(walks.begin.size):
        if not walks.inside[w]:
            continue
        b, z = walks.begin[w], walks.end[w]
        totals[CASES] += 1
        totals[EVENTS] += z - b
        if walks.finish[w] >= 0:
            totals[COMPLETED] += 1
        times[0, 0] = min(times[0, 0], time[b])
        times[1, 0] = max(times[1, 0], time[z - 1])
        if person.size > 0:
            marks[person[walks.case[w]], 0] = True
        elif met[0] != walks.case[w] + 1:
            met[0] = walks.case[w] + 1
            totals[CUSTOMERS] += 1


@kernel
def count_names(
    walks: Walks, first_event: int, event: Ints, touch: Ints, names: int, out: Names, pairs: Pairs, stamps: Stamps
) -> int:
    """Events by name and what follows what; returns how many pairs are new."""
    found = 0
    for w in range(walks.begin.size):
        if not walks.inside[w]:
            continue
        b, z = walks.begin[w], walks.end[w]
        serial = first_event + b + 1
        for i in range(b, z):
            e = event[i]
            out.events[e] += 1
            if touch[i] >= 0:
                out.matched[e] += 1
            if stamps.event[e] != serial:
                stamps.event[e] = serial
                out.cases[e] += 1
            if i == b:
                continue
            key = event[i - 1] * names + e + 1
            at = place(pairs.key, key)
            if pairs.key.size > 0 and pairs.key[at] == 0:
                pairs.key[at] = key
                found += 1
            pairs.n[at] += 1
            if stamps.pair[at] != serial:
                stamps.pair[at] = serial
                pairs.cases[at] += 1
    return found


@kernel
def hash_paths(walks: Walks, event: Ints, path: Ints) -> None:
    """The hash of each walk's event names, repeats collapsed, up to `STEPS` of them; 0 for walks out of scope."""
    for w in range(walks.begin.size):
        path[w] = 0
        if not walks.inside[w]:
            continue
        h = np.int64(0x9E3779B97F4A7C1)
        steps = 0
        before = np.int64(-1)
        for i in range(walks.begin[w], walks.end[w]):
            if event[i] != before:
                before = event[i]
                h = (h ^ (before + 1)) * np.int64(0x2545F4914F6CDD1D)
                h ^= h >> np.int64(32)
                steps += 1
                if steps == STEPS:
                    break
        path[w] = max(h & np.int64(0x7FFFFFFFFFFFFFFF), np.int64(1))


@kernel
def count_touchpoints(
    walks: Walks,
    first_event: int,
    touch: Ints,
    time: Ints,
    person: Ints,
    out: Touches,
    times: Ints,
    marks: NDArray[np.bool_],
    stamps: Stamps,
) -> None:
    """Events by touchpoint and what follows what."""
    touches = out.events.size
    first_mark = marks.shape[1] - touches
    for w in range(walks.begin.size):
        if not walks.inside[w]:
            continue
        serial = first_event + walks.begin[w] + 1
        before = np.int64(-1)
        for i in range(walks.begin[w], walks.end[w]):
            t = touch[i]
            if t < 0:
                continue
            out.events[t] += 1
            times[0, 1 + t] = min(times[0, 1 + t], time[i])
            times[1, 1 + t] = max(times[1, 1 + t], time[i])
            if stamps.touch[t] != serial:
                stamps.touch[t] = serial
                stamps.touch_times[t] = 0
                out.cases[t] += 1
                if person.size > 0:
                    marks[person[walks.case[w]], first_mark + t] = True
                elif stamps.touch_person[t] != walks.case[w] + 1:
                    stamps.touch_person[t] = walks.case[w] + 1
                    out.customers[t] += 1
            stamps.touch_times[t] += 1
            if stamps.touch_times[t] == 2:
                out.repeat_cases[t] += 1
            if t == before:
                continue
            if stamps.touch_times[t] > 1:
                out.loops[t] += 1
            if before >= 0:
                out.pairs[before, t] += 1
                if stamps.touch_pair[before, t] != serial:
                    stamps.touch_pair[before, t] = serial
                    out.pair_cases[before, t] += 1
            before = t
        if before >= 0:
            out.last[before] += 1


@kernel
def count_stages(
    walks: Walks,
    first_event: int,
    touch: Ints,
    stage: Ints,
    person: Ints,
    out: Stages,
    marks: NDArray[np.bool_],
    stamps: Stamps,
    visited: Ints,
) -> None:
    """Visits to stages; `visited` receives the set of each walk's stages as bits, 0 without any."""
    for w in range(walks.begin.size):
        visited[w] = 0
        if not walks.inside[w]:
            continue
        serial = first_event + walks.begin[w] + 1
        met = 0
        before = np.int64(-1)
        for i in range(walks.begin[w], walks.end[w]):
            if touch[i] < 0:
                continue
            s = stage[touch[i]]
            met += 1
            stamps.stage_last[s] = i
            if s == before:
                continue
            if stamps.stage[s] != serial:
                stamps.stage[s] = serial
                stamps.stage_first[s] = i
                visited[w] |= np.int64(1) << s
                out.entered[s] += 1
                if person.size > 0:
                    marks[person[walks.case[w]], 1 + s] = True
                elif stamps.stage_person[s] != walks.case[w] + 1:
                    stamps.stage_person[s] = walks.case[w] + 1
                    out.customers[s] += 1
            if before < 0:
                out.first[s] += 1
            else:
                out.dwells[before] += 1
            if s < before:
                visited[w] |= BACKTRACKED
                if stamps.stage_back[s] != serial:
                    stamps.stage_back[s] = serial
                    out.backtrack[s] += 1
            before = s
        if met == 0:
            continue
        out.last[before] += 1
        if met == 1:
            out.single[before] += 1
        later = walks.finish[w] + 1
        for s in range(out.entered.size - 1, -1, -1):
            if stamps.stage[s] == serial:
                if later > stamps.stage_first[s]:
                    out.continued[s] += 1
                later = max(later, stamps.stage_last[s])


@kernel
def count_kinds(walks: Walks, first_event: int, key: Ints, kinds: Kinds) -> int:
    """Walks by key, those with key 0 left out; returns how many kinds are new."""
    found = 0
    for w in range(key.size):
        if key[w] == 0:
            continue
        at = place(kinds.key, key[w])
        if kinds.key[at] == 0:
            kinds.key[at] = key[w]
            kinds.begin[at] = first_event + walks.begin[w]
            kinds.end[at] = first_event + walks.end[w]
            found += 1
        kinds.n[at] += 1
    return found
