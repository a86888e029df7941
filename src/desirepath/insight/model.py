"""The living map: journey + measures + findings + verdicts for a period and filters. Its JSON is the contract.

Fractions are 0–1, durations seconds, times ISO 8601 UTC, emotion −2 … +2. A withheld number is None with
`withheld = "n<K"`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from desirepath.journey.model import Journey

Verdict = Literal["supported", "contradicted", "no_data", "stale"]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval and the count it rests on."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: str | None = None
    withheld: str | None = None


@dataclass(frozen=True)
class Trend:
    """By how much the emotion changed from the first dated answer to the last, as a straight line sees it."""

    change: float
    low: float
    high: float
    n: int
    days: float

    @property
    def direction(self) -> Literal["rising", "falling"] | None:
        """None where the interval holds 0."""
        return "rising" if self.low > 0 else "falling" if self.high < 0 else None


@dataclass(frozen=True)
class Emotion:
    """Mean emotion with its 95 % interval; `sources` counts feedback by kind; `assumed` is the team's, by persona.

    `low` … `high` is about all who were there, `sampling_low` … `sampling_high` about those who answer; `everyone` is
    the mean as it would be had all answered (see `emotion` and `answering`).
    `pooled` is the mean drawn towards the journey's where answers are few (see `voice.curve`); `layers` counts how the
    emotions came about, where words were read: score, label, model, lexicon. `trend` needs twenty dated answers.
    """

    score: float | None
    low: float | None
    high: float | None
    n: int
    n_eff: float
    sources: dict[str, int]
    assumed: dict[str, float] = field(default_factory=dict)
    withheld: str | None = None
    pooled: float | None = None
    pooled_low: float | None = None
    pooled_high: float | None = None
    layers: dict[str, int] = field(default_factory=dict)
    trend: Trend | None = None
    everyone: float | None = None
    sampling_low: float | None = None
    sampling_high: float | None = None


@dataclass(frozen=True)
class Wait:
    """A duration's median and 90th percentile."""

    median_s: float | None
    p90_s: float | None
    n: int
    withheld: str | None = None


@dataclass(frozen=True)
class StageView:
    """A stage as it was walked."""

    id: str
    name: str
    entered: int
    customers: int
    continued: int
    dropped: int
    drop_rate: Estimate
    dwell: Wait
    emotion: Emotion
    kpis: dict[str, Estimate]
    verdict: Verdict
    verdict_reason: str  # a key of the message catalogue


@dataclass(frozen=True)
class TouchpointView:
    """A touchpoint as it was walked."""

    id: str
    stage: str
    name: str
    channel: str | None
    customers: int
    cases: int
    events: int
    emotion: Emotion
    wait_before: Wait
    repeat_rate: Estimate
    kpis: dict[str, Estimate]
    verdict: Verdict
    verdict_reason: str  # a key of the message catalogue
    first_seen: str | None
    last_seen: str | None


class Transition(NamedTuple):
    """One step to the next, by event names or touchpoint ids; a tuple, for a map has thousands of them."""

    source: str  # "from" in JSON
    target: str  # "to" in JSON
    count: int  # type: ignore[assignment]  # (a tuple has a method of this name)
    cases: int
    median_s: float | None
    p90_s: float | None
    withheld: str | None = None


@dataclass(frozen=True)
class Variant:
    """A path (event names, repeats collapsed, first 20 steps) and how many cases took it."""

    path: tuple[str, ...]
    cases: int
    share: float


@dataclass(frozen=True)
class VariantsRest:
    """The paths that are not listed: how many there are and how many cases took them."""

    variants: int
    cases: int
    share: float


@dataclass(frozen=True)
class Unmatched:
    """Events that no touchpoint claims."""

    events: int
    share: float
    top: tuple[dict[str, Any], ...]  # {event, count, cases}


