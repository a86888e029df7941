"""The words that themes are made of: without function words, endings cut, Han text in jieba's words.

Endings are cut by short lists for English, Russian and Portuguese, other alphabets keep their words; a stem is shown by
the word most often used for it.
"""

from __future__ import annotations

import re
from functools import cache

from desirepath.voice.lexicon import lexicons
from desirepath.voice.texts import clean

_WORD = re.compile(r"[^\W\d_]+")
_HANDLE = re.compile(r"[@#]\w+")
_HAN = re.compile("[\u3400-\u9fff]")
_ENDINGS = {
    "en": "ations ation ings ing ied ies edly ed es ly s",
    "ru": "иями ями ами ого ему ому ыми ими ает ают ить ать ять ете ешь ует уют ала или ила ило ела лся лась ться тся "
    "ой ый ий ая яя ое ее ые ие ов ев ам ям ах ях ом ем ей ью ия ию ии ы и а я о е у ю ь",
    "pt": "amentos amento imentos imento ações ação adores ador mente ados adas ado ada idos idas ido ida "
    "ando endo indo aram eram iram amos emos ar er ir ei ou as os es a o e s",
}
_LEAST_STEM = 3


def words(text: str, language: str) -> list[str]:
    """The words of a text in order, lower case, without function words."""
    plain = _HANDLE.sub(" ", clean(text)).lower().replace("'", "").replace("’", "")
    if _HAN.search(plain):
        import rjieba

        found = [w for w in rjieba.cut(plain) if len(w) > 1 and _WORD.fullmatch(w)]
    else:
        found = [w for w in _WORD.findall(plain) if len(w) > 1]
    stop = _stop(language)
    return [w for w in found if w not in stop]


def stem(word: str, language: str) -> str:
    """The word without its ending."""
    for ending in _endings(language):
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word


@cache
def _endings(language: str) -> tuple[str, ...]:
    return tuple(_ENDINGS.get(language, "").split())


@cache
def _stop(language: str) -> frozenset[str]:
    lexicon = lexicons().get(language)
    if lexicon is None:
        return frozenset()
    degrees = {p.replace(" ", "") for p in lexicon.degrees.exact}
    return frozenset(w.replace("'", "") for w in lexicon.function) | degrees
