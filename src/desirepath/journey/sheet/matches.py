"""Proposes which event names a touchpoint's name may stand for.

Names are cut into words; words like `view` or `click` say how, not where, and do not count against a match. The score
of a pair is the Jaccard overlap of the remaining words, |A ∩ B| / |A ∪ B|; from `ENOUGH` on an event is proposed, for
the touchpoint it fits best. Common Chinese and Russian words are compared in English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from desirepath.journey.sheet.glossary import english
from desirepath.journey.sheet.words import plain

ENOUGH = 0.5
HOW_WORDS = """
view viewed views click clicked tap tapped open opened start started end ended finish finished complete completed enter
entered page screen event visit visited seen show shown load loaded submit submitted success ok done the a of to in at
on for and my your
"""
HOW = frozenset(HOW_WORDS.split())


def propose(names: Sequence[str], events: Sequence[str]) -> list[tuple[str, ...]]:
    """For each touchpoint name the event names that it may stand for, best first."""
    found: list[list[tuple[float, str]]] = [[] for _ in names]
    for event in dict.fromkeys(events):
        scores = [similarity(name, event) for name in names]
        best = max(scores, default=0.0)
        if best >= ENOUGH:
            found[scores.index(best)].append((-best, event))
    return [tuple(event for _, event in sorted(pairs)) for pairs in found]


def similarity(name: str, event: str) -> float:
    """How much the words of two names overlap, 0–1."""
    spoken = max((_overlap(words, _words(event)) for words in _translations(name)), default=0.0)
    return max(spoken, _overlap(_words(name), _words(event)))


def _translations(name: str) -> list[list[str]]:
    """The name in English, once for each choice among the words' meanings."""
    meanings = english(plain(name))
    return [[_stem(word) for word in choice] for choice in product(*meanings)] if 0 < len(meanings) <= 4 else []


def _overlap(a: list[str], b: list[str]) -> float:
    if "".join(sorted(a)) == "".join(sorted(b)) or "".join(a) == "".join(b):
        return 1.0 if a else 0.0
    bare_a, bare_b = _telling(a), _telling(b)
    common = sum(any(_same(x, y) for y in bare_b) for x in bare_a)
    union = len(bare_a) + len(bare_b) - common
    return common / union if union else 0.0


def _words(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-zа-я0-9])(?=[A-ZА-Я])", " ", name)
    return list(dict.fromkeys(_stem(word) for word in plain(spaced).split()))


def _telling(words: list[str]) -> list[str]:
    return [word for word in words if word not in HOW] or words


def _stem(word: str) -> str:
    if word in HOW or len(word) < 4:
        return word
    for ending in ("ing", "ies", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def _same(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) >= 4 and long.startswith(short) and len(long) - len(short) <= 4)
