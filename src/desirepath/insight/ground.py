"""What the evidence holds at all, whatever the period: events by source, name, channel and what else rules ask for.

Verdicts need it to tell "nobody goes there" from "nothing could have shown it"; warnings need it to say which rules
match nothing and which claim the same events. One scan of the lake, kept in the cache until the evidence changes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from desirepath import sqltext
from desirepath.eventlog.model import Rules

if TYPE_CHECKING:
    from desirepath.lake import Lake

NONE = -1


@lru_cache(1 << 16)
def any_glob(globs: tuple[str, ...], value: str) -> bool:
    """Whether any of the globs matches."""
    return value in globs or any(fnmatchcase(value, glob) for glob in globs)


@dataclass(frozen=True)
class Kind:
    """Events alike in everything that a rule can ask."""

    source: str
    event: str
    channel: str | None
    where: Mapping[str, str | None]
    count: int
    first: int  # µs
    last: int

    def fulfils(self, match: Rules.Match) -> bool:
        """Whether these events fulfil one alternative of a rule."""
        return (
            (not match.event or any_glob(match.event, self.event))
            and (not match.channel or self.is_in(match.channel))
            and all(self._value(name, values) in values for name, values in match.where.items())
        )

    def is_in(self, channels: Iterable[str]) -> bool:
        """Whether their channel is one of these globs; no channel is none of them."""
        return self.channel is not None and any_glob(tuple(channels), self.channel)

    def _value(self, name: str, wanted: Sequence[str]) -> str | None:
        """What stands for a dimension; one that only the customers have is taken to be as wanted."""
        own = {"event": self.event, "channel": self.channel, **self.where}
        return own.get(name, wanted[0] if wanted else None)


@dataclass(frozen=True)
class Ground:
    """All kinds of events in the evidence."""

    kinds: tuple[Kind, ...]
    _claims: tuple[Rules, list[list[int]]] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def event_names(self) -> tuple[str, ...]:
        """Sorted."""
        return tuple(sorted(self._by_event))

    @cached_property
    def first(self) -> int | None:
        """The time of the first event, in µs."""
        return min((k.first for k in self.kinds), default=None)

    @cached_property
    def last(self) -> int | None:
        """The time of the last event, in µs."""
        return max((k.last for k in self.kinds), default=None)

    def in_period(self, start: int | None, end: int | None) -> tuple[Kind, ...]:
        """The kinds that were alive at some time in [start, end)."""
        return tuple(k for k in self.kinds if (end is None or k.first < end) and (start is None or k.last >= start))

    @cached_property
    def _by_event(self) -> dict[str, list[Kind]]:
        found: dict[str, list[Kind]] = {}
        for kind in self.kinds:
            found.setdefault(kind.event, []).append(kind)
        return found

    def has(self, match: Rules.Match) -> bool:
        """Whether any events fulfil one alternative of a rule."""
        named = (kinds for e, kinds in self._by_event.items() if not match.event or any_glob(match.event, e))
        return any(kind.fulfils(match) for kinds in named for kind in kinds)

    def claims(self, rules: Rules) -> list[list[int]]:
        """For each kind the touchpoints with a rule that its events fulfil, in drawn order."""
        known = self._claims
        if known is None or known[0] is not rules:
            by_event = {event: _asking(rules, event) for event in self.event_names}
            known = (
                rules,
                [[t for t, asked in by_event[k.event] if any(map(k.fulfils, asked))] for k in self.kinds],
            )
            object.__setattr__(self, "_claims", known)
        return known[1]

    def touchpoints_by_event(self, rules: Rules) -> dict[str, Counter[int]]:
        """For each event name, how many events of that name each touchpoint claims (−1: none)."""
        found: dict[str, Counter[int]] = {}
        for kind, claims in zip(self.kinds, self.claims(rules), strict=True):
            found.setdefault(kind.event, Counter())[claims[0] if claims else NONE] += kind.count
        return found


def _asking(rules: Rules, event: str) -> list[tuple[int, list[Rules.Match]]]:
    """The touchpoints that may claim events of that name, with what else they ask of them."""
    asked = [[m for m in matches if not m.event or any_glob(m.event, event)] for matches in rules.touchpoints]
    return [(t, matches) for t, matches in enumerate(asked) if matches]


def survey(lake: Lake, values: Mapping[str, tuple[str, ...]], cache: Path) -> Ground:
    """Look at the whole lake once; `values` are the dimensions that rules use, with the values they ask for."""
    known = set(lake.dimensions("events"))
    asked = {name: wanted for name, wanted in values.items() if name in known}
    key = json.dumps([lake.fingerprint("events"), asked], sort_keys=True)
    kept = cache / f"ground-{hashlib.sha256(key.encode()).hexdigest()[:24]}.json"
    if kept.exists():
        return _ground(json.loads(kept.read_text("utf-8")))
    rows = _scan(lake, asked)
    cache.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(".part")
    fresh.write_text(json.dumps(rows), "utf-8")
    fresh.replace(kept)
    return _ground(rows)


def _scan(lake: Lake, asked: Mapping[str, tuple[str, ...]]) -> list[list[object]]:
    columns, params = [], []
    for i, (name, wanted) in enumerate(asked.items()):
        column = sqltext.name(f"d_{name}")
        columns.append(f"CASE WHEN {column} IN ({', '.join('?' * len(wanted))}) THEN {column} END AS w{i}, ")
        params += [*wanted]
    with duckdb.connect() as con:
        lake.register(con, "events")
        found = con.execute(
            f'SELECT source, event, channel, {"".join(columns)} count(*), epoch_us(min("at")), epoch_us(max("at")) '
            "FROM events GROUP BY ALL ORDER BY ALL",
            params,
        ).fetchall()
    fixed = 3
    return [
        [*row[:fixed], dict(zip(asked, row[fixed : fixed + len(asked)], strict=True)), *row[fixed + len(asked) :]]
        for row in found
    ]


def _ground(rows: list[list[object]]) -> Ground:
    return Ground(tuple(Kind(*row) for row in rows))  # type: ignore[arg-type]
