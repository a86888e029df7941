"""Exact medians and 90th percentiles of many sets of durations at once, in two passes that keep few of them.

The first pass counts every duration in a log-linear bucket (from a fifteenth of a second up; thirty-two an octave where
sets are few, four where they are many): such histograms are added and subtracted like any other count. From them
follows, for each set (a *row*) and each quantile, the range of buckets that holds the wanted ranks; the second pass
keeps only the durations in those ranges, about one in twenty. Quantiles are numpy's default: linear interpolation at
rank q·(n − 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.cores import cores
from desirepath.eventlog.jit import Int, frozen, kernel, u64, wrapping
from desirepath.eventlog.model import Floats, Ints, Waits
from desirepath.eventlog.stock import empty
from desirepath.eventlog.unpacking import Codes

Slots = tuple[Codes, Ints]
"""Durations that were kept: twice the row plus the range, and the duration."""
Parts = Sequence[Slots]
"""The same, piece by piece: as they were found, for bringing them together takes longer than reading them."""
Table = NDArray[np.uint8]
"""[rows + 1, buckets] of bits."""

QUANTILES = (0.5, 0.9)
_MANTISSA = 5
_LOWEST = (1023 + 16) << _MANTISSA  # everything under 2¹⁶ µs shares bucket 0 …
BUCKETS = 30 << _MANTISSA  # … and everything from 2⁴⁶ µs (two years) on the last one
_MOST_ROWS = {0: 1 << 6, 2: 1 << 10, 3: 1 << 16, 6: 1 << 20, 8: None}
"""So many rows may have buckets that are coarser by this power of two: up to 2¹⁶ rows for the processor's cache, then
for memory's sake."""
SHIFTS = tuple(_MOST_ROWS)
_SHIFT_OF = {-(-BUCKETS >> shift): shift for shift in SHIFTS}
"""How coarse so many buckets are."""
_ENDLESS = (1 << 63) - 1
_BYTE, _FULL = 8, 255
_BITS = 2
"""Of a mark, for one of the rows that a duration belongs to."""
_AT_ONCE = 1 << 15
_CHUNK = 1 << 12
"""So many durations are looked at in one go, so that what is known of each stays in the innermost cache."""
_ROOM = 16
"""By so many ranks quantiles may move in any case, where they may move."""


class Durations(NamedTuple):
    """Some durations in µs and the row of each; those that count nowhere are in the row after the last."""

    row: Codes
    length: Ints


class Marks(NamedTuple):
    """Which durations are kept, and for which rows: one that is counted in one row may belong to several."""

    table: Table  # by the row that counts it, two bits for each row it belongs to: 1 + range, or 0
    rows: Codes  # [rows that count, at most 4]


class Histogram(NamedTuple):
    """Counts [rows + 1, buckets]: in the lower byte of `low`, whose upper byte says what is kept (one place to look at
    instead of two, small enough for the processor's cache); `high` counts how often they ran over.
    """

    low: NDArray[np.uint16]
    high: NDArray[np.uint32]


def shift_of(rows: int) -> int:
    """How much coarser the buckets are where rows are many, as a power of two."""
    return next(shift for shift, most in _MOST_ROWS.items() if most is None or rows <= most)


def buckets_of(rows: int) -> int:
    """How many buckets each of so many rows has."""
    return -(-BUCKETS >> shift_of(rows))


def blank(rows: int, buckets: int) -> Histogram:
    """An empty histogram for each row, and one for what counts nowhere."""
    shape = rows + 1, buckets
    return Histogram(np.zeros(shape, np.uint16), np.zeros(shape, np.uint32))


def marked(histogram: Histogram, marks: Marks) -> None:
    """Write into an empty histogram which durations are to be kept."""
    histogram.low[:] = marks.table.astype(np.uint16) << _BYTE


def add(histogram: Histogram, found: Durations) -> None:
    """Count durations."""
    low, high = histogram
    _add(*found, _SHIFT_OF[low.shape[1]], low.shape[1], low.reshape(-1), high.reshape(-1))


def add_and_keep(histogram: Histogram, rows: Codes, found: Durations, kept: Kept) -> None:
    """Count durations, and keep those that the histogram is marked for, for the rows they belong to."""
    low, high = histogram
    shift, buckets = _SHIFT_OF[low.shape[1]], low.shape[1]
    slots, values, used = kept.room(found.row.size * rows.shape[1])
    kept.used[-1] = int(
        _add_and_keep(*found, shift, buckets, low.reshape(-1), high.reshape(-1), rows, slots, values, used)
    )


