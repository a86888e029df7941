"""Exact median and 90th percentile of many sets of durations at once, in two passes that keep only a few of them.

The first pass counts durations in log-linear buckets (eight an octave); the second collects, for each set, only those
in the buckets that hold the wanted ranks. Small sets are collected as they are. Quantiles are numpy's default: linear
interpolation at rank q·(n − 1).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.jit import kernel, wrapping
from desirepath.eventlog.model import Floats, Ints, Waits

QUANTILES = (0.5, 0.9)
SMALL = 1024
"""Sets up to this size are collected whole."""
_MANTISSA = 3
_LOWEST = (1023 + 10) << _MANTISSA  # everything under 2¹⁰ µs shares bucket 0
BUCKETS = ((1023 + 63) << _MANTISSA) + 1 - _LOWEST

Durations = tuple[Ints, Ints]
"""Items and their durations in µs, in no order."""
Stream = Callable[[Callable[[], Any], Callable[[Any, Durations], Any]], list[Any]]
"""Feeds all durations, in pieces, to states made by the first function, by the second one; returns the states."""


@dataclass(frozen=True)
class _Segments:
    """Which buckets of each item are collected, up to two runs of them, and where they go."""

    low: Ints  # [items, 2]
    high: Ints
    size: Ints  # [items, 2]
    below: Ints  # [items, 2] durations in the buckets under the run
    run: Ints  # [items, 2] which of the runs holds the quantile


def bucket(duration: Ints) -> Ints:
    """The log-linear bucket of durations in µs: exponent and top three bits of the mantissa as a float."""
    bits: Ints = duration.astype(np.float64).view(np.int64) >> (52 - _MANTISSA)
    return np.maximum(bits - _LOWEST, 0)


def exact(n: Ints, stream: Stream, threads: int) -> Waits:
    """Quantiles in seconds of `n[i]` durations of each item i."""
    segments = _whole(n)
    big = np.flatnonzero(n > SMALL)
    if big.size:
        _narrow(segments, n, big, _histogram(big, n.size, stream))
    start = np.concatenate([[0], np.cumsum(segments.size)])
    buffer = np.empty(start[-1], np.int64)
    end = start[:-1].copy()
    lock = Lock()

    def collect(state: None, durations: Durations) -> None:
        item, duration = durations
        run, value = np.empty((2, item.size), np.int64)
        kept = _keep(item, duration, bucket(duration), segments.low, segments.high, run, value)
        with lock:
            _scatter(run[:kept], value[:kept], end, buffer)

    stream(lambda: None, collect)
    return _pick_all(n, segments, start, buffer, threads)


def _whole(n: Ints) -> _Segments:
    runs = (n.size, 2)
    low, high = np.ones(runs, np.int64), np.zeros(runs, np.int64)
    low[:, 0], high[:, 0] = 0, BUCKETS
    size = np.stack([n, np.zeros_like(n)], axis=1)
    return _Segments(low, high, size, np.zeros(runs, np.int64), np.zeros(runs, np.int64))


def _histogram(big: Ints, items: int, stream: Stream) -> Ints:
    row = np.full(items, -1, np.int64)
    row[big] = np.arange(big.size)

    def add(histogram: Ints, durations: Durations) -> Ints:
        _count(durations[0], bucket(durations[1]), row, histogram)
        return histogram

    states = stream(lambda: np.zeros((big.size, BUCKETS), np.int64), add)
    for other in states[1:]:
        states[0] += other
    histogram: Ints = states[0]
    return histogram


def _narrow(segments: _Segments, n: Ints, big: Ints, histogram: Ints) -> None:
    """Of the big items collect only the buckets with the two ranks next to each quantile."""
    upto = np.cumsum(histogram, axis=1)
    low, high = np.empty((big.size, 2), np.int64), np.empty((big.size, 2), np.int64)
    for q, share in enumerate(QUANTILES):
        rank = np.floor(share * (n[big] - 1)).astype(np.int64)
        low[:, q] = (upto <= rank[:, None]).sum(axis=1)
        high[:, q] = (upto <= np.minimum(rank + 1, n[big] - 1)[:, None]).sum(axis=1)
    together = low[:, 1] <= high[:, 0]
    high[together, 0] = high[together, 1]
    low[together, 1], high[together, 1] = 1, 0
    segments.low[big], segments.high[big] = low, high
    segments.run[big, 1] = ~together
    padded = np.pad(upto, ((0, 0), (1, 0)))
    segments.below[big] = np.take_along_axis(padded, low, axis=1)
    sizes = np.take_along_axis(padded, high + 1, axis=1) - segments.below[big]
    segments.size[big] = sizes


def _pick_all(n: Ints, segments: _Segments, start: Ints, buffer: Ints, threads: int) -> Waits:
    out = np.full((len(QUANTILES), n.size), np.nan)
    shares = np.array(QUANTILES)
    cuts = np.searchsorted(start[::2], np.linspace(0, start[-1], 4 * threads + 1))
    cuts[0], cuts[-1] = 0, n.size

    def pick(k: int) -> None:
        with wrapping():
            _pick(cuts[k], cuts[k + 1], n, start, segments.below, segments.run, shares, buffer, out)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(pick, range(cuts.size - 1)))
    return Waits(n, out[0] / 1e6, out[1] / 1e6)


@kernel
def _count(item: Ints, of: Ints, row: Ints, histogram: Ints) -> None:
    for j in range(item.size):
        r = row[item[j]]
        if r >= 0:
            histogram[r, of[j]] += 1


@kernel
def _keep(item: Ints, duration: Ints, of: Ints, low: Ints, high: Ints, run: Ints, value: Ints) -> int:
    """Keep the durations in a run of buckets that is collected (an item's two runs never overlap)."""
    kept = 0
    for j in range(item.size):
        i = item[j]
        for r in range(2):
            if low[i, r] <= of[j] <= high[i, r]:
                run[kept] = 2 * i + r
                value[kept] = duration[j]
                kept += 1
    return kept


@kernel
def _scatter(run: Ints, value: Ints, end: Ints, buffer: Ints) -> None:
    for j in range(run.size):
        buffer[end[run[j]]] = value[j]
        end[run[j]] += 1


@kernel
def _pick(
    first: int,
    last: int,
    n: Ints,
    start: Ints,
    below: Ints,
    run: Ints,
    shares: Floats,
    buffer: Ints,
    out: NDArray[np.float64],
) -> None:
    for i in range(first, last):
        if n[i] == 0:
            continue
        for q in range(shares.size):
            r = run[i, q]
            a, z = start[2 * i + r], start[2 * i + r + 1]
            wanted = shares[q] * (n[i] - 1)
            rank = int(np.floor(wanted))
            part = wanted - rank
            at = a + rank - below[i, r]
            _select(buffer, a, z, at)
            lower = buffer[at]
            upper = lower
            if rank + 1 < n[i] and part > 0:
                upper = buffer[at + 1]
                for j in range(at + 2, z):
                    upper = min(upper, buffer[j])
            step = np.float64(upper - lower)
            out[q, i] = lower + step * part if part < 0.5 else upper - step * (1 - part)


@kernel
def _select(x: Ints, a: int, z: int, at: int) -> None:
    """Reorder x[a:z] so that x[at] is what sorting would put there, with nothing greater before and smaller after."""
    left, right = a, z - 1
    while left < right:
        pivot = x[(left + right) >> 1]
        i, j = left, right
        while i <= j:
            while x[i] < pivot:
                i += 1
            while x[j] > pivot:
                j -= 1
            if i <= j:
                x[i], x[j] = x[j], x[i]
                i += 1
                j -= 1
        if at <= j:
            right = j
        elif at >= i:
            left = i
        else:
            return
