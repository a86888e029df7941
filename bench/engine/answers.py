"""The form of an answer, the same from every engine, and when two of them agree."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from bench.engine.workload import STAGES

Links = dict[tuple[int, int], tuple[int, float, float]]
"""W1, W6: pair of events to count, median and p90 in µs."""


def links(rows: Iterable[Any]) -> Links:
    """From rows of source, target, count, median, p90."""
    return {(int(a), int(b)): (int(n), float(median), float(p90)) for a, b, n, median, p90 in rows}


def stages(levels: Iterable[Any], dwells: Iterable[Any]) -> dict[str, list[float]]:
    """W2, from rows of level (stages reached in order), last stage, cases; and of stage, median dwell in µs."""
    reached, last = [0.0] * len(STAGES), [0.0] * len(STAGES)
    for level, final, n in levels:
        last[int(final)] += int(n)
        for s in range(int(level)):
            reached[s] += int(n)
    dwell = dict.fromkeys(range(len(STAGES)), float("nan")) | {int(s): float(median) for s, median in dwells}
    return {"reached": reached, "last": last, "dwell": list(dwell.values())}


def table(cells: Iterable[Any]) -> dict[tuple[int, int], int]:
    """W3, W5: row and column to cases, empty cells left out."""
    return {(int(a), int(b)): int(n) for a, b, n in cells if n}


def variants(rows: Iterable[Any]) -> list[tuple[int, tuple[int, ...]]]:
    """W4: cases and events; of the least frequent, which only chance has chosen, just the count."""
    found = sorted(((int(n), tuple(int(e) for e in path)) for path, n in rows), key=lambda v: (-v[0], v[1]))
    return [(n, path if n > found[-1][0] else ()) for n, path in found]


class Near(NamedTuple):
    """A value that is right up to so much, because the engine rounds."""

    value: float
    by: float


def agree(a: Any, b: Any) -> bool:
    """Whether b says what a says: counts exactly, durations to the last digits of a float; None says nothing."""
    if b is None:
        return True
    if isinstance(b, Near):
        return abs(a - b.value) <= b.by
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(agree(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(agree(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) or isinstance(b, float):
        return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-9, abs_tol=1)  # µs
    return bool(a == b)
