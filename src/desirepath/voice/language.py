"""Which language a text is in, offline: by its script, then by its function words, then by lingua's n-gram models.

Han text without kana is Chinese; Simplified and Traditional are told apart by the characters that only one of the two
national character sets has (GB 2312 against Big5). Alphabets: a text whose function words point to one language has
it; the others are asked of lingua. A text too short or too mixed to tell takes the language of its neighbours (the
texts beside it) where that is one of the candidates, else it stays `unknown`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from desirepath.voice.lexicon import Lexicon, lexicons
from desirepath.voice.texts import clean

if TYPE_CHECKING:
    from lingua import LanguageDetector

UNKNOWN = "unknown"
SURE = 0.55  # lingua's confidence from which its answer stands alone
LONG_ENOUGH = 40  # letters of an alphabet from which lingua's answer stands
COMMON = 0.02  # share of the texts beside it from which a language is a neighbours' one
CANDIDATE = 0.02  # … and from which the neighbours' language is believed
MIXED = 0.3  # share of the letters from which a second script makes a text mixed
_READ = 600  # characters that are enough to tell
_ONE_SCRIPT = {"HANGUL": "ko", "THAI": "th", "HEBREW": "he", "GREEK": "el", "ARMENIAN": "hy", "GEORGIAN": "ka",
               "TAMIL": "ta", "TELUGU": "te", "BENGALI": "bn", "GUJARATI": "gu", "GURMUKHI": "pa"}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_UKRAINIAN, _NOT_UKRAINIAN = re.compile("[іїєґІЇЄҐ]"), re.compile("[ыэъёўәқңғүұһөЫЭЪЁЎӘҚҢҒҮҰҺӨ]")
_NAMES = re.compile(r"[\w.+\-]*[@#]\w[\w.\-]*")


@dataclass(frozen=True)
class Told:
    """The language of a text and how sure that is (0–1); `mixed` when a second script has a good part of it."""

    language: str
    confidence: float
    mixed: bool = False


def detect(texts: Sequence[str | None]) -> list[Told]:
    """The language of each text; texts that do not tell take the language most of the others have, where it fits."""
    cleaned = [_NAMES.sub(" ", clean(t)) for t in texts]
    answers = [_by_itself(t) for t in cleaned]
    known: dict[str, float] = {}
    for answer in answers:
        # what does not tell alone tells together: candidates count by their confidence
        for language, weight in ({answer.language: 1.0} if isinstance(answer, Told) else answer).items():
            if language != UNKNOWN:
                known[language] = known.get(language, 0.0) + weight
    return [a if isinstance(a, Told) else _settled(a, known) for a in answers]


def chinese(text: str) -> Told:
    """Simplified or Traditional; where no character tells, Simplified with little confidence."""
    simplified = traditional = 0
    for character in text:
        if "\u3400" <= character <= "\u9fff":
            kind = _standard(character)
            simplified += kind < 0
            traditional += kind > 0
    told = simplified + traditional
    if not told:
        return Told("zh-Hans", 0.5)
    if traditional > simplified:
        return Told("zh-Hant", (traditional + 0.5) / (told + 1))
    return Told("zh-Hans", (simplified + 0.5) / (told + 1))


@cache
def _standard(character: str) -> int:
    """−1: only in the Simplified set, 1: only in the Traditional set, 0: in both or neither."""
    return int(_encodes(character, "big5")) - int(_encodes(character, "gb2312"))


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _script(character: str) -> str | None:
    if not character.isalpha():
        return None
    name = unicodedata.name(character, "").split(" ", 1)[0]
    return "HAN" if name == "CJK" else "KANA" if name in ("HIRAGANA", "KATAKANA", "HALFWIDTH") else name


def _by_itself(text: str) -> Told | dict[str, float]:
    """The answer where the text gives one, else the candidates with lingua's confidence."""
    text = text[:_READ]
    if text.isascii():
        letters = sum(c.isalpha() for c in text)
        scripts = Counter({"LATIN": letters}) if letters else Counter()
    else:
        scripts = Counter(s for c in text if (s := _script(c)) is not None)
    if not scripts:
        return Told(UNKNOWN, 0.0)
    # one Han character says as much as some letters of an alphabet
    weight = {s: n * (3 if s in ("HAN", "KANA") else 1) for s, n in scripts.items()}
    total = sum(weight.values())
    main = max(weight, key=lambda s: weight[s])
    mixed = sum(n for s, n in weight.items() if s != main and {s, main} != {"HAN", "KANA"}) >= MIXED * total
    if "KANA" in scripts and scripts["KANA"] >= 0.1 * (scripts["HAN"] + scripts["KANA"]) and main in ("HAN", "KANA"):
        return Told("ja", 0.99, mixed)
    if main == "HAN":
        told = chinese(text)
        return Told(told.language, told.confidence, mixed)
    if main in _ONE_SCRIPT:
        return Told(_ONE_SCRIPT[main], 0.99, mixed)
    if main == "CYRILLIC" and _UKRAINIAN.search(text) and not _NOT_UKRAINIAN.search(text):
        return Told("uk", 0.95, mixed)  # lingua takes it for Kazakh
    words = _WORD.findall(text.lower())
    by_words = _function_words(words)
    if by_words is not None:
        return Told(by_words.language, by_words.confidence, mixed)
    return _asked(text, mixed)


