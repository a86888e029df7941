"""ClickHouse in the process (chDB): a MergeTree ordered by a hash of the customer and time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from chdb import session

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

_STAGE = [s for s, stage in enumerate(STAGES) for _ in stage]


class Engine(Peer):
    """A session with one table."""

    def __init__(self, folder: Path, question: str) -> None:
        super().__init__(folder, question)
        self.makes = question in ("W0", "W7")
        if self.makes:
            shutil.rmtree(self.place, ignore_errors=True)
        self.session = session.Session(str(self.place))
        self._run("create database if not exists bench")

    def before(self) -> None:
        if self.makes:
            self._run("drop table if exists bench.log sync")

    def _run(self, sql: str) -> None:
        self.session.query(sql)

    def _rows(self, sql: str) -> list[Any]:
        settings = " settings output_format_json_quote_64bit_integers = 0"
        rows: list[Any] = json.loads(self.session.query(sql + settings, "JSONCompact").bytes())["data"]
        return rows

    def w0(self) -> Any:
        lake = Path(self.files[0]).parent
        names = ",".join(Path(file).name for file in self.files)
        self._run("""create table bench.log (who UInt64, t Int64, event UInt8, channel UInt8, market UInt8)
                     engine = MergeTree order by (who, t)""")
        self._run(f"""
            insert into bench.log
            select sipHash64(assumeNotNull(customer)), toUnixTimestamp64Micro(assumeNotNull(at)),
                   toUInt8(substring(assumeNotNull(event), 1, 2)),
                   toUInt8(indexOf({list(CHANNELS)}, assumeNotNull(channel)) - 1),
                   toUInt8(indexOf({list(MARKETS)}, assumeNotNull(d_market)) - 1)
            from file('{lake}/{{{names}}}', Parquet)""")
        self._run("optimize table bench.log final")
        events, cases = self._rows("select count(), uniqExact(who) from bench.log")[0]
        return {"events": events, "cases": cases}

    def w1(self, where: str = "") -> Any:
        found = self._rows(f"""
            select event, next, count(), quantilesExactInclusive(0.5, 0.9)(later - t) from (
                select event, t, leadInFrame(toInt16(event), 1, -1) over w as next, leadInFrame(t, 1, 0) over w as later
                from bench.log {where}
                window w as (partition by who order by t rows between unbounded preceding and unbounded following))
            where next >= 0 group by event, next""")
        return answers.links((a, b, n, *q) for a, b, n, q in found)

    def w2(self) -> Any:
        staged = f"""
            select arraySort(x -> x.1, groupArray((t, toUInt8({_STAGE}[event + 1])))) as all
            from bench.log group by who"""
        visits = f"""
            select arrayFilter((x, i) -> i = 1 or x.2 != all[i - 1].2, all, arrayEnumerate(all)) as visits
            from ({staged})"""
        levels = self._rows(f"""
            select arrayFold((level, x) -> level + (x.2 = level), visits, toInt64(0)) as level,
                   visits[-1].2 as last, count()
            from ({visits}) group by level, last""")
        dwells = self._rows(f"""
            select x.1 as stage, quantileExactInclusive(0.5)(x.2) from (
                select arrayJoin(arrayMap((a, b) -> (a.2, b.1 - a.1), arrayPopBack(visits), arrayPopFront(visits))) as x
                from ({visits})) group by stage""")
        return answers.stages(levels, dwells)

    def w3(self) -> Any:
        steps = ", ".join(f"event = {e}" for e in FUNNEL)
        found = self._rows(f"""
            select place, level, count() from (
                select any(market) as place, windowFunnel({WINDOW})(toUInt64(t), {steps}) as level
                from bench.log where event in {FUNNEL} group by who)
            group by place, level""")
        reached: dict[tuple[int, int], int] = {}
        for market, level, n in found:
            for k in range(level):
                reached[market, k] = reached.get((market, k), 0) + n
        return answers.table((market, k, n) for (market, k), n in reached.items())

    def w4(self) -> Any:
        found = self._rows(f"""
            select path, count() as n from (
                select arrayCompact(arrayMap(x -> x.2, arraySort(x -> x.1, groupArray((t, event))))) as whole,
                       arraySlice(whole, 1, {STEPS}) as path
                from bench.log group by who)
            group by path order by n desc limit {TOP}""")
        return answers.variants(found)

    def w5(self) -> Any:
        found = self._rows(f"""
            select first, week - first as age, count() from (
                select arrayReduce('min', weeks) as first, arrayJoin(weeks) as week from (
                    select groupUniqArray(intDiv(t - {MONDAY}, {WEEK})) as weeks from bench.log group by who))
            group by first, age""")
        return answers.table(found)

    def w6(self) -> Any:
        return self.w1(f"""where market = {MARKET} and who in (
            select who from bench.log where market = {MARKET} group by who
            having min(t) >= {MONTH[0]} and min(t) < {MONTH[1]})""")
