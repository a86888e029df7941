"""Verdicts on touchpoints and stages: does the evidence bear out what the map draws?

A touchpoint is
- contradicted when enough cases walk it and its measured emotion's interval lies wholly on the other side of neutral
  than the assumed emotion; or when nobody of at least `min_n` cases in scope walks it although it would have shown: the
  period holds data of its channel, of an event it names, or of the source of such an event;
- stale when its last event lies longer before the end of the data than `Settings.stale_after`; or when it was walked
  before the period and not since;
- supported when at least `min_n` cases walk it (or as many pieces of feedback are about it);
- no_data when nothing could have shown it, or too few to tell.

A stage is supported when at least `min_n` cases enter it or one of its touchpoints is supported, stale when all that
was seen of it is stale, contradicted when nobody enters it although it would have shown, else it has no data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from desirepath.eventlog.model import Rules
from desirepath.insight.ground import Ground, Kind
from desirepath.insight.model import Emotion, Verdict
from desirepath.insight.settings import Settings
from desirepath.journey.model import EVERYONE, Touchpoint


@dataclass(frozen=True)
class Ruling:
    """A verdict with its reason, a key of the message catalogue."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Seen:
    """What was seen of a touchpoint in scope."""

    cases: int
    last: int | None  # µs
    feedback: int
    emotion: Emotion


@dataclass(frozen=True)
class Horizon:
    """The evidence as far as it goes: what it holds, of which period, and when that ends."""

    ground: Ground
    start: int | None  # of the period asked for, µs
    end: int | None
    data_end: int | None  # the last event that could count, µs
    stale_after_us: float
    narrowed: bool  # a filter on cases is set: who never walks here may do so outside
    cases: int  # in scope

    def covers(self, touchpoint: Touchpoint, matches: Sequence[Rules.Match]) -> bool:
        """Whether walking this touchpoint would have left a trace in the period."""
        alive = self.ground.in_period(self.start, self.end)
        named = tuple(k for k in self.ground.kinds if any(_names(m, k) for m in matches))
        sources, events = {k.source for k in named}, {k.event for k in named}
        channels = {g for m in matches for g in (*m.channel, *m.where.get("channel", ()))}
        channels |= {touchpoint.channel} if touchpoint.channel else set()
        return any(k.source in sources or k.event in events or k.is_in(channels) for k in alive)

    def walked_before(self, matches: Sequence[Rules.Match]) -> bool:
        """Whether it was walked before the period, and not since the period began."""
        if self.start is None or self.narrowed:
            return False
        last = [k.last for k in self.ground.kinds if any(k.fulfils(m) for m in matches)]
        return bool(last) and max(last) < self.start


def on_touchpoint(
    touchpoint: Touchpoint, matches: Sequence[Rules.Match], seen: Seen, horizon: Horizon, settings: Settings,
    persona: str | None = None,
) -> Ruling:  # fmt: skip
    """The verdict on one touchpoint."""
    if seen.cases >= settings.min_n or seen.feedback >= settings.min_n:
        if opposite(assumed_of(touchpoint, persona), seen.emotion):
            return Ruling("contradicted", "verdict.feels_opposite")
        if seen.cases and _is_stale(seen.last, horizon):
            return Ruling("stale", "verdict.last_seen_long_ago")
        return Ruling("supported", "verdict.walked" if seen.cases >= settings.min_n else "verdict.heard")
    if seen.cases or seen.feedback:
        if seen.cases and _is_stale(seen.last, horizon):
            return Ruling("stale", "verdict.last_seen_long_ago")
        return Ruling("no_data", "verdict.too_few")
    if not matches:
        return Ruling("no_data", "verdict.no_rule" if not touchpoint.match else "verdict.rule_cannot_match")
    if horizon.walked_before(matches):
        return Ruling("stale", "verdict.walked_before_period")
    if horizon.covers(touchpoint, matches):
        if horizon.cases < settings.min_n:
            return Ruling("no_data", "verdict.too_few")
        return Ruling("contradicted", "verdict.nobody_here" if horizon.narrowed else "verdict.nobody_walks")
    return Ruling("no_data", "verdict.not_covered")


def on_stage(entered: int, touchpoints: Sequence[Ruling], min_n: int) -> Ruling:
    """The verdict on a stage, from its cases and its touchpoints' verdicts."""
    verdicts = {t.verdict for t in touchpoints}
    seen = {t.verdict for t in touchpoints if t.reason not in NOT_SEEN}
    if seen == {"stale"}:
        return Ruling("stale", "verdict.last_seen_long_ago")
    if entered >= min_n:
        return Ruling("supported", "verdict.walked")
    if "supported" in verdicts:
        return Ruling("supported", "verdict.heard")
    if entered:
        return Ruling("no_data", "verdict.too_few")
    if "contradicted" in verdicts:
        return Ruling("contradicted", "verdict.nobody_walks")
    return Ruling("no_data", "verdict.not_covered" if touchpoints else "verdict.no_touchpoints")


NOT_SEEN = frozenset(
    f"verdict.{r}" for r in ("nobody_walks", "nobody_here", "not_covered", "no_rule", "rule_cannot_match", "too_few")
)
"""Reasons of touchpoints of which the period shows nothing, or too little."""


def assumed_of(touchpoint: Touchpoint, persona: str | None) -> float | None:
    """The emotion the team assumes: for this persona, else for all, else the mean over the personas."""
    beliefs: Mapping[str, float] = touchpoint.assumed_emotion
    for who in (persona, EVERYONE):
        if who is not None and who in beliefs:
            return beliefs[who]
    if persona is not None or not beliefs:
        return None
    return sum(beliefs.values()) / len(beliefs)


def opposite(assumed: float | None, measured: Emotion) -> bool:
    """Whether the measured interval excludes the assumed emotion by its sign."""
    if assumed is None or measured.low is None or measured.high is None:
        return False
    return (assumed > 0 and measured.high < 0) or (assumed < 0 and measured.low > 0)


def _names(match: Rules.Match, kind: Kind) -> bool:
    return bool(match.event) and any(fnmatchcase(kind.event, glob) for glob in match.event)


def _is_stale(last: int | None, horizon: Horizon) -> bool:
    return last is not None and horizon.data_end is not None and horizon.data_end - last > horizon.stale_after_us
