"""Phrases to sentences: a topic, a tone from the feeling (−2…+2), and slots filled at random.

A text is one sentence on the topic; every third adds one in the same tone on the whole, so that short texts vary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

TOPICS = ("queue", "menu", "payment", "coffee", "delivery", "support", "general")
BAD, GOOD = -0.5, 0.6
"""Below and above these feelings people complain and praise."""


@dataclass(frozen=True)
class Phrases:
    """A language: `said[topic]` holds what is said when hurt, undecided and pleased, with `{slots}`."""

    slots: Mapping[str, Sequence[str]]
    said: Mapping[str, tuple[Sequence[str], Sequence[str], Sequence[str]]]
    replies: Sequence[str]  # the company's own words
    notes: Sequence[str]  # subjects of tickets
    gap: str = " "  # between two sentences


def phrases(language: str) -> Phrases:
    """The phrases of a language by its tag."""
    module = import_module(f"desirepath.simulate.voice.{language.lower().replace('-', '_')}")
    found: Phrases = module.PHRASES
    return found


def say(
    rng: np.random.Generator, spoken: Sequence[Phrases], topics: NDArray[np.int64], felt: NDArray[np.float64]
) -> list[str]:
    """One text each, in the phrases of its speaker, on the topic (an index into TOPICS), in the tone of the feeling."""
    tone = 1 + (felt > GOOD).astype(int) - (felt < BAD).astype(int)
    draws = rng.random((len(felt), 5))
    return [
        _text(words, TOPICS[topic], t, draw)
        for words, topic, t, draw in zip(spoken, topics.tolist(), tone.tolist(), draws.tolist(), strict=True)
    ]


def _text(words: Phrases, topic: str, tone: int, draw: Sequence[float]) -> str:
    text = _sentence(words, topic, tone, draw[0], draw[1])
    if draw[2] < 1 / 3 and topic != "general":
        text += words.gap + _sentence(words, "general", tone, draw[3], draw[4])
    return text


def _sentence(words: Phrases, topic: str, tone: int, which: float, slot: float) -> str:
    known = words.said[topic][tone]
    sentence = known[int(which * len(known))]
    if "{" not in sentence:
        return sentence
    filled = sentence.format_map({name: kinds[int(slot * len(kinds))] for name, kinds in words.slots.items()})
    return filled[0].upper() + filled[1:]
