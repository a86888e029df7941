"""The living map: the journey document held against the evidence of a period, a selection of cases and a persona.

`compute_map` asks the event log and the lake, `assemble` puts the answers together and asks nothing any more. The same
evidence and the same document give the same map, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from desirepath import __version__
from desirepath.errors import DesirepathError
from desirepath.eventlog.counting import Local
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Rules, Scope, Summary
from desirepath.eventlog.prepare import prepare
from desirepath.eventlog.remembering import Remembering
from desirepath.eventlog.runner import Source, completed, errands, in_one_pass, summarise, with_sessions
from desirepath.insight import caveats, moments, unheard, words
from desirepath.insight import sources as rests_on
from desirepath.insight.answering import Answering, learn
from desirepath.insight.cards import Measured, Metric, is_meant, metrics_of, on_card, verbatims_of
from desirepath.insight.conformance import conformance
from desirepath.insight.emotion import emotion_of, pooled
from desirepath.insight.feedback import Feedback, read
from desirepath.insight.findings.candidate import Walk
from desirepath.insight.findings.ranking import BY_ERRAND, findings
from desirepath.insight.ground import Ground, survey
from desirepath.insight.kpis import asked_for, kpis_of, of_cases
from desirepath.insight.measures import drop_rate, flow, moment, rate, transitions, unmatched, variants, wait
from desirepath.insight.model import CardView, Finding, MapData, StageView, TouchpointView
from desirepath.insight.place import Placed, locating, place
from desirepath.insight.rules import BUILT_IN, Note, case_notion, conditions, dimension_values, to_rules
from desirepath.insight.settings import HOUR, Settings
from desirepath.insight.verdicts import Horizon, Ruling, Seen, on_stage, on_touchpoint
from desirepath.journey.model import Journey
from desirepath.lake import Lake
from desirepath.locale import say
from desirepath.progress import Progress, silent
from desirepath.texts import pick
from desirepath.times import moment as moment_of

if TYPE_CHECKING:
    from desirepath.voice.readers import Remembered

SECOND = 1_000_000
_LARGE = 1 << 27
"""Events."""
Prepare = Callable[..., Source]
"""`eventlog.prepare.prepare`, or what has its arguments."""


@dataclass(frozen=True)
class Question:
    """What is asked of the evidence."""

    journey: Journey
    rules: Rules
    scope: Scope  # with the conditions of filters and persona
    filters: dict[str, list[str]]
    persona: str | None
    language: str
    settings: Settings
    dimensions: tuple[str, ...]  # what events or customers can be told apart by


@dataclass(frozen=True)
class Walked:
    """What the event log says."""

    summary: Summary
    visits: Summary | None  # where a case is a customer's whole history: the same, cut into visits
    in_order: int | None  # cases that reach the end after the start, where there are both
    repeated: tuple[int, int] | None  # customers who reach the end twice or more, and at all; where it is asked for


@dataclass(frozen=True)
class Answers:
    """What the evidence says."""

    walked: Walked
    voice: Placed
    feedback: Feedback  # all of it, in scope or not
    counts: dict[str, int]
    ground: Ground
    metrics: tuple[dict[str, Any], ...]
    notes: tuple[Note, ...]
    coverage: tuple[dict[str, Any], ...]
    answering: Answering
    mix: moments.Mix


def compute_map(
    journey: Journey,
    lake: Lake,
    links: pa.Table,
    cache: Path,
    *,
    scope: Scope | None = None,
    filters: Mapping[str, Sequence[str]] | None = None,
    persona: str | None = None,
    language: str = "en",
    settings: Settings | None = None,
    progress: Progress = silent,
    prepare: Prepare = prepare,
    reader: Remembered | None = None,
) -> MapData:
    """The living map of a journey. Filters and the persona's rule narrow the cases further than the scope does.

    `prepare` makes the event log, or who counts it elsewhere; `reader` is a language model of one's own.
    """
    scope, filters, settings = scope or Scope(), filters or {}, settings or Settings()
    if scope.start is not None and scope.end is not None and scope.start >= scope.end:
        raise DesirepathError(
            f"the period ends ({moment(scope.end)}) before it begins ({moment(scope.start)})",
            hint="a period is [from, to): its end is not part of it",
        )
    dimensions = tuple(sorted({*lake.dimensions("events"), *lake.dimensions("customers")}))
    where, notes = conditions(journey, scope, filters, persona, dimensions)
    ground = survey(lake, dimension_values(journey), cache)
    rules = to_rules(journey, ground.event_names, dimensions)
    chosen = {name: list(values) for name, values in sorted(filters.items())}
    question = Question(journey, rules, replace(scope, where=where), chosen, persona, language, settings, dimensions)
    return assemble(question, _ask(question, lake, links, cache, ground, notes, progress, prepare, reader))


def _ask(
    question: Question,
    lake: Lake,
    links: pa.Table,
    cache: Path,
    ground: Ground,
    notes: list[Note],
    progress: Progress,
    prepare: Prepare,
    reader: Remembered | None,
) -> Answers:
    journey, rules, scope, settings = question.journey, question.rules, question.scope, question.settings
    asked = {n for matches in rules.touchpoints for m in matches for n in m.where}
    asked |= {n for m in (rules.start, rules.end) if m for n in m.where} | set(scope.where)
    feedback, counts = read(lake, links)
    asked |= unheard.dimensions(journey, question.dimensions) if len(feedback) else set()
    log = prepare(lake, links, case_notion(journey)[0], cache, dims=sorted(asked - set(BUILT_IN)), progress=progress)
    counter = Remembering(log) if isinstance(log, Log) else log
    with ThreadPoolExecutor(1) as pool:
        counting = pool.submit(_count, counter, journey, rules, scope, settings)
        metrics = rests_on.metrics(lake, scope)
        about_rules = caveats.about_rules(journey, rules, ground, question.dimensions)
        if settings.words and len(feedback):
            feedback, unread = words.with_words(feedback, lake, cache, reader)
            notes += [Note("note.reader_silent", {"n": unread})] if unread else []
        walked = counting.result()
    at = locating(log, rules, settings)
    voice = place(feedback, journey, rules, scope, at)
    if settings.words:
        whole = voice if scope == Scope() else place(feedback, journey, rules, Scope(), at)
        voice = words.by_talk(voice, whole, rules, cache)
    covered = unheard.unheard(counter, journey, rules, scope, voice, walked.summary)
    counts |= voice.counts | {"read": words.read_from(voice.feedback)}
    period = scope.start is not None or scope.end is not None
    notes += about_rules
    notes += caveats.about_scope(journey, walked.summary, walked.in_order)
    notes += caveats.about_feedback(counts, settings, period=period, narrowed=bool(scope.where))
    notes += unheard.warnings(covered)
    if metrics and scope.where:
        notes.append(Note("note.metrics_unfiltered", {"n": len(metrics)}))
    found = moments.moments(rules, ground, walked.summary) if len(feedback) else []
    at_moment = locating(log, moments.apart(rules, found), settings)
    mix = moments.mix_of(voice, rules, found, case_notion(journey)[0], at_moment)
    notes += caveats.about_moments(journey, mix)
    answering = learn(voice, walked.summary.touch_events)
    return Answers(walked, voice, feedback, counts, ground, metrics, tuple(notes), covered, answering, mix)


def _count(log: Source, journey: Journey, rules: Rules, scope: Scope, settings: Settings) -> Walked:
    """All questions to the event log at once, to a large one in turn: it is memory that is short then, not time."""
    ordered = rules.start is not None and rules.end is not None and rules.end_nth == 1 and not rules.trim
    repeated = "repeat_purchase" in journey.kpis and journey.case == "customer" and rules.end is not None
    gap_s = settings.visit_gap_hours * HOUR if _whole_histories(journey) else None
    ends = [replace(rules, end_nth=n, trim=False) for n in (2, 1) if repeated]
    in_turn = isinstance(log, Local) and log.log.event_count > _LARGE
    with ThreadPoolExecutor(1 if in_turn else None) as pool:
        histories = _histories(pool, log, rules, scope, gap_s)
        in_order = pool.submit(completed, log, replace(rules, trim=True), scope) if ordered else None
        reached = [pool.submit(completed, log, end, scope) for end in ends]
        return Walked(
            *histories(),
            None if in_order is None else in_order.result(),
            (reached[0].result(), reached[1].result()) if repeated else None,
        )


def _histories(
    pool: ThreadPoolExecutor, log: Source, rules: Rules, scope: Scope, gap_s: float | None
) -> Callable[[], tuple[Summary, Summary | None]]:
    """The cases, and with a gap their visits, in one pass where that can be; to be called when all is asked."""
    if gap_s is not None and in_one_pass(log, rules, scope):
        return pool.submit(with_sessions, log, rules, scope, gap_s).result
    cases = pool.submit(summarise, log, rules, scope)
    if gap_s is None:
        return lambda: (cases.result(), None)
    visits = pool.submit(errands, log, replace(rules, session_gap=gap_s), scope)
    return lambda: (cases.result(), visits.result())


def _whole_histories(journey: Journey) -> bool:
    """Whether a case is all that a customer ever did, several errands maybe."""
    return journey.case == "customer" and not (journey.trim and journey.end is not None)


def assemble(question: Question, answers: Answers) -> MapData:
    """Put the map together."""
    journey, settings, summary, voice = question.journey, question.settings, answers.walked.summary, answers.voice
    rules, min_n = question.rules, settings.min_n
    ends = ending(rules, answers.ground)
    drops = dropping(rules, ends, answers.ground)
    rulings, touchpoints = _touchpoints(question, answers)
    stages = _stages(question, answers, drops, rulings)
    visits = answers.walked.visits
    unit: Literal["cases", "visits"] = "cases" if visits is None else "visits"
    walk = Walk(journey, rules, summary, visits or summary, unit, voice, drops, ends, settings)
    found = findings(walk, question.language)
    names = [t.id for t in journey.touchpoints]
    paths, rest = variants(summary, settings.variants)
    by_event = answers.ground.touchpoints_by_event(rules)
    whole = np.ones(len(voice.feedback), bool)
    cases = of_cases(rules, summary, answers.walked.repeated, min_n)
    kpis, lacking = asked_for(journey.kpis, cases | kpis_of(voice.feedback, whole, min_n), answers.metrics)
    notes = [*answers.notes, *(Note("note.kpi_without_data", {"kpi": name}) for name in lacking)]
    if visits is not None and {f.kind for f in found} & BY_ERRAND:
        notes.append(Note("note.findings_by_visit", {"hours": settings.visit_gap_hours}))
    return MapData(
        journey=journey,
        period=_period(question.scope, summary),
        filters=question.filters,
        persona=question.persona,
        language=question.language,
        customers=int(summary.customers),
        cases=int(summary.cases),
        events=int(summary.events),
        completed=rate(int(summary.completed), int(summary.cases) if rules.end else 0, min_n),
        emotion=emotion_of(voice.feedback, whole, min_n, answers.answering, int(summary.events)),
        unmatched=unmatched(summary, settings.unmatched),
        kpis=kpis,
        stages=stages,
        touchpoints=touchpoints,
        transitions=transitions(summary.transitions, summary.event_names, min_n),
        touchpoint_transitions=transitions(summary.touch_transitions, names, min_n),
        variants=paths,
        variants_rest=rest,
        conformance=conformance(journey, rules, summary, touchpoints, by_event, settings),
        findings=found,
        cards=_cards(question, answers, stages, touchpoints, found),
        feedback=answers.counts,
        metrics=answers.metrics,
        sources=rests_on.sources(answers.ground, answers.feedback, answers.metrics),
        notes=tuple(say(note.key, question.language, **note.params) for note in notes),
        min_n=min_n,
        version=__version__,
        verbatims=words.verbatims(voice, journey) if settings.words else (),
        caveats=tuple({"key": note.key, "params": note.params} for note in notes),
        coverage=answers.coverage,
    )


def ending(rules: Rules, ground: Ground) -> frozenset[int]:
    """The touchpoints that claim the events at which the journey ends; none where the end lies off the map."""
    end = rules.end
    claimed = zip(ground.kinds, ground.claims(rules), strict=True)
    return frozenset(t for kind, claims in claimed if end is not None and kind.fulfils(end) for t in claims[:1])


def dropping(rules: Rules, ends: Collection[int], ground: Ground) -> tuple[bool, ...]:
    """For each stage, whether going no further from it is a loss: up to the stage where the journey ends.

    Without an end, in all stages but the last; with one off the map, in all.
    """
    beyond = not ends and rules.end is not None and any(kind.fulfils(rules.end) for kind in ground.kinds)
    last = max((rules.stage[t] for t in ends), default=rules.stages - 1 if beyond else rules.stages - 2)
    return tuple(s <= last for s in range(rules.stages))


def _touchpoints(question: Question, answers: Answers) -> tuple[list[Ruling], tuple[TouchpointView, ...]]:
    journey, summary, voice, min_n = question.journey, answers.walked.summary, answers.voice, question.settings.min_n
    horizon = _horizon(question, answers)
    rulings, views = [], []
    stage_ids = [s.id for s in journey.stages for _ in s.touchpoints]
    for t, touchpoint in enumerate(journey.touchpoints):
        rows = voice.at_touchpoint(t)
        cases, events = int(summary.touch_cases[t]), int(summary.touch_events[t])
        beliefs = touchpoint.assumed_emotion
        mix = float(answers.mix.variance[t])
        emotion = emotion_of(voice.feedback, rows, min_n, answers.answering, events, beliefs, mix)
        first, last = (int(summary.touch_first_time[t]), int(summary.touch_last_time[t])) if events else (None, None)
        seen = Seen(cases, last, int(rows.sum()), emotion)
        matches = question.rules.touchpoints[t]
        ruling = on_touchpoint(touchpoint, matches, seen, horizon, question.settings, question.persona)
        rulings.append(ruling)
        views.append(
            TouchpointView(
                id=touchpoint.id,
                stage=stage_ids[t],
                name=pick(touchpoint.name, question.language),
                channel=touchpoint.channel,
                customers=int(summary.touch_customers[t]),
                cases=cases,
                events=events,
                emotion=emotion,
                wait_before=wait(summary.touch_wait, t, min_n),
                repeat_rate=rate(int(summary.touch_repeat_cases[t]), cases, min_n),
                kpis=kpis_of(voice.feedback, rows, min_n),
                verdict=ruling.verdict,
                verdict_reason=ruling.reason,
                first_seen=moment(first),
                last_seen=moment(last),
            )
        )
    felt = pooled([view.emotion for view in views])
    return rulings, tuple(replace(view, emotion=e) for view, e in zip(views, felt, strict=True))


def _stages(
    question: Question, answers: Answers, drops: tuple[bool, ...], rulings: list[Ruling]
) -> tuple[StageView, ...]:
    summary, voice, min_n = answers.walked.summary, answers.voice, question.settings.min_n
    of_stage = np.bincount(question.rules.stage, summary.touch_events, question.rules.stages)
    views = []
    for s, stage in enumerate(question.journey.stages):
        rows = voice.at_stage(s)
        entered = int(summary.stage_entered[s])
        continued, dropped = flow(summary, s, drops=drops[s])
        own = [r for r, of in zip(rulings, question.rules.stage, strict=True) if of == s]
        ruling = on_stage(entered, own, min_n)
        views.append(
            StageView(
                id=stage.id,
                name=pick(stage.name, question.language),
                entered=entered,
                customers=int(summary.stage_customers[s]),
                continued=continued,
                dropped=dropped,
                drop_rate=drop_rate(entered, dropped, min_n, drops=drops[s]),
                dwell=wait(summary.stage_dwell, s, min_n),
                emotion=emotion_of(voice.feedback, rows, min_n, answers.answering, int(of_stage[s])),
                kpis=kpis_of(voice.feedback, rows, min_n),
                verdict=ruling.verdict,
                verdict_reason=ruling.reason,
            )
        )
    felt = pooled([view.emotion for view in views])
    return tuple(replace(view, emotion=e) for view, e in zip(views, felt, strict=True))


def _cards(
    question: Question,
    answers: Answers,
    stages: tuple[StageView, ...],
    touchpoints: tuple[TouchpointView, ...],
    found: tuple[Finding, ...],
) -> tuple[CardView, ...]:
    cards = [(card, stage) for stage in question.journey.stages for card in stage.cards]
    named = {v for card, _ in cards for v in verbatims_of(card)}
    horizon, said = _horizon(question, answers), answers.feedback
    old: dict[str, bool] = {}
    for i in np.flatnonzero(np.isin(said.id.astype(str), sorted(named))) if named else ():
        age = (horizon.data_end or 0) - int(said.at[i])
        old[said.id[i]] = bool(said.dated[i]) and age > horizon.stale_after_us
    numbers = _ages({m for card, _ in cards for m in metrics_of(card)}, answers.metrics, horizon)
    measured = Measured({s.id: s for s in stages}, {t.id: t for t in touchpoints}, found, old, numbers)
    return tuple(on_card(card, stage, measured) for card, stage in cards)


def _ages(named: set[Metric], metrics: Sequence[dict[str, Any]], horizon: Horizon) -> dict[Metric, bool]:
    """The metrics that cards name and that are there; whether the newest value of each is stale."""
    found: dict[Metric, bool] = {}
    for metric in named:
        ends = [end for m in metrics if is_meant(metric, m) and (end := moment_of(m["to"], "to")) is not None]
        if ends:
            found[metric] = (horizon.data_end or 0) - max(ends) > horizon.stale_after_us
    return found


def _horizon(question: Question, answers: Answers) -> Horizon:
    scope, ground = question.scope, answers.ground
    ends = [t for t in (scope.end, ground.last) if t is not None]
    starts = [t for t in (scope.start, ground.first) if t is not None]
    data_end = min(ends) if ground.kinds else None
    length = (data_end - max(starts)) / SECOND if data_end is not None else 0.0
    after = question.settings.stale_after(length) * SECOND
    cases = int(answers.walked.summary.cases)
    return Horizon(ground, scope.start, scope.end, data_end, after, bool(scope.where), cases)


def _period(scope: Scope, summary: Summary) -> dict[str, str | None]:
    seen = (summary.first_time, summary.last_time) if summary.cases else (None, None)
    return {
        "from": moment(scope.start),
        "to": moment(scope.end),
        "data_from": moment(seen[0]),
        "data_to": moment(seen[1]),
    }
