"""Where feedback without a place goes by what it talks about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from desirepath.insight.words import lane_of_theme
from desirepath.voice.readers import Remembered, UnreachableError

JOURNEY = """
journey: j
title: J
stages:
  - id: s
    name: S
    touchpoints:
      - {id: till, name: Till, match: [{event: pay}]}
      - {id: post, name: Post, match: [{event: get}]}
"""
QUEUE = "the queue at the till was long and the cashier slow number {}"
PARCEL = "the parcel came late and the box was damaged number {}"


def test_a_text_belongs_to_the_same_place_under_every_filter(company: Any) -> None:
    """All that is placed teaches, also what the filter leaves out: in the south there is only the one open text."""
    said = [
        {"at": 1, "customer": f"n{i}", "touchpoint": place, "text": text.format(i)}
        for place, text in (("till", QUEUE), ("post", PARCEL))
        for i in range(60)
    ]
    open_text = {"at": 0, "customer": "s", "text": PARCEL.format("nine")}
    events = [{"customer": f"n{i}", "at": 0, "event": "pay", "d_market": "north"} for i in range(60)]
    events.append({"customer": "s", "at": 5, "event": "pay", "d_market": "south"})
    evidence = company(events, [*said, open_text])
    everywhere = evidence.map(JOURNEY)
    south = evidence.map(JOURNEY, where={"market": ("south",)})
    assert everywhere.feedback["placed_by_talk"] == south.feedback["placed_by_talk"] == 1
    assert south.feedback["in_scope"] == 1
    assert {v["touchpoint"] for v in south.verbatims} == {"post"}


WISH, THOUGHT = "I wish there was more light", "The light is warm"


@pytest.mark.parametrize(
    ("language", "emotion", "texts", "lane"),
    [
        ("en", -0.25, [WISH], "pain_points"),
        ("en", -0.2, [WISH, WISH, THOUGHT], "needs"),
        ("en", None, [WISH, THOUGHT], "thoughts"),
        ("en", 1.5, [THOUGHT], "thoughts"),
        ("tlh", 0.0, ["nuqneH"], "thoughts"),  # no lexicon knows what a need is there
        ("en", 0.0, [], "thoughts"),
    ],
)
def test_a_theme_belongs_where_it_feels_bad_or_where_most_of_its_texts_do(
    language: str, emotion: float | None, texts: list[str], lane: str
) -> None:
    assert lane_of_theme(language, emotion, texts) == lane


SAID = [{"at": 1, "customer": f"c{i}", "touchpoint": "till", "text": f"An awful day number {i}"} for i in range(30)]


@dataclass
class Glad:
    """A language model that is glad about everything, as long as it answers at all."""

    answers: bool = True
    asked: int = 0
    name: str = "glad"
    layer: str = "endpoint"
    error: float = 0.5
    batch: int = 20

    def read(self, texts: Sequence[str]) -> Any:
        if not self.answers:
            raise UnreachableError("the endpoint does not answer")
        self.asked += len(texts)
        return np.full(len(texts), 2.0)


def test_a_language_model_of_one_s_own_speaks_on_the_map_and_is_asked_once(company: Any) -> None:
    evidence, glad = company([("c1", 0, "pay")], SAID), Glad()
    plain = evidence.map(JOURNEY).touchpoints[0].emotion
    assert plain.score < -0.5 and plain.layers == {"lexicon": 30}
    read = [evidence.map(JOURNEY, reader=Remembered(glad, evidence.cache)).touchpoints[0].emotion for _ in range(2)]
    assert read[0] == read[1]
    assert (read[0].score, read[0].layers, glad.asked) == (2.0, {"endpoint": 30}, 30)
    assert evidence.map(JOURNEY).touchpoints[0].emotion == plain, "the map without it is as it was"


def test_a_language_model_that_does_not_answer_is_waited_for_aloud(
    company: Any, caplog: pytest.LogCaptureFixture
) -> None:
    evidence, glad = company([("c1", 0, "pay")], SAID), Glad(answers=False)
    found = evidence.map(JOURNEY, reader=Remembered(glad, evidence.cache))
    assert found.touchpoints[0].emotion.layers == {"lexicon": 30}
    assert {"key": "note.reader_silent", "params": {"n": 30}} in found.caveats
    assert "does not answer" in caplog.text