@kernel
def bucket(duration: Int, shift: Int) -> np.int64:
    """The bucket of a duration in µs: its exponent and top bits of mantissa as a float; coarser by the shift."""
    fine = np.int64((np.float64(duration).view(np.int64) >> np.int64(52 - _MANTISSA)) - np.int64(_LOWEST))
    return min(max(fine, np.int64(0)), np.int64(BUCKETS - 1)) >> np.int64(shift)


@kernel
def _place(row: Codes, length: Ints, shift: int, buckets: int, first: np.uint64, at: Codes) -> None:
    """Where some durations, from the first on, stand in a table [rows, buckets]: a loop for the vector unit."""
    for j in range(u64(at.size)):
        i = first + u64(j)
        at[j] = row[i] * np.int32(buckets) + np.int32(bucket(length[i], shift))


@kernel
def _add(row: Codes, length: Ints, shift: int, buckets: int, low: NDArray[np.uint16], high: NDArray[np.uint32]) -> None:
    at = np.empty(_CHUNK, np.int32)
    for first in range(0, row.size, _CHUNK):
        here = at[: min(_CHUNK, row.size - first)]
        _place(row, length, shift, buckets, u64(first), here)
        _count(here, low, high)


@kernel
def _count(at: Codes, low: NDArray[np.uint16], high: NDArray[np.uint32]) -> None:
    full = np.uint16(_FULL)
    for j in range(u64(at.size)):
        k = u64(at[j])
        known = low[k]
        low[k] = known + np.uint16(1)
        if known & full == full:
            low[k] = known - full
            high[k] += np.uint32(1)


@kernel
def _count_and_choose(
    at: Codes, low: NDArray[np.uint16], high: NDArray[np.uint32], chosen: Codes, mark_of: Table
) -> np.uint64:
    """The same; those that are marked are listed with their marks. Returns how many they are.

    Counting is written out twice: as a kernel that both call it made the whole map a third slower.
    """
    full = np.uint16(_FULL)
    n = u64(0)
    for j in range(u64(at.size)):
        k = u64(at[j])
        known = low[k]
        low[k] = known + np.uint16(1)
        if known & full == full:
            low[k] = known - full
            high[k] += np.uint32(1)
        mark = known >> np.uint16(_BYTE)
        chosen[n] = j
        mark_of[n] = mark
        n += u64(mark != 0)
    return n


@kernel
def _choose(at: Codes, marks: Table, chosen: Codes, mark_of: Table) -> np.uint64:
    """Those that are marked, listed with their marks. Returns how many they are."""
    n = u64(0)
    for j in range(u64(at.size)):
        mark = marks[u64(at[j])]
        chosen[n] = j
        mark_of[n] = mark
        n += u64(mark != 0)
    return n


@kernel
def count_walks(row: Codes, walk: Codes, out: Ints, serial: int) -> None:
    """How many walks have a duration in each row: `out` [rows + 1, 2] counts, and marks the walk that was met last.

    `serial` walks came before those of this block.
    """
    for i in range(u64(row.size)):
        r = u64(row[i])
        met = serial + walk[i] + 1
        out[r, 0] += out[r, 1] != met
        out[r, 1] = met


def edges(shift: int = 0) -> Ints:
    """The least duration of each bucket in whole µs, and one past the greatest of the last."""
    bits = (np.arange(0, BUCKETS, 1 << shift, dtype=np.int64) + _LOWEST) << (52 - _MANTISSA)
    least = np.ceil(bits.view(np.float64)).astype(np.int64)
    least[0] = 0
    return np.append(least, _ENDLESS)


def _edges_of(buckets: int) -> Ints:
    """The edges of so many buckets."""
    return next(edge for edge in map(edges, SHIFTS) if edge.size == buckets + 1)


