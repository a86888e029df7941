"""Who is heard and who is not, on the map: response rates by stage, market, segment, persona and outcome.

Customers of a group are those of the cases in scope that fulfil the group's condition, counted by the event log; heard
are those of them who gave feedback that is in scope. By stage it is feedback placed at the stage, against the customers
who entered it. Markets and segments are the dimensions `market` and `segment`, personas those with a rule; the outcome
is whether a case has an event of the end (where the end is the first event of its name). Beside the mean as it is
stands the one in which each group weighs as much as it has customers (`voice.coverage`), for the journey and, but by
stage, for each stage; `turns` says where that leaves the 95 % interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.locate import locate
from desirepath.eventlog.model import Path, Rules, Scope, Summary
from desirepath.eventlog.runner import Source, errands
from desirepath.insight.place import Placed
from desirepath.insight.rules import Note
from desirepath.journey.model import Journey
from desirepath.locale import say
from desirepath.texts import LANGUAGES
from desirepath.voice.coverage import Coverage, coverage

DIMENSIONS = ("market", "segment")
MOST_GROUPS = 12
FEWEST = 20  # answers of known customers, below which nothing is said
COMPLETED, NOT_COMPLETED = "completed", "not_completed"


@dataclass(frozen=True)
class Division:
    """Customers parted into groups, each by what its cases fulfil."""

    by: str
    groups: Mapping[str, Scope]


def dimensions(journey: Journey, known: tuple[str, ...]) -> set[str]:
    """What the event log must tell apart for it."""
    asked = {name for persona in journey.personas for name in persona.rule}
    return {*DIMENSIONS, *asked} & set(known)


def unheard(
    log: Source, journey: Journey, rules: Rules, scope: Scope, voice: Placed, summary: Summary
) -> tuple[dict[str, Any], ...]:
    """Coverage by each division that there is, as it stands in the map's JSON."""
    said = voice.feedback
    known = np.array([c is not None for c in said.customer], bool)
    if int((known & ~np.isnan(said.emotion)).sum()) < FEWEST:
        return ()
    answers = voice.where(known)
    found = [_by_stage(journey, answers, summary)]
    found += [_by(log, division, journey, rules, answers) for division in _divisions(log, journey, scope)]
    return tuple(entry for entry in found if sum(g["customers"] > 0 for g in entry["groups"]) > 1)


def warnings(coverages: tuple[dict[str, Any], ...]) -> Iterator[Note]:
    """Where who is not heard turns the picture."""
    for entry in coverages:
        if entry["turns"]:
            params = {"by": _named(entry["by"]), "plain": entry["plain"], "again": entry["reweighted"]}
            yield Note("note.coverage_turns", params)
        for stage in entry.get("stages", ()):
            if stage["turns"]:
                params = {"by": _named(entry["by"]), "plain": stage["plain"], "again": stage["reweighted"]}
                yield Note("note.coverage_turns_stage", {**params, "stage": stage["name"]})


def _named(by: str) -> dict[str, str]:
    return {language: say(f"coverage.{by}", language) for language in LANGUAGES}


def _divisions(log: Source, journey: Journey, scope: Scope) -> Iterator[Division]:
    columns = (log.log if not hasattr(log, "columns") else log).columns
    for name in DIMENSIONS:
        values = columns[name].values if name in columns and name not in scope.where else ()
        if 2 <= len(values) <= MOST_GROUPS:
            yield Division(name, {v: replace(scope, where={**scope.where, name: (v,)}) for v in values})
    ruled = {p.id: p.rule for p in journey.personas if p.rule and not set(p.rule) & set(scope.where)}
    ruled = {id_: rule for id_, rule in ruled.items() if all(name in columns for name in rule)}
    if len(ruled) > 1:
        groups = {id_: replace(scope, where={**scope.where, **rule}) for id_, rule in ruled.items()}
        yield Division("persona", groups)
    end = journey.end
    if end is not None and end.event and not end.channel and not end.where and end.nth == 1:
        come, not_come = (Path((tuple(end.event),), taken=taken) for taken in (True, False))
        yield Division(
            "outcome",
            {
                COMPLETED: replace(scope, paths=(*scope.paths, come)),
                NOT_COMPLETED: replace(scope, paths=(*scope.paths, not_come)),
            },
        )


def _by_stage(journey: Journey, answers: Placed, summary: Summary) -> dict[str, Any]:
    names = [s.id for s in journey.stages]
    sizes = {name: int(n) for name, n in zip(names, summary.stage_customers, strict=True)}
    stage = [names[s] if s >= 0 else None for s in answers.stage.tolist()]
    said = answers.feedback
    return _entry(coverage("stage", stage, sizes, list(said.customer), said.emotion), stage)


def _by(log: Source, division: Division, journey: Journey, rules: Rules, answers: Placed) -> dict[str, Any]:
    said = answers.feedback
    group: NDArray[np.object_] = np.full(len(said), None, object)
    sizes, of_stage = {}, {}
    for name, scope in division.groups.items():
        counted = errands(log, rules, scope)
        sizes[name], of_stage[name] = int(counted.customers), counted.stage_customers
        inside = locate(log, rules, scope, said.customer, "customer", said.at, 0.0)[1]
        group[inside & (group == None)] = name  # noqa: E711  (element-wise)
    entry = _entry(coverage(division.by, list(group), sizes, list(said.customer), said.emotion), group.tolist())
    stages = []
    for s, stage in enumerate(journey.stages):
        here = answers.stage == s
        through = {name: int(n[s]) for name, n in of_stage.items()}
        found = coverage(division.by, list(group[here]), through, list(said.customer[here]), said.emotion[here])
        figures = {key: getattr(found, key) for key in ("plain", "low", "high", "reweighted", "turns")}
        stages.append({"id": stage.id, "name": stage.name, **figures})
    return {**entry, "stages": stages}


def _entry(found: Coverage, group: list[str | None]) -> dict[str, Any]:
    return {**asdict(found), "answers": sum(g is not None for g in group)}
