"""DuckDB: a table of its own, sorted by a hash of the customer and time, in two forms.

`Engine` uses windows partitioned by customer; `Ordered` trusts the order of the table and compares neighbours. A
quantile right after a parallel window is slow in DuckDB 2.0, hence the tables in between.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

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

_STAGE = "case " + " ".join(f"when event <= {max(stage)} then {s}" for s, stage in enumerate(STAGES)) + " end::tinyint"


class Engine(Peer):
    """Windows partitioned by customer."""

    ordered = False

    def __init__(self, folder: Path, question: str) -> None:
        super().__init__(folder, question)
        self.makes = question in ("W0", "W7")
        self.file = self.place / f"{'ordered' if self.makes and self.ordered else 'log'}.db"
        self.place.mkdir(parents=True, exist_ok=True)
        self.con: Any = None
        if not self.makes:
            self._open()

    def before(self) -> None:
        if self.makes:
            if self.con is not None:
                self.con.close()
            self.file.unlink(missing_ok=True)
            self._open()

    def _open(self) -> None:
        self.con = duckdb.connect(str(self.file), read_only=not self.makes)
        spill = self.file.with_suffix(f".{self.question}.spill")
        self.con.execute(f"set temp_directory = '{spill}'; set max_temp_directory_size = '20GB'")

    def w0(self) -> Any:
        self.con.execute(f"""
            create table log as
            select hash(customer) as who, epoch_us("at") as t, event[1:2]::utinyint as event,
                   (list_position({list(CHANNELS)}, channel) - 1)::utinyint as channel,
                   (list_position({list(MARKETS)}, d_market) - 1)::utinyint as market
            from read_parquet({self.files}) order by who, t""")
        self.con.execute("checkpoint")
        events, cases = self.con.execute("select count(*), count(distinct who) from log").fetchone()
        return {"events": events, "cases": cases}

    def _before_or_after(self, function: str, columns: str, table: str) -> str:
        """The table with `function` (lag or lead) of the given columns of the same customer, prefixed by n."""
        names = columns.split(", ")
        if self.ordered:
            moved = ", ".join(f"{function}({c}) over () as n{c}" for c in ["who", *names])
            kept = ", ".join(f"case when nwho = who then n{c} end as n{c}" for c in names)
            others = ", ".join("n" + c for c in names)
            return f"(select * exclude (nwho, {others}), {kept} from (select *, {moved} from {table}))"
        moved = ", ".join(f"{function}({c}) over (partition by who order by t) as n{c}" for c in names)
        return f"(select *, {moved} from {table})"

    def w1(self, table: str = "log") -> Any:
        moves = self._before_or_after("lead", "event, t", table)
        self.con.execute(
            "create or replace temp table moves as "
            f"select event, nevent, nt - t as d from {moves} where nevent is not null"
        )
        found = self.con.execute(
            "select event, nevent, count(*), quantile_cont(d, [0.5, 0.9]) from moves group by all"
        ).fetchall()
        return answers.links((a, b, n, *q) for a, b, n, q in found)

    def w2(self) -> Any:
        staged = self._before_or_after("lag", "stage", f"(select who, t, {_STAGE} as stage from log)")
        self.con.execute(
            "create or replace temp table visits as "
            f"select who, t, stage from {staged} where nstage is distinct from stage"
        )
        self.con.execute(
            "create or replace temp table dwells as "
            f"select stage, nt - t as d from {self._before_or_after('lead', 't', 'visits')} where nt is not null"
        )
        dwells = self.con.execute("select stage, quantile_cont(d, 0.5) from dwells group by all").fetchall()
        levels = self.con.execute("""
            with paths as (select list(stage order by t) as path from visits group by who)
            select list_reduce(path, lambda level, stage: level + (stage = level)::tinyint, 0::tinyint) as level,
                   path[-1] as last, count(*)
            from paths group by all""").fetchall()
        return answers.stages(levels, dwells)

    def w3(self) -> Any:
        """Per step the latest start of a chain that got there, step after step."""
        over = "over (partition by who order by t rows unbounded preceding)"
        step = "case event " + " ".join(f"when {e} then {k}" for k, e in enumerate(FUNNEL)) + " end"
        query = f"select who, market, t, {step} as step from log where event in {FUNNEL}"
        query = f"select *, max(case when step = 0 then t end) {over} as s0 from ({query})"
        for k in range(1, len(FUNNEL)):
            got = f"case when step = {k} and t - s{k - 1} <= {WINDOW} then s{k - 1} end"
            query = f"select *, max({got}) {over} as s{k} from ({query})"
        ends = ", ".join(f"max(s{k}) as s{k}" for k in range(len(FUNNEL)))
        counts = ", ".join(f"count(s{k})" for k in range(len(FUNNEL)))
        found = self.con.execute(
            f"select market, {counts} "
            f"from (select who, any_value(market) as market, {ends} from ({query}) group by who) group by market"
        ).fetchall()
        return answers.table((market, k, n) for market, *row in found for k, n in enumerate(row))

    def w4(self) -> Any:
        changed = self._before_or_after("lag", "event", "log")
        found = self.con.execute(f"""
            select path, count(*) as n
            from (select list(event order by t)[1:{STEPS}] as path from {changed}
                  where nevent is distinct from event group by who)
            group by path order by n desc limit {TOP}""").fetchall()
        return answers.variants(found)

    def w5(self) -> Any:
        found = self.con.execute(f"""
            with weeks as (select distinct who, (t - {MONDAY}) // {WEEK} as week from log),
                 firsts as (select who, min(week) as first from weeks group by who)
            select first, week - first, count(*) from weeks join firsts using (who) group by all""").fetchall()
        return answers.table(found)

    def w6(self) -> Any:
        """Neighbours in a filtered table need the partitioned form."""
        chosen = f"""(select * from log where market = {MARKET} and who in (
            select who from log where market = {MARKET} group by who
            having min(t) >= {MONTH[0]} and min(t) < {MONTH[1]}))"""
        self.ordered = False
        return self.w1(chosen)


class Ordered(Engine):
    """Neighbours of the sorted table."""

    ordered = True
