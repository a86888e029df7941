"""`kill -9` of a worker, its executor and its Python, while they work: what comes out is the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from desirepath.eventlog.model import Scope
from desirepath.eventlog.prepare import prepare
from desirepath.eventlog.runner import summarise
from desirepath.eventlog.spark.engine import Spark

from . import lakes
from .test_engine import RULES, same

WAIT_S = 60


class Killer(Thread):
    """Waits until a worker has a task of a stage later than those known, and kills it."""

    def __init__(self, cluster: Any, worker: str, spark: Spark) -> None:
        super().__init__(daemon=True)
        self.cluster, self.worker = cluster, worker
        self.tracker = spark.session.sparkContext.statusTracker()
        self.struck: int | None = None  # the stage
        self.armed = False

    def run(self) -> None:
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            for stage in self.tracker.getActiveStageIds() if self.armed else ():
                info = self.tracker.getStageInfo(stage)
                if info is not None and info.numActiveTasks >= 2:  # one on each worker
                    self.cluster.kill(self.worker)
                    self.struck = stage
                    return
            time.sleep(0.01)

    def failed_tasks(self) -> int:
        self.join(WAIT_S)
        assert self.struck is not None, "the worker was never at work"
        info = self.tracker.getStageInfo(self.struck)
        return info.numFailedTasks if info else 0


@pytest.fixture
def spark(cluster: Any, settings: dict[str, str]) -> Iterator[Spark]:
    spark = Spark(cluster.address, events_a_partition=1500, settings=settings)
    yield spark
    spark.close()
    for worker in ("worker-a", "worker-b"):
        if worker not in cluster.processes:
            cluster.start_worker(worker)


def test_the_answer_is_the_same(cluster: Any, spark: Spark, tmp_path: Path) -> None:
    lake, links = lakes.lake(tmp_path / "lake", events=8000), lakes.links()
    expected = summarise(prepare(lake, links, "customer", tmp_path / "cache"), RULES, Scope())

    killer = Killer(cluster, "worker-a", spark)
    killer.start()

    def arm(what: str, done: float, total: float | None) -> None:
        killer.armed = what == "spark: preparing partitions"

    engine = spark.prepare(lake, links, "customer", tmp_path / "cache", progress=arm)
    assert killer.failed_tasks() >= 1
    same(expected, summarise(engine, RULES, Scope()))

    cluster.start_worker("worker-a")
    killer = Killer(cluster, "worker-b", spark)  # holds all that was laid out
    killer.armed = True
    killer.start()
    while killer.is_alive():
        same(expected, summarise(engine, RULES, Scope()))
    assert killer.struck is not None
    same(expected, summarise(engine, RULES, Scope()))
