"""From feedback to emotion: each piece by the best layer there is, with how sure it is and which layer said so.

In this order: the **label** a person gave; the **score**; the **model** learned from the workspace's rated and
labelled texts of that language (where cross-validation finds it better than the lexicon); the **lexicon** with
what it learned from unrated texts (or a language model of one's own, where one is set: an **endpoint** or a
**folder**); **none**. A model's emotion is the mean
over the states' probabilities, Σ p·μ with μ the mean emotion of the rated texts of a state; its interval is ± 1.96
√(Σ p·(σ² + μ²) − emotion²), cut at −2 and +2. The lexicon's is 2 × its score, ± `LEXICON_ERROR`·1.96. Of a
conversation the customer's turns count; the company's words are read apart.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desirepath.voice import bootstrap as untaught
from desirepath.voice import decisions, learned, store
from desirepath.voice import language as languages
from desirepath.voice.bootstrap import Bootstrapped, Reading
from desirepath.voice.feelings import feeling
from desirepath.voice.learned import Hints, Model
from desirepath.voice.lexicon import lexicons, signs_of, softened
from desirepath.voice.quality import macro_f1
from desirepath.voice.readers import Remembered, UnreachableError
from desirepath.voice.said import Said, Strings
from desirepath.voice.states import states
from desirepath.voice.texts import LONGEST, clean, state
from desirepath.voice.turns import customers_words

if TYPE_CHECKING:
    from desirepath.lake import Lake

Floats = NDArray[np.float64]
LAYERS = ("none", "lexicon", "folder", "endpoint", "model", "score", "label")
SPOKEN = frozenset({"chat", "call", "ticket", "interview", "focus_group", "usability"})
LEXICON_ERROR = 1.0  # standard deviation of one text's emotion by the lexicon, on −2 … +2
LEAST_RATED = 40  # rated texts of a language, below which its texts are read by the lexicon
MOST_RATED = 20_000
HINTS = 4_000


@dataclass(frozen=True)
class Learned:
    """What is known of one language: its model and what it is worth beside the lexicon on the same rated texts."""

    language: str
    texts: int
    rated: int
    model: Model | None
    means: tuple[float, ...] = ()  # of the model's classes
    variances: tuple[float, ...] = ()
    lexicon: Bootstrapped | None = None
    lexicon_f1: float | None = None

    @property
    def layer(self) -> str:
        """The layer that reads unrated texts of the language."""
        if self.model is not None and (self.lexicon_f1 or 0.0) <= (self.model.quality.macro_f1 or 0.0):
            return "model"
        return "lexicon" if self.lexicon is not None else "none"


@dataclass(frozen=True)
class Heard:
    """One row per feedback. Emotion NaN where no layer could say; `error` is the variance of the emotion's error."""

    language: Strings
    language_confidence: Floats
    emotion: Floats
    low: Floats
    high: Floats
    error: Floats
    layer: Strings
    confidence: Floats
    feeling: Strings
    state: NDArray[np.int64]  # of the emotion; −1 none
    tone: Floats  # of the company's words in it (−2 … +2); NaN where there are none


@dataclass(frozen=True)
class Hearing:
    """Everything heard, and what it was learned from."""

    heard: Heard
    learned: Mapping[str, Learned]


def hear(
    said: Said,
    labels: Mapping[str, float] | None = None,
    cache: Path | None = None,
    reader: Remembered | None = None,
) -> Hearing:
    """Read all feedback; models are kept in `cache`, and texts without ratings asked of `reader`, where given."""
    labels = labels or {}
    words = [_words(t, k, c) for t, k, c in zip(said.text, said.kind, said.company, strict=True)]
    theirs = [w[0] for w in words]
    readable = np.array([state(t) in ("words", "emoji") for t in theirs], bool)
    tongue, sure = _languages(said, theirs)
    emotion = said.emotion.copy()
    labelled = np.array([i in labels for i in said.id], bool)
    emotion[labelled] = [labels[i] for i in said.id[labelled]]
    ours = ~said.company
    known = _learn(theirs, tongue, np.where(ours & readable, emotion, np.nan), ours & readable, cache)
    heard = _by_ratings(emotion, labelled, tongue, sure, len(said))
    open_ = readable & np.isnan(emotion) & ours
    for name, what in known.items():
        rows = np.flatnonzero(open_ & (tongue == name))
        if len(rows):
            _fill(heard, rows, [theirs[i] for i in rows], what)
    _read_signs(heard, np.flatnonzero(open_ & (heard.layer == "none")), theirs)
    if reader is not None:
        _ask(heard, np.flatnonzero(open_ & waiting(heard)), theirs, reader)
    _name_feelings(heard, theirs, readable & ours)
    _tones(heard, said, [w[1] for w in words], known)
    return Hearing(replace(heard, state=states(heard.emotion)), known)


