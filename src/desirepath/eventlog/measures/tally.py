"""Tallies: what has been counted, as named arrays. Merging is associative and commutative, and a part that was added
can be subtracted again; so threads, machines and later increments may share the work in any way.

`sums` merge by addition, `least` and `greatest` by the smaller and the greater value, `kinds` by key. The least of a
whole cannot be told once a part is taken away that may have held it: then `without` gives None, and all must be counted
again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.cores import cores, memory
from desirepath.eventlog.jit import Int, kernel, u64, wrapping
from desirepath.eventlog.model import Ints
from desirepath.eventlog.stock import empty

NEVER = np.iinfo(np.int64)
Arrays = Mapping[str, NDArray[Any]]


class Kinds(NamedTuple):
    """Walks by what they have in common (a positive key, in no order): how many, and the example that stands first.

    An example is where the walk's events begin in the log, with a few bits of the measure's own below; of logs that
    were counted apart, the number of the log stands in the bits above (see `in_unit`).
    """

    key: Ints
    n: Ints
    example: Ints

    @classmethod
    def none(cls) -> Kinds:
        """Without any."""
        return cls(*(np.empty(0, np.int64) for _ in cls._fields))

    def negative(self) -> Kinds:
        """To be taken away."""
        return self._replace(n=-self.n)

    def fixed(self) -> Kinds:
        """The same, not to be written to: kernels are compiled for that only."""
        views = [column.view() for column in self]
        for view in views:
            view.setflags(write=False)
        return Kinds(*views)

    def in_unit(self, unit: int) -> Kinds:
        """Of one of several logs."""
        return self._replace(example=self.example + (unit << UNIT_BITS))


UNIT_BITS = 48


@dataclass(frozen=True)
class Tally:
    """What some walks add up to."""

    sums: Arrays = field(default_factory=dict)
    least: Arrays = field(default_factory=dict)
    greatest: Arrays = field(default_factory=dict)
    kinds: Mapping[str, Kinds] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            _both(np.add, self.sums, other.sums),
            _both(np.minimum, self.least, other.least),
            _both(np.maximum, self.greatest, other.greatest),
            {name: joined([kinds, other.kinds[name]]) for name, kinds in self.kinds.items()},
        )

    def without(self, part: Tally) -> Tally:
        """What is left when a part is taken away; extremes stay as they are (see `extremes_hold`)."""
        return Tally(
            _both(np.subtract, self.sums, part.sums),
            self.least,
            self.greatest,
            {name: joined([kinds, part.kinds[name].negative()]) for name, kinds in self.kinds.items()},
        )

    def extremes_hold(self, gone: Tally, come: Tally) -> bool:
        """Whether no extreme of the whole was lost when `gone` was replaced by `come`."""
        return all(bool((come.least[k] <= v)[gone.least[k] <= v].all()) for k, v in self.least.items()) and all(
            bool((come.greatest[k] >= v)[gone.greatest[k] >= v].all()) for k, v in self.greatest.items()
        )

    def flat(self) -> dict[str, NDArray[Any]]:
        """All arrays, by names from which `of` makes the tally again."""
        groups: dict[str, Arrays] = {"sum": self.sums, "least": self.least, "greatest": self.greatest}
        arrays = {f"{group}/{name}": a for group, named in groups.items() for name, a in named.items()}
        for name, kinds in self.kinds.items():
            arrays |= {f"kinds/{name}/{column}": a for column, a in kinds._asdict().items()}
        return arrays

    @classmethod
    def of(cls, arrays: Arrays) -> Tally:
        """From what `flat` gave."""
        named: dict[str, dict[str, Any]] = {"sum": {}, "least": {}, "greatest": {}, "kinds": {}}
        for path, array in arrays.items():
            group, name, *column = path.split("/")
            if column:
                named["kinds"].setdefault(name, {})[column[0]] = array
            elif group in named:
                named[group][name] = array
        kinds = {name: Kinds(**columns) for name, columns in named["kinds"].items()}
        return cls(named["sum"], named["least"], named["greatest"], kinds)


def pack(arrays: Arrays) -> list[bytes | memoryview]:
    """Arrays as bytes, piece by piece, to send or to keep: JSON after its length in eight bytes, then the arrays."""
    head = json.dumps([[name, array.dtype.str, array.shape] for name, array in arrays.items()]).encode()
    bodies = (np.ascontiguousarray(array) for array in arrays.values())
    return [len(head).to_bytes(8, "big"), head, *(body.view(np.uint8).reshape(-1).data for body in bodies if body.size)]


def unpack(data: bytes | memoryview) -> dict[str, NDArray[Any]]:
    """What `pack` packed; the arrays lie in the data and cannot be written to."""
    at = 8 + int.from_bytes(data[:8], "big")
    arrays = {}
    for name, dtype, shape in json.loads(bytes(data[8:at])):
        n = int(np.prod(shape))
        arrays[name] = np.frombuffer(data, dtype, n, at).reshape(shape)
        at += n * np.dtype(dtype).itemsize
    return arrays


def _both(operation: Callable[[Any, Any], Any], a: Arrays, b: Arrays) -> Arrays:
    return {name: operation(array, b[name]) for name, array in a.items()}


_ONES = np.ones(1 << 17, np.int64)


def _ones(n: int) -> Ints:
    """So many, mostly from what is at hand."""
    return _ONES[:n] if n <= _ONES.size else np.ones(n, np.int64)


class Sightings:
    """Walks noted one after the other by key, counted by kind from time to time so that memory grows with the kinds."""

    _LEAST = max(1 << 21, memory() // (64 * cores() * 3 * 8))
    """So many are noted before they are counted: those of all threads take a sixty-fourth of memory, or a little."""
    _PIECE = 1 << 17

    def __init__(self) -> None:
        self._waiting: list[Kinds] = []
        self._size = 0
        self._most = self._LEAST
        self._piece = Kinds.none()
        self._used = 0

    def note(self, key: Ints, example: Ints) -> None:
        """Walks with their keys (0: of no kind)."""
        if self._piece.key.size - self._used < key.size:
            self._put_away()
            size = max(self._PIECE, key.size)
            self._piece = Kinds(empty(size, np.int64), _ones(size), empty(size, np.int64))
        here = slice(self._used, self._used + key.size)
        self._piece.key[here], self._piece.example[here] = key, example
        self._used += key.size
        self._size += key.size
        if self._size >= self._most:
            self._put_away()
            self._waiting = [joined(self._waiting)]
            self._size = self._waiting[0].key.size
            self._most = max(self._LEAST, 2 * self._size)  # so that no kind is counted again and again

    def _put_away(self) -> None:
        self._waiting.append(Kinds(*(column[: self._used] for column in self._piece)))
        self._piece, self._used = Kinds.none(), 0

    @staticmethod
    def kinds(sightings: list[Sightings]) -> Kinds:
        """All of several, counted."""
        for each in sightings:
            each._put_away()
        return joined([kinds for each in sightings for kinds in each._waiting])


_BUCKET = 2048
_AT_ONCE = 1 << 17
"""Up to so many one thread counts alone; so many …"""
_ROUND = 1 << 24
"""… and up to so many are dealt out at once, for that takes room."""


def joined(parts: list[Kinds]) -> Kinds:
    """All of them by key: numbers are added, the example that stands first is kept; kinds of nobody are left out."""
    size = sum(part.key.size for part in parts)
    if size == 0:
        return Kinds.none()
    bits = (size // _BUCKET).bit_length()
    threads = cores() if size > _AT_ONCE else 1
    shares = _shares([part.fixed() for part in parts], size, threads)
    rounds = np.linspace(0, 1 << bits, min(1 + size // _ROUND, 1 << bits) + 1).astype(np.int64).tolist()
    with ThreadPoolExecutor(threads) as pool:
        found = [_round(shares, 63 - bits, low, high, pool) for low, high in pairwise(rounds)]
    return found[0] if len(found) == 1 else Kinds(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _shares(parts: list[Kinds], size: int, threads: int) -> list[list[Kinds]]:
    """Of about the same size, one a thread."""
    ends = np.cumsum([part.key.size for part in parts])
    cuts = np.searchsorted(ends, np.arange(threads) * size / threads).tolist()
    return [parts[a:z] for a, z in pairwise([*cuts, len(parts)])]


def _round(shares: list[list[Kinds]], shift: int, low: int, high: int, pool: ThreadPoolExecutor) -> Kinds:
    """Of the keys whose first scrambled bits lie in [low, high): dealt into buckets, these counted one by one.

    All in the same arrays, for new memory takes longer than the counting.
    """
    met = np.zeros((len(shares), high - low), np.int64)
    _all(pool, lambda k: [_measure(part.key, shift, low, high, met[k]) for part in shares[k]], len(shares))
    first = np.concatenate([[0], met.sum(axis=0).cumsum()])
    at = first[:-1] + met.cumsum(axis=0) - met
    size, most = int(first[-1]), int(met.sum(axis=0).max())
    dealt = Kinds(*(empty(size, np.int64) for _ in Kinds._fields))
    _all(pool, lambda k: [_deal(part, shift, low, high, at[k], dealt) for part in shares[k]], len(shares))
    cuts = np.linspace(0, high - low, len(shares) + 1).astype(np.int64).tolist()

    def count(k: int) -> int:
        slots = np.empty(1 << (2 * most).bit_length(), np.int32)
        return int(_count(dealt, first[cuts[k] : cuts[k + 1] + 1], slots))

    end = 0
    for k, n in enumerate(_all(pool, count, len(shares))):
        for column in dealt:
            column[end : end + n] = column[first[cuts[k]] :][:n]
        end += n
    return Kinds(*(column[:end] for column in dealt))


def _all(pool: ThreadPoolExecutor, work: Callable[[int], Any], shares: int) -> list[Any]:
    """Each thread does its share."""

    def wrapped(k: int) -> Any:
        with wrapping():
            return work(k)

    return [wrapped(0)] if shares == 1 else list(pool.map(wrapped, range(shares)))


@kernel
def scrambled(key: Int) -> Int:
    """A permutation of the positive integers that spreads keys evenly."""
    return (np.int64(key) * np.int64(0x1E3779B97F4A7C15)) & np.int64(0x7FFFFFFFFFFFFFFF)


@kernel
def _measure(key: Ints, shift: int, low: int, high: int, met: Ints) -> None:
    """Add how many keys go to each bucket."""
    for i in range(key.size):
        b = scrambled(key[i]) >> shift
        if low <= b < high and key[i] != 0:
            met[b - low] += 1


@kernel
def _deal(part: Kinds, shift: int, low: int, high: int, at: Ints, dealt: Kinds) -> None:
    """Bring the keys of a bucket together."""
    for i in range(u64(part.key.size)):
        key = part.key[i]
        b = scrambled(key) >> shift
        if low <= b < high and key != 0:
            k = u64(at[u64(b - low)])
            at[u64(b - low)] += 1
            dealt.key[k], dealt.n[k], dealt.example[k] = key, part.n[i], part.example[i]


@kernel
def _count(dealt: Kinds, first: Ints, slots: NDArray[np.int32]) -> int:
    """Count each bucket by a small hash table; what is found is put where the first of them begins."""
    found = np.int64(first[0])
    for b in range(first.size - 1):
        mask = np.int64(1)
        while mask < 2 * (first[b + 1] - first[b]):
            mask <<= 1
        slots[:mask] = -1
        mask -= 1
        start = found
        for i in range(u64(first[b]), u64(first[b + 1])):
            key = dealt.key[i]
            at = u64((key ^ key >> 31) & mask)
            while slots[at] >= 0 and dealt.key[u64(slots[at])] != key:
                at = (at + u64(1)) & u64(mask)
            if slots[at] < 0:
                slots[at] = found
                k = u64(found)
                dealt.key[k], dealt.n[k], dealt.example[k] = key, dealt.n[i], dealt.example[i]
                found += 1
                continue
            k = u64(slots[at])
            dealt.n[k] += dealt.n[i]
            if dealt.n[i] > 0:
                dealt.example[k] = min(dealt.example[k], dealt.example[i])
        kept = start
        for j in range(start, found):
            if dealt.n[j] != 0:
                dealt.key[kept], dealt.n[kept], dealt.example[kept] = dealt.key[j], dealt.n[j], dealt.example[j]
                kept += 1
        found = kept
    return int(found - first[0])
