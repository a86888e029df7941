"""Who answers: how much more often strong feelings are told than weak ones, learned from how often places are answered.

At a place with N events and n answers the log-odds of an answer are taken as α + γ·|e| + β·e, e being the emotion told.
The event log knows N, so γ and β show in how the rate of answers goes along with the answers' mean |e| and e from place
to place: response is modelled by what only those who answer tell, and fitted to totals that are known of everybody
(Chang & Kott, Biometrika 95 (2008) 555). Only surveys teach it, they are what is asked alike at several places; that
places are not asked equally often is an error of its own, estimated by DerSimonian & Laird (1986).

Before any place was seen, γ ~ N(0, 0.5²), a choice of ours: the strongest feeling (2) is told up to e times as often
as none, or as seldom, give or take. β ~ N(0, 0.05²): with a spread of one point, a mean that is off by 0.05 of the
spread, as polls are (two points of a share near one half, Shirani-Mehr et al., JASA 113 (2018) 607). What is told
unasked has nothing but these priors.

To first order the answers' mean then lies (1 − r)·(γ·cov(|e|, e) + β·var(e)) above that of all N, r = n/N.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desirepath.insight.feedback import Feedback
from desirepath.insight.place import RELATIONAL, Placed
from desirepath.voice.curve import between

ASKED = "survey"
FEWEST = 4  # places with answers, below which nothing is learned
LEAST = 5  # answers of a place that counts for it
PRIOR = np.diag([0.5**2, 0.05**2])
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answering:
    """γ and β as far as they are known: their mean and covariance, where people are asked."""

    mean: Floats
    covariance: Floats

    def shift(self, feedback: Feedback, rows: NDArray[np.bool_], there: int) -> tuple[float, float]:
        """By how much the mean of these answers lies above that of all who were there, and that number's variance.

        `there` counts the events at the place, answered or not; where none is known, nothing is said.
        """
        told = feedback.emotion[rows]
        unheard = 1 - min(1.0, len(told) / there) if there else 0.0
        slopes = unheard * _slopes(told)
        asked = float((feedback.kind[rows] == ASKED).mean())
        variance = asked**2 * self.covariance + (1 - asked) ** 2 * PRIOR
        return asked * float(slopes @ self.mean), float(slopes @ variance @ slopes)


UNKNOWN = Answering(np.zeros(2), PRIOR)


def learn(voice: Placed, there: NDArray[np.int64]) -> Answering:
    """From all answers placed; `there` counts the events at each touchpoint."""
    said = voice.feedback
    asked = (said.kind == ASKED) & (said.scale != RELATIONAL) & ~np.isnan(said.emotion)
    told = [said.emotion[asked & voice.at_touchpoint(t)] for t in range(len(there))]
    cells = [(e, int(n)) for e, n in zip(told, there, strict=True) if LEAST <= len(e) <= n]
    if len(cells) < FEWEST:
        return UNKNOWN
    feelings = np.array([(np.abs(e).mean(), e.mean()) for e, _ in cells])
    odds = np.array([math.log((len(e) + 0.5) / (n - len(e) + 0.5)) for e, n in cells])
    error = np.array([1 / len(e) for e, _ in cells])
    _, rest = _fit(feelings, odds, error)
    return _fit(feelings, odds, error + between(rest, error))[0]


def _fit(x: Floats, y: Floats, error: Floats) -> tuple[Answering, Floats]:
    """Weighted least squares with an intercept and the prior, and the residuals; `error` is the variance of each y."""
    weight = 1 / error
    x, y = x - weight @ x / weight.sum(), y - weight @ y / weight.sum()
    covariance: Floats = np.linalg.inv((x.T * weight) @ x + np.linalg.inv(PRIOR)).astype(np.float64)
    mean: Floats = covariance @ (x.T @ (weight * y))
    return Answering(mean, covariance), y - x @ mean


def _slopes(told: Floats) -> Floats:
    """cov(|e|, e) and var(e)."""
    apart = told - told.mean()
    return np.array([(np.abs(told) * apart).mean(), (told * apart).mean()])