def waiting(heard: Heard) -> NDArray[np.bool_]:
    """What a language model of one's own would be asked, and has not answered yet."""
    return np.isin(heard.layer.astype(str), ("none", "lexicon"))


def heard(lake: Lake, said: Said, cache: Path, reader: Remembered | None = None) -> Heard:
    """What was heard in all feedback of a lake, kept in the cache until the feedback, a label or the reader changes.

    A reader that does not answer is not asked again until then: what it said before still holds.
    """
    labels, feedback = decisions.labels(lake.database), lake.fingerprint("feedback")

    def key() -> str:  # the reader may have said more meanwhile
        return store.key(feedback, labels, reader.mark if reader else "")

    kept = store.find_columns(cache, "heard", key())
    if kept is not None:
        return Heard(**kept)
    try:
        found = hear(said, labels, cache, reader).heard
    except UnreachableError as error:
        logging.getLogger("desirepath").warning("%s", error)
        found = hear(said, labels, cache, reader and reader.silent).heard
    store.keep_columns(cache, "heard", key(), {f.name: getattr(found, f.name) for f in fields(found)})
    return found


def emotions_of(texts: Sequence[str], what: Learned | None) -> Floats:
    """The emotion of texts in one language, by the layer that reads it; NaN where none does."""
    if what is None or what.layer == "none" or not texts:
        return np.full(len(texts), np.nan)
    return _read(texts, what)[0]


def _words(text: str | None, kind: str, company: bool) -> tuple[str, str]:
    """The customer's words and the company's."""
    if not text:
        return "", ""
    if company:
        return "", clean(text)
    if kind in SPOKEN and "\n" in text:
        customer, own = customers_words(text[:LONGEST])
        return clean(customer), clean(own)
    return clean(text), ""


def _languages(said: Said, texts: Sequence[str]) -> tuple[Strings, Floats]:
    told = languages.detect([t if t else (s or "") for t, s in zip(texts, said.text, strict=True)])
    out = np.array([t.language for t in told], object)
    sure = np.array([t.confidence for t in told])
    stated = np.array([_known(s) for s in said.language], object)
    # what the source says holds where the text itself does not tell
    use = (stated != None) & ((out == languages.UNKNOWN) | (sure < languages.SURE))  # noqa: E711
    out[use], sure[use] = stated[use], 0.9
    return out, sure


def _known(stated: str | None) -> str | None:
    if not stated:
        return None
    plain = stated.replace("_", "-").lower()
    chinese = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
    return chinese.get(plain, plain.split("-")[0] if plain != "zh" else "zh-Hans")


def _learn(
    texts: Sequence[str], tongue: Strings, emotion: Floats, usable: NDArray[np.bool_], cache: Path | None
) -> dict[str, Learned]:
    found = {}
    for name, count in sorted(Counter(tongue[usable].tolist()).items()):
        rows = np.flatnonzero(usable & (tongue == name))
        rated = rows[~np.isnan(emotion[rows])][-MOST_RATED:]
        lexicon = lexicons().get(name)
        own = untaught.bootstrap([texts[i] for i in rows[-untaught.MOST :]], lexicon) if lexicon else None
        hints = [texts[i] for i in rows[-HINTS:]]
        found[name] = _one(name, count, [texts[i] for i in rated], emotion[rated], own, hints, cache)
    return found


def _one(
    name: str,
    count: int,
    rated: Sequence[str],
    emotion: Floats,
    own: Bootstrapped | None,
    hints: Sequence[str],
    cache: Path | None,
) -> Learned:
    labels = states(emotion)
    plain = Learned(name, count, len(rated), None, lexicon=own)
    lexicon_f1 = None
    if own is not None and len(rated):
        lexicon_f1 = macro_f1(labels, own.read(rated).state, 3) * 3 / max(len(np.unique(labels)), 1)
        plain = replace(plain, lexicon_f1=min(lexicon_f1, 1.0))
    if len(rated) < LEAST_RATED or not learned.learnable(labels):
        return plain
    model = store.find(cache, name, rated, labels) if cache is not None else None
    if model is None:
        model = learned.fit(rated, labels, hints=_hints(own, hints) if len(rated) < learned.ENOUGH else None)
        if cache is not None:
            store.keep(cache, name, model, rated, labels)
    per = [emotion[labels == c] for c in model.classes]
    return replace(
        plain,
        model=model,
        means=tuple(float(e.mean()) for e in per),
        variances=tuple(float(e.var()) for e in per),
    )


