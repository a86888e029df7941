"""Emotion at a place: the mean of all scored feedback there, −2 … +2, with its 95 % interval.

Every answer with an emotion weighs the same, whatever its source; `sources` says how many of each kind there are.
`n_eff` counts the answers of one customer as fully correlated. What the team assumed stands beside it, by persona.

`sampling_low` … `sampling_high` is the cluster-robust interval of the answers: who else could have answered. What words
say instead of a score has an error of its own, whose mean variance widens it. `low` … `high` is about all who were
there: around `everyone`, the mean as it would be if all had answered (`answering`), with the answers' own error, what
is not known of that shift, and what happened at moments that nobody was asked about (`moments`); it always holds the
answers' mean as well.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from desirepath.insight.answering import Answering
from desirepath.insight.feedback import Feedback
from desirepath.insight.intervals import Mean, Z, clustered_mean
from desirepath.insight.measures import withheld
from desirepath.insight.model import Emotion, Trend
from desirepath.insight.settings import DAY
from desirepath.voice.curve import pool, trend

WORST, BEST = -2.0, 2.0


def mean_of(feedback: Feedback, rows: NDArray[np.bool_]) -> Mean | None:
    """The mean emotion of these rows; None when none is scored."""
    scored = rows & ~np.isnan(feedback.emotion)
    if not scored.any():
        return None
    mean = clustered_mean(feedback.emotion[scored], feedback.cluster[scored], WORST, BEST)
    error = float(feedback.error[scored].sum()) / mean.n**2
    if error == 0:
        return mean
    se = math.sqrt(mean.se**2 + error)
    half = max(mean.high - mean.value, mean.value - mean.low) * se / mean.se
    return replace(mean, se=se, low=max(WORST, mean.value - half), high=min(BEST, mean.value + half))


def emotion_of(
    feedback: Feedback,
    rows: NDArray[np.bool_],
    min_n: int,
    answering: Answering,
    there: int,
    assumed: Mapping[str, float] | None = None,
    mix: float = 0.0,
) -> Emotion:
    """The measured emotion of these rows beside the assumed one; `there` counts the events that they are about.

    `mix` is the variance of what they miss by being about other moments than those events (`moments`).
    """
    mean = mean_of(feedback, rows)
    beside = dict(sorted((assumed or {}).items()))
    if mean is None:
        return Emotion(None, None, None, 0, 0.0, {}, beside)
    scored = rows & ~np.isnan(feedback.emotion)
    sources = dict(sorted(Counter(feedback.kind[scored].tolist()).items()))
    if hidden := withheld(mean.n, min_n):
        return Emotion(None, None, None, mean.n, mean.n_eff, sources, beside, hidden)
    layers = Counter(feedback.layer[scored].tolist())
    read = {} if set(layers) == {"score"} else dict(sorted(layers.items()))
    shift, variance = answering.shift(feedback, scored, there)
    everyone = min(BEST, max(WORST, mean.value - shift))
    half = max(mean.high - mean.value, mean.value - mean.low) * math.sqrt(1 + (variance + mix) / mean.se**2)
    return Emotion(
        mean.value,
        max(WORST, min(mean.value, everyone - half)),
        min(BEST, max(mean.value, everyone + half)),
        mean.n,
        mean.n_eff,
        sources,
        beside,
        layers=read,
        trend=trend_of(feedback, rows),
        everyone=everyone,
        sampling_low=mean.low,
        sampling_high=mean.high,
    )


def trend_of(feedback: Feedback, rows: NDArray[np.bool_]) -> Trend | None:
    """How the emotion of these rows moved, by their dated answers."""
    dated = rows & feedback.dated & ~np.isnan(feedback.emotion)
    at = feedback.at[dated]
    found = trend(feedback.emotion[dated], at, feedback.cluster[dated])
    return None if found is None else Trend(*found, len(at), float(at.max() - at.min()) / 1e6 / DAY)


def pooled(measured: Sequence[Emotion]) -> list[Emotion]:
    """The same emotions with their pooled values, each drawn towards the others by how little its answers say.

    Who did not answer is not less in doubt for it: a pooled interval lies apart from that of the answers by as much as
    the plain one does.
    """
    known = [(i, *_interval(e)) for i, e in enumerate(measured) if e.score is not None]
    halves = [max(high - score, score - low) for _, score, low, high in known]
    points = pool([score for _, score, _, _ in known], [max(h, 1e-3) / Z for h in halves])
    out = list(measured)
    for (i, _, low, high), point in zip(known, points, strict=True):
        down, up = low - (out[i].low or 0.0), (out[i].high or 0.0) - high
        out[i] = replace(
            out[i],
            pooled=point.score,
            pooled_low=max(WORST, min(point.score, point.low - down)),
            pooled_high=min(BEST, max(point.score, point.high + up)),
        )
    return out


def _interval(felt: Emotion) -> tuple[float, float, float]:
    """The score of an emotion that has one, and the interval of its answers."""
    assert felt.score is not None and felt.sampling_low is not None and felt.sampling_high is not None
    return felt.score, felt.sampling_low, felt.sampling_high
