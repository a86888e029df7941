"""What is asked of the event log (`Scope`, `Rules`) and what it answers (`Summary`).

All arrays are NumPy; counts are int64, times int64 microseconds since 1970 UTC, durations float64 seconds, NaN where
there is no value. A touchpoint or stage code is an index into the journey's list; −1 means none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Notion = Literal["customer", "case"]
"""What a case of the log is: all events of one person, or of one case id of the source."""


@dataclass(frozen=True)
class Path:
    """A way that a case takes, or with `taken` False does not take: these steps in this order, whatever lies between.

    A step is globs of event names; all of them happen within so many seconds of the first (see `chains`).
    """

    steps: tuple[tuple[str, ...], ...]
    within_s: float = float("inf")
    taken: bool = True


@dataclass(frozen=True)
class Scope:
    """Which cases count. A case is in scope when its first event lies in [start, end) and every condition holds.

    A condition on a case dimension (one that never changes within a case) selects cases with that value; one on an
    event dimension (or on `channel` or `event`) selects cases with at least one such event. Values are exact. Several
    conditions need not be fulfilled by the same event; a dimension that the log lacks, or an empty tuple of values,
    selects nothing; a missing value fulfils no condition. `audience` are the only customers that count, by any of
    their ids; `paths` must all be taken (or not). Sessions are judged one by one, and a trimmed case by what is left of
    it.
    """

    start: int | None = None  # µs since 1970 UTC
    end: int | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    audience: tuple[str, ...] | None = None
    paths: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Rules:
    """The journey's matching rules, already free of YAML: one entry a touchpoint, in drawn order.

    `touchpoints[t]` is a tuple of alternatives; an alternative holds globs for `event`, globs for `channel` and exact
    dimension values; an event belongs to the first touchpoint with an alternative that it fulfils. Globs are those of
    `fnmatch`, case-sensitive; a missing channel or dimension fulfils nothing, not even `*`; a `Match` that asks for
    nothing is fulfilled by every event, one that asks for a dimension that the log lacks by none.
    """

    @dataclass(frozen=True)
    class Match:
        event: tuple[str, ...] = ()
        channel: tuple[str, ...] = ()
        where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    touchpoints: tuple[tuple[Match, ...], ...]
    stage: tuple[int, ...]  # stage index of each touchpoint, non-decreasing
    stages: int
    start: Match | None = None  # with `trim`, events before the first match are cut off, and cases without any are out
    end: Match | None = None  # reaching it (the nth time) completes the case; with `trim`, later events are cut off
    end_nth: int = 1
    trim: bool = False
    session_gap: float | None = None  # idle seconds that, when exceeded, cut a case into sessions; these are the cases


@dataclass(frozen=True)
class Waits:
    """Exact quantiles (linear interpolation, as numpy's default) of a set of durations, per item."""

    n: Ints
    median: Floats
    p90: Floats


@dataclass(frozen=True)
class Transitions:
    """Consecutive pairs: `count` of them, in how many `cases`, and the time between the two."""

    source: Ints  # codes
    target: Ints
    count: Ints
    cases: Ints
    wait: Waits


@dataclass(frozen=True)
class Summary:
    """Everything the living map needs from the event log, for one scope and one set of rules.

    Definitions. A *visit* to a stage is an unbroken run of matched events in that stage (unmatched events do not break
    it); its dwell is the time from its first event to the first event of the next visit to another stage, so a case's
    last visit has none. A stage is *continued* by a case when, after its first event there, it has an event in a later
    stage or reaches the journey's end, be it with that first event itself. `backtrack[s]`: cases that enter stage s
    from a later stage. The *collapsed path* drops unmatched events and merges repeats of one touchpoint. Stages *with
    data* are those that any case in scope enters. A case *starts late* when its collapsed path does not start in the
    first stage with data; it *skips* when a stage with data between its first and its furthest stage (as drawn) is
    never visited by it at all; it *fits* the drawn path when it starts in time, never goes back to an earlier stage and
    leaves out no stage with data up to its furthest. Customers are distinct persons; a case without one is a person of
    its own. Events at the same time stand in the order of import and row.
    """

    customers: int
    cases: int
    events: int
    first_time: int | None
    last_time: int | None
    completed: int  # cases that reach the end rule (0 without one)
    # event names
    event_names: tuple[str, ...]
    event_count: Ints  # [names]
    event_cases: Ints
    event_touchpoint_count: Ints  # [names] events of that name that matched any touchpoint
    transitions: Transitions  # codes index event_names; sum(count) == events - cases
    # stages
    stage_entered: Ints  # [stages] cases
    stage_customers: Ints
    stage_continued: Ints
    stage_last: Ints  # cases whose last matched event lies here
    stage_single: Ints  # cases whose only matched event lies here (bounce)
    stage_backtrack: Ints
    stage_dwell: Waits
    # touchpoints
    touch_cases: Ints
    touch_customers: Ints
    touch_events: Ints
    touch_repeat_cases: Ints  # cases with two or more events there
    touch_loops: Ints  # returns to it after having been elsewhere
    touch_first_time: Ints  # µs; 0 where none
    touch_last_time: Ints
    touch_last: Ints  # cases whose last matched event is here
    touch_wait: Waits  # entering it: from the matched event right before, which was at another touchpoint
    touch_transitions: Transitions  # codes index touchpoints; no self transitions
    # paths
    variants: tuple[tuple[tuple[int, ...], int], ...]  # (event codes, repeats collapsed, then the first 20; cases), …
    variants_total: int  # … most cases first, the 1,000 most frequent of so many
    fitting_cases: int
    matched_cases: int  # cases with at least one matched event
    backtracking_cases: int
    skipping_cases: int
    late_start_cases: int


@dataclass(frozen=True)
class StageFlow:
    """How cases move through the stages: a row a group, a column a stage."""

    groups: tuple[str | None, ...]
    entered: Ints
    in_order: Ints  # cases that visit the stages up to this one in the order drawn, whatever happens in between
    continued: Ints
    last: Ints
    dwell: tuple[Waits, ...]  # of each group


@dataclass(frozen=True)
class Sessions:
    """Cases in scope by group: how many sessions they have, of how many events, and how long these last."""

    groups: tuple[str | None, ...]
    sessions: Ints
    customers: Ints
    events: Ints
    single: Ints  # sessions of one event
    duration: Waits  # from the first event to the last


@dataclass(frozen=True)
class ChannelMoves:
    """How often what followed what; the states are the channels, then a missing one, start, conversion, nothing."""

    channels: tuple[str, ...]
    moves: Ints  # [channels + 4, channels + 4]


@dataclass(frozen=True)
class Funnel:
    """Cases in scope by group (the last one: without a value; without groups the only one), and by step reached."""

    groups: tuple[str | None, ...]
    cases: Ints  # [groups]
    reached: Ints  # [groups, steps] cases that reach at least this step


@dataclass(frozen=True)
class Retention:
    """Cases in scope by the period of their first event (row) and how many periods later they have one (column).

    Column 0 is the size of the cohort. Rows and columns are as many as the periods from the first event to the last.
    """

    first_period: int  # µs since 1970 UTC at which the first row's period begins
    period: int  # µs
    cases: Ints  # [cohorts, ages]
