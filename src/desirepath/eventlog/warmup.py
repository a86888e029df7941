"""Compiles every kernel once, so that the first map of a fresh install does not wait for it.

What numba compiles is kept on disk per machine; a second call only loads it. The same functions are correct while
others compile: whoever comes first simply waits for its own.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa

from desirepath.eventlog import building, cohorts, durations, funnels, hashing, kernels, locate, quantiles, walks
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.prepare import prepare
from desirepath.eventlog.runner import summarise
from desirepath.lake.schema import EVENTS


def warmup() -> float:
    """Compile or load all kernels; returns the seconds it took."""
    began = perf_counter()
    links = pa.table({"id": pa.array([], pa.string()), "person": pa.array([], pa.string())})
    rules = Rules(touchpoints=((Rules.Match(event=("a",)),), (Rules.Match(event=("b",)),)), stage=(0, 1), stages=2)
    with tempfile.TemporaryDirectory() as folder:
        log = prepare(_Sample(), links, "customer", Path(folder))
        summarise(log, rules, Scope(), threads=2)
        funnels.funnel(log, [{0}, {1}], 60, Scope())
        cohorts.retention(log, 60, 0, Scope())
        locate.locate(log, rules, Scope(), pa.array(["x"]), "customer", np.array([10**9]), 60)
    return perf_counter() - began


def compiled() -> dict[str, int]:
    """How many variants of each kernel are compiled: one each, or every process pays for more."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": len(function.signatures)
        for module in (building, cohorts, durations, funnels, hashing, kernels, locate, quantiles, walks)
        for name, function in vars(module).items()
        if hasattr(function, "signatures") and function.__module__ == module.__name__
    }


class _Sample:
    """A lake of one customer, with transitions enough for every pass."""

    def arrow(self, table: str, columns: Any = None) -> pa.RecordBatchReader:
        n = 2 * quantiles.SMALL + 4
        rows = {
            "import": np.ones(n, np.int64),
            "row": np.arange(n),
            "at": np.arange(n) * 1_000_000,
            "customer": ["x"] * n,
            "event": ["a", "b"] * (n // 2),
        }
        data = {name: pa.array(rows[name]) if name in rows else pa.nulls(n) for name in columns}
        schema = pa.schema([EVENTS.field(name) for name in columns])
        return pa.table(data).cast(schema).to_reader()

    def dimensions(self, table: str = "events") -> tuple[str, ...]:
        return ()

    def fingerprint(self, *tables: str) -> str:
        return ""
