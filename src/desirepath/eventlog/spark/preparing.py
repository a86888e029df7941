"""Spark brings the events of each person together, and every task makes the prepared log of its own.

Persons are resolved first. By customer one shuffle by person does; by case a first one finds the person of each case
(who is named first in it), for all cases of a person must lie together. What the customers table says of persons
travels along, so that no task needs the whole of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from desirepath.eventlog.model import Notion
from desirepath.eventlog.pairs import DENSE
from desirepath.eventlog.persons import STAND_IN
from desirepath.eventlog.spark.asking import Common
from desirepath.eventlog.spark.cluster import Cluster, Prepared
from desirepath.eventlog.spark.files import SCHEMA
from desirepath.eventlog.spark.partition import FACT, Shape, built
from desirepath.eventlog.spark.session import explained
from desirepath.lake.scan import Selection
from desirepath.progress import Progress

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

MOST_PARTITIONS = (1 << 15) - 1
"""Examples of variants tell their partition in so many."""
_ROWS = "20000"
"""Rows that Spark hands over at a time."""
_LEAST = 100_000
"""Events that are worth a task."""
_FEW_LINKS = 1_000_000


@dataclass(frozen=True)
class Source:
    """The lake as Spark reads it: `address` is where executors find the folder that the driver has as `root`."""

    session: SparkSession
    root: str
    address: str

    def read(self, selection: Selection, columns: Sequence[str]) -> DataFrame:
        """The visible rows; columns that a file lacks are null."""
        from pyspark.sql import functions as f
        from pyspark.sql.pandas.types import from_arrow_schema

        wanted = [name for name in columns if name in selection.schema.names]
        schema = from_arrow_schema(pa.schema([selection.schema.field(n) for n in {*wanted, "import"}]))
        if not selection.files:
            return self.session.createDataFrame([], schema).select(wanted)
        files = [self.address + str(file.path).removeprefix(self.root) for file in selection.files]
        rows = self.session.read.schema(schema).parquet(*files)
        if selection.imports is not None:
            rows = rows.where(f.col("import").isin(list(selection.imports)))
        return rows.select(wanted)


@dataclass(frozen=True)
class Job:
    """A preparation."""

    source: Source
    events: DataFrame
    facts: DataFrame | None
    notion: Notion
    dims: tuple[str, ...]

    @classmethod
    def of(cls, source: Source, lake: Any, links: pa.Table, notion: Notion, dims: tuple[str, ...]) -> Job:
        """Of the lake's visible events."""
        of_dims = [f"d_{d}" for d in dims]
        columns = ["at", "customer", "case", "event", "channel", *of_dims, "import", "row"]
        events = source.read(lake.select("events", extra=of_dims), columns)
        known = [f"d_{d}" for d in sorted(set(dims) & set(lake.dimensions("customers")))]
        facts = None
        if known:
            rows = source.read(lake.select("customers", extra=known), ["customer", *known, "import", "row"])
            facts = _resolved(source.session, rows, links)
        return cls(source, _resolved(source.session, events, links), facts, notion, dims)

    def run(self, folder: str, events_a_partition: int, progress: Progress) -> Prepared:
        """Prepare everything below a folder."""
        session = self.source.session
        with explained(folder):
            session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", _ROWS)
            session.conf.set("spark.sql.shuffle.partitions", str(session.sparkContext.defaultParallelism))
            progress("spark: names and values", 0, None)
            values, first, last, events = self._survey()
            shape = Shape(self.notion, values)
            parts = self._partitions(events, events_a_partition)
            id = uuid.uuid4().hex[:12]
            path = f"{folder.rstrip('/')}/{self.notion}-{id}"
            progress("spark: preparing partitions", 0, parts)
            self._write(shape, parts, path)
            prepared = Prepared(path, id, shape, Common(first, last, None), events, parts)
        if len(shape.values["event"]) <= DENSE:
            return prepared
        cluster = Cluster(session, prepared, links=None)
        try:
            return replace(prepared, common=Common(first, last, cluster.pairs()))
        finally:
            cluster.close()

    def _survey(self) -> tuple[dict[str, tuple[str, ...]], int, int, int]:
        """Every value of event, channel and the dimensions, in order; the first and the last time; how many events."""
        from pyspark.sql import functions as f

        names = {"event": "event", "channel": "channel", **{d: f"d_{d}" for d in self.dims}}
        first, last = (f.unix_micros(of("at")).alias(name) for of, name in ((f.min, "first"), (f.max, "last")))
        sets = [f.collect_set(column).alias(column) for column in names.values()]
        row = self.events.agg(first, last, f.count("*").alias("n"), *sets).collect()[0]
        found = {name: set(row[column]) for name, column in names.items()}
        if self.facts is not None:
            known = {d: f"d_{d}" for d in self.dims if f"d_{d}" in self.facts.columns}
            facts = self.facts.agg(*(f.collect_set(column).alias(column) for column in known.values())).collect()[0]
            found |= {name: found[name] | set(facts[column]) for name, column in known.items()}
        values = {name: tuple(sorted(of)) for name, of in found.items()}
        return values, row["first"] or 0, row["last"] or 0, row["n"]

    def _partitions(self, events: int, each: int) -> int:
        """Two for each core, for a task costs as much as some 100,000 events; more where they would grow too big."""
        slots = int(self.source.session.sparkContext.defaultParallelism)
        wanted = max(-(-events // each), min(2 * slots, -(-events // _LEAST)))
        return max(1, min(wanted, MOST_PARTITIONS))

    def _write(self, shape: Shape, partitions: int, path: str) -> None:
        def build(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            from pyspark import TaskContext

            context = TaskContext.get()
            assert context is not None
            return built(context.partitionId(), batches, shape)

        rows = self._keyed(partitions).repartition(partitions, "key").drop("key")
        writer = rows.mapInArrow(build, SCHEMA).write.option("compression", "zstd")
        writer.option("parquet.enable.dictionary", "false").parquet(path)

    def _keyed(self, partitions: int) -> DataFrame:
        """All rows, each with what says to whom it belongs."""
        from pyspark.sql import Window
        from pyspark.sql import functions as f

        events = self.events.withColumn(FACT, f.lit(False))
        alone = f.concat_ws("-", f.lit(f"{STAND_IN}event"), f.col("import"), f.col("row"))
        if self.notion == "customer":
            key: Column = f.coalesce("customer", f.concat(f.lit(f"{STAND_IN}id"), "case"), alone)
        else:
            of_case = f.coalesce("case", f.concat(f.lit(f"{STAND_IN}id"), "customer"), alone)
            self.source.session.conf.set("spark.sql.shuffle.partitions", str(partitions))
            window = Window.partitionBy("own").orderBy("at", "import", "row").rowsBetween(-(1 << 63), (1 << 63) - 1)
            events = events.withColumn("own", of_case)
            events = events.withColumn("first", f.first("customer", ignorenulls=True).over(window))
            key = f.coalesce("first", f.concat(f.lit(STAND_IN), "own"))
        events = events.withColumn("key", key).drop("own", "first")
        if self.facts is None:
            return events
        facts = self.facts.withColumn(FACT, f.lit(True)).withColumn("key", f.col("customer"))
        return events.unionByName(facts, allowMissingColumns=True)


def _resolved(session: SparkSession, rows: DataFrame, links: pa.Table) -> DataFrame:
    """With the person behind each customer id in its place."""
    from pyspark.sql import functions as f

    if not len(links):
        return rows
    table = session.createDataFrame(pa.table({"linked": links["id"], "person": links["person"]}).combine_chunks())
    table = f.broadcast(table) if len(links) <= _FEW_LINKS else table
    found = rows.join(table, rows["customer"] == table["linked"], "left")
    return found.withColumn("customer", f.coalesce("person", "customer")).drop("linked", "person")
