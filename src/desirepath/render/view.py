"""What a map picture shows, free of any format: words already in the reader's language, numbers already formatted.

`build_view` makes it from a living map; HTML, typst (SVG, PNG, PDF), PPTX and XLSX all draw the same view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["pain", "delight", "neutral"]


@dataclass(frozen=True)
class Figure:
    """One number, or one line of detail, under its label."""

    id: str  # entered | drop_rate | dwell | emotion | nps | …
    label: str
    text: str  # "31.4 %"
    tip: str = ""  # interval, n, or why it is withheld
    tone: Tone = "neutral"
    bar: float | None = None  # 0–1 where a small bar helps
    definition: str = ""


@dataclass(frozen=True)
class Point:
    """A point of the emotion curve: `x` in stages (2.5 = the middle of the third), `y` −2 … +2; None is a gap."""

    x: float
    y: float | None
    low: float | None
    high: float | None
    n: int
    label: str  # the touchpoint's or stage's name
    tip: str  # "−1.2 (−1.5 … −0.9), n = 212"
    moment_of_truth: bool = False
    id: str = ""  # of the touchpoint or stage
    text: str = ""  # "−1.2"
    low_point: bool = False  # a valley worth a label


@dataclass(frozen=True)
class Curve:
    """A line through the stages: what was measured, what the team assumed for one persona, or what it would be if
    every group were heard alike."""

    id: str
    label: str
    kind: Literal["measured", "assumed", "reweighted"]
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Item:
    """A card, touchpoint, finding or measure in a cell."""

    id: str
    text: str
    detail: str  # second line, may be empty
    source: Literal["document", "evidence"]
    verdict: str | None = None  # supported | contradicted | no_data | stale
    verdict_label: str = ""
    tone: Tone = "neutral"
    tip: str = ""
    moment_of_truth: bool = False
    kind: str = "card"  # card | touchpoint | finding | metric | owner | event | source | note
    place: str = ""  # "Choosing · Menu board"
    stage: int | None = None
    channel: str = ""  # as the data names it: web, store, …
    share: float | None = None  # of cases
    weight: float | None = None  # of a finding, 0–1 of the heaviest
    facts: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Row:
    """A lane: one cell a stage, each with its items."""

    id: str
    label: str
    cells: tuple[tuple[Item, ...], ...]


@dataclass(frozen=True)
class Column:
    """A stage's head."""

    id: str
    name: str
    goal: str
    figures: tuple[Figure, ...]
    verdict: str
    verdict_label: str = ""
    verdict_tip: str = ""  # why
    description: str = ""
    owner: str = ""
    emotion: float | None = None
    share: float | None = None  # of cases that enter it


@dataclass(frozen=True)
class Node:
    """A touchpoint in the flow form, or (`ghost`) an event that no touchpoint claims; `reach` is a share of cases."""

    id: str
    label: str
    stage: int
    reach: float
    text: str
    walked: bool
    tone: Tone
    ghost: bool = False
    channel: str = ""


@dataclass(frozen=True)
class Edge:
    """A walked step; `drawn` says whether the map has it (forward, no stage skipped)."""

    source: str
    target: str
    weight: float  # share of the most frequent
    text: str
    drawn: bool
    back: bool = False


@dataclass(frozen=True)
class Moment:
    """A stop in the timeline form: where in time and how it felt.

    `at_s` is the stage's start (median stays of the earlier stages added up); a touchpoint shares that of its stage.
    """

    id: str
    label: str
    stage: int
    at_s: float | None
    text: str
    emotion: float | None
    verdict: str
    kind: Literal["stage", "touchpoint"] = "touchpoint"
    span_s: float | None = None  # how long the stage takes
    channel: str = ""
    moment_of_truth: bool = False


@dataclass(frozen=True)
class View:
    """The whole picture."""

    language: str
    direction: Literal["ltr", "rtl"]
    title: str
    goal: str
    facts: tuple[Figure, ...]  # customers, cases, events, fitting share, NPS …
    filters: tuple[str, ...]
    personas: tuple[dict[str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    curves: tuple[Curve, ...]
    findings: tuple[Item, ...]
    missing: tuple[Item, ...]  # walked but not on the map
    never_walked: tuple[Item, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    moments: tuple[Moment, ...]
    notes: tuple[str, ...]
    words: dict[str, str]  # labels of the frame: "Emotion curve", "Customers", …
    period: str = ""
    scope: str = ""
    verdicts: tuple[Figure, ...] = ()  # how many touchpoints bear each verdict; `bar` is the share
    sources: tuple[Item, ...] = ()
    conformance: tuple[Figure, ...] = ()
    voice: tuple[Figure, ...] = ()  # feedback: all, placed on the map, undated, without a customer
    coverage: tuple[Figure, ...] = ()  # response rates by group, and the re-weighted emotion
    version: str = ""
