"""Scores as emotion: a score maps linearly from the worst answer of its scale (−2) to the best (+2)."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from desirepath.lake.schema import SCALES


def bounds(scale: str | None) -> tuple[float, float] | None:
    """The worst and the best answer of a scale; an own scale is written `WORST..BEST`."""
    if scale is None or scale in SCALES:
        return SCALES.get(scale or "")
    number = r"([+-]?\d+(?:\.\d+)?)"
    own = re.fullmatch(rf"\s*{number}\s*\.\.\s*{number}\s*", scale)
    if own is None or float(own[1]) == float(own[2]):
        return None
    return float(own[1]), float(own[2])


def emotions(score: NDArray[np.float64], scale: NDArray[np.object_]) -> NDArray[np.float64]:
    """−2 … +2 for each score on its scale; NaN without score or scale, and outside the scale."""
    found = np.full(len(score), np.nan)
    for name in {s for s in scale if s is not None}:
        ends = bounds(name)
        if ends is not None:
            rows = scale == name
            found[rows] = -2 + 4 * (score[rows] - ends[0]) / (ends[1] - ends[0])
    found[~(np.abs(found) <= 2)] = np.nan
    return found
