"""Teaching: which texts a person should label next, so that a few minutes make the model better.

First come texts that the layer without labels is unsure of, then those nearest to the model's border (uncertainty
sampling, Lewis & Gale 1994), drawn at random from the `WIDE` × wanted most uncertain so that a batch is not all alike.
Texts that say the same are asked for once; very short and very long ones are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from desirepath.voice.texts import clean, identical

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WIDE = 4
SHORTEST, LONGEST = 4, 1_000  # characters


def most_helpful(certainty: Floats, labelled: NDArray[np.bool_], wanted: int, *, seed: int = 0) -> Ints:
    """The rows to label next; `certainty` is how far from the border each text is (any unit, 0: on it)."""
    open_ = np.flatnonzero(~labelled)
    if len(open_) <= wanted:
        return open_
    ranked = open_[np.argsort(certainty[open_], kind="stable")]
    near = ranked[: WIDE * wanted]
    chosen = np.random.default_rng(seed).choice(near, wanted, replace=False)
    return np.asarray(sorted(chosen, key=lambda i: certainty[i]), np.int64)


def askable(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Texts worth a person's time: of a readable length, and the first of those that say the same."""
    length = np.array([len(clean(t)) for t in texts])
    first = np.zeros(len(texts), bool)
    if len(texts):
        first[np.unique(identical(texts), return_index=True)[1]] = True
    return np.asarray(first & (length >= SHORTEST) & (length <= LONGEST))


def margin(probabilities: Floats) -> Floats:
    """How far the likeliest class is ahead of the next."""
    ranked = np.sort(probabilities, axis=1)
    return np.asarray(ranked[:, -1] - ranked[:, -2])
