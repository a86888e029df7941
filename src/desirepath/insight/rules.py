"""The journey document's rules as the event log wants them, and the person's filters as conditions on cases.

A touchpoint without a rule claims the events that bear its id or name (compared without case and punctuation), so that
a map drawn by hand can be held against its data at once. A condition on a dimension that no source has matches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from desirepath.errors import DesirepathError, did_you_mean
from desirepath.eventlog.model import Notion, Rules, Scope
from desirepath.journey.model import Journey, Persona, Rule, Session, Touchpoint

BUILT_IN = ("event", "channel")
"""What can be filtered by beside the dimensions."""


@dataclass(frozen=True)
class Note:
    """A caveat: a message key (`note.…`) and what fills it."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)


def case_notion(journey: Journey) -> tuple[Notion, float | None]:
    """The notion to prepare the log by (`customer` or `case`) and the idle seconds that cut it into sessions."""
    return ("customer", journey.case.seconds) if isinstance(journey.case, Session) else (journey.case, None)


def rules_of(journey: Journey) -> tuple[Rule, ...]:
    """Every matching rule of the document."""
    ends = [r for r in (journey.start, journey.end) if r is not None]
    return (*(r for t in journey.touchpoints for r in t.match), *ends)


def dimension_values(journey: Journey) -> dict[str, tuple[str, ...]]:
    """The dimensions that rules ask for, with the values they ask for."""
    asked: dict[str, set[str]] = {}
    for rule in rules_of(journey):
        for name, values in rule.where.items():
            asked.setdefault(name, set()).update(values)
    return {name: tuple(sorted(values)) for name, values in sorted(asked.items())}


def conditions(
    journey: Journey,
    scope: Scope,
    filters: Mapping[str, Iterable[str]],
    persona: str | None,
    dimensions: Collection[str],
) -> tuple[dict[str, tuple[str, ...]], list[Note]]:
    """What a case must fulfil: the scope's own conditions, the filters and the persona's rule, all of them at once."""
    notes: list[Note] = []
    every = [dict(scope.where), {k: tuple(v) for k, v in filters.items()}]
    if persona is not None:
        rule = _persona_rule(_persona(journey, persona), dimensions)
        if not rule:
            notes.append(Note("note.persona_without_rule", {"persona": persona}))
        every.append(rule)
    where: dict[str, tuple[str, ...]] = {}
    for group in every:
        for name, values in group.items():
            if name not in dimensions and name not in BUILT_IN:
                raise DesirepathError(
                    f"there is no dimension '{name}' in the evidence",
                    hint=_near(name, [*dimensions, *BUILT_IN]),
                )
            kept = values if name not in where else tuple(v for v in where[name] if v in values)
            where[name] = tuple(sorted(set(kept)))
    return where, notes


def to_rules(journey: Journey, event_names: Iterable[str], dimensions: Collection[str]) -> Rules:
    """The document's rules, one entry a touchpoint in drawn order."""
    _, gap = case_notion(journey)
    names = tuple(event_names)

    def matches(rules: Iterable[Rule]) -> tuple[Rules.Match, ...]:
        return tuple(Rules.Match(r.event, r.channel, r.where) for r in rules if known(r, dimensions))

    def one(rule: Rule | None) -> Rules.Match | None:
        found = matches([rule] if rule else [])
        return found[0] if found else None

    return Rules(
        touchpoints=tuple(matches(t.match) if t.match else _by_name(t, names) for t in journey.touchpoints),
        stage=tuple(s for s, stage in enumerate(journey.stages) for _ in stage.touchpoints),
        stages=len(journey.stages),
        start=one(journey.start),
        end=one(journey.end),
        end_nth=journey.end.nth if journey.end else 1,
        trim=journey.trim,
        session_gap=gap,
    )


def known(rule: Rule, dimensions: Collection[str]) -> bool:
    """Whether the evidence has every dimension that the rule asks for."""
    return all(name in dimensions or name in BUILT_IN for name in rule.where)


def _by_name(touchpoint: Touchpoint, event_names: Iterable[str]) -> tuple[Rules.Match, ...]:
    name = touchpoint.name
    own = {_bare(touchpoint.id), *map(_bare, [name] if isinstance(name, str) else name.values())} - {""}
    same = tuple(re.sub(r"([*?\[])", r"[\1]", e) for e in event_names if _bare(e) in own)
    return (Rules.Match(event=same),) if same else ()


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _persona(journey: Journey, id_: str) -> Persona:
    for persona in journey.personas:
        if persona.id == id_:
            return persona
    raise DesirepathError(
        f"the journey '{journey.id}' has no persona '{id_}'", hint=_near(id_, [p.id for p in journey.personas])
    )


def _persona_rule(persona: Persona, dimensions: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The persona's own rule; without one, its id as a value of the dimension `persona` where there is such a one."""
    if not persona.rule and "persona" in dimensions:
        return {"persona": (persona.id,)}
    return dict(persona.rule)


def _near(given: str, known: list[str]) -> str:
    near = did_you_mean(given, known)
    if near:
        return near
    return f"known here: {', '.join(sorted(known))}" if known else "there are none"
