"""Clauses: a text cut where its speaker turns to something else, so that each part has its own feeling and place.

Sentences end at . ! ? 。！？; … and line breaks (not after abbreviations of one letter). Within a sentence,
a comma, semicolon or dash cuts where both sides are long enough to say something, and a word of contrast ("but",
"но", "但是") cuts before itself. Unspaced scripts are cut at their commas. Positions refer to the text as given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from desirepath.voice.lexicon import lexicons

_SENTENCE = re.compile(r"[.!?…]+(?=\s|$)|[。！？]+|[\r\n]+")
_PART = re.compile(r"[,;:–—]\s|\s-\s|[，；、]")
_SHORT = re.compile(r"(?:^|\s)\w\.$")
LEAST_WORDS, LEAST_CHARACTERS = 2, 2


@dataclass(frozen=True)
class Clause:
    """A part of a text, `text[start:end]`."""

    start: int
    end: int
    text: str


def clauses(text: str) -> list[Clause]:
    """The parts of a text, in order; together they hold every word of it."""
    found: list[Clause] = []
    for start, end in _sentences(text):
        cuts = [start, *_cuts(text, start, end), end]
        for a, b in pairwise(cuts):
            found.append(Clause(a, b, text[a:b]))
    return [c for c in _joined(text, found) if c.text.strip()]


def _sentences(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for match in _SENTENCE.finditer(text):
        if not _SHORT.search(text[max(start, match.end() - 3) : match.end()]):
            spans.append((start, match.end()))
            start = match.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def _cuts(text: str, start: int, end: int) -> list[int]:
    marks = {m.end() for m in _PART.finditer(text, start, end)}
    turns = {m.start() for m in _contrast().finditer(text, start, end) if m.start() > start}
    return sorted(c for c in marks | turns if start < c < end)


@cache
def _contrast() -> re.Pattern[str]:
    """Any language's words of contrast (of alphabets: whole words)."""
    spaced: set[str] = set()
    unspaced: set[str] = set()
    for lexicon in lexicons().values():
        for phrase in lexicon.contrast.exact:
            (unspaced if lexicon.unspaced else spaced).add(phrase.replace(" ", "") if lexicon.unspaced else phrase)
    words = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(spaced, key=len, reverse=True))
    runs = "|".join(re.escape(w) for w in sorted((w for w in unspaced if len(w) > 1), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)|(?:{runs})", re.IGNORECASE)


def _joined(text: str, parts: list[Clause]) -> list[Clause]:
    """Parts too short to say something go with the part before them (the first with the one after)."""
    out: list[Clause] = []
    for part in parts:
        if out and (_short(part.text) or (_short(out[-1].text) and len(out) == 1)):
            out[-1] = Clause(out[-1].start, part.end, text[out[-1].start : part.end])
        else:
            out.append(part)
    return out


def _short(text: str) -> bool:
    letters = sum(c.isalnum() for c in text)
    han = sum("\u3400" <= c <= "\u9fff" for c in text)
    return letters < LEAST_CHARACTERS if han else len(text.split()) < LEAST_WORDS
