"""Compiles every kernel once, so that the first map of a fresh install does not wait for it.

What numba compiles is kept on disk per machine; a second call only loads it. The same functions are correct while
others compile: whoever comes first simply waits for its own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow as pa

from desirepath.eventlog import (
    building,
    chains,
    directory,
    hashing,
    locate,
    pairs,
    picking,
    remembering,
    runs,
    seen,
    staging,
    texts,
    unpacking,
    walks,
    writing,
)
from desirepath.eventlog import sessions as sessions_
from desirepath.eventlog.jit import frozen
from desirepath.eventlog.measures import (
    channels,
    cohorts,
    durations,
    follows,
    funnels,
    nested,
    spans,
    stages,
    tally,
    totals,
    touchpoints,
    variants,
)
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.prepare import prepare
from desirepath.eventlog.runner import channel_moves, funnel, retention, sessions, summarise, with_sessions
from desirepath.eventlog.warming import mark
from desirepath.lake.schema import EVENTS

_HERE = "desirepath.eventlog."
_KERNELS = (
    building, chains, channels, cohorts, directory, durations, follows, funnels, hashing, locate, pairs, picking,
    remembering, runs, seen, sessions_, spans, stages, staging, tally, texts, totals, touchpoints, unpacking, variants,
    walks, writing, nested.stages, nested.touchpoints,
)  # fmt: skip


def warmup() -> float:
    """Compile or load all kernels; returns the seconds it took."""
    began = perf_counter()
    links = pa.table({"id": pa.array([], pa.string()), "person": pa.array([], pa.string())})
    a, b = Rules.Match(event=("a",)), Rules.Match(event=("b",))
    whole = Rules(touchpoints=((a,), (b,)), stage=(0, 1), stages=2, end=b)
    rules = replace(whole, session_gap=5.0)
    with tempfile.TemporaryDirectory() as folder:
        log = prepare(_Sample(), links, "customer", Path(folder))
        summarise(log, rules, Scope(), threads=2)
        with_sessions(log, whole, Scope(), 5)
        for mode in ("any", "order"):
            funnel(log, [{0}, {1}], 60, Scope(), mode=mode)
        funnel(log, [{0}] + [set()] * chains.FEW, 60, Scope())
        retention(log, 60, 0, Scope())
        sessions(log, 5, Scope())
        channel_moves(log, rules, Scope())
        locate.locate(log, rules, Scope(), pa.array(["x"]), "customer", np.array([10**9]), 60)
    every = np.arange(4, dtype=np.int32)
    _, place = staging._dealt(every.astype(np.uint64), every, 1)  # the sample is too small to be dealt out
    for kind in "i8", "i4", "u4":
        staging._scattered(np.zeros(4, kind), place)
    for kind in "u8", "i4", "u4", "u2", "u1":
        staging._dealt_out(np.zeros(4, kind), every, place)
    for kind in "u1", "u2", "i4":  # values of cases
        picking.narrow(np.ones(0, np.bool_), np.ones(0, np.bool_), np.empty(0, kind))
    nothing = np.zeros(1, np.int64)
    for kind in "u2", "i4":  # numbers of cases
        building._pass_on(*frozen((nothing, nothing, np.empty(0, kind), place)), np.empty(0, np.int32))
    with suppress(OSError):
        mark().write_text("done")
    return perf_counter() - began


def compiled() -> dict[str, int]:
    """How many variants of each kernel are compiled: few, or every process pays for more."""
    return {
        f"{module.__name__.removeprefix(_HERE).removeprefix('measures.')}.{name}": len(function.signatures)
        for module in _KERNELS
        for name, function in vars(module).items()
        if hasattr(function, "signatures") and function.__module__ == module.__name__
    }


class _Sample:
    """A lake of one customer, its own rows, piece and import."""

    rows = 4
    ascending = True

    def select(self, table: str, *, imports: Collection[int] | None = None, extra: Sequence[str] = ()) -> _Sample:
        return self

    def pieces(self) -> Sequence[_Sample]:
        return [self]

    def read(self, names: Sequence[str]) -> pa.Table:
        rows = {
            "import": np.ones(self.rows, np.int64),
            "row": np.arange(self.rows),
            "at": np.arange(self.rows) * 1_000_001,
            "customer": ["x"] * self.rows,
            "event": ["a", "b"] * (self.rows // 2),
        }
        data = {name: pa.array(rows[name]) if name in rows else pa.nulls(self.rows) for name in names}
        return pa.table(data).cast(pa.schema([EVENTS.field(name) for name in names]))

    def dimensions(self, table: str = "events") -> tuple[str, ...]:
        return ()

    def before(self, gone: Collection[int]) -> _Sample:
        return self

    def imports(self, table: str) -> dict[int, str]:
        return {1: ""} if table == "events" else {}
