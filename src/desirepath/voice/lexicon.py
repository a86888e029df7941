"""Words of feeling and the grammar around them, one file a language in `lexicons/`, and the score of a text by them.

A text's hits are found by the longest match (whole words, stems, phrases; in unspaced scripts any place). Each hit's
weight is turned by a negator shortly before it (× −0.7), raised (× 1.4) or lowered (× 0.6) by a word of degree; hits
before a contrast ("but") count half, those after it one and a half. Emoji and emoticons have weights in any language.
The sum s gives the score s / √(s² + 4) in −1 … +1, as VADER does (Hutto & Gilbert 2014), whose constant is 15.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "lexicons"
TURNED, RAISED, LOWERED = -0.7, 1.4, 0.6
BEFORE_CONTRAST, AFTER_CONTRAST = 0.5, 1.5
NEAR = 3  # words before a hit in which a negator or a word of degree acts on it
SOFTNESS = 4.0
_TOKEN = re.compile(r"[^\W_]+(?:['’\-/][^\W_]+)*|[^\w\s]")
_EMOTICON = re.compile(r"[:;=8][\-o*']?[)\]D(\[/\\|pP*]|[)(][\-o*']?[:;=]|<3|</3|\^_\^|T_T|>_<|\({2,}|\){2,}")
_GLAD, _SORRY = frozenset(")]DpP*"), frozenset("([/\\|")


@dataclass(frozen=True)
class Hit:
    """A word of feeling in a text: its tokens (or characters) `[start, end)` and its weight after grammar."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Read:
    """What the lexicon found in a text: the score −1 … +1, and how many words of feeling it rests on."""

    score: float
    hits: int


@dataclass(frozen=True)
class Phrases:
    """Words and phrases to look for: exact ones by their first token, and stems by their first two letters."""

    exact: Mapping[str, float]  # tokens joined by spaces
    lengths: Mapping[
        str, tuple[int, ...]
    ]  # first token → the numbers of tokens of phrases that begin so, longest first
    stems: Mapping[str, tuple[tuple[str, float], ...]]  # longest first

    def find(self, tokens: Sequence[str], at: int) -> tuple[int, float] | None:
        """The longest match that begins here: its length and its value."""
        token = tokens[at]
        for length in self.lengths.get(token, ()):
            value = self.exact.get(" ".join(tokens[at : at + length]))
            if value is not None and at + length <= len(tokens):
                return length, value
        if self.stems:
            for stem, value in self.stems.get(token[:2], ()):
                if token.startswith(stem):
                    return 1, value
        return None


@dataclass(frozen=True)
class Lexicon:
    """One language's words."""

    language: str
    unspaced: bool
    words: Phrases
    negators: Phrases
    degrees: Phrases  # the factor
    contrast: Phrases
    feelings: Mapping[str, Phrases]
    function: frozenset[str]
    joins: frozenset[str]
    needs: Phrases  # words by which a need or a wish is said

    def tokens(self, text: str) -> list[str]:
        """Characters of an unspaced script, words and marks of an alphabet; lower case."""
        text = text.lower().replace("’", "'")
        return [c for c in text if not c.isspace()] if self.unspaced else _TOKEN.findall(text)

    def hits(self, tokens: Sequence[str]) -> list[Hit]:
        """The words of feeling with their weights as the grammar around them has them."""
        found: list[Hit] = []
        acting: list[tuple[int, float]] = []  # (where it ends, factor)
        turn_at = -1
        i = 0
        while i < len(tokens):
            word = self.words.find(tokens, i)
            negator = self.negators.find(tokens, i)
            degree = self.degrees.find(tokens, i)
            contrast = self.contrast.find(tokens, i)
            longest = max((m[0] for m in (word, negator, degree, contrast) if m), default=0)
            if not longest:
                i += 1
                continue
            if word and word[0] == longest:
                found.append(Hit(i, i + longest, word[1] * self._around(acting, i)))
            if contrast and contrast[0] == longest and found:
                turn_at = len(found)
            if negator and negator[0] == longest and not (word and word[0] == longest and self.unspaced):
                acting.append((i + longest, TURNED))
            elif degree and degree[0] == longest:
                acting.append((i + longest, degree[1]))
            if len(acting) > 8:
                acting = acting[-8:]
            i += longest
        if 0 < turn_at < len(found):
            found = [
                Hit(h.start, h.end, h.weight * (BEFORE_CONTRAST if k < turn_at else AFTER_CONTRAST))
                for k, h in enumerate(found)
            ]
        return found

    def _around(self, acting: Iterable[tuple[int, float]], at: int) -> float:
        near = NEAR + 1 if self.unspaced else NEAR
        factor = 1.0
        turned = False
        for end, value in acting:
            if at - end < near:
                if value < 0:
                    turned = not turned
                else:
                    factor *= value
        return factor * (TURNED if turned else 1.0)

    def read(self, text: str) -> Read:
        """The score of a clean text."""
        tokens = self.tokens(text)
        hits = self.hits(tokens)
        total = sum(h.weight for h in hits)
        signs = signs_of(text)
        total += sum(signs)
        marks = min(text.count("!") + text.count("！"), 3)
        if hits:
            total *= 1 + 0.1 * marks
        return Read(softened(total), len(hits) + len(signs))

    def feeling_of(self, tokens: Sequence[str]) -> dict[str, int]:
        """How often each named feeling is worded, where no negator stands just before it."""
        found: dict[str, int] = {}
        for feeling, phrases in self.feelings.items():
            for i in range(len(tokens)):
                match = phrases.find(tokens, i)
                if match and not self._negated(tokens, i):
                    found[feeling] = found.get(feeling, 0) + 1
        return found

    def says_need(self, text: str) -> bool:
        """Whether a text words a need, a wish or an expectation."""
        tokens = self.tokens(text)
        return any(self.needs.find(tokens, i) is not None for i in range(len(tokens)))

    def _negated(self, tokens: Sequence[str], at: int) -> bool:
        back = range(max(0, at - 2), at)
        return any((m := self.negators.find(tokens, j)) is not None and j + m[0] <= at for j in back)


