"""Intervals and tests, all at 95 %: Wilson's score interval for a share, Newcombe's for a difference of two shares, a
cluster-robust t interval for a mean, and Benjamini–Hochberg's adjustment for many tests.

Wilson, JASA 22 (1927) 209; Newcombe, Stat. Med. 17 (1998) 873, method 10; Benjamini & Hochberg, JRSS B 57 (1995) 289.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

Z = float(ndtri(0.975))


@dataclass(frozen=True)
class Mean:
    """A mean with its interval; `n_eff` counts answers of one customer as fully correlated."""

    value: float
    low: float
    high: float
    n: int
    n_eff: float
    se: float
    df: float


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The interval of the share hits/n; (0, 1) when n is 0."""
    if n == 0:
        return 0.0, 1.0
    p = hits / n
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (0.0 if hits == 0 else centre - half), (1.0 if hits == n else centre + half)


def difference(hits: int, n: int, hits0: int, n0: int) -> tuple[float, float, float]:
    """hits/n − hits0/n0 with Newcombe's interval."""
    p, q = hits / n, hits0 / n0
    (low, high), (low0, high0) = wilson(hits, n), wilson(hits0, n0)
    return p - q, p - q - math.hypot(p - low, high0 - q), p - q + math.hypot(high - p, q - low0)


def p_more(hits: int, n: int, hits0: int, n0: int) -> float:
    """One-sided p of "hits/n is no larger than hits0/n0" (pooled score test)."""
    pooled = (hits + hits0) / (n + n0)
    if pooled in (0.0, 1.0):
        return 1.0
    z = (hits / n - hits0 / n0) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n0))
    return float(ndtr(-z))


def clustered_mean(values: NDArray[np.float64], clusters: NDArray[np.int64], worst: float, best: float) -> Mean:
    """The mean of answers on a scale from `worst` to `best`, with an interval that stays within it.

    se² = K/(K−1)·Σ_k e_k²/n² + s₀²/(K·n_eff), where e_k sums customer k's deviations from the mean, K counts
    customers, n_eff = n²/Σ m_k² (Kish) and s₀² = (best − worst)²/12 is the variance of a uniform answer. The second
    term is one imagined customer who could have said anything: it keeps a few unanimous answers from looking certain
    and fades as 1/n². t with K − 1 degrees of freedom, at least one.
    """
    n = len(values)
    mean = float(values.mean())
    deviations = np.bincount(clusters, weights=values - mean)
    customers, n_eff = independent(clusters)
    df = max(1, customers - 1)
    between = customers / df * float(deviations @ deviations) / (n * n)
    se = math.sqrt(between + (best - worst) ** 2 / 12 / (customers * n_eff))
    half = float(stdtrit(df, 0.975)) * se
    floor, ceiling = min(worst, best), max(worst, best)
    return Mean(mean, max(floor, mean - half), min(ceiling, mean + half), n, n_eff, se, float(df))


def independent(clusters: NDArray[np.int64]) -> tuple[int, float]:
    """How many customers (clusters, numbered from 0) answered, and Kish's n²/Σ m_k² for their m_k answers."""
    sizes = np.bincount(clusters).astype(np.float64)
    return int(np.count_nonzero(sizes)), len(clusters) ** 2 / float(sizes @ sizes)


def p_differs(a: Mean, b: Mean) -> float:
    """Two-sided p of "the two means are equal" (Welch)."""
    va, vb = a.se**2, b.se**2
    df = (va + vb) ** 2 / (va**2 / a.df + vb**2 / b.df)
    return float(2 * stdtr(df, -abs(a.value - b.value) / math.sqrt(va + vb)))


def p_not_zero(a: Mean) -> float:
    """Two-sided p of "the mean is 0"."""
    return float(2 * stdtr(a.df, -abs(a.value) / a.se))


def p_above(value: float, se: float) -> float:
    """One-sided p of "the true value is no larger than 0"."""
    return float(ndtr(-value / se))


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """The adjusted p of each test: the smallest false discovery rate at which it still counts as a discovery."""
    order = sorted(range(len(p)), key=lambda i: p[i], reverse=True)
    adjusted, least = [1.0] * len(p), 1.0
    for rank, i in enumerate(order):
        least = min(least, p[i] * len(p) / (len(p) - rank))
        adjusted[i] = least
    return adjusted
