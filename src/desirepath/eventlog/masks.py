"""Answers as bits: in loops over millions, a branch that cannot be foreseen takes longer than all the rest.

Written with comparisons, the compiler would make branches of them again.
"""

from __future__ import annotations

import numpy as np

from desirepath.eventlog.jit import Int, kernel


@kernel
def positive(x: Int) -> Int:
    """−1 (all bits) where x > 0, else 0; x is not the least integer."""
    return (np.int64(0) - np.int64(x)) >> np.int64(63)


@kernel
def differ(a: Int, b: Int) -> Int:
    """−1 where a is not b, else 0."""
    x = np.int64(a) ^ np.int64(b)
    return (x | (np.int64(0) - x)) >> np.int64(63)


@kernel
def bit_of(x: Int) -> Int:
    """Which bit x is, that has one only: its exponent as a float."""
    return (np.float64(x).view(np.int64) >> np.int64(52)) - np.int64(1023)
