"""Values by their places; numpy makes 64-bit numbers of the places first, and goes twice where there is more to do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.jit import frozen, kernel, u64


def picked(values: NDArray[Any], at: NDArray[Any]) -> NDArray[Any]:
    """`values[at]`; no place is negative."""
    out = np.empty(at.size, values.dtype)
    _pick(*frozen((values, at)), out)
    return out


def picked_through(values: NDArray[Any], codes: NDArray[Any], at: NDArray[Any]) -> NDArray[Any]:
    """`values[codes[at]]`; no place is negative."""
    out = np.empty(at.size, values.dtype)
    _pick_through(*frozen((values, codes, at)), out)
    return out


def narrow(mask: NDArray[np.bool_], values: NDArray[np.bool_], at: NDArray[Any]) -> None:
    """`mask &= values[at]`; no place is negative."""
    _narrow(mask, *frozen((values, at)))


@kernel
def _pick(values: NDArray[Any], at: NDArray[Any], out: NDArray[Any]) -> None:
    for i in range(u64(out.size)):
        out[i] = values[u64(at[i])]


@kernel
def _pick_through(values: NDArray[Any], codes: NDArray[Any], at: NDArray[Any], out: NDArray[Any]) -> None:
    for i in range(u64(out.size)):
        out[i] = values[u64(codes[u64(at[i])])]


@kernel
def _narrow(mask: NDArray[np.bool_], values: NDArray[np.bool_], at: NDArray[Any]) -> None:
    for i in range(u64(mask.size)):
        mask[i] &= values[u64(at[i])]