def _hints(own: Bootstrapped | None, texts: Sequence[str]) -> Hints | None:
    if own is None:
        return None
    reading = own.read(texts)
    sure = np.where(reading.state == 1, 0.3, np.where(np.abs(reading.score) > 0.3, np.abs(reading.score), 0.0))
    return Hints(texts, reading.state, sure)


def _by_ratings(emotion: Floats, labelled: NDArray[np.bool_], tongue: Strings, sure: Floats, n: int) -> Heard:
    rated = ~np.isnan(emotion)
    return Heard(
        language=tongue,
        language_confidence=sure,
        emotion=emotion.copy(),
        low=emotion.copy(),
        high=emotion.copy(),
        error=np.where(rated, 0.0, np.nan),
        layer=np.where(labelled, "label", np.where(rated, "score", "none")).astype(object),
        confidence=np.where(rated, 1.0, 0.0),
        feeling=np.full(n, None, object),
        state=np.full(n, -1, np.int64),
        tone=np.full(n, np.nan),
    )


def _fill(heard: Heard, rows: NDArray[np.int64], texts: Sequence[str], what: Learned) -> None:
    """Fill in the rows of one language, by the layer that reads it."""
    if what.layer == "none":
        return
    value, variance, sure = _read(texts, what)
    heard.emotion[rows], heard.error[rows], heard.confidence[rows] = value, variance, sure
    half = 1.96 * np.sqrt(variance)
    heard.low[rows], heard.high[rows] = np.maximum(value - half, -2), np.minimum(value + half, 2)
    heard.layer[rows] = what.layer


def _read_signs(heard: Heard, rows: NDArray[np.int64], texts: Sequence[str]) -> None:
    """Emoji alone speak in every language."""
    for i in rows.tolist():
        signs = signs_of(texts[i]) if state(texts[i]) == "emoji" else []
        if signs:
            value = 2 * softened(sum(signs))
            half = 1.96 * LEXICON_ERROR
            heard.emotion[i], heard.error[i], heard.layer[i] = value, LEXICON_ERROR**2, "lexicon"
            heard.low[i], heard.high[i] = max(value - half, -2), min(value + half, 2)
            heard.confidence[i] = 0.4 * abs(value)


def _ask(heard: Heard, rows: NDArray[np.int64], texts: Sequence[str], reader: Remembered) -> None:
    """What the reader says of rows that nothing was learned for; what it cannot say stays as it is."""
    value = reader.read([texts[i] for i in rows.tolist()])
    rows, value = rows[~np.isnan(value)], value[~np.isnan(value)]
    error = reader.reader.error
    half = 1.96 * error
    heard.emotion[rows], heard.error[rows], heard.layer[rows] = value, error**2, reader.reader.layer
    heard.low[rows], heard.high[rows] = np.maximum(value - half, -2), np.minimum(value + half, 2)
    heard.confidence[rows] = 0.5 + np.abs(value) / 5


def _read(texts: Sequence[str], what: Learned) -> tuple[Floats, Floats, Floats]:
    """Emotion, variance of its error and confidence."""
    if what.layer == "model" and what.model is not None:
        p = what.model.probabilities(texts)
        mean, variance = np.array(what.means), np.array(what.variances)
        value = p @ mean
        return value, np.maximum(p @ (variance + mean**2) - value**2, 1e-6), p.max(1)
    assert what.lexicon is not None
    reading: Reading = what.lexicon.read(texts)
    value = 2 * reading.score
    sure = 0.8 * np.abs(reading.score) * (1 - reading.apart / 2)
    return value, np.full(len(value), LEXICON_ERROR**2), np.where(reading.hits > 0, sure, sure / 2)


def _name_feelings(heard: Heard, texts: Sequence[str], rows: NDArray[np.bool_]) -> None:
    for i in np.flatnonzero(rows).tolist():
        heard.feeling[i] = feeling(texts[i], str(heard.language[i]), float(heard.emotion[i]))


def _tones(heard: Heard, said: Said, own: Sequence[str], known: Mapping[str, Learned]) -> None:
    """The tone of the company's words, by the lexicon: customers' ratings teach nothing about it."""
    rows = [i for i, words in enumerate(own) if words]
    told = languages.detect([own[i] for i in rows])
    for i, language in zip(rows, told, strict=True):
        lexicon = lexicons().get(language.language)
        if lexicon is not None:
            heard.tone[i] = 2 * lexicon.read(own[i]).score
        if said.company[i]:
            heard.language[i] = language.language
