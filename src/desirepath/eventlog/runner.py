"""The questions that a log answers. All numbers are exact; `by` groups cases by a column in the same pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from desirepath.errors import DesirepathError
from desirepath.eventlog.chains import Mode
from desirepath.eventlog.counting import Asked, Counted, Engine, Local, counted
from desirepath.eventlog.log import Log
from desirepath.eventlog.measures import follows as follows_
from desirepath.eventlog.measures import nested
from desirepath.eventlog.measures import stages as stages_
from desirepath.eventlog.measures import totals as totals_
from desirepath.eventlog.measures import touchpoints as touches_
from desirepath.eventlog.measures.channels import Channels
from desirepath.eventlog.measures.cohorts import Cohorts
from desirepath.eventlog.measures.follows import Follows
from desirepath.eventlog.measures.funnels import Funnels
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.spans import Spans
from desirepath.eventlog.measures.stages import Stages
from desirepath.eventlog.measures.tally import Kinds
from desirepath.eventlog.measures.totals import Totals
from desirepath.eventlog.measures.touchpoints import Touchpoints
from desirepath.eventlog.measures.variants import Variants, most_frequent
from desirepath.eventlog.model import (
    ChannelMoves,
    Funnel,
    Ints,
    Retention,
    Rules,
    Scope,
    Sessions,
    StageFlow,
    Summary,
    Transitions,
    Waits,
)
from desirepath.eventlog.sessions import nests

Source = Log | Engine
"""A log, or who counts one."""
VARIANTS = 1000
"""How many variants a summary names."""
MOST_STAGES = 60
_EVERY_CASE = Rules(touchpoints=(), stage=(), stages=0)
_NOTHING = np.empty(0, np.int64)
_NO_WAITS = Waits(_NOTHING, np.empty(0, np.float64), np.empty(0, np.float64))
_NO_TRANSITIONS = Transitions(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NO_WAITS)


def summarise(log: Source, rules: Rules, scope: Scope, threads: int | None = None) -> Summary:
    """Everything the living map needs from the log."""
    return summaries(log, rules, scope, None, threads)[None]


def summaries(
    log: Source, rules: Rules, scope: Scope, by: str | None, threads: int | None = None
) -> dict[str | None, Summary]:
    """A summary for each value of a column; None stands for cases without any (without `by`: for all)."""
    kinds = (Totals, Follows, Touchpoints, Stages, Variants)
    found = _counted(log, threads, rules, scope, by, *((kind, {}) for kind in kinds))
    waits = found.all_waits()
    return {group: _summary(found, waits, g) for g, group in enumerate(found.question.groups)}


def errands(log: Source, rules: Rules, scope: Scope, threads: int | None = None) -> Summary:
    """The same without names, transitions, variants, dwells and waits before touchpoints: of these there are none."""
    kinds: list[tuple[type[Measure], dict[str, Any]]] = [
        (Totals, {}),
        (Touchpoints, {"by_pair_only": True}),
        (Stages, {"dwells": False}),
    ]
    found = _counted(log, threads, rules, scope, None, *kinds)
    waits = found.all_waits()
    return _summary(found, waits, 0)


def in_one_pass(log: Source, rules: Rules, scope: Scope) -> bool:
    """Whether `with_sessions` can answer."""
    return nests(log if isinstance(log, Log) else log.log, rules, scope)


def with_sessions(
    log: Source, rules: Rules, scope: Scope, gap_s: float, threads: int | None = None
) -> tuple[Summary, Summary]:
    """`summarise`, and `errands` of the sessions that pauses longer than this cut the cases into."""
    of_sessions = {"gap": round(gap_s * 1e6)}
    kinds: list[tuple[type[Measure], dict[str, Any]]] = [
        (nested.Totals, of_sessions),
        (nested.Touchpoints, of_sessions),
        (nested.Stages, of_sessions),
        (Follows, {}),
        (Variants, {}),
    ]
    found = _counted(log, threads, rules, scope, None, *kinds)
    waits, touches = found.all_waits(), len(rules.touchpoints)
    found = replace(found, tally=nested.events_told(found.tally, found.question.touch_of_event))
    sessions = replace(found, tally=nested.of_sessions(found.tally))
    within = _rows(waits["touchpoints"], slice(touches * (touches + 1), None))
    return _summary(found, waits, 0), _summary(sessions, {"touchpoints": within}, 0)


def completed(log: Source, rules: Rules, scope: Scope, threads: int | None = None) -> int:
    """How many cases reach the journey's end."""
    found = _counted(log, threads, rules, scope, None, (Totals, {}))
    return int(found.tally.sums["totals"][0, totals_.COMPLETED])


def follows(log: Source, scope: Scope, threads: int | None = None) -> Transitions:
    """What directly follows what, with the waits in between."""
    return follows_by(log, scope, None, threads)[None]


