"""Sentiment without rated texts: the lexicon's own reading, then a model that learns from what the lexicon is sure of.

Self-training on the workspace's own texts of one language (in the spirit of co-training, Blum & Mitchell 1998: words of
feeling are one view, all n-grams the other). Texts that the lexicon reads clearly, and those without any word of
feeling, teach the model the domain's own words; the model reads all texts, and the two readings are averaged. No rating
is used anywhere. The answer is a *score* of −1 … +1, not a probability: nothing is there to calibrate it with, so the
layer is marked as weaker and its intervals are wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desirepath.voice import grams, learned
from desirepath.voice.grams import Grams
from desirepath.voice.learned import Table
from desirepath.voice.lexicon import Lexicon
from desirepath.voice.texts import clean, folded

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CLEAR = 0.5  # |score| from which a reading teaches
LEAST = 40  # clear texts of each sign without which there is nothing to learn from
ROUNDS = 2
COST = 0.1  # low: the teacher errs
MOST = 20_000  # texts that are learned from; more teach nothing new
INDIFFERENT = 0.1  # |score| up to which a text is neither glad nor hurt
_HURT, _NEITHER, _GLAD = 0, 1, 2


@dataclass(frozen=True)
class Reading:
    """Texts as read without ratings: score −1 … +1, class (0 hurt, 1 neither, 2 glad), how far the two views differ."""

    score: Floats
    state: Ints
    apart: Floats
    hits: Ints

    def __len__(self) -> int:
        return len(self.score)


@dataclass(frozen=True)
class Bootstrapped:
    """What self-training learned for one language; without a table the texts were too few: the lexicon stands alone."""

    lexicon: Lexicon
    table: Table | None
    neither: bool = False  # whether texts without a word of feeling taught a class of their own
    spread: float = 1.0  # of the margins, by which they are brought to the lexicon's size
    taught_by: int = 0

    def read(self, texts: Sequence[str]) -> Reading:
        """The reading of each text."""
        cleaned = [clean(t) for t in texts]
        own, hits = _by_lexicon(cleaned, self.lexicon)
        if self.table is None:
            return Reading(own, _states(own, np.zeros(len(own), bool)), np.zeros(len(own)), hits)
        return self._together(own, hits, grams.count([folded(t) for t in cleaned]))

    def _together(self, own: Floats, hits: Ints, counted: Grams) -> Reading:
        assert self.table is not None
        margins = self.table.margins(counted)
        of_class = learned.voted(margins, 3 if self.neither else 2)
        model = np.tanh((of_class[:, -1] - of_class[:, 0]) / self.spread)
        plain = np.zeros(len(own), bool)
        if self.neither:
            plain = of_class[:, _NEITHER] - np.maximum(of_class[:, _GLAD], of_class[:, _HURT]) > np.abs(own)
        score = (own + model) / 2
        return Reading(score, _states(score, plain), np.abs(own - model), hits)


def bootstrap(texts: Sequence[str], lexicon: Lexicon) -> Bootstrapped:
    """Learn from unrated texts of one language."""
    cleaned = [clean(t) for t in texts[:MOST]]
    own, hits = _by_lexicon(cleaned, lexicon)
    counted = grams.count([folded(t) for t in cleaned])
    found = Bootstrapped(lexicon, None)
    reading = Reading(own, np.where(hits == 0, _NEITHER, _GLAD), np.zeros(len(own)), hits)
    for _ in range(ROUNDS):
        clear = np.abs(reading.score) >= CLEAR
        plain = (reading.state == _NEITHER) & ~clear
        if min((clear & (reading.score > 0)).sum(), (clear & (reading.score < 0)).sum()) < LEAST:
            return found
        neither = bool(plain.sum() >= LEAST)
        rows = np.flatnonzero(clear | plain if neither else clear)
        labels = np.where(reading.score[rows] > 0, _GLAD, _HURT)
        labels = np.where(plain[rows], _NEITHER, labels) if neither else labels // 2
        weights = np.where(plain[rows], CLEAR, np.abs(reading.score[rows]))
        table = learned.teach(counted.rows(rows), labels, COST, weights)
        of_class = learned.voted(table.margins(counted), 3 if neither else 2)
        sign = of_class[:, -1] - of_class[:, 0]
        found = Bootstrapped(lexicon, table, neither, float(np.sqrt((sign**2).mean())) or 1.0, len(rows))
        reading = found._together(own, hits, counted)
    return found


def _by_lexicon(cleaned: Sequence[str], lexicon: Lexicon) -> tuple[Floats, Ints]:
    read = [lexicon.read(t) for t in cleaned]
    return np.array([r.score for r in read], float), np.array([r.hits for r in read], np.int64)


def _states(score: Floats, plain: NDArray[np.bool_]) -> Ints:
    signed = np.where(score < -INDIFFERENT, _HURT, np.where(score > INDIFFERENT, _GLAD, _NEITHER))
    return np.where(plain, _NEITHER, signed).astype(np.int64)
