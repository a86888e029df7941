"""The yardstick: W1, W2, W3 and W5 in one pass of one kernel over plain arrays, their quantiles from histograms.

It has 60 events, 7 stages, one funnel and one market in mind and nothing else: no rules, touchpoints, persons,
variants or exact quantiles. The living map, which has, is measured by how many times longer it takes. The kernel is
that of the prototype with which the design of the engine was tried.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import duckdb
import numba
import numpy as np
from numpy.typing import NDArray

from bench.engine.peer import Peer
from bench.engine.workload import FUNNEL, MARKET, MARKETS, MONDAY, MONTH, STAGES, WEEK, WINDOW

EVERY_OCTAVE = 4
"""2**4 buckets an octave, from 1 ms to a year; see `_bucket`."""
_LOWEST = (1023 + 9) << EVERY_OCTAVE
BUCKETS = 36 << EVERY_OCTAVE
_STAGE = np.array([s for s, events in enumerate(STAGES) for _ in events])
_STEP = np.array([FUNNEL.index(e) if e in FUNNEL else -1 for e in range(60)])
_WEEKS = 28
_RANGES = 32


class Tally(NamedTuple):
    """What is counted; tallies merge by addition."""

    wait: NDArray[np.uint32]  # [pairs of events, buckets]
    dwell: NDArray[np.uint32]  # [stages, buckets]
    reached: NDArray[np.int64]  # [stages in order reached]
    last: NDArray[np.int64]  # [stages]
    steps: NDArray[np.int64]  # [markets, steps of the funnel reached]
    weeks: NDArray[np.int64]  # [first week, weeks later]


def _tally() -> Tally:
    def zeros(*shape: int, kind: Any = np.int64) -> Any:
        return np.zeros(shape, kind)

    histograms = (zeros(n, BUCKETS, kind=np.uint32) for n in (3600, len(STAGES)))
    counts = zeros(len(STAGES) + 1), zeros(len(STAGES)), zeros(len(MARKETS), len(FUNNEL) + 1), zeros(_WEEKS, _WEEKS)
    return Tally(*histograms, *counts)


class Engine(Peer):
    """Plain arrays on disk, mapped into memory."""

    lacks: ClassVar = dict.fromkeys(("MAP", "MAP1"), "counts and quantiles from histograms only: a yardstick")

    def __init__(self, folder: Path, question: str) -> None:
        super().__init__(folder, question)
        if not (self.place / "complete").exists():
            _write(self.place, self.files)
        kinds = {"offset": "i8", "time": "i8", "event": "u1", "market": "u1"}
        self.arrays = [np.memmap(self.place / name, kind, "r") for name, kind in kinds.items()]
        self.pool = ThreadPoolExecutor(os.cpu_count())

    def map(self, market: int = -1, since: int = 0, until: int = 0) -> Any:
        cases = self.arrays[3].size
        bounds = np.linspace(0, cases, _RANGES + 1).astype(int).tolist()
        ranges = iter(list(pairwise(bounds)))

        def work(_: int) -> Tally:
            tally = _tally()
            for a, b in ranges:
                one_pass(*self.arrays, a, b, market, since, until, _STAGE, _STEP, *tally)
            return tally

        tallies = self.pool.map(work, range(os.cpu_count() or 1))
        total = Tally(*(np.sum(parts, axis=0) for parts in zip(*tallies, strict=True)))
        _quantiles(total.wait, (0.5, 0.9)), _quantiles(total.dwell, (0.5,))
        counts = total.wait.sum(axis=1)
        n = int(total.reached.sum())
        follows = {divmod(int(pair), 60): int(counts[pair]) for pair in np.flatnonzero(counts)}
        return {"cases": n, "events": int(counts.sum()) + n, "follows": follows}

    def map1(self) -> Any:
        return self.map(MARKET, *MONTH)


def _quantiles(histograms: NDArray[np.uint32], shares: tuple[float, ...]) -> list[NDArray[np.int64]]:
    """The buckets in which the quantiles of each row lie."""
    heights = np.cumsum(histograms, axis=1)
    return [(heights < share * heights[:, -1:]).sum(axis=1) for share in shares]


@numba.njit(inline="always")
def _bucket(duration):  # type: ignore[no-untyped-def]
    """By exponent and highest bits of the mantissa of the duration as a float."""
    return max((np.float64(duration).view(np.int64) >> (52 - EVERY_OCTAVE)) - _LOWEST, 0)


@numba.njit(nogil=True, cache=True)
def one_pass(  # type: ignore[no-untyped-def]
    offset, time, event, market, a, b, wanted, since, until, stage, step, wait, dwell, reached, last, steps, weeks
):
    """Add the cases a … b-1 (of the wanted market, begun in that time; -1: all) to a tally."""
    start = np.empty(len(FUNNEL), np.int64)
    for case in range(a, b):
        i, end = offset[case], offset[case + 1]
        t = time[i]
        if wanted >= 0 and (market[case] != wanted or not since <= t < until):
            continue
        e = np.int64(event[i])
        here, entered = stage[e], t
        level = 1 if here == 0 else 0
        start[:] = -1
        best = 0
        if step[e] == 0:
            start[0] = t
            best = 1
        first = (t - MONDAY) // WEEK
        over = MONDAY + (first + 1) * WEEK
        weeks[first, 0] += 1
        for j in range(i + 1, end):
            f, u = np.int64(event[j]), time[j]
            wait[e * 60 + f, _bucket(u - t)] += np.uint32(1)
            e, t = f, u
            if stage[f] != here:
                dwell[here, _bucket(u - entered)] += np.uint32(1)
                here, entered = stage[f], u
                if here == level:
                    level += 1
            k = step[f]
            if k == 0:
                start[0] = u
                best = max(best, 1)
            elif k > 0 and start[k - 1] >= 0 and u - start[k - 1] <= WINDOW:
                start[k] = start[k - 1]
                best = max(best, k + 1)
            if u >= over:
                week = (u - MONDAY) // WEEK
                weeks[first, week - first] += 1
                over = MONDAY + (week + 1) * WEEK
        reached[level] += 1
        last[here] += 1
        steps[market[case], best] += 1


def _write(place: Path, files: list[str]) -> None:
    """Sort the events by case and time, once, as a table is sorted; memory is bounded."""
    place.mkdir(parents=True, exist_ok=True)
    names = ("offset", "time", "event", "market")
    with duckdb.connect(config={"temp_directory": str(place / "spill"), "max_temp_directory_size": "20GB"}) as con:
        rows = con.sql(
            f"""select hash(customer) as who, epoch_us("at") as time, event[1:2]::utinyint as event,
                       (list_position({list(MARKETS)}, d_market) - 1)::utinyint as market
                from read_parquet({files}) order by who, time"""
        ).to_arrow_reader(1 << 20)
        out = {name: (place / name).open("wb") for name in names}
        for name, values in _plain(rows):
            out[name].write(np.ascontiguousarray(values).data)
        for file in out.values():
            file.close()
    (place / "complete").touch()


def _plain(rows: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    done, before = 0, None
    for batch in rows:
        who, time, event, market = (column.to_numpy() for column in batch.columns)
        begins = np.append(before is None or who[0] != before, who[1:] != who[:-1])
        before = who[-1]
        yield "offset", np.flatnonzero(begins) + done
        yield "time", time
        yield "event", event
        yield "market", market[begins]
        done += who.size
    yield "offset", np.array([done])
