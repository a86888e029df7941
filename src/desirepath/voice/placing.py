"""Where a text belongs by what it talks about, taught by the feedback whose place is known.

A linear model as in `learned.py` over the places, of one expert, for there may be many places; an answer counts only
with a calibrated probability of `SURE`, so that most of what is vague stays at the journey level. Its quality is
measured on the places it was taught with.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desirepath.voice import learned, store
from desirepath.voice.texts import state

Ints = NDArray[np.int64]
SURE = 0.7
COST = 0.6
LEAST, LEAST_EACH = 60, 10  # placed texts, and of one place, below which nothing is taught
MOST = 2_000


def by_talk(texts: Sequence[str | None], place: Ints, cache: Path | None = None) -> Ints:
    """The place of each text: as given (≥ 0), else as the placed texts teach, else −1; kept in `cache`."""
    if cache is None:
        return _by_talk(texts, place)
    key = store.fingerprint([t or "" for t in texts], place)[:24]
    kept = store.find_columns(cache, "placed", key)
    if kept is None:
        kept = {"place": _by_talk(texts, place)}
        store.keep_columns(cache, "placed", key, kept)
    return kept["place"]


def _by_talk(texts: Sequence[str | None], place: Ints, seed: int = 0) -> Ints:
    out = place.copy()
    talks = np.array([state(t) == "words" for t in texts], bool)
    names, sizes = np.unique(place[talks & (place >= 0)], return_counts=True)
    taught = np.flatnonzero(talks & np.isin(place, names[sizes >= LEAST_EACH]))
    asked = np.flatnonzero(talks & (place < 0))
    if len(taught) < LEAST or len(np.unique(place[taught])) < 2 or not len(asked):
        return out
    if len(taught) > MOST:
        taught = np.sort(np.random.default_rng(seed).choice(taught, MOST, replace=False))
    model = learned.fit([str(texts[i]) for i in taught.tolist()], place[taught], costs=(COST,), experts=("both",))
    probabilities = model.probabilities([str(texts[i]) for i in asked.tolist()])
    best = probabilities.argmax(1)
    sure = probabilities[np.arange(len(asked)), best] >= SURE
    out[asked[sure]] = model.classes[best[sure]]
    return out