@dataclass(frozen=True)
class Ranges:
    """For each row and quantile the durations to keep, [low, low + width), and how many lie below and in it.

    Where the range of the second quantile would meet that of the first, the first covers both and the second is empty.
    """

    bounds: Ints  # [rows, 2 quantiles, 2] low, width
    below: Ints  # [rows, 2]
    size: Ints  # [rows, 2]
    run: Ints  # [rows, 2] which range holds the quantile

    def hold(self, other: Ranges) -> bool:
        """Whether whatever the other ranges keep is kept by these, too."""
        return bool(self.holds(other).all())

    def holds(self, other: Ranges) -> NDArray[np.bool_]:
        """The same for each row."""
        mine, its = self._wanted(), other._wanted()
        held = (its[..., 0] == its[..., 1]) | ((mine[..., 0] <= its[..., 0]) & (its[..., 1] <= mine[..., 1]))
        return np.asarray(held.all(axis=1))

    def where(self, rows: NDArray[np.bool_], other: Ranges) -> Ranges:
        """These ranges in some rows, others in the rest."""
        mine = rows[:, None]
        return Ranges(
            np.where(mine[..., None], self.bounds, other.bounds),
            np.where(mine, self.below, other.below),
            np.where(mine, self.size, other.size),
            np.where(mine, self.run, other.run),
        )

    def only(self, rows: NDArray[np.bool_]) -> Ranges:
        """Keeping something in some rows only."""
        return self.where(rows, Ranges(*(np.zeros_like(a) for a in (self.bounds, self.below, self.size, self.run))))

    def table(self, buckets: int) -> Table:
        """What to keep: 1 + range for the buckets to be kept, else 0."""
        found = np.zeros((len(self.bounds) + 1, buckets), np.uint8)
        _mark(self.bounds, _edges_of(buckets), found)
        found.setflags(write=False)
        return found

    def marks(self, buckets: int, rows: Codes) -> Marks:
        """What to keep, of durations that belong to these rows by the row that counts them."""
        table = self.table(buckets)
        found = np.zeros((len(rows) + 1, buckets), np.uint8)
        for k, belongs in enumerate(rows.T):
            found[:-1] |= table[belongs] << _BITS * k
        return frozen(Marks(found, rows))

    def _wanted(self) -> Ints:
        """Per row and quantile: from, to."""
        found = self.bounds[np.arange(len(self.bounds))[:, None], self.run]
        return np.stack([found[..., 0], found[..., 0] + found[..., 1]], axis=-1)

    def of(self, histogram: NDArray[Any]) -> Ranges:
        """The same bounds, for another histogram."""
        edge = _edges_of(histogram.shape[1])
        upto = np.zeros((len(histogram), edge.size), np.int64)
        np.cumsum(histogram, axis=1, out=upto[:, 1:])
        row = np.arange(len(histogram))[:, None]
        below = upto[row, np.searchsorted(edge, self.bounds[..., 0])]
        size = upto[row, np.searchsorted(edge, self.bounds.sum(axis=-1))] - below
        return Ranges(self.bounds, below, np.where(self.bounds[..., 1] > 0, size, 0), self.run)


def ranges(histogram: NDArray[Any], slack: float = 0.0, sure: float = 0.0) -> Ranges:
    """Where the quantiles of each row lie.

    With `slack`, they may move by that share of the ranks, and a few, and still lie there. With `sure`, the histogram
    is that of a sample, and they may lie so many standard deviations off. With either, the range of a row without any
    durations holds all.
    """
    rows = len(histogram)
    edge = _edges_of(histogram.shape[1])
    bounds = np.zeros((rows, 2, 2), np.int64)
    below, size, run = np.zeros((3, rows, 2), np.int64)
    with wrapping():
        _find(
            np.ascontiguousarray(histogram, np.int64),
            slack,
            sure,
            np.array(QUANTILES),
            edge,
            bounds,
            below,
            size,
            run,
        )
    return Ranges(bounds, below, size, run)


@kernel
def _mark(bounds: Ints, edge: Ints, marks: Table) -> None:
    for r in range(bounds.shape[0]):
        for k in range(bounds.shape[1]):
            low, width = bounds[r, k]
            for b in range(edge.size - 1 if width > 0 else 0):
                if low <= edge[b] and edge[b + 1] - low <= width:
                    marks[r, b] = k + 1