def follows_by(log: Source, scope: Scope, by: str | None, threads: int | None = None) -> dict[str | None, Transitions]:
    """The same for each value of a column; None stands for cases without any."""
    found = _counted(log, threads, _EVERY_CASE, scope, by, (Follows, {"pairs_only": True}))
    waits = found.waits("follows")
    return {group: _transitions(found, waits, g) for g, group in enumerate(found.question.groups)}


def stages(log: Source, rules: Rules, scope: Scope, by: str | None = None, threads: int | None = None) -> StageFlow:
    """How cases move through the stages."""
    found = _counted(log, threads, rules, scope, by, (Stages, {}))
    question, counts, dwell = found.question, found.tally.sums["stages"], found.waits("stages")
    return StageFlow(
        groups=question.groups,
        entered=counts[:, :, stages_.ENTERED],
        in_order=counts[:, :, stages_.IN_ORDER],
        continued=counts[:, :, stages_.CONTINUED],
        last=counts[:, :, stages_.LAST],
        dwell=tuple(_rows(dwell, slice(g * rules.stages, (g + 1) * rules.stages)) for g in range(len(question.groups))),
    )


def variants(
    log: Source, scope: Scope, most: int = 100, threads: int | None = None
) -> tuple[tuple[tuple[int, ...], int], ...]:
    """The most frequent paths as codes of event names, repeats collapsed, up to 20 steps, and the cases of each."""
    found = _counted(log, threads, _EVERY_CASE, scope, None, (Variants, {}))
    return _paths(found, found.tally.kinds["paths0"], most)


def funnel(
    log: Source,
    steps: Sequence[Collection[int]],
    window_s: float,
    scope: Scope,
    by: str | None = None,
    threads: int | None = None,
    *,
    mode: Mode = "any",
) -> Funnel:
    """How many cases in scope reach each step; a step is any of these codes of `log.event_names`.

    `by` is a dimension, `channel` or `event`: a case belongs to the group of its first event. `window_s` may be
    infinite. For the modes see `chains.py`.
    """
    arguments = {"steps": steps, "window_s": window_s, "mode": mode}
    found = _counted(log, threads, _EVERY_CASE, scope, by, (Funnels, arguments))
    at_least = np.cumsum(found.tally.sums["levels"][:, ::-1], axis=1)[:, ::-1]
    return Funnel(found.question.groups, at_least[:, 0].copy(), at_least[:, 1:].copy())


def retention(log: Source, period_s: float, origin: int, scope: Scope, threads: int | None = None) -> Retention:
    """Cases in scope by cohort and age; periods are counted from `origin` (µs since 1970 UTC) in both directions."""
    arguments = {"period_s": period_s, "origin": origin}
    found = _counted(log, threads, _EVERY_CASE, scope, None, (Cohorts, arguments))
    cells, cohorts = found.tally.sums["cells"][0], found.measures[0]
    assert isinstance(cohorts, Cohorts)
    met = np.flatnonzero(cells.any(axis=1))
    if not met.size:
        return Retention(cohorts.zero, cohorts.period, np.zeros((0, 0), np.int64))
    first = int(met[0])
    last = int((np.arange(len(cells))[:, None] + np.arange(len(cells)))[cells > 0].max())
    n = last - first + 1
    return Retention(cohorts.zero + first * cohorts.period, cohorts.period, cells[first : first + n, :n].copy())


def sessions(log: Source, gap_s: float, scope: Scope, by: str | None = None, threads: int | None = None) -> Sessions:
    """Cases in scope, cut after each pause longer than `gap_s`; sessions are judged one by one."""
    rules = replace(_EVERY_CASE, session_gap=gap_s)
    found = _counted(log, threads, rules, scope, by, (Totals, {}), (Spans, {}))
    totals = found.tally.sums["totals"]
    return Sessions(
        groups=found.question.groups,
        sessions=totals[:, totals_.WALKS],
        customers=totals[:, totals_.CUSTOMERS],
        events=totals[:, totals_.EVENTS],
        single=found.tally.sums["single"],
        duration=found.waits("spans"),
    )


def channel_moves(
    log: Source, rules: Rules, scope: Scope, column: str = "channel", threads: int | None = None
) -> ChannelMoves:
    """Which channel (or value of another column) follows which, from a case's start to the rules' end or to nothing."""
    found = _counted(log, threads, rules, scope, None, (Channels, {"column": column}))
    return ChannelMoves(found.question.log.columns[column].values, found.tally.sums["moves"][0])


