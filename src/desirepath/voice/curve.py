"""Points of an emotion curve pooled in part, so that three angry people do not make a canyon.

Empirical Bayes (normal–normal; Morris 1983): the points' true emotions lie around the journey's mean μ with variance
τ², estimated by DerSimonian & Laird (1986). A point with mean m and squared standard error s² is drawn at
B·μ + (1−B)·m with B = (k−3)/(k−1)·s²/(s² + τ²) for k points; its variance is (1 − (k−1)/k·B)·s² + 2/(k−3)·B²·(m−μ)²,
the last term for τ² being estimated. A point of many answers stays where it is, a point of three moves far towards the
others. Fewer than four points are not pooled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

Z = 1.959963985
WORST, BEST = -2.0, 2.0
FEWEST = 4  # points, below which none is pooled
FEWEST_DATED = 20  # answers, below which there is no trend


@dataclass(frozen=True)
class Pooled:
    """A pooled point with its 95 % interval, and the share of it that comes from the other points."""

    score: float
    low: float
    high: float
    borrowed: float


def pool(means: Sequence[float], errors: Sequence[float]) -> list[Pooled]:
    """Pool points by their means and standard errors (> 0)."""
    if not means:
        return []
    m, s2 = np.array(means, float), np.array(errors, float) ** 2
    tau2 = between(m, s2)
    k = len(m)
    weight = 1 / (s2 + tau2)
    centre = float((weight * m).sum() / weight.sum())
    borrowed = (k - 3) / (k - 1) * s2 / (s2 + tau2) if k >= FEWEST else 0 * s2
    value = borrowed * centre + (1 - borrowed) * m
    unsure = 2 / (k - 3) * (borrowed * (m - centre)) ** 2 if k >= FEWEST else 0 * s2
    half = Z * np.sqrt((1 - (k - 1) / k * borrowed) * s2 + unsure)
    return [
        Pooled(float(v), max(WORST, float(v - h)), min(BEST, float(v + h)), float(b))
        for v, h, b in zip(value, half, borrowed, strict=True)
    ]


def between(m: np.ndarray, s2: np.ndarray) -> float:
    """τ², the variance of the true points; 0 where the means differ no more than their errors say."""
    if len(m) < 2:
        return 0.0
    weight = 1 / s2
    centre = (weight * m).sum() / weight.sum()
    spread = (weight * (m - centre) ** 2).sum() - (len(m) - 1)
    return max(0.0, float(spread / (weight.sum() - (weight**2).sum() / weight.sum())))


def trend(values: np.ndarray, at: np.ndarray, cluster: np.ndarray | None = None) -> tuple[float, float, float] | None:
    """Change of emotion over the whole time (least squares) with its 95 % interval; None for fewer than 20 answers.

    The interval is robust to unequal spread and to answers of one customer (`cluster`) that go together (Liang & Zeger
    1986), with t of as many degrees of freedom as there are customers less two.
    """
    if len(values) < FEWEST_DATED or at.max() == at.min():
        return None
    x = (at - at.min()) / (at.max() - at.min())
    x = x - x.mean()
    slope = float((x * values).sum() / (x * x).sum())
    rest = values - values.mean() - slope * x
    who = np.arange(len(values)) if cluster is None else np.unique(cluster, return_inverse=True)[1]
    own = np.bincount(who, weights=x * rest)
    if len(own) < 3:
        return None
    error = math.sqrt(float(own @ own) * len(own) / (len(own) - 1)) / float((x * x).sum())
    half = float(stdtrit(len(own) - 2, 0.975)) * error
    return slope, slope - half, slope + half
