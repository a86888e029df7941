"""Who is not heard: how many customers of each group said anything, and the mean emotion re-weighted for it.

Response rate = customers who were heard ÷ customers of the group. Post-stratification: each group's mean weighs as
much as the group has customers, not as much as it has answers (Holt & Smith 1979); groups nobody was heard from stay
out, and `unheard` says how many customers they have. The picture *turns* when the re-weighted mean leaves the 95 %
interval of the plain one and is `TURN` or more away from it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST = 5  # answers of a group, below which it is left out of the re-weighting
TURN = 0.2  # of emotion: a re-weighted mean that is nearer to the plain one turns nothing


@dataclass(frozen=True)
class Group:
    """One group of customers."""

    name: str
    customers: int
    heard: int
    rate: float
    emotion: float | None


@dataclass(frozen=True)
class Coverage:
    """The groups, and the mean emotion as it is and re-weighted."""

    by: str
    groups: tuple[Group, ...]
    plain: float | None
    low: float | None
    high: float | None
    reweighted: float | None
    unheard: int
    turns: bool


def coverage(
    by: str,
    group_of: Sequence[str | None],
    customers: dict[str, int],
    who: Sequence[object],
    emotion: NDArray[np.float64],
) -> Coverage:
    """`group_of`, `who` and `emotion` run over answers; `customers` counts all customers of each group."""
    names = np.array([g if g is not None else "" for g in group_of], object)
    known = ~np.isnan(emotion) & np.array([g is not None for g in group_of], bool)
    groups = []
    for name, size in sorted(customers.items(), key=lambda c: (-c[1], c[0])):
        rows = known & (names == name)
        heard = len({who[i] for i in np.flatnonzero(rows).tolist()})
        mean = float(emotion[rows].mean()) if rows.sum() >= LEAST else None
        groups.append(Group(name, size, heard, min(heard / size, 1.0) if size else 0.0, mean))
    values = emotion[known]
    if len(values) < 2:
        return Coverage(by, tuple(groups), None, None, None, None, sum(customers.values()), False)
    plain = float(values.mean())
    half = 1.96 * float(values.std(ddof=1)) / math.sqrt(len(values))
    usable = [g for g in groups if g.emotion is not None]
    total = sum(g.customers for g in usable)
    again = sum(g.customers * (g.emotion or 0.0) for g in usable) / total if total else None
    turns = again is not None and abs(again - plain) > max(half, TURN)
    unheard = sum(g.customers for g in groups if g.emotion is None)
    return Coverage(by, tuple(groups), plain, plain - half, plain + half, again, unheard, turns)