def _function_words(words: Sequence[str]) -> Told | None:
    """The language whose function words the text has, if it has enough of them and no other comes near."""
    hits = Counter(language for word in words for language in _function().get(word, ()))
    ranked = hits.most_common(2)
    if not ranked or ranked[0][1] < 3 or ranked[0][1] < 0.2 * len(words):
        return None
    second = ranked[1][1] if len(ranked) > 1 else 0
    if second > 0.4 * ranked[0][1]:
        return None
    return Told(ranked[0][0], 1 - 0.5 / ranked[0][1] - 0.3 * second / ranked[0][1])


@cache
def _function() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for lexicon in lexicons().values():
        if not lexicon.unspaced:
            for word in lexicon.function:
                found[word] = (*found.get(word, ()), lexicon.language)
    return found


def _asked(text: str, mixed: bool) -> Told | dict[str, float]:
    values = _detector().compute_language_confidence_values(text)
    best = values[0] if values else None
    if best is None or best.value == 0:
        return Told(UNKNOWN, 0.0)
    letters = sum(c.isalpha() for c in text)
    if best.value >= SURE and letters >= LONG_ENOUGH:
        return Told(_code(best.language.iso_code_639_1.name, text), best.value, mixed)
    found = {_code(v.language.iso_code_639_1.name, text): v.value for v in values if v.value >= CANDIDATE}
    agreed = next(iter(found), UNKNOWN)
    if (lexicon := lexicons().get(agreed)) is not None and _knows(lexicon, text):
        return Told(agreed, max(SURE, best.value * min(1.0, letters / LONG_ENOUGH)), mixed)
    return {c: v * min(1.0, letters / LONG_ENOUGH) for c, v in found.items()}


def _knows(lexicon: Lexicon, text: str) -> bool:
    """Whether a text has a word of feeling or a function word of the language."""
    tokens = lexicon.tokens(text)
    return any(t in lexicon.function for t in tokens if len(t) > 1) or bool(lexicon.hits(tokens))


def _settled(candidates: dict[str, float], known: dict[str, float]) -> Told:
    """A short text: the neighbours' language where it may be that one, else lingua's where that is very sure."""
    total = sum(known.values())
    near = {c: v * known[c] / total for c, v in candidates.items() if known.get(c, 0.0) >= max(1.5, COMMON * total)}
    if near:
        best = max(near, key=lambda c: near[c])
        return Told(best, min(0.9, 0.5 + candidates[best] / 2))
    best = max(candidates, key=lambda c: candidates[c], default=UNKNOWN)
    return Told(best, candidates[best]) if candidates.get(best, 0.0) >= SURE else Told(UNKNOWN, 0.0)


def _code(iso: str, text: str) -> str:
    return chinese(text).language if iso == "ZH" else iso.lower()


@cache
def _detector() -> LanguageDetector:
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()