@dataclass(frozen=True)
class Conformance:
    """The drawn path against the walked one; shares are of the cases with at least one event on the map."""

    fitting_share: Estimate
    missing_from_map: tuple[dict[str, Any], ...]  # {event, cases, share, count, suggested_stage}
    never_walked: tuple[str, ...]  # ids of touchpoints with a rule that no event in scope fulfils
    verdicts: dict[str, int]  # touchpoints by verdict
    backtracking: Estimate
    skipping: Estimate
    late_start: Estimate


@dataclass(frozen=True)
class Finding:
    """A measured pain point or delight at a place on the map; `params` fill the title (`finding.KIND`) in any language.

    `share` is its reach (cases there ÷ all cases), `outcome_lost` what it costs beyond the baseline, and `weight` is
    reach × severity × (outcome lost ÷ all cases); `evidence` opens each figure down to its count and its comparison.
    """

    id: str
    kind: str  # drop_off | long_wait | loop | backtrack | bounce | low_emotion | high_emotion
    polarity: Literal["pain", "delight"]
    stage: str | None
    touchpoint: str | None
    title: str
    cases: int
    customers: int
    share: float
    severity: float  # 0–1
    outcome_lost: Estimate
    weight: float
    confidence: float  # 0–1: 1 − the false discovery rate at which it still stands
    evidence: tuple[dict[str, Any], ...]
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CardView:
    """A card of the document with its verdict; `reason` is a key of the message catalogue."""

    id: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class MapData:
    """The living map as data.

    `customers`, `cases` and `events` count everything in scope, unmatched events included. `completed` is the share of
    cases that reach the end rule (no value without one). `notes` are sentences in `language`.
    """

    journey: Journey
    period: dict[str, str | None]  # {from, to} as asked, plus {data_from, data_to} as seen
    filters: dict[str, list[str]]
    persona: str | None
    language: str
    customers: int
    cases: int
    events: int
    completed: Estimate
    emotion: Emotion
    unmatched: Unmatched
    kpis: dict[str, Estimate]
    stages: tuple[StageView, ...]
    touchpoints: tuple[TouchpointView, ...]
    transitions: tuple[Transition, ...]
    touchpoint_transitions: tuple[Transition, ...]
    variants: tuple[Variant, ...]
    variants_rest: VariantsRest
    conformance: Conformance
    findings: tuple[Finding, ...]
    cards: tuple[CardView, ...]
    feedback: dict[str, int]  # see place.py
    metrics: tuple[dict[str, Any], ...]  # {metric, from, to, stage, touchpoint, value, n, source}
    sources: tuple[dict[str, Any], ...]  # what the evidence holds: {source, events, feedback, metrics, from, to}
    notes: tuple[str, ...]  # caveats
    min_n: int
    version: str
    verbatims: tuple[dict[str, Any], ...] = ()  # typical ones by touchpoint, masked, as suggested cards: see words.py
    caveats: tuple[dict[str, Any], ...] = ()  # the notes as {key, params}, to be said in any language
    coverage: tuple[dict[str, Any], ...] = ()  # who is heard and who is not: see unheard.py

    def to_json(self) -> dict[str, Any]:
        """The map as plain JSON values."""
        data: dict[str, Any] = _plain(self)
        return data | self.words_to_json()

    def words_to_json(self) -> dict[str, Any]:
        """Of these what words alone can change: the document, and the verdicts on its cards."""
        return {"journey": self.journey.model_dump(mode="json", exclude_defaults=True), "cards": _plain(self.cards)}


_ONLY_IF_THERE = frozenset(
    {
        "withheld", "unit", "pooled", "pooled_low", "pooled_high", "layers", "trend", "everyone", "sampling_low",
        "sampling_high",
    }
)  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Transition):
        out = value._asdict()
        return _there({"from": out.pop("source"), "to": out.pop("target"), **out})
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _there(
            {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name != "journey"}
        )
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def _there(out: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in out.items() if not (k in _ONLY_IF_THERE and v in (None, {}))}
