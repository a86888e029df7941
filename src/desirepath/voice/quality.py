"""How good a model is on texts it never saw: macro-F1, accuracy, calibration error, and which states it confuses.

Macro-F1 is the plain mean of the classes' F1. The expected calibration error (ECE; Guo et al. 2017) sorts texts into
15 bins of equal width by the probability of the class said and averages |share right − mean probability|, weighted by
the bins' sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BINS = 15


@dataclass(frozen=True)
class Quality:
    """Cross-validated figures; None where nothing was measured. `confusion` is true class × class said."""

    n: int
    macro_f1: float | None
    accuracy: float | None
    majority_f1: float | None  # what naming the commonest class would reach
    ece: float | None
    classes: tuple[int, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()

    @staticmethod
    def unknown(n: int) -> Quality:
        """Nothing was measured."""
        return Quality(n, None, None, None, None)

    @staticmethod
    def of(y: Ints, said: Ints, probabilities: Floats, classes: Sequence[int]) -> Quality:
        """From classes (as positions), what was said, and the probabilities."""
        size = len(classes)
        confusion = np.zeros((size, size), np.int64)
        np.add.at(confusion, (y, said), 1)
        common = np.full(len(y), np.bincount(y, minlength=size).argmax())
        return Quality(
            n=len(y),
            macro_f1=macro_f1(y, said, size),
            accuracy=float((y == said).mean()),
            majority_f1=macro_f1(y, common, size),
            ece=ece(probabilities, y),
            classes=tuple(classes),
            confusion=tuple(tuple(row) for row in confusion.tolist()),
        )


def macro_f1(y: Ints, said: Ints, classes: int) -> float:
    """The mean over the classes of 2·tp / (2·tp + fp + fn); a class nobody has or says counts 0."""
    right = np.bincount(y[y == said], minlength=classes)
    both = np.bincount(y, minlength=classes) + np.bincount(said, minlength=classes)
    return float(np.mean(2 * right / np.maximum(both, 1)))


def ece(probabilities: Floats, y: Ints) -> float:
    """Expected calibration error of the likeliest class."""
    said = probabilities.argmax(1)
    sure = probabilities[np.arange(len(y)), said]
    bins = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    size = np.bincount(bins, minlength=BINS)
    right = np.bincount(bins, (said == y).astype(float), BINS)
    total = np.bincount(bins, sure, BINS)
    return float(np.abs(right - total).sum() / max(size.sum(), 1))
