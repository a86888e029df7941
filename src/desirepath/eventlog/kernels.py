"""The compiled loops: each walks whole cases and adds to a tally, and tallies merge by addition.

They work on a block of cases at a time, whose events have been read into arrays of one type (see `blocks`), so that
each kernel is compiled once only. A *walk* is what counts as one case: a case of the log or a session of it, cut to
its start and end where the rules trim. Tables that grow with the data (pairs, paths) are hash tables with open
addressing, or plain arrays while the keys are few; a kernel stops before a walk that might overfill one and is called
again with a bigger one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.jit import kernel
from desirepath.eventlog.model import Ints

STEPS = 20
"""Length at which a variant is cut off."""
CASES, EVENTS, CUSTOMERS, COMPLETED, BACKTRACKING, PAIRS, PATHS, SETS = range(8)
"""Indices into `Tally.totals`; the last three count the entries of the tables that grow."""
BACKTRACKED = 1 << 62
"""Beside the set of its stages, the bit that says that a walk went back to an earlier one."""


class Walks(NamedTuple):
    """The walks of a block: events [begin, end) of its arrays."""

    begin: Ints
    end: Ints
    case: Ints  # index in the log
    finish: Ints  # the event that reaches the end rule, −1 without
    inside: NDArray[np.bool_]  # in scope


class Table(NamedTuple):
    """Counts by key. Keys are positive, 0 marks a free place; without `key` the key itself is the place."""

    key: Ints
    n: Ints


class Tally(NamedTuple):
    """Everything that merges by addition, except `paths_at` (an example each), times (least, greatest) and `marks`."""

    totals: Ints
    times: Ints  # first and last
    # event names
    event: Ints  # [3, names]: events, cases, matched events
    first_event: Ints
    last_event: Ints
    pairs: Table  # source · names + target + 1
    pair_cases: Ints
    # stages
    stage: Ints  # [7, stages]: entered, customers, continued, last, single, backtrack, dwells
    first_stage: Ints
    # touchpoints
    touch: Ints  # [7, touchpoints]: cases, customers, events, repeat cases, repeats, loops, last
    touch_first: Ints
    touch_last: Ints
    touch_pairs: Ints  # [touchpoints, touchpoints]
    touch_pair_cases: Ints
    # paths
    paths: Table  # hash of the collapsed path
    paths_at: Ints  # [2, places]: events [begin, end) of one walk that took it
    sets: Table  # set of stages as bits
    marks: NDArray[np.uint8]  # [persons, 1 + stages + touchpoints] seen, where a person may have several cases


class Stamps(NamedTuple):
    """Which walk (or person) last touched an item: how each is counted once."""

    event: Ints
    pair: Ints
    touch: Ints
    touch_seen: Ints
    touch_person: Ints
    touch_pair: Ints
    stage: Ints
    stage_person: Ints
    stage_first: Ints
    stage_last: Ints
    stage_back: Ints


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
def cut(
    offset: Ints,
    time: Ints,
    flags: Ints,
    first_case: int,
    gap: int,
    trim_start: bool,
    trim_end: bool,
    nth: int,
    needed: int,
    start: int,
    end: int,
    walks: Walks,
) -> int:
    """Cut a block into walks; returns how many. `gap` −1 cuts no sessions, `nth` 0 knows no end.

    A walk is in scope when its first event lies in [start, end) and its events together have all the needed flags.
    Where the start is trimmed and missing, there is no walk.
    """
    found = 0
    for c in range(offset.size - 1):
        a = offset[c]
        while a < offset[c + 1]:
            z = a + 1
            while z < offset[c + 1] and (gap < 0 or time[z] - time[z - 1] <= gap):
                z += 1
            b = a
            a = z
            if trim_start:
                while b < z and flags[b] & 1 == 0:
                    b += 1
                if b == z:
                    continue
            finish = -1
            reached = 0
            seen = 0
            for i in range(b, z if nth > 0 or needed > 0 else b):
                seen |= flags[i]
                if nth > 0 and flags[i] & 2:
                    reached += 1
                    if reached == nth:
                        finish = i
                        if trim_end:
                            z = i + 1
                            break
            walks.begin[found] = b
            walks.end[found] = z
            walks.case[found] = first_case + c
            walks.finish[found] = finish
            walks.inside[found] = start <= time[b] < end and seen & needed == needed
            found += 1
    return found


@kernel
def tally(
    first: int,
    last: int,
    walks: Walks,
    event: Ints,
    time: Ints,
    touch: Ints,
    stage: Ints,
    person: Ints,
    first_event: int,
    names: int,
    out: Tally,
    stamps: Stamps,
) -> int:
    """Add the walks [first, last) to the tally; returns the walk to go on with (earlier than last: a table is full)."""
    stages = stamps.stage.size
    touches = stamps.touch.size
    several = out.marks.shape[0] > 0
    for w in range(first, last):
        if not walks.inside[w]:
            continue
        b, z = walks.begin[w], walks.end[w]
        if out.pairs.key.size > 0 and 2 * (out.totals[PAIRS] + z - b) > out.pairs.key.size:
            return w
        if 2 * out.totals[PATHS] >= out.paths.key.size or 2 * out.totals[SETS] >= out.sets.key.size:
            return w
        out.totals[CASES] += 1
        out.totals[EVENTS] += z - b
        serial = out.totals[CASES]
        who = person[walks.case[w]] if several else walks.case[w] + 1
        if several:
            out.marks[who, 0] = 1
        elif stamps.stage_person[stages] != who:
            stamps.stage_person[stages] = who
            out.totals[CUSTOMERS] += 1
        if walks.finish[w] >= 0:
            out.totals[COMPLETED] += 1
        out.times[0] = min(out.times[0], time[b])
        out.times[1] = max(out.times[1], time[z - 1])
        out.first_event[event[b]] += 1
        out.last_event[event[z - 1]] += 1

        path = np.int64(0x9E3779B97F4A7C1)
        steps = 0
        matched = 0
        visited = np.int64(0)
        t0 = -1
        s0 = -1
        for i in range(b, z):
            e = event[i]
            out.event[0, e] += 1
            if stamps.event[e] != serial:
                stamps.event[e] = serial
                out.event[1, e] += 1
            if i > b:
                key = event[i - 1] * names + e + 1
                at = place(out.pairs.key, key)
                if out.pairs.key.size > 0 and out.pairs.key[at] == 0:
                    out.pairs.key[at] = key
                    out.totals[PAIRS] += 1
                out.pairs.n[at] += 1
                if stamps.pair[at] != serial:
                    stamps.pair[at] = serial
                    out.pair_cases[at] += 1
            if steps < STEPS and (i == b or event[i - 1] != e):
                path = (path ^ (e + 1)) * np.int64(0x2545F4914F6CDD1D)
                path ^= path >> np.int64(32)
                steps += 1

            t = touch[i]
            if t < 0:
                continue
            s = stage[t]
            out.event[2, e] += 1
            matched += 1
            out.touch[2, t] += 1
            out.touch_first[t] = min(out.touch_first[t], time[i])
            out.touch_last[t] = max(out.touch_last[t], time[i])
            again = stamps.touch[t] == serial
            if again:
                stamps.touch_seen[t] += 1
                if stamps.touch_seen[t] == 2:
                    out.touch[3, t] += 1
            else:
                stamps.touch[t] = serial
                stamps.touch_seen[t] = 1
                out.touch[0, t] += 1
                if several:
                    out.marks[who, 1 + stages + t] = 1
                elif stamps.touch_person[t] != who:
                    stamps.touch_person[t] = who
                    out.touch[1, t] += 1
            if t == t0:
                out.touch[4, t] += 1
            else:
                if again:
                    out.touch[5, t] += 1
                if t0 >= 0:
                    out.touch_pairs[t0, t] += 1
                    if stamps.touch_pair[t0 * touches + t] != serial:
                        stamps.touch_pair[t0 * touches + t] = serial
                        out.touch_pair_cases[t0, t] += 1
            if stamps.stage[s] != serial:
                stamps.stage[s] = serial
                stamps.stage_first[s] = i
                visited |= np.int64(1) << s
                out.stage[0, s] += 1
                if several:
                    out.marks[who, 1 + s] = 1
                elif stamps.stage_person[s] != who:
                    stamps.stage_person[s] = who
                    out.stage[1, s] += 1
            stamps.stage_last[s] = i
            if s0 < 0:
                out.first_stage[s] += 1
            elif s != s0:
                out.stage[6, s0] += 1
                if s < s0:
                    if visited & BACKTRACKED == 0:
                        visited |= BACKTRACKED
                        out.totals[BACKTRACKING] += 1
                    if stamps.stage_back[s] != serial:
                        stamps.stage_back[s] = serial
                        out.stage[5, s] += 1
            t0 = t
            s0 = s

        path &= np.int64(0x7FFFFFFFFFFFFFFF)
        if path == 0:
            path = np.int64(1)
        at = place(out.paths.key, path)
        if out.paths.key[at] == 0:
            out.paths.key[at] = path
            out.paths_at[0, at] = first_event + b
            out.paths_at[1, at] = first_event + z
            out.totals[PATHS] += 1
        out.paths.n[at] += 1
        if matched == 0:
            continue
        out.stage[3, s0] += 1
        out.touch[6, t0] += 1
        if matched == 1:
            out.stage[4, s0] += 1
        at = place(out.sets.key, visited)
        if out.sets.key[at] == 0:
            out.sets.key[at] = visited
            out.totals[SETS] += 1
        out.sets.n[at] += 1
        later = walks.finish[w] + 1
        for s in range(stages - 1, -1, -1):
            if stamps.stage[s] == serial:
                if later > stamps.stage_first[s]:
                    out.stage[2, s] += 1
                later = max(later, stamps.stage_last[s])
    return last


@kernel
def durations(
    walks: Walks,
    event: Ints,
    time: Ints,
    touch: Ints,
    stage: Ints,
    names: int,
    touches: int,
    pair_key: Ints,
    pair_item: Ints,
    first_item: Ints,
    item: Ints,
    duration: Ints,
) -> int:
    """List every duration of a block under its item; returns how many.

    Items: pairs of event names, then pairs of touchpoints, touchpoints and stages from `first_item` on.
    """
    n = 0
    for w in range(walks.begin.size):
        if not walks.inside[w]:
            continue
        t0 = -1
        s0 = -1
        touched = 0
        visit = np.int64(0)
        for i in range(walks.begin[w], walks.end[w]):
            if i > walks.begin[w]:
                item[n] = pair_item[place(pair_key, event[i - 1] * names + event[i] + 1)]
                duration[n] = time[i] - time[i - 1]
                n += 1
            t = touch[i]
            if t < 0:
                continue
            s = stage[t]
            if t0 >= 0 and t != t0:
                item[n] = first_item[0] + t0 * touches + t
                item[n + 1] = first_item[1] + t
                duration[n] = time[i] - time[touched]
                duration[n + 1] = duration[n]
                n += 2
            if s != s0:
                if s0 >= 0:
                    item[n] = first_item[2] + s0
                    duration[n] = time[i] - visit
                    n += 1
                visit = time[i]
            t0 = t
            s0 = s
            touched = i
    return n
