"""The emotion curve as Bézier segments: a monotone cubic through the points (Fritsch & Carlson 1980), which never
overshoots a score, broken where nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from desirepath.render.view import Point

Pair = tuple[float, float]


@dataclass(frozen=True)
class Path:
    """An open path: a start, then cubic segments (first handle, second handle, end)."""

    start: Pair
    segments: tuple[tuple[Pair, Pair, Pair], ...]


def runs(points: Iterable[Point]) -> list[list[Point]]:
    """The points in unbroken runs; a point without a score breaks."""
    found: list[list[Point]] = [[]]
    for point in points:
        if point.y is None:
            found.append([])
        else:
            found[-1].append(point)
    return [run for run in found if run]


def smooth(xy: Sequence[Pair]) -> Path:
    """A monotone cubic through points with growing x."""
    slopes = _slopes(xy)
    segments = []
    for ((x0, y0), (x1, y1)), (m0, m1) in zip(pairwise(xy), pairwise(slopes), strict=True):
        third = (x1 - x0) / 3
        segments.append(((x0 + third, y0 + m0 * third), (x1 - third, y1 - m1 * third), (x1, y1)))
    return Path(xy[0], tuple(segments))


def _slopes(xy: Sequence[Pair]) -> list[float]:
    steps = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(xy)]
    if not steps:
        return [0.0]
    inner = [0.0 if a * b <= 0 else 2 * a * b / (a + b) for a, b in pairwise(steps)]
    return [steps[0], *inner, steps[-1]]
