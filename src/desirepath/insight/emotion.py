"""Emotion at a place: the mean of all scored feedback there, −2 … +2, with a cluster-robust 95 % interval.

Every scored answer weighs the same, whatever its source; `sources` says how many of each kind there are. `n_eff`
counts the answers of one customer as fully correlated. What the team assumed stands beside it, by persona.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from desirepath.insight.feedback import Feedback
from desirepath.insight.intervals import Mean, clustered_mean
from desirepath.insight.measures import withheld
from desirepath.insight.model import Emotion

WORST, BEST = -2.0, 2.0


def mean_of(feedback: Feedback, rows: NDArray[np.bool_]) -> Mean | None:
    """The mean emotion of these rows; None when none is scored."""
    scored = rows & ~np.isnan(feedback.emotion)
    return clustered_mean(feedback.emotion[scored], feedback.cluster[scored], WORST, BEST) if scored.any() else None


def emotion_of(
    feedback: Feedback, rows: NDArray[np.bool_], min_n: int, assumed: Mapping[str, float] | None = None
) -> Emotion:
    """The measured emotion of these rows beside the assumed one."""
    mean = mean_of(feedback, rows)
    beside = dict(sorted((assumed or {}).items()))
    if mean is None:
        return Emotion(None, None, None, 0, 0.0, {}, beside)
    kinds = Counter(feedback.kind[rows & ~np.isnan(feedback.emotion)].tolist())
    sources = dict(sorted(kinds.items()))
    if hidden := withheld(mean.n, min_n):
        return Emotion(None, None, None, mean.n, mean.n_eff, sources, beside, hidden)
    return Emotion(mean.value, mean.low, mean.high, mean.n, mean.n_eff, sources, beside)
