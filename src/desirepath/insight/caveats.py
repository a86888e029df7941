"""What the person should know before trusting the map: rules that match nothing, rules that claim the same events, an
end that lies before its start, feedback that could not be used. Each is a `Note`, loud on the map, never an error: a
journey may be drawn before its data comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from difflib import get_close_matches

from desirepath.eventlog.model import Rules, Summary
from desirepath.insight.ground import Ground
from desirepath.insight.moments import Mix
from desirepath.insight.rules import BUILT_IN, Note, known
from desirepath.insight.settings import Settings
from desirepath.journey.model import Journey, Rule


def about_rules(journey: Journey, rules: Rules, ground: Ground, dimensions: Collection[str]) -> Iterator[Note]:
    """What the rules get wrong about the evidence as a whole, whatever the period."""
    if not ground.kinds:
        yield Note("note.no_events")
        return
    for touchpoint in journey.touchpoints:
        for rule in touchpoint.match:
            yield from _matches_nothing(rule, touchpoint.name, ground, dimensions)
    for rule_, key in ((journey.start, "note.start_matches_nothing"), (journey.end, "note.end_matches_nothing")):
        if rule_ is not None and not _matched(rule_, ground, dimensions):
            yield Note(key, {"rule": describe(rule_), "hint": _hint(rule_, ground)})
    yield from _unruled(journey, rules)
    yield from _overlaps(journey, rules, ground)


def _matches_nothing(rule: Rule, place: object, ground: Ground, dimensions: Collection[str]) -> Iterator[Note]:
    if not known(rule, dimensions):
        unknown = sorted(set(rule.where) - {*dimensions, *BUILT_IN})
        yield Note("note.unknown_dimension", {"place": place, "dimension": ", ".join(unknown)})
    elif not _matched(rule, ground, dimensions):
        yield Note("note.rule_matches_nothing", {"place": place, "rule": describe(rule), "hint": _hint(rule, ground)})


def _matched(rule: Rule, ground: Ground, dimensions: Collection[str]) -> bool:
    match = Rules.Match(rule.event, rule.channel, rule.where)
    return known(rule, dimensions) and ground.has(match)


def _hint(rule: Rule, ground: Ground) -> str:
    near = [get_close_matches(glob, ground.event_names, n=1) for glob in rule.event]
    found = sorted({n[0] for n in near if n} - set(rule.event))
    return f" ({', '.join(found)}?)" if found else ""


def describe(rule: Rule) -> str:
    """A rule in one line, as it stands in the document."""
    parts = [f"{name}: {'|'.join(values)}" for name, values in (("event", rule.event), ("channel", rule.channel))]
    parts += [f"{name}={'|'.join(values)}" for name, values in sorted(rule.where.items())]
    return ", ".join(part for part in parts if not part.endswith(": "))


def _unruled(journey: Journey, rules: Rules) -> Iterator[Note]:
    without = [m for t, m in zip(journey.touchpoints, rules.touchpoints, strict=True) if not t.match]
    by_name = sum(1 for m in without if m)
    if by_name:
        yield Note("note.matched_by_name", {"n": by_name})
    if len(without) > by_name:
        yield Note("note.without_rule", {"n": len(without) - by_name})


def _overlaps(journey: Journey, rules: Rules, ground: Ground) -> Iterator[Note]:
    claimed: Counter[tuple[int, int]] = Counter()
    events: dict[tuple[int, int], Counter[str]] = {}
    for kind, claims in zip(ground.kinds, ground.claims(rules), strict=True):
        first, *others = claims or [-1]
        for other in others:
            claimed[first, other] += kind.count
            events.setdefault((first, other), Counter())[kind.event] += kind.count
    for first, other in sorted(claimed):
        pair = events[first, other]
        yield Note(
            "note.overlap",
            {
                "first": journey.touchpoints[first].name,
                "second": journey.touchpoints[other].name,
                "n": claimed[first, other],
                "example": min(pair, key=lambda e: (-pair[e], e)),
            },
        )


def about_scope(journey: Journey, summary: Summary, in_order: int | None) -> Iterator[Note]:
    """What the cases in scope show; `in_order` those that reach the end after the start."""
    if not summary.cases:
        yield Note("note.no_cases")
        return
    if not summary.matched_cases and journey.touchpoints:
        yield Note("note.nothing_matches", {"events": summary.events})
    if in_order is not None and in_order < summary.completed / 2:
        against = summary.completed - in_order
        yield Note("note.end_before_start", {"n": against, "completed": summary.completed})


def about_feedback(counts: dict[str, int], settings: Settings, *, period: bool, narrowed: bool) -> Iterator[Note]:
    """How much was said that this map cannot use, or uses with a caveat."""
    if period and counts["undated"]:
        yield Note("note.undated_left_out", {"n": counts["undated"]})
    for name in ("unknown_place", "unusable_score", "competitors", "own_words"):
        if counts[name]:
            yield Note(f"note.{name}", {"n": counts[name]})
    if counts["unknown_customer"]:
        yield Note("note.unknown_customer", {"n": counts["unknown_customer"]})
    if narrowed and counts["total"] and counts["without_customer"]:
        yield Note("note.without_customer_left_out", {"n": counts["without_customer"]})
    if counts.get("read", 0):
        yield Note("note.words_read", {"n": counts["read"]})
    if talked := counts.get("placed_by_talk", 0):
        yield Note("note.placed_by_talk", {"n": talked})
    if counts["placed"] - talked > counts["placed_by_own_words"]:
        placed = counts["placed"] - talked - counts["placed_by_own_words"]
        yield Note("note.placed_by_last_touchpoint", {"n": placed, "days": settings.feedback_window_days})


def about_moments(journey: Journey, mix: Mix) -> Iterator[Note]:
    """Moments of touchpoints that hardly an answer is about."""
    for found in mix.unheard:
        yield Note(
            "note.moment_unheard",
            {
                "place": journey.touchpoints[found.moment.touchpoint].name,
                "events": ", ".join(found.moment.names),
                "share": found.events,
                "answers": found.answers,
            },
        )