def softened(total: float) -> float:
    """A sum of weights as a score of −1 … +1."""
    return total / math.sqrt(total * total + SOFTNESS)


def signs_of(text: str) -> list[float]:
    """The weights of emoji and emoticons."""
    found = [] if text.isascii() else [w for c in text if (w := EMOJI.get(c)) is not None]
    for match in _EMOTICON.findall(text) if any(c in text for c in ")(<^_") or ":" in text else ():
        if match in ("<3", "^_^") or (match[0] in ":;=8" and match[-1] in _GLAD) or match.startswith("))"):
            found.append(1.0)
        elif match in ("</3", "T_T", ">_<") or (match[0] in ":;=8" and match[-1] in _SORRY) or match.startswith("(("):
            found.append(-1.0)
    return found[:5]


def _weights(weight: float, signs: str) -> dict[str, float]:
    return dict.fromkeys(signs, weight)


EMOJI: Mapping[str, float] = {
    **_weights(1.5, "😍🥰😻🤩🎉🏆💯🥳❤💖💕💗💓💞💘💝♥🙌😘"),
    **_weights(1.0, "😀😃😄😁😆😊🙂☺😇😋😎👍👏🙏💪✨⭐🌟🌹🌸🎁😂🤗😌👌💐💙💚💛💜🧡🤝✅😺😜😉"),
    **_weights(-1.0, "😕🙁☹😞😟😔😩😫😢😥😰😨😱😓😖😣🤦🙄😒😑🤨👎💔😭🥺⚠❌🚫😐😪😷🥱"),
    **_weights(-1.8, "😡😠🤬👿😤🤮🤢💩🖕"),
}


@cache
def lexicons() -> Mapping[str, Lexicon]:
    """All languages, by their code."""
    return {lexicon.language: lexicon for lexicon in map(load, sorted(FOLDER.glob("*.toml")))}


def load(path: Path) -> Lexicon:
    """One language's file."""
    data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    unspaced = bool(data.get("unspaced", False))
    grammar = data["grammar"]
    degrees = dict.fromkeys(grammar["stronger"].split(), RAISED) | dict.fromkeys(grammar["weaker"].split(), LOWERED)
    weighted = [(w, float(weight)) for weight, words in data["words"].items() for w in words.split()]
    return Lexicon(
        language=data["language"],
        unspaced=unspaced,
        words=_phrases(weighted, unspaced),
        negators=_phrases(((w, 1.0) for w in grammar["negators"].split()), unspaced),
        degrees=_phrases(degrees.items(), unspaced),
        contrast=_phrases(((w, 1.0) for w in grammar["contrast"].split()), unspaced),
        feelings={f: _phrases(((w, 1.0) for w in words.split()), unspaced) for f, words in data["feelings"].items()},
        function=frozenset(data["function"]["words"].split()),
        joins=frozenset(grammar["joins"].split()),
        needs=_phrases(((w, 1.0) for w in data["needs"]["words"].split()), unspaced),
    )


def _phrases(words: Iterable[tuple[str, float]], unspaced: bool) -> Phrases:
    exact: dict[str, float] = {}
    lengths: dict[str, set[int]] = {}
    stems: dict[str, list[tuple[str, float]]] = {}
    for word, value in words:
        word = word.lower()
        if word.endswith("*") and "_" not in word:
            stems.setdefault(word[:2], []).append((word[:-1], value))
            continue
        plain = word.rstrip("*").replace("_", "" if unspaced else " ")
        parts = [*plain] if unspaced else _TOKEN.findall(plain)
        exact[" ".join(parts)] = value
        lengths.setdefault(parts[0], set()).add(len(parts))
    return Phrases(
        exact,
        {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        {first: tuple(sorted(found, key=lambda s: -len(s[0]))) for first, found in stems.items()},
    )
