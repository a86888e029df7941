"""Named feelings: joy, trust, curiosity, surprise, confusion, disappointment, anxiety or anger, where words carry one.

The feeling named most often by the lexicon's words for it, not negated; none where none is named, where two are named
equally often, or where the emotion says the opposite.
"""

from __future__ import annotations

import math

from desirepath.voice.lexicon import lexicons

FEELINGS = ("joy", "trust", "curiosity", "surprise", "confusion", "disappointment", "anxiety", "anger")
_GLAD = frozenset({"joy", "trust"})
_SORE = frozenset({"confusion", "disappointment", "anxiety", "anger"})
_AGAINST = 0.5  # emotion from which the opposite kind of feeling is not believed


def feeling(text: str, language: str, emotion: float = math.nan) -> str | None:
    """The feeling that a clean text names."""
    lexicon = lexicons().get(language)
    if lexicon is None or not text:
        return None
    found = lexicon.feeling_of(lexicon.tokens(text))
    if not math.isnan(emotion):
        against = _SORE if emotion > _AGAINST else _GLAD if emotion < -_AGAINST else frozenset()
        found = {name: n for name, n in found.items() if name not in against}
    ranked = sorted(found.items(), key=lambda f: -f[1])
    if not ranked or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return None
    return ranked[0][0]
