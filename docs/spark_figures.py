"""The figures of the Spark page: one lake of the benchmark, prepared and asked on a Spark of two cores.

    python docs/spark_figures.py FOLDER_OF_A_WORKSPACE [ENGINE]

Prints seconds, seconds of CPU of everything that took part, and the most memory of it; results are checked against
this machine's own.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import psutil

import desirepath
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.prepare import prepare
from desirepath.eventlog.runner import follows, summarise
from desirepath.eventlog.spark.engine import Spark

REPEATS = 3


class Watch:
    """CPU seconds and memory of this process and all that it started."""

    def __init__(self) -> None:
        self.peak, self.cpu, self._stop = 0, {}, Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._began = time.perf_counter()
        self._before = self._now()
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.seconds = time.perf_counter() - self._began
        self._stop.set()
        self._thread.join()
        after = self._now()
        self.used = sum(t - self._before.get(pid, 0.0) for pid, t in (self.cpu | after).items())

    def _now(self) -> dict[int, float]:
        me = psutil.Process()
        found, memory = {}, 0
        for process in [me, *me.children(recursive=True)]:
            try:
                times = process.cpu_times()
                found[process.pid] = times.user + times.system
                memory += process.memory_full_info().uss
            except psutil.Error:
                pass
        self.peak = max(self.peak, memory)
        self.cpu |= found
        return found

    def _look(self) -> None:
        while not self._stop.wait(0.2):
            self._now()


def timed(what: str, ask: Callable[[], Any]) -> Any:
    """Ask, and say what it took."""
    with Watch() as watch:
        found = ask()
    print(f"{what:34} {watch.seconds:8.2f} s {watch.used:8.2f} s CPU {watch.peak / 1e6:8.0f} MB", flush=True)
    return found


def main(folder: str, engine: str = "local[2]") -> None:
    """Measure."""
    workspace = desirepath.open(folder)
    settings = {"spark.driver.memory": "1g", "spark.ui.showConsoleProgress": "false", "spark.ui.enabled": "false"}
    spark = Spark(engine, settings=settings)
    lake, links = workspace.lake, workspace.links()
    with tempfile.TemporaryDirectory() as cache:
        here = timed("here: prepare", lambda: prepare(lake, links, "customer", Path(cache), dims=("market",)))
        rules = seven_stages(here.event_names)
        questions = {
            "W1": lambda source: follows(source, Scope()),
            "whole map": lambda source: summarise(source, rules, Scope()),
        }
        expected = {}
        for name, question in questions.items():
            for _ in range(REPEATS):
                expected[name] = timed(f"here: {name}", lambda question=question: question(here))
        timed("spark: start", lambda: spark.session.range(10).count())
        there = timed("spark: prepare", lambda: spark.prepare(lake, links, "customer", Path(cache), dims=("market",)))
        size = sum(file.stat().st_size for file in Path(cache, "spark").rglob("*.parquet"))
        print(f"{there.prepared.events} events, {size / there.prepared.events:.1f} bytes an event as Parquet")
        for name, question in questions.items():
            for _ in range(REPEATS):
                found = timed(f"spark: {name}", lambda question=question: question(there))
                same(expected[name], found)
        spark.close()


def seven_stages(names: tuple[str, ...]) -> Rules:
    """Every name in one of seven stages, a touchpoint each."""
    stages = np.arange(len(names)) * 7 // len(names)
    touchpoints = tuple((Rules.Match(event=tuple(np.array(names)[stages == s].tolist())),) for s in range(7))
    return Rules(touchpoints, tuple(range(7)), 7)


def same(a: Any, b: Any) -> None:
    """Raise where two answers differ."""
    if isinstance(a, np.ndarray):
        np.testing.assert_array_equal(a, b)
    elif hasattr(a, "__dataclass_fields__"):
        for name in a.__dataclass_fields__:
            same(getattr(a, name), getattr(b, name))
    else:
        assert a == b


if __name__ == "__main__":
    main(*sys.argv[1:])
