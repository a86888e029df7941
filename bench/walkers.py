"""Customers who walk, slice of time after slice of time: only those on their way are held in memory.

A customer begins at a random moment, takes a number of steps (lognormal), each to an event that depends on the last
one, after a gap of seconds (three of four) or days; what happens before the first day is not seen. An event arrives
seconds after it happened, one in a hundred hours later.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numba
import numpy as np
from numpy.typing import NDArray

from bench.engine.workload import DAY, FIRST, FUNNEL, MARKET, MONTH, SPAN

BEFORE = 30 * DAY
SLICE = 1_000_000
MOST_SLICES = 500
PER_CUSTOMER = 10.0
"""Events seen of a customer, on average; see `begin`."""
WALKER = np.dtype(
    [
        ("at", "i8"),
        ("customer", "i8"),
        ("left", "i2"),
        ("seen", "i2"),
        ("event", "u1"),
        ("channel", "u1"),
        ("market", "u1"),
        ("chosen", "u1"),  # one of those whom W6 asks for
    ],
    align=True,
)
SEEN = np.dtype(
    [
        ("arrival", "i8"),
        ("at", "i8"),
        ("customer", "i8"),
        ("nth", "i2"),  # event of the customer, from 1
        ("event", "u1"),
        ("channel", "u1"),
        ("market", "u1"),
        ("chosen", "u1"),
    ],
    align=True,
)
_CHANNEL = np.cumsum([0.28, 0.05, 0.17, 0.10, 0.05, 0.35])
_MARKET = np.cumsum([0.05, 0.06, 0.30, 0.12, 0.17, 0.12, 0.08, 0.10])

Habits = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Cumulated shares of what follows each event, and of what comes first."""


def arrivals(rows: int, seed: int = 7) -> Iterator[NDArray[np.void]]:
    """At least `rows` events in the order of their arrival, piece by piece."""
    rng = np.random.default_rng(seed)
    chain, start = habits(rng)
    customers = int(rows * 1.03 / PER_CUSTOMER + 3 * rows**0.5)
    slices = min(max(8, rows // SLICE), MOST_SLICES)
    walkers, late = np.empty(0, WALKER), np.empty(0, SEEN)
    for s in range(slices):
        first, last = customers * s // slices, customers * (s + 1) // slices
        bounds = [FIRST - BEFORE + (SPAN + BEFORE) * k // slices for k in (s, s + 1)]
        walkers = np.concatenate([walkers[walkers["left"] > 0], begin(rng, start, first, last, *bounds)])
        due = np.flatnonzero(walkers["at"] < bounds[1])
        seen = np.empty(int(walkers["left"][due].sum()), SEEN)
        n = walk(rng, chain, _CHANNEL, walkers, due, bounds[1], seen)
        seen = np.concatenate([late, seen[:n]])
        there = seen["arrival"] < bounds[1]
        now, late = seen[there], seen[~there]
        yield now[np.argsort(now["arrival"], kind="stable")]
    yield late[np.argsort(late["arrival"], kind="stable")]


def begin(
    rng: np.random.Generator, start: NDArray[np.float64], first: int, last: int, since: int, until: int
) -> NDArray[np.void]:
    """Customers first … last-1, who begin within that time."""
    n = last - first
    new = np.zeros(n, WALKER)
    new["at"] = since + (rng.random(n) * (until - since)).astype(np.int64)
    new["customer"] = np.arange(first, last)
    new["left"] = np.clip(np.exp(2.06 + rng.standard_normal(n)), 1, 500)
    for column, shares in ("event", start), ("channel", _CHANNEL), ("market", _MARKET):
        new[column] = np.minimum(np.searchsorted(shares, rng.random(n), "right"), shares.size - 1)
    return new


@numba.njit(nogil=True, cache=True)
def walk(rng, chain, channels, walkers, due, until, seen):  # type: ignore[no-untyped-def]
    """Let those walk who are due, up to that time; returns how many events are seen."""
    n = 0
    for i in due:
        who = walkers[i]
        while who.left > 0 and who.at < until:
            if who.at >= FIRST:
                if who.seen == 0:
                    who.chosen = who.market == MARKET and MONTH[0] <= who.at < MONTH[1]
                who.seen += 1
                hours = rng.random() < 0.01
                out = seen[n]
                out.arrival = who.at + np.int64(rng.standard_exponential() * (21_600e6 if hours else 20e6))
                out.at, out.customer, out.nth = who.at, who.customer, who.seen
                out.event, out.channel, out.market, out.chosen = who.event, who.channel, who.market, who.chosen
                n += 1
            who.left -= 1
            if rng.random() < 0.75:
                gap = 45e6 * np.exp(1.2 * rng.standard_normal())
            else:
                gap = 2.5 * DAY * np.exp(1.3 * rng.standard_normal())
            who.at += max(np.int64(gap), 1000)
            if who.at >= FIRST + SPAN:
                who.left = 0
            who.event = min(np.searchsorted(chain[who.event], rng.random(), side="right"), 59)
            if rng.random() < 0.25:
                who.channel = min(np.searchsorted(channels, rng.random(), side="right"), 5)
    return n


def habits(rng: np.random.Generator) -> Habits:
    """Popular events, drift to later ones, favourites, repeats, and the way along the funnel."""
    rest = [e for e in rng.permutation(60).tolist() if e not in FUNNEL]
    zipf = np.empty(60)
    zipf[[*FUNNEL, *rest]] = 1 / np.arange(1, 61) ** 1.05
    zipf /= zipf.sum()
    chain = np.empty((60, 60))
    for e in range(60):
        onward = np.exp(-(((np.arange(60) - e - 4) / 5) ** 2) / 2) * (zipf + 0.01)
        favourites = np.zeros(60)
        favourites[rng.choice(60, 6, replace=False, p=zipf)] = rng.dirichlet(np.ones(6))
        chain[e] = 0.35 * zipf + 0.3 * onward / onward.sum() + 0.25 * favourites
        chain[e, e] += 0.1
    for here, there in pairwise(FUNNEL):
        chain[here] *= 0.75
        chain[here, there] += 0.25
    start = zipf * np.where(np.arange(60) < 18, 1, 0.1)
    return np.cumsum(chain / chain.sum(axis=1, keepdims=True), axis=1), np.cumsum(start / start.sum())
