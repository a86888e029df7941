"""A first journey from the data alone: what is a case, which events form which stage, where it starts and ends.

A case is the source's own case where nearly every event has one and customers have several; else a visit where
customers pause between visits and begin anew after each pause; else the customer. Event names seen too seldom stay
unmatched; names that differ in their numbers only are one touchpoint when there are very many names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from desirepath.errors import DesirepathError
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Ints, Notion
from desirepath.eventlog.prepare import prepare
from desirepath.eventlog.unpacking import Codes
from desirepath.insight.phases import PHASES, phase, readable
from desirepath.insight.precedence import Precedence, precedence
from desirepath.insight.stage_model import stages
from desirepath.journey.ids import slug
from desirepath.journey.model import End, Journey, Rule, Session, Stage, Touchpoint
from desirepath.lake import Lake
from desirepath.progress import Progress, silent
from desirepath.texts import Text

RARE = 0.0005
"""Event names with a smaller share of all events, and of fewer than one case in two hundred, stay unmatched."""
MANY, FAMILY = 80, 3
"""With more event names than this, this many that differ in digits only become one touchpoint."""
MOST_EVENTS = 120
CONSTANT = 0.98
"""Share of a touchpoint's events in one channel that makes it the touchpoint's channel."""
CASE_FILLED, CASES_EACH = 0.9, 1.05
CONTINUES = 0.01
"""Share of events that mostly open a visit and hardly ever a case: from this on, visits are parts of a longer walk."""


@dataclass(frozen=True)
class Kind:
    """Event names that become one touchpoint."""

    name: str
    match: tuple[str, ...]
    codes: tuple[int, ...]
    events: int
    channel: str | None


def discover(lake: Lake, links: pa.Table, cache: Path, *, progress: Progress = silent) -> Journey:
    """Draws a journey that fits the evidence; raises `DesirepathError` where there are no events."""
    log = prepare(lake, links, _notion(lake), cache, progress=progress)
    if log.event_count == 0:
        raise DesirepathError("there are no events to discover a journey from", hint="ingest a file with events first")
    return draw(log, progress)


def draw(log: Log, progress: Progress = silent) -> Journey:
    """The journey of a prepared log."""
    progress("comparing events", 0, 2)
    kinds = _kinds(log)
    counts = precedence(log, [kind.codes for kind in kinds])
    progress("finding stages", 1, 2)
    phases = [phase(kind.name) for kind in kinds]
    stage, place = stages(counts, np.array([-1 if p is None else p for p in phases], np.int64))
    order = [[int(i) for i in np.argsort(place, kind="stable") if stage[i] == s] for s in range(int(stage.max()) + 1)]
    taken: set[str] = set()
    drawn = tuple(_stage(members, kinds, taken) for members in _named(order, kinds, phases))
    start, end = _ends(counts, order, kinds, phases)
    progress("finding stages", 2, 2)
    return Journey(
        id="discovered",
        title={
            "en": "Discovered journey",
            "zh-Hans": "从数据发现的旅程",
            "zh-Hant": "從資料發現的旅程",
            "ru": "Путь, найденный в данных",
        },
        description=_description(log, kinds),
        case=_case(log, counts),
        start=start,
        end=end,
        stages=drawn,
        kpis=("conversion",),
    )


def _notion(lake: Lake) -> Notion:
    with lake.duck() as con:
        lake.register(con, "events")
        row = con.execute(
            'SELECT count(*), count("case"), count(DISTINCT "case"), count(DISTINCT customer) FROM events'
        ).fetchone()
    assert row is not None
    events, filled, cases, customers = row
    own = events and filled >= CASE_FILLED * events and cases >= CASES_EACH * customers and filled >= 2 * cases
    return "case" if own else "customer"


def _kinds(log: Log) -> list[Kind]:
    """What becomes touchpoints: frequent event names, and families of names that differ in digits only."""
    event, channel = log.flat()[2:]
    events = np.bincount(event, minlength=len(log.event_names))
    groups: dict[str, list[int]] = {}
    sizes = Counter(_without_digits(name) for name in log.event_names)
    for code, name in enumerate(log.event_names):
        family = _without_digits(name)
        merged = len(log.event_names) > MANY and sizes[family] >= FAMILY
        groups.setdefault(family if merged else name, []).append(code)
    channels = _channels(log, event, channel, groups)
    kinds = [
        Kind(
            name,
            tuple(_literal(log.event_names[c]) for c in codes),
            tuple(codes),
            int(events[codes].sum()),
            channels[name],
        )
        for name, codes in groups.items()
    ]
    kinds.sort(key=lambda kind: (-kind.events, kind.name))
    least = min(RARE * log.event_count, log.case_count / 200)
    kept = [kind for kind in kinds if kind.events >= max(least, 2)] or kinds
    return kept[:MOST_EVENTS]


def _without_digits(name: str) -> str:
    return re.sub(r"\d+", "#", name)


def _literal(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)


def _channels(log: Log, event: Codes, channel: Codes, groups: dict[str, list[int]]) -> dict[str, str | None]:
    """The channel that nearly all events of a group have."""
    width = len(log.channels) + 1
    table = np.bincount(event.astype(np.int64) * width + channel, minlength=len(log.event_names) * width)
    table = table.reshape(len(log.event_names), width)
    found: dict[str, str | None] = {}
    for name, codes in groups.items():
        counts = table[codes].sum(0)
        top = int(np.argmax(counts))
        found[name] = log.channels[top] if top < width - 1 and counts[top] >= CONSTANT * counts.sum() else None
    return found


def _case(log: Log, counts: Precedence) -> Notion | Session:
    """The case notion of the document: visits only where a visit is a whole walk."""
    if log.notion == "case" or counts.pause_s is None or counts.walks < 1.5 * log.case_count:
        return log.notion
    met = np.maximum(counts.events, 1)
    opens, begins = counts.starts / met, counts.case_starts / np.maximum(counts.starts, 1)
    usual = log.case_count / counts.walks
    continuing = (opens > 0.5) & (begins < 0.2 * usual)
    if counts.events[continuing].sum() >= CONTINUES * counts.events.sum():
        return "customer"
    return Session(session=_span(counts.pause_s))


def _span(seconds: int) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _named(
    order: list[list[int]], kinds: Sequence[Kind], phases: Sequence[int | None]
) -> list[tuple[str, Text, list[int]]]:
    """Each stage with an id and a name: of the phase most of its events speak of, else of its most frequent events."""
    taken: set[int] = set()
    named: list[tuple[str, Text, list[int]]] = []
    for members in order:
        spoken: Counter[int] = Counter()
        for i in members:
            known = phases[i]
            if known is not None:
                spoken[known] += kinds[i].events
        top = next((p for p, _ in spoken.most_common(1) if p not in taken), None)
        if top is not None and 2 * spoken[top] >= sum(kinds[i].events for i in members):
            taken.add(top)
            named.append((PHASES[top].id, PHASES[top].name, members))
            continue
        typical = sorted(members, key=lambda i: -kinds[i].events)[:2]
        named.append(("", " · ".join(readable(kinds[i].name) for i in typical), members))
    return named


def _stage(given: tuple[str, Text, list[int]], kinds: Sequence[Kind], taken: set[str]) -> Stage:
    id_, name, members = given
    touchpoints = tuple(
        Touchpoint(
            id=slug(kinds[i].name, taken),
            name=readable(kinds[i].name),
            channel=kinds[i].channel,
            match=(Rule(event=kinds[i].match),),
        )
        for i in members
    )
    free = id_ and id_ not in taken
    return Stage(
        id=slug(id_ if free else f"stage-{id_ or kinds[members[0]].name}", taken), name=name, touchpoints=touchpoints
    )


def _ends(
    counts: Precedence, order: list[list[int]], kinds: Sequence[Kind], phases: Sequence[int | None]
) -> tuple[Rule | None, End | None]:
    """Walks start with what opens one in twenty, and end well with the events of the last stage that is a goal."""
    goals = [s for s, members in enumerate(order) if any(_is_goal(phases[i]) for i in members)]
    goal = goals[-1] if goals else len(order) - 1
    reached = [i for i in order[goal] if _is_goal(phases[i])] or _frequent(counts.ends, order[goal], 0.2)
    early = [i for members in order[: max(goal, 1)] for i in members]
    begun = [i for i in _frequent(counts.starts, early, 0.05) if i not in reached]
    start = Rule(event=_names(begun, kinds)) if begun else None
    return start, End(event=_names(reached, kinds), nth=1)


def _is_goal(known: int | None) -> bool:
    return known is not None and PHASES[known].goal


def _frequent(counts: Ints, members: list[int], share: float) -> list[int]:
    """Those with at least this share of the members' count (the greatest in any case), most first."""
    total = int(counts[members].sum())
    ranked = sorted(members, key=lambda i: (-int(counts[i]), i))
    return [i for rank, i in enumerate(ranked) if rank == 0 or counts[i] >= share * total]


def _names(members: Sequence[int], kinds: Sequence[Kind]) -> tuple[str, ...]:
    return tuple(name for i in members for name in kinds[i].match)


def _description(log: Log, kinds: Sequence[Kind]) -> Text:
    """How the journey was found, for the person who goes on with it."""
    events, cases, share = log.event_count, log.case_count, sum(k.events for k in kinds) / log.event_count
    return {
        "en": f"Drawn from {events:,} events of {cases:,} cases; its touchpoints cover {share:.1%} of them.",
        "zh-Hans": f"由 {cases:,} 次旅程的 {events:,} 个事件绘成，触点覆盖其中 {share:.1%}。",
        "zh-Hant": f"由 {cases:,} 次旅程的 {events:,} 個事件繪成，觸點涵蓋其中 {share:.1%}。",
        "ru": f"Построено по {events:,} событиям, проходов: {cases:,}; точки контакта охватывают {share:.1%} событий.",
    }