@kernel
def _find(
    histogram: Ints,
    slack: float,
    sure: float,
    shares: Floats,
    edge: Ints,
    bounds: Ints,
    below: Ints,
    size: Ints,
    run: Ints,
) -> None:
    for r in range(histogram.shape[0]):
        n = histogram[r].sum()
        if n == 0:
            bounds[r, 0, 1] = edge[-1] if sure > 0 or slack > 0 else 0
            continue
        k = 0
        under = np.int64(0)
        end = -1  # of the buckets that the first range covers
        for q in range(shares.size):
            rank = shares[q] * (n - 1)
            off = sure * np.sqrt(n * shares[q] * (1 - shares[q]))
            if slack > 0:
                off += slack * n + _ROOM
            low = max(np.int64(np.floor(rank - off)), 0)
            high = min(np.int64(np.floor(rank + off)) + 1, n - 1)
            while under + histogram[r, k] <= low:
                under += histogram[r, k]
                k += 1
            last, upto = k, under
            while upto + histogram[r, last] <= high:
                upto += histogram[r, last]
                last += 1
            upto += histogram[r, last]
            if off > 0 and low == 0:
                k, under = 0, np.int64(0)
            if off > 0 and high == n - 1:
                last, upto = histogram.shape[1] - 1, n
            if q > 0 and k <= end:
                last = max(last, end)
                run[r, q] = 0
                bounds[r, 0, 1] = edge[last + 1] - bounds[r, 0, 0]
                size[r, 0] = upto - below[r, 0]
                continue
            end = last
            run[r, q] = q
            bounds[r, q, 0] = edge[k]
            bounds[r, q, 1] = edge[last + 1] - edge[k]
            below[r, q] = under
            size[r, q] = upto - under


def added(histograms: list[Histogram]) -> NDArray[Any]:
    """The histograms of all threads together."""
    total = np.zeros((len(histograms[0].low) - 1, histograms[0].low.shape[1]), np.int64)
    for low, high in histograms:
        _sum(low.reshape(-1), high.reshape(-1), total.reshape(-1))
    return total


@kernel
def _sum(low: NDArray[np.uint16], high: NDArray[np.uint32], total: Ints) -> None:
    for k in range(u64(total.size)):
        total[k] += (np.int64(low[k]) & np.int64(_FULL)) + (np.int64(high[k]) << np.int64(_BYTE))


@dataclass
class Kept:
    """Durations that were kept, in no order: `slot` is 2 · row + range. Grows piece by piece."""

    slots: list[Codes] = field(default_factory=list)
    values: list[Ints] = field(default_factory=list)
    used: list[int] = field(default_factory=list)
    _piece = 1 << 20

    def room(self, most: int) -> tuple[Codes, Ints, int]:
        """The last piece, with room for so many more, and how many are in it."""
        if not self.slots or self.slots[-1].size - self.used[-1] <= most:
            size = max(self._piece, most + 1)
            self.slots.append(empty(size, np.int32))
            self.values.append(empty(size, np.int64))
            self.used.append(0)
        return self.slots[-1], self.values[-1], self.used[-1]

    def keep(self, marks: Marks, found: Durations) -> None:
        """Those that the marks name."""
        buckets = marks.table.shape[1]
        slots, values, used = self.room(found.row.size * marks.rows.shape[1])
        self.used[-1] = int(
            _keep(*found, _SHIFT_OF[buckets], buckets, marks.table.reshape(-1), marks.rows, slots, values, used)
        )

    @property
    def parts(self) -> Parts:
        """All of them, piece by piece."""
        return [(s[:n], v[:n]) for s, v, n in zip(self.slots, self.values, self.used, strict=True)]


def joined(parts: Parts) -> Slots:
    """All of them in one piece."""
    slots, values = zip((np.empty(0, np.int32), np.empty(0, np.int64)), *parts, strict=True)
    return np.concatenate(slots), np.concatenate(values)


def waits(histogram: NDArray[Any], found: Ranges, kept: Parts) -> Waits:
    """The quantiles in seconds; `kept` are all durations of the ranges that hold them (`found`), perhaps more."""
    n = histogram.sum(axis=1, dtype=np.int64)
    marks = found.table(histogram.shape[1])
    start = np.concatenate([[0], np.cumsum(found.size)])
    buffer = empty(int(start[-1]), np.int64)
    end = start[:-1].copy()
    for part in kept:
        _scatter(*frozen(part), marks.reshape(-1), _SHIFT_OF[marks.shape[1]], marks.shape[1], end, buffer)
    assert (end == start[1:]).all(), "the second pass met other durations than the first"
    out = np.full((len(QUANTILES), n.size), np.nan)
    shares = 4 * cores()
    cuts = np.searchsorted(start[:-1:2], np.linspace(0, start[-1], shares + 1))
    cuts[0], cuts[-1] = 0, n.size

    def pick(k: int) -> None:
        with wrapping():
            _pick(cuts[k], cuts[k + 1], n, start, found.below, found.run, np.array(QUANTILES), buffer, out)

    if start[-1] < _AT_ONCE:
        cuts[1:] = n.size
        pick(0)
    else:
        with ThreadPoolExecutor(cores()) as pool:
            list(pool.map(pick, range(shares)))
    return Waits(n, out[0] / 1e6, out[1] / 1e6)


