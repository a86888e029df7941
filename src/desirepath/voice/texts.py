"""Texts as the voice reads them: cleaned of mark-up and noise, and judged before anything is computed from them.

Cleaning keeps what carries feeling (words, punctuation, emoji) and drops what does not: HTML tags, control characters,
invisible marks, addresses of web pages. Text beyond `LONGEST` characters is not read; that it was cut is counted.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

LONGEST = 20_000
"""Characters of a text that are read: a long interview; a megabyte in one cell is no sentence of a customer."""

State = Literal["words", "empty", "emoji", "numbers", "binary"]

_TAG = re.compile(r"<(?:!--.*?--|/?[A-Za-z][^<>]{0,2000})>", re.DOTALL)
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_WEB = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_SPACE = re.compile(r"\s+")
_DIGIT = re.compile(r"\d")
_LONG = re.compile(r"(.)\1{3,}", re.DOTALL)
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_TOO_MUCH = 0.1  # a text with more than this share of unreadable characters is no text


@dataclass(frozen=True)
class Condition:
    """How the texts of a set are: their number by state, and how many were cut or held mark-up or both directions."""

    texts: int
    states: dict[str, int]
    cut: int
    markup: int
    mixed_direction: int


def clean(text: str | None) -> str:
    """The text without mark-up, control characters and web addresses, NFKC, with single spaces."""
    if not text:
        return ""
    text = text[:LONGEST]
    if "<" in text:
        text = _TAG.sub(" ", _SCRIPT.sub(" ", text))
    if "&" in text:
        text = html.unescape(text)
    if "://" in text or "www." in text:
        text = _WEB.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip()


def folded(text: str) -> str:
    """A clean text as the model reads it: lower case, digits alike, characters repeated at most three times."""
    return _LONG.sub(r"\1\1\1", _DIGIT.sub("0", text.lower()))


def state(text: str | None) -> State:
    """Whether there is anything to read: words, or why not."""
    if not text or not text.strip():
        return "empty"
    text = text[:LONGEST]
    if len(_UNREADABLE.findall(text)) > _TOO_MUCH * len(text):
        return "binary"
    kinds = Counter(unicodedata.category(c)[0] for c in clean(text))
    if kinds["L"]:
        return "words"
    if kinds["S"] or kinds["P"]:
        return "emoji" if kinds["S"] else "empty"
    return "numbers" if kinds["N"] else "empty"


def condition(texts: Sequence[str | None]) -> Condition:
    """What the texts of a set are like, counted."""
    states = Counter(state(t) for t in texts)
    said = [t for t in texts if t]
    return Condition(
        texts=len(texts),
        states=dict(sorted(states.items())),
        cut=sum(len(t) > LONGEST for t in said),
        markup=sum("<" in t and _TAG.search(t[:LONGEST]) is not None for t in said),
        mixed_direction=sum(_both_directions(t[:LONGEST]) for t in said),
    )


def _both_directions(text: str) -> bool:
    if text.isascii():
        return False
    directions = {unicodedata.bidirectional(c) for c in set(text)}
    return bool(directions & {"R", "AL"}) and "L" in directions


def identical(texts: Iterable[str]) -> list[int]:
    """A number for each text; texts that say the same (case, spaces and punctuation aside) share it."""
    numbers: dict[str, int] = {}
    keys = ("".join(c for c in folded(clean(t)) if c.isalnum()) or t for t in texts)
    return [numbers.setdefault(key, len(numbers)) for key in keys]
