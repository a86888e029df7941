"""The engine on Spark: one task counts some partitions, and tallies come home.

The first question lays every partition out on some executor. What Spark caches of that is the partition's number, one
row: by it Spark sends later tasks to where the files lie, and lays them out anew elsewhere when an executor is lost. A
task that ends up somewhere else says so, and its partitions are asked again together with their files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from desirepath.eventlog.counting import Asked
from desirepath.eventlog.locate import Met
from desirepath.eventlog.measures.durations import Parts, Ranges
from desirepath.eventlog.measures.tally import UNIT_BITS, Tally
from desirepath.eventlog.model import Ints, Notion, Rules, Scope
from desirepath.eventlog.persons import Persons
from desirepath.eventlog.spark import asking
from desirepath.eventlog.spark.asking import Arrays, Common, Job
from desirepath.eventlog.spark.files import BATCH, SCHEMA
from desirepath.eventlog.spark.partition import NO_LINKS, Shape
from desirepath.eventlog.spark.session import explained

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MOST_ANSWERS = 64
"""From more tasks than this, answers are merged on the cluster first."""
_ONE_FILE_A_TASK = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.files.maxPartitionBytes": "1t",
    "spark.sql.files.openCostInBytes": "1t",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH),
}
"""So the rows of a partition come together, a few at a time."""


@dataclass(frozen=True)
class Prepared:
    """A data set of prepared partitions: where it is, and what they have in common."""

    path: str
    id: str
    shape: Shape
    common: Common
    events: int
    partitions: int


class Cluster:
    """Counts prepared partitions; see `counting.Engine`."""

    def __init__(self, session: SparkSession, prepared: Prepared, links: pa.Table | None) -> None:
        self.session, self.prepared = session, prepared
        self._persons = Persons(NO_LINKS if links is None else links)
        self._folder = TemporaryDirectory(prefix="desirepath-")
        self.log = prepared.common.of(prepared.shape.log([], Path(self._folder.name)))
        """A log without events, with the names and values of all partitions."""
        self._files = self._read()
        self._laid = self._lay(self._files).persist()

    def count(self, asked: Asked) -> tuple[Tally, Mapping[str, Ranges], Mapping[str, Parts]]:
        """One pass; the durations wait for `keep`, when it is known where the quantiles of all partitions lie."""
        job = asking.Count(asked)
        return Tally.of(reduce(job.add, self._asked(job), job.of(self.log, 0))), {}, {}

    def keep(self, asked: Asked, names: Sequence[str], wanted: Mapping[str, Ranges]) -> Mapping[str, Parts]:
        """One more pass."""
        job = asking.Keep(asked, tuple(names), {name: wanted[name] for name in names})
        found = reduce(job.add, self._asked(job), job.of(self.log, 0))
        return {name: [(found[f"{name}/slots"], found[f"{name}/values"])] for name in names}

    def paths(self, examples: Ints) -> list[tuple[int, ...]]:
        """Read where the examples lie."""
        paths: list[tuple[int, ...]] = [()] * examples.size
        if examples.size:
            job = asking.Paths(asking.examples_by_unit(examples, UNIT_BITS))
            for found in self._asked(job, set(job.asked)):
                ends = np.cumsum(found["length"])
                for at, steps in zip(found["at"].tolist(), np.split(found["codes"], ends[:-1]), strict=True):
                    paths[at] = tuple(steps.tolist())
        return paths

    def locate(
        self, rules: Rules, scope: Scope, ids: pa.Array, by: Notion, times: Ints, window_s: float
    ) -> tuple[Ints, Any]:
        """Where ids stood; persons are resolved here, for partitions know them only."""
        known = self._persons.of(ids) if by == "customer" else ids
        job = asking.Locate(rules, scope, known, by, times, window_s)
        return Met(**reduce(job.add, self._asked(job), job.of(self.log, 0))).of(len(times))

    def pairs(self) -> Ints:
        """The pairs of event names that any partition holds."""
        job = asking.PairsMet()
        return reduce(job.add, self._asked(job), job.of(self.log, 0))["pairs"]

    def close(self) -> None:
        """Forget where the partitions lie."""
        self._laid.unpersist()
        self._folder.cleanup()

    def _asked(self, job: Job, only: set[int] | None = None) -> list[Arrays]:
        """What the tasks say."""
        if not self.prepared.events:
            return []
        with explained(self.prepared.path):
            laid = self._laid if only is None else self._laid.where(self._laid["partition"].isin(sorted(only)))
            found, missing = self._run(laid, job)
            if missing:
                files = self._files.where(self._files["partition"].isin(sorted(missing)))
                again, lost = self._run(self._lay(files), job)
                assert not lost, "partitions that were laid out in this very task"
                found += again
        return found

    def _run(self, laid: DataFrame, job: Job) -> tuple[list[Arrays], list[int]]:
        folder, common = self.prepared.id, self.prepared.common

        def ask(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            return asking.ask(batches, folder, common, job)

        def merge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            return asking.merge(batches, job)

        answers = laid.mapInArrow(ask, asking.ANSWER)
        if self.prepared.partitions > MOST_ANSWERS:
            answers = answers.repartition(MOST_ANSWERS).mapInArrow(merge, asking.ANSWER)
        rows = answers.collect()
        found = [asking.heard(bytes(row.bytes)) for row in rows if row.bytes is not None]
        return found, [row.missing for row in rows if row.missing is not None]

    def _lay(self, files: DataFrame) -> DataFrame:
        folder = self.prepared.id

        def lay(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            return asking.lay(batches, folder)

        return files.mapInArrow(lay, asking.LAID)

    def _read(self) -> DataFrame:
        session = self.session.newSession()
        for key, value in _ONE_FILE_A_TASK.items():
            session.conf.set(key, value)
        return session.read.schema(SCHEMA).parquet(self.prepared.path)