def _counted(
    source: Source,
    threads: int | None,
    rules: Rules,
    scope: Scope,
    by: str | None,
    *kinds: tuple[type[Measure], Mapping[str, Any]],
) -> Counted:
    if rules.stages > MOST_STAGES:
        raise DesirepathError(f"a journey of {rules.stages} stages", hint=f"at most {MOST_STAGES} are counted")
    engine = Local(source, threads) if isinstance(source, Log) else source
    return counted(engine, Asked(rules, scope, by, kinds))


def _paths(found: Counted, kinds: Kinds, most: int) -> tuple[tuple[tuple[int, ...], int], ...]:
    at = most_frequent(kinds, most)
    paths = found.engine.paths(kinds.example[at])
    return tuple(sorted(zip(paths, kinds.n[at].tolist(), strict=True), key=lambda path: (-path[1], path[0])))


def _transitions(found: Counted, waits: Waits, g: int) -> Transitions:
    log = found.question.log
    pairs = log.pairs
    count = waits.n[g * pairs.count : (g + 1) * pairs.count]
    met = np.flatnonzero(count)
    names = max(1, len(log.event_names))
    source, target = pairs.all[met] // names, pairs.all[met] % names
    return Transitions(
        source, target, count[met], found.tally.sums["pairs"][g][met], _rows(waits, g * pairs.count + met)
    )


def _summary(found: Counted, waits: dict[str, Waits], g: int) -> Summary:
    log, rules, groups = found.question.log, found.question.rules, len(found.question.groups)
    touches, n = len(rules.touchpoints), rules.stages
    sums = found.tally.sums
    of_touches, of_stages, totals = (sums[k][g] for k in ("touches", "stages", "totals"))
    of_names = sums["names"][g] if "names" in sums else np.zeros((0, 2), np.int64)
    first = (found.tally.least["first"][g], found.tally.greatest["last"][g])
    cases = int(totals[totals_.WALKS])
    met = of_touches[:, touches_.CASES] > 0
    into = groups * touches**2 + g * touches
    sets, paths = found.tally.kinds[f"sets{g}"], found.tally.kinds.get(f"paths{g}", Kinds.none())
    fitting, skipping, back, late = stages_.conformance((sets.key, sets.n), of_stages[:, stages_.FIRST], n)
    return Summary(
        customers=int(totals[totals_.CUSTOMERS]),
        cases=cases,
        events=int(totals[totals_.EVENTS]),
        first_time=int(first[0]) if cases else None,
        last_time=int(first[1]) if cases else None,
        completed=int(totals[totals_.COMPLETED]),
        event_names=log.event_names if "names" in sums else (),
        event_count=of_names[:, follows_.EVENTS],
        event_cases=of_names[:, follows_.CASES],
        event_touchpoint_count=sums["matched"][g],
        transitions=_transitions(found, waits["follows"], g) if "follows" in waits else _NO_TRANSITIONS,
        stage_entered=of_stages[:, stages_.ENTERED],
        stage_customers=of_stages[:, stages_.CUSTOMERS],
        stage_continued=of_stages[:, stages_.CONTINUED],
        stage_last=of_stages[:, stages_.LAST],
        stage_single=of_stages[:, stages_.SINGLE],
        stage_backtrack=of_stages[:, stages_.BACKTRACK],
        stage_dwell=_rows(waits["stages"], slice(g * n, (g + 1) * n)) if "stages" in waits else _NO_WAITS,
        touch_cases=of_touches[:, touches_.CASES],
        touch_customers=of_touches[:, touches_.CUSTOMERS],
        touch_events=of_touches[:, touches_.EVENTS],
        touch_repeat_cases=of_touches[:, touches_.REPEAT_CASES],
        touch_loops=of_touches[:, touches_.LOOPS],
        touch_first_time=np.where(met, found.tally.least["touch_first"][g], 0),
        touch_last_time=np.where(met, found.tally.greatest["touch_last"][g], 0),
        touch_last=of_touches[:, touches_.LAST],
        touch_wait=_rows(waits["touchpoints"], slice(into, into + touches)) if "names" in sums else _NO_WAITS,
        touch_transitions=_moves(found, waits["touchpoints"], touches, g),
        variants=_paths(found, paths, VARIANTS),
        variants_total=int(paths.key.size),
        fitting_cases=fitting,
        matched_cases=int(sets.n.sum()),
        backtracking_cases=back,
        skipping_cases=skipping,
        late_start_cases=late,
    )


def _moves(found: Counted, waits: Waits, touches: int, g: int) -> Transitions:
    """Between touchpoints."""
    count = waits.n[g * touches**2 : (g + 1) * touches**2]
    met = np.flatnonzero(count)
    cases: Ints = found.tally.sums["touch_pairs"][g][met]
    return Transitions(
        met // max(1, touches), met % max(1, touches), count[met], cases, _rows(waits, g * touches**2 + met)
    )


def _rows(waits: Waits, which: Any) -> Waits:
    return Waits(waits.n[which], waits.median[which], waits.p90[which])
