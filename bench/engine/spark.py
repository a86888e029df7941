"""Spark on all cores of this machine: the log partitioned by customer, sorted and cached, then Spark SQL."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
os.environ["PYSPARK_PYTHON"] = sys.executable
if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
    raise SystemExit("there is no Java on this machine")

from pyspark.sql import SparkSession

from bench.engine import answers
from bench.engine.peer import Peer
from bench.engine.workload import (
    CHANNELS,
    FUNNEL,
    MARKET,
    MARKETS,
    MONDAY,
    MONTH,
    STAGES,
    STEPS,
    TOP,
    WEEK,
    WINDOW,
)

PARTITIONS = 16
_STAGE = "case " + " ".join(f"when event <= {max(stage)} then {s}" for s, stage in enumerate(STAGES)) + " end"


class Engine(Peer):
    """A session with the cached log as a view."""

    def __init__(self, folder: Path, question: str) -> None:
        super().__init__(folder, question)
        settings = {
            "spark.driver.memory": "8g",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.local.dir": str(self.place),
            "spark.sql.shuffle.partitions": str(PARTITIONS),
            "spark.sql.session.timeZone": "UTC",
        }
        self.spark = SparkSession.builder.master("local[*]").appName("bench").config(map=settings).getOrCreate()
        self.spark.sparkContext.setLogLevel("ERROR")
        self.log: Any = None
        if question not in ("W0", "W7"):
            self.w0()

    def before(self) -> None:
        if self.question in ("W0", "W7") and self.log is not None:
            self.log.unpersist(blocking=True)

    def _rows(self, sql: str) -> list[Any]:
        return list(self.spark.sql(sql).collect())

    def w0(self) -> Any:
        self.spark.read.parquet(*self.files).createOrReplaceTempView("lake")
        codes = self.spark.sql(f"""
            select xxhash64(customer) as who, unix_micros(at) as t, cast(substring(event, 1, 2) as tinyint) as event,
                   cast(array_position(array{CHANNELS}, channel) - 1 as tinyint) as channel,
                   cast(array_position(array{MARKETS}, d_market) - 1 as tinyint) as market
            from lake""")
        self.log = codes.repartition(PARTITIONS, "who").sortWithinPartitions("who", "t").persist()
        self.log.createOrReplaceTempView("log")
        ((events, cases),) = self._rows("select count(*), count(distinct who) from log")
        return {"events": events, "cases": cases}

    def w1(self, table: str = "log") -> Any:
        found = self._rows(f"""
            select event, nevent, count(*), percentile(d, array(0.5, 0.9)) from (
                select event, lead(event) over (partition by who order by t) as nevent,
                       lead(t) over (partition by who order by t) - t as d
                from {table})
            where nevent is not null group by event, nevent""")
        return answers.links((a, b, n, *q) for a, b, n, q in found)

    def w2(self) -> Any:
        self.spark.sql(f"""
            select who, t, stage from (
                select who, t, stage, lag(stage) over (partition by who order by t) as before
                from (select who, t, {_STAGE} as stage from log))
            where before is null or before != stage""").createOrReplaceTempView("visits")
        dwells = self._rows("""
            select stage, percentile(d, 0.5) from (
                select stage, lead(t) over (partition by who order by t) - t as d from visits)
            where d is not null group by stage""")
        levels = self._rows("""
            select aggregate(path, 0, (level, x) -> level + if(x.stage = level, 1, 0)) as level,
                   element_at(path, -1).stage as last, count(*)
            from (select array_sort(collect_list(struct(t, stage))) as path from visits group by who)
            group by level, last""")
        return answers.stages(levels, dwells)

    def w3(self) -> Any:
        """Per step the latest start of a chain that got there, step after step."""
        over = "over (partition by who order by t rows between unbounded preceding and current row)"
        step = "case event " + " ".join(f"when {e} then {k}" for k, e in enumerate(FUNNEL)) + " end"
        query = f"select who, market, t, {step} as step from log where event in {FUNNEL}"
        query = f"select *, max(case when step = 0 then t end) {over} as s0 from ({query})"
        for k in range(1, len(FUNNEL)):
            got = f"case when step = {k} and t - s{k - 1} <= {WINDOW} then s{k - 1} end"
            query = f"select *, max({got}) {over} as s{k} from ({query})"
        ends = ", ".join(f"max(s{k}) as s{k}" for k in range(len(FUNNEL)))
        counts = ", ".join(f"count(s{k})" for k in range(len(FUNNEL)))
        found = self._rows(f"""
            select market, {counts} from (select who, first(market) as market, {ends} from ({query}) group by who)
            group by market""")
        return answers.table((market, k, n) for market, *row in found for k, n in enumerate(row))

    def w4(self) -> Any:
        found = self._rows(f"""
            select path, count(*) as n from (
                select slice(transform(array_sort(collect_list(struct(t, event))), x -> x.event), 1, {STEPS}) as path
                from (select who, t, event, lag(event) over (partition by who order by t) as before from log)
                where before is null or before != event group by who)
            group by path order by n desc limit {TOP}""")
        return answers.variants(found)

    def w5(self) -> Any:
        found = self._rows(f"""
            select first, week - first, count(*) from (
                select week, min(week) over (partition by who) as first
                from (select distinct who, (t - {MONDAY}) div {WEEK} as week from log))
            group by 1, 2""")
        return answers.table(found)

    def w6(self) -> Any:
        return self.w1(f"""(select * from log where market = {MARKET} and who in (
            select who from log where market = {MARKET} group by who
            having min(t) >= {MONTH[0]} and min(t) < {MONTH[1]}))""")