@kernel
def _keep(
    row: Codes, length: Ints, shift: int, buckets: int, marks: Table, rows: Codes, slots: Codes, values: Ints, used: int
) -> np.uint64:
    """Returns how many are kept now."""
    at, chosen, mark_of = np.empty(_CHUNK, np.int32), np.empty(_CHUNK, np.int32), np.empty(_CHUNK, np.uint8)
    kept = u64(used)
    for first in range(0, row.size, _CHUNK):
        here = at[: min(_CHUNK, row.size - first)]
        _place(row, length, shift, buckets, u64(first), here)
        n = _choose(here, marks, chosen, mark_of)
        kept = _note(row, length, u64(first), n, chosen, mark_of, rows, slots, values, kept)
    return kept


@kernel
def _add_and_keep(
    row: Codes, length: Ints, shift: int, buckets: int, low: NDArray[np.uint16], high: NDArray[np.uint32],
    rows: Codes, slots: Codes, values: Ints, used: int,
) -> np.uint64:  # fmt: skip
    at, chosen, mark_of = np.empty(_CHUNK, np.int32), np.empty(_CHUNK, np.int32), np.empty(_CHUNK, np.uint8)
    kept = u64(used)
    for first in range(0, row.size, _CHUNK):
        here = at[: min(_CHUNK, row.size - first)]
        _place(row, length, shift, buckets, u64(first), here)
        n = _count_and_choose(here, low, high, chosen, mark_of)
        kept = _note(row, length, u64(first), n, chosen, mark_of, rows, slots, values, kept)
    return kept


@kernel
def _note(
    row: Codes, length: Ints, first: np.uint64, n: np.uint64, chosen: Codes, mark_of: Table, rows: Codes, slots: Codes,
    values: Ints, kept: np.uint64,
) -> np.uint64:  # fmt: skip
    """Every duration chosen is written down, and stays where the count goes up: no branch is guessed wrong."""
    for each in range(u64(rows.shape[1])):
        bits = np.int32(_BITS * each)
        for k in range(n):
            i = first + u64(chosen[k])
            mark = np.int32(mark_of[k]) >> bits & np.int32(3)
            slots[kept] = np.int32(2) * rows[u64(row[i]), each] + mark - np.int32(1)
            values[kept] = length[i]
            kept += u64(mark != 0)
    return kept


@kernel
def _scatter(slots: Codes, values: Ints, marks: Table, shift: int, buckets: int, end: Ints, buffer: Ints) -> None:
    """Put what the marks name where its range goes on."""
    at, slot, value = np.empty(_CHUNK, np.int32), np.empty(_CHUNK, np.int32), np.empty(_CHUNK, np.int64)
    for first in range(0, slots.size, _CHUNK):
        here = at[: min(_CHUNK, slots.size - first)]
        for j in range(u64(here.size)):
            i = u64(first) + u64(j)
            here[j] = (slots[i] >> np.int32(1)) * np.int32(buckets) + np.int32(bucket(values[i], shift))
        n = u64(0)
        for j in range(u64(here.size)):
            i = u64(first) + u64(j)
            mark = np.int32(marks[u64(here[j])])
            slot[n] = (slots[i] & np.int32(-2)) + mark - np.int32(1)
            value[n] = values[i]
            n += u64(mark > 0)
        for c in range(n):
            k = u64(slot[c])
            buffer[u64(end[k])] = value[c]
            end[k] += 1


@kernel
def _pick(
    first: int, last: int, n: Ints, start: Ints, below: Ints, run: Ints, shares: Floats, buffer: Ints,
    out: NDArray[np.float64],
) -> None:  # fmt: skip
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
