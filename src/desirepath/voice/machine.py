"""A linear support vector machine for sparse rows, in compiled code: squared hinge loss, by dual coordinate descent.

Minimises ½‖w‖² + Σ Cᵢ·max(0, 1 − yᵢ(w·xᵢ + b))², the bias being the weight of a column of ones (Hsieh et al. 2008,
"A dual coordinate descent method for large-scale linear SVM", algorithm 1, as in liblinear; without shrinking). One
coordinate at a time is solved exactly; the order is drawn anew each round from a fixed seed, so results repeat.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.jit import kernel, wrapping

ROUNDS = 40
TOLERANCE = 0.02  # of the largest violation of optimality in a round


def normalised(
    starts: NDArray[np.int64], columns: NDArray[np.int32], counts: NDArray[np.float32], scale: NDArray[np.float64]
) -> NDArray[np.float32]:
    """The entries of the rows, each column multiplied by its scale, each row brought to length 1."""
    return np.asarray(_normalised(starts, columns, counts, scale), np.float32)


def separate(
    starts: NDArray[np.int64],
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    own: NDArray[np.bool_],
    cost: NDArray[np.float64],
    width: int,
) -> tuple[NDArray[np.float64], float]:
    """The weights and the bias that part the rows of the class (`own`) from the others; `cost` is Cᵢ of each row."""
    sign = np.where(own, 1.0, -1.0)
    with wrapping():
        weights = _descend(starts, columns, values, sign, cost, width, ROUNDS, TOLERANCE)
    return weights[:-1], float(weights[-1])


@kernel
def _normalised(
    starts: NDArray[np.int64], columns: NDArray[np.int32], counts: NDArray[np.float32], scale: NDArray[np.float64]
) -> NDArray[np.float32]:
    out = np.empty(counts.size, np.float32)
    for i in range(starts.size - 1):
        square = 0.0
        for k in range(starts[i], starts[i + 1]):
            value = counts[k] * scale[columns[k]]
            square += value * value
        length = np.sqrt(square) if square > 0 else 1.0
        for k in range(starts[i], starts[i + 1]):
            out[k] = counts[k] * scale[columns[k]] / length
    return out


@kernel
def _descend(
    starts: NDArray[np.int64],
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    sign: NDArray[np.float64],
    cost: NDArray[np.float64],
    width: int,
    rounds: int,
    tolerance: float,
) -> NDArray[np.float64]:
    rows = starts.size - 1
    weights = np.zeros(width + 1)
    alpha = np.zeros(rows)
    order = np.arange(rows)
    state = np.uint64(88172645463325252)
    square = np.empty(rows)
    for i in range(rows):
        total = 1.0
        for k in range(starts[i], starts[i + 1]):
            total += values[k] * values[k]
        square[i] = total
    for _ in range(rounds):
        for i in range(rows - 1, 0, -1):  # a fresh order (Fisher–Yates, xorshift64)
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            j = np.int64(state % np.uint64(i + 1))
            order[i], order[j] = order[j], order[i]
        worst = 0.0
        for at in range(rows):
            i = order[at]
            if cost[i] <= 0:
                continue
            dot = weights[width]
            for k in range(starts[i], starts[i + 1]):
                dot += weights[columns[k]] * values[k]
            slack = 0.5 / cost[i]
            gradient = sign[i] * dot - 1 + slack * alpha[i]
            if alpha[i] == 0 and gradient >= 0:
                continue
            worst = max(worst, abs(gradient))
            fresh = max(alpha[i] - gradient / (square[i] + slack), 0.0)
            step = (fresh - alpha[i]) * sign[i]
            alpha[i] = fresh
            if step != 0:
                for k in range(starts[i], starts[i + 1]):
                    weights[columns[k]] += step * values[k]
                weights[width] += step
        if worst < tolerance:
            break
    return weights
