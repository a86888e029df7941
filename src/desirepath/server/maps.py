"""Living maps as they are asked for again and again: computed once for the same evidence, journey and scope.

One map is computed at a time: the engine uses all cores for each.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json

from desirepath.conditions import conditions
from desirepath.insight.changes import Change, changes
from desirepath.insight.health import Health, health, weeks
from desirepath.insight.redress import redressed
from desirepath.journey.model import Journey
from desirepath.journey.ops import Op, apply
from desirepath.server.bodies import Body
from desirepath.workspace import LivingMap, Workspace

KEPT = 64


@dataclass(frozen=True)
class Question:
    """What part of the evidence a map is about, and in which language it speaks."""

    start: str | None = None
    end: str | None = None
    where: tuple[str, ...] = ()
    persona: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Answer:
    """A map, its plain values, and as it is sent; all of one state of the evidence and, by `seq`, of the journey."""

    living_map: LivingMap
    plain: dict[str, Any]
    body: Body
    evidence: str
    seq: int


@dataclass
class Place:
    """Where the last answer to a question lies; `looked` is when it was last found to be as things stand."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    answer: Answer | None = None
    looked: float = -math.inf


class Maps:
    """The maps of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.turn = threading.Lock()
        """Held by whoever asks the engine."""
        self._lock = threading.Lock()
        self._places: OrderedDict[tuple[str, Question], Place] = OrderedDict()

    def get(self, journey: str, question: Question) -> Answer:
        """The map of a journey as it stands now, or later: who had to wait takes what was begun after they came."""
        came = time.monotonic()
        place = self._place(journey, question)
        with place.lock:
            if place.answer is None or place.looked <= came:
                begun = time.monotonic()
                place.answer = self._now(place.answer, journey, question)
                place.looked = begun
            return place.answer

    def _place(self, journey: str, question: Question) -> Place:
        with self._lock:
            place = self._places.setdefault((journey, question), Place())
            self._places.move_to_end((journey, question))
            while len(self._places) > KEPT:
                self._places.popitem(last=False)
            return place

    def _now(self, last: Answer | None, journey: str, question: Question) -> Answer:
        """The last answer where it still holds; made of it where only words have changed since; else computed."""
        head, evidence = self.workspace.journeys.head(journey), self.workspace.fingerprint()
        if last is not None and last.evidence == evidence:
            if last.seq == head.seq:
                return last
            again = redressed(last.living_map.data, head.journey)
            if again is not None:
                plain = last.plain | again.words_to_json()
                return Answer(replace(last.living_map, data=again), plain, Body(to_json(plain)), evidence, head.seq)
        with self.turn:
            living_map = compute(self.workspace, head.journey, question)
        plain = living_map.to_json()
        return Answer(living_map, plain, Body(to_json(plain)), evidence, head.seq)

    def health(self, journey: str) -> Health:
        """How a journey is doing: its whole map, and those of the last weeks and of those before."""
        whole = self.get(journey, Question()).living_map.data
        last, before = (
            None if period is None else self.get(journey, Question(*period)).living_map.data for period in weeks(whole)
        )
        return health(whole, last, before, datetime.now(UTC), self.workspace.insight_settings())

    def preview(self, journey: str, ops: Sequence[Op], question: Question) -> tuple[Change, ...]:
        """The numbers that operations would change, without doing them."""
        now = self.get(journey, question).living_map
        then, _ = apply(self.workspace.journeys.get(journey), ops)
        with self.turn:
            return changes(now.data, compute(self.workspace, then, question).data)


def compute(workspace: Workspace, journey: str | Journey, question: Question) -> LivingMap:
    """The map that a question asks for."""
    return workspace.map(
        journey,
        start=question.start,
        end=question.end,
        where=conditions(_unique(question.where), "where"),
        persona=question.persona,
        language=question.language,
    )


def _unique(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(texts))
