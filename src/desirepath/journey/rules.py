"""Looks over a journey's matching rules before any data is there: what can match nothing, and what gets in the way.

An event belongs to the first touchpoint with a rule that it fulfils. Rule A *covers* rule B when every event that
fulfils B fulfils A; globs are compared as text, so what is reported is certain, what is not reported may still overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import combinations
from typing import Literal

from desirepath.journey.model import Journey, Rule, Touchpoint
from desirepath.texts import pick

Kind = Literal[
    "no_stages",
    "stage_without_touchpoint",
    "touchpoint_without_rule",
    "same_rules",
    "covered_rule",
    "overlapping_rules",
    "end_equals_start",
    "nameless",
]


@dataclass(frozen=True)
class Remark:
    """Something about the document that is allowed and probably not meant; `ids` are the parts it is about."""

    kind: Kind
    ids: tuple[str, ...]
    text: str


def lint(journey: Journey) -> list[Remark]:
    """All remarks: gaps, touchpoints that want the same events, start and end."""
    return [*_gaps(journey), *_rivals(journey), *_bounds(journey)]


def _gaps(journey: Journey) -> Iterator[Remark]:
    if not journey.stages:
        yield Remark("no_stages", (journey.id,), "the journey has no stages yet")
    for stage in journey.stages:
        if not stage.touchpoints:
            yield Remark("stage_without_touchpoint", (stage.id,), f"the stage '{pick(stage.name)}' has no touchpoint")
        names = [(stage.id, stage.name), *((t.id, t.name) for t in stage.touchpoints)]
        yield from (Remark("nameless", (id_,), f"'{id_}' has no name") for id_, name in names if not pick(name).strip())
        for touchpoint in stage.touchpoints:
            if not touchpoint.match:
                text = f"the touchpoint '{pick(touchpoint.name)}' has no rule: no event can belong to it"
                yield Remark("touchpoint_without_rule", (touchpoint.id,), text)


def _rivals(journey: Journey) -> Iterator[Remark]:
    for first, second in combinations(journey.touchpoints, 2):
        if not (first.match and second.match):
            continue
        one, two = f"'{pick(first.name)}'", f"'{pick(second.name)}'"
        ids = (first.id, second.id)
        covered = [rule for rule in second.match if any(covers(other, rule) for other in first.match)]
        if set(map(_key, first.match)) == set(map(_key, second.match)):
            yield Remark("same_rules", ids, f"{one} and {two} have the same rules: every event goes to {one}")
        elif covered:
            which = "every rule" if len(covered) == len(second.match) else f"the rule {_said(covered[0])}"
            yield Remark("covered_rule", ids, f"{which} of {two} is covered by {one}, which comes first and takes all")
        elif pair := _overlap(first, second):
            said = f"{_said(pair[0])} of {one} and {_said(pair[1])} of {two}"
            yield Remark("overlapping_rules", ids, f"some events fulfil both {said}: they go to {one}")


def _bounds(journey: Journey) -> Iterator[Remark]:
    if journey.start and journey.end and journey.end.nth == 1 and _key(journey.start) == _key(journey.end):
        text = "the journey ends with the very event that starts it; give the end another rule or an `nth`"
        yield Remark("end_equals_start", (journey.id,), text)


def covers(a: Rule, b: Rule) -> bool:
    """Whether it is certain that every event that fulfils `b` fulfils `a`."""
    return (
        _globs_cover(a.event, b.event)
        and _globs_cover(a.channel, b.channel)
        and all(key in b.where and set(b.where[key]) <= set(values) for key, values in a.where.items())
    )


def overlaps(a: Rule, b: Rule) -> bool:
    """Whether some event can fulfil both, as far as literal names and globs that hold one another tell."""
    return (
        _globs_meet(a.event, b.event)
        and _globs_meet(a.channel, b.channel)
        and all(set(a.where[key]) & set(b.where[key]) for key in a.where.keys() & b.where.keys())
    )


def _globs_cover(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return not a or (bool(b) and all(any(_glob_covers(x, y) for x in a) for y in b))


def _globs_meet(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return not a or not b or any(_glob_covers(x, y) or _glob_covers(y, x) for x in a for y in b)


def _glob_covers(a: str, b: str) -> bool:
    """`menu_*` covers `menu_board` and `menu_b*`; tried with the wildcards of `b` standing for little and for much."""
    if a == b:
        return True
    samples = (b.replace("*", many).replace("?", "\x00") for many in ("", "\x00" * 100))
    return "[" not in b and all(fnmatchcase(sample, a) for sample in samples)


def _overlap(first: Touchpoint, second: Touchpoint) -> tuple[Rule, Rule] | None:
    return next(((a, b) for a in first.match for b in second.match if overlaps(a, b)), None)


def _key(rule: Rule) -> tuple[object, ...]:
    where = frozenset((key, frozenset(values)) for key, values in rule.where.items())
    return frozenset(rule.event), frozenset(rule.channel), where


def _said(rule: Rule) -> str:
    parts = [", ".join(rule.event), f"on {', '.join(rule.channel)}" if rule.channel else ""]
    parts += [f"{key} = {' or '.join(values)}" for key, values in rule.where.items()]
    return f"[{' · '.join(part for part in parts if part)}]"
