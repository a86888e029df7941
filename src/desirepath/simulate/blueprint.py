"""A company as data: who its customers are, which steps they can take, and what was planted on top.

A *step* is a state of the walk and emits one event (several steps may emit the same event in different channels). From
a step a customer chooses the next one with probability proportional to `edge weight × market tilt × persona tilt ×
effect factors × exp(sway × satisfaction)`; `LEAVE` ends the visit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np

START, LEAVE = "START", "LEAVE"

FLAT = (1.0,) * 24
"""Weights of the hours of a day without a rhythm."""


@dataclass(frozen=True)
class Step:
    """A state of the walk. `emotion` is the mean planted (−2…+2), `wait` the median seconds from the step before."""

    id: str
    event: str
    stage: str
    channel: str
    emotion: float = 0.0
    wait: float = 60.0
    spread: float = 0.6  # standard deviation of log(wait)
    sway: float = 0.0  # how satisfaction draws customers here (negative: the unhappy come)


@dataclass(frozen=True)
class Market:
    """A place: its share of customers, clock, language, and the habits that differ there."""

    id: str
    name: str
    share: float
    zone: str = "UTC"
    language: str = "en"
    currency: str = "EUR"
    price: float = 3.5  # a usual cup, in its currency
    payments: Mapping[str, float] = field(default_factory=lambda: {"card": 1.0})
    tilt: Mapping[str, float] = field(default_factory=dict)  # by step: local habits
    season: tuple[float, ...] = (1.0,) * 12
    response: float = 1.0  # willingness to answer surveys


@dataclass(frozen=True)
class Persona:
    """A kind of customer: rhythm, taste, loyalty."""

    id: str
    share: float
    gap_days: float  # mean days between visits
    loyalty: float  # log-odds to come back at neutral satisfaction
    hours: tuple[float, ...] = FLAT
    weekend_hours: tuple[float, ...] = FLAT
    weekend: float = 1.0  # weight of a Saturday or Sunday against a working day
    tilt: Mapping[str, float] = field(default_factory=dict)  # by step
    feels: Mapping[str, float] = field(default_factory=dict)  # by step: shift of the emotion
    season: tuple[float, ...] = (1.0,) * 12
    ages: tuple[float, ...] = (0.2, 0.2, 0.2, 0.2, 0.2)  # 18–24, 25–34, 35–44, 45–54, 55+
    basket: float = 1.0  # spending against a usual cup


@dataclass(frozen=True)
class Effect:
    """Something planted: under its conditions choices, waits and feelings change. Dates and hours are local.

    `choose[(from, to)]` multiplies an edge's weight, `wait[step]` the wait before a step, `feel[step]` shifts its
    emotion.
    """

    id: str
    kind: Literal["pain", "delight", "improvement", "experiment"]
    step: str  # where it is felt
    title: str
    markets: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()
    payments: tuple[str, ...] = ()
    arm: str | None = None
    start: date | None = None
    end: date | None = None  # exclusive
    hours: tuple[int, int] | None = None  # [from, to)
    workdays: bool = False
    choose: Mapping[tuple[str, str], float] = field(default_factory=dict)
    wait: Mapping[str, float] = field(default_factory=dict)
    feel: Mapping[str, float] = field(default_factory=dict)
    truth: Mapping[str, object] = field(default_factory=dict)  # what truth.json adds for the reader


@dataclass(frozen=True)
class Blueprint:
    """The whole company. `stages` are in their true order."""

    name: str
    year: int
    stages: tuple[str, ...]
    steps: tuple[Step, ...]
    edges: Mapping[str, Mapping[str, float]]  # from step (or START) → to step (or LEAVE) → weight
    personas: tuple[Persona, ...]
    markets: tuple[Market, ...]
    effects: tuple[Effect, ...] = ()
    experiment: str | None = None  # the id of the A/B test; customers are split evenly into arms A and B
    first_tilt: Mapping[str, float] = field(default_factory=dict)  # by start step: only on a customer's first visit

    @property
    def event_stage(self) -> dict[str, str]:
        """The true stage of every event name."""
        return {s.event: s.stage for s in self.steps}


def random(seed: int) -> Blueprint:
    """A company with 4–7 stages of 2–6 events with neutral names, skips, loops, early leaves and repeat purchases.

    Inside a stage customers roam freely, take one of several alternatives, or mostly follow an order of their own; some
    events are rare. Event names are numbered at random, so nothing but the order of events tells their stage.
    """
    rng = np.random.default_rng([seed, 0x51DE])
    sizes = rng.integers(2, 7, rng.integers(4, 8))
    names = iter(rng.permutation(int(sizes.sum())))
    stages = tuple(f"stage-{i + 1}" for i in range(len(sizes)))
    groups = [[_random_step(rng, next(names), s) for _ in range(size)] for s, size in zip(stages, sizes, strict=True)]
    likes = {s.id: float(rng.uniform(0.3, 1)) if rng.random() < 0.85 else 0.12 for group in groups for s in group}
    edges: dict[str, dict[str, float]] = {START: {s.id: likes[s.id] for s in groups[0]}}
    for g in range(len(groups)):
        edges |= _random_stage(rng, g, groups, likes)
    steps = tuple(s for group in groups for s in group)
    people = (
        Persona("regular", 0.6, 20.0, 0.6, tilt={s.id: float(rng.uniform(0.7, 1.4)) for s in steps}),
        Persona("rare", 0.4, 60.0, -0.4, tilt={s.id: float(rng.uniform(0.7, 1.4)) for s in steps}),
    )
    return Blueprint(f"company-{seed}", 2025, stages, steps, edges, people, (Market("here", "Here", 1.0),))


def _random_step(rng: np.random.Generator, number: int, stage: str) -> Step:
    wait = float(np.exp(rng.uniform(np.log(5), np.log(600))))
    name = f"event_{number + 1:02d}"
    return Step(name, name, stage, "web", float(rng.uniform(-1, 1)), wait, 0.8)


def _random_stage(
    rng: np.random.Generator, g: int, groups: list[list[Step]], likes: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """Where the steps of stage `g` lead: on within the stage, to the next, sometimes past it, back, or out."""
    group, last = groups[g], g + 1 == len(groups)
    stays, against = ((1.0, 1.0), (0.25, 1.0), (0.9, 0.35))[int(rng.choice(3, p=(0.5, 0.25, 0.25)))]
    edges = {}
    for i, step in enumerate(group):
        out = {s.id: stays * (1.0 if j > i else against) * likes[s.id] for j, s in enumerate(group) if j != i}
        if rng.random() < 0.3:
            out[step.id] = 0.15
        if last:
            out |= {groups[0][0].id: 0.08, LEAVE: float(rng.uniform(0.8, 1.6))}
        else:
            onward = sum(likes[s.id] for s in groups[g + 1])
            out |= {s.id: float(rng.uniform(0.7, 1.6)) * likes[s.id] / onward for s in groups[g + 1]}
            out[LEAVE] = float(rng.uniform(0.06, 0.25))
        if g + 2 < len(groups) and rng.random() < 0.4:
            skipped = groups[g + 2][int(rng.integers(len(groups[g + 2])))]
            out[skipped.id] = 0.15
        if g > 0 and rng.random() < 0.35:
            returned = groups[g - 1][int(rng.integers(len(groups[g - 1])))]
            out[returned.id] = 0.18
        edges[step.id] = out
    return edges
