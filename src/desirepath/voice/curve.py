"""Points of an emotion curve pooled in part, so that three angry people do not make a canyon.

Empirical Bayes (normal–normal): the points' true emotions lie around the journey's mean μ with variance τ², estimated
by DerSimonian & Laird (1986). A point with mean m and squared standard error s² is drawn at B·μ + (1−B)·m with B =
s²/(s² + τ²); its variance is (1−B)·s² + B²·var(μ). A point of many answers stays where it is, a point of three moves
far towards the others, and where no more than chance parts the points they all meet at μ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Z = 1.959963985
WORST, BEST = -2.0, 2.0


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
    weight = 1 / (s2 + tau2)
    centre = float((weight * m).sum() / weight.sum())
    borrowed = s2 / (s2 + tau2)
    value = borrowed * centre + (1 - borrowed) * m
    half = Z * np.sqrt((1 - borrowed) * s2 + borrowed**2 / weight.sum())
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


def trend(values: np.ndarray, at: np.ndarray) -> tuple[float, float, float] | None:
    """Change of emotion over the whole time (least squares) with its 95 % interval; None for fewer than 20 answers."""
    if len(values) < 20 or at.max() == at.min():
        return None
    x = (at - at.min()) / (at.max() - at.min())
    x = x - x.mean()
    slope = float((x * values).sum() / (x * x).sum())
    rest = values - values.mean() - slope * x
    half = Z * math.sqrt(float((x * x * rest * rest).sum())) / float((x * x).sum())  # robust to unequal spread (HC0)
    return slope, slope - half, slope + half
