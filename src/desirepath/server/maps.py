"""Living maps as they are asked for again and again: computed once for the same evidence, journey and scope.

One map is computed at a time: the engine uses all cores for each.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json

from desirepath import __version__
from desirepath.conditions import conditions
from desirepath.insight.changes import Change, changes
from desirepath.insight.health import Health, health, weeks
from desirepath.insight.redress import redressed
from desirepath.journey.model import Journey
from desirepath.journey.ops import Op, apply
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
    """A map, as JSON too; `tag` changes whenever it might."""

    living_map: LivingMap
    json: bytes
    tag: str


@dataclass(frozen=True)
class Made:
    """A map, and its plain values."""

    living_map: LivingMap
    plain: dict[str, Any]


class Maps:
    """The maps of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.turn = threading.Lock()
        """Held by whoever asks the engine."""
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._last: OrderedDict[tuple[str, str, Question], Made] = OrderedDict()

    def tag(self, journey: str, question: Question) -> str:
        """What stands for the evidence, the journey as it is, and the question."""
        seq = self.workspace.journeys.seq(journey)
        parts = (__version__, self.workspace.fingerprint(), journey, seq, *astuple(question))
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

    def get(self, journey: str, question: Question) -> Answer:
        """The map of a journey as it stands."""
        if (found := self._kept.get(self.tag(journey, question))) is not None:
            return found
        with self.turn:
            tag = self.tag(journey, question)
            if tag not in self._kept:
                made = self._made(journey, question)
                self._kept[tag] = Answer(made.living_map, to_json(made.plain), tag)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            return self._kept[tag]

    def _made(self, journey: str, question: Question) -> Made:
        """From the last map that answered the question, where only words have changed since; else computed."""
        asked = (self.workspace.fingerprint(), journey, question)
        last, document = self._last.get(asked), self.workspace.journeys.get(journey)
        again = redressed(last.living_map.data, document) if last is not None else None
        if last is not None and again is not None:
            made = Made(replace(last.living_map, data=again), last.plain | again.words_to_json())
        else:
            living_map = compute(self.workspace, document, question)
            made = Made(living_map, living_map.to_json())
        self._last[asked] = made
        self._last.move_to_end(asked)
        while len(self._last) > KEPT:
            self._last.popitem(last=False)
        return made

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
