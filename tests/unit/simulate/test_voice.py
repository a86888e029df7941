"""Texts: every language speaks on every topic in three tones, and the tone follows the feeling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

import numpy as np
import pytest
from ruamel.yaml import YAML

from desirepath.simulate.cafe import CAFE
from desirepath.simulate.voice.grammar import TOPICS, phrases, say
from desirepath.texts import LANGUAGES as TAGS

LANGUAGES = sorted({m.language for m in CAFE.markets})
SCRIPTS = {
    "ru": r"[а-яё]",
    "zh-Hans": r"[\u4e00-\u9fff]",
    "zh-Hant": r"[\u4e00-\u9fff]",
    "pt": r"[a-zãçé]",
    "en": r"[a-z]",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_has_three_tones(language: str) -> None:
    spoken = phrases(language)
    assert tuple(spoken.said) == TOPICS
    for bad, mixed, good in spoken.said.values():
        assert min(len(bad), len(mixed), len(good)) >= 3
        assert not {*bad} & {*good}
    everything = [s for tones in spoken.said.values() for tone in tones for s in tone]
    assert len(everything) == len(set(everything)) >= 70
    assert all(re.search(SCRIPTS[language], s) for s in [*everything, *spoken.replies, *spoken.notes])


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_varied_and_every_slot_is_filled(language: str) -> None:
    rng = np.random.default_rng(1)
    topics = rng.integers(0, len(TOPICS), 2000)
    texts = say(rng, [phrases(language)] * 2000, topics, rng.uniform(-2, 2, 2000))
    assert not any("{" in t or "}" in t for t in texts)
    assert len(set(texts)) > 300


def test_the_tone_follows_the_feeling() -> None:
    spoken = phrases("en")
    queue = np.full(50, TOPICS.index("queue"))
    for tone, felt in enumerate((-1.5, 0.0, 1.5)):
        texts = say(np.random.default_rng(2), [spoken] * 50, queue, np.full(50, felt))
        known = [re.escape(p).replace(r"\{min\}", r"\w+") for p in spoken.said["queue"][tone]]
        assert all(re.match("|".join(known), t) for t in texts)


def test_the_two_chinese_scripts_are_not_mixed() -> None:
    def every(language: str) -> str:
        spoken = phrases(language)
        return "".join([s for tones in spoken.said.values() for tone in tones for s in tone] + [*spoken.replies])

    assert not set("這個們會時沒買點單還麼") & set(every("zh-Hans"))
    assert not set("这个们会时没买点单还么") & set(every("zh-Hant"))


def test_the_drawn_journey_says_everything_in_every_language() -> None:
    """An unquoted comma in `{en: …, ru: …}` would cut a text off and leave a key without a value."""

    def mappings(value: object) -> Iterator[dict[str, object]]:
        if isinstance(value, dict):
            yield value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from mappings(inner)

    document = resources.files("desirepath.simulate").joinpath("ember/journey.yaml").read_text("utf-8")
    texts = [m for m in mappings(YAML(typ="safe", pure=True).load(document)) if m.keys() & TAGS.keys()]
    assert len(texts) > 50
    assert all(m.keys() == TAGS.keys() and all(m.values()) for m in texts)
