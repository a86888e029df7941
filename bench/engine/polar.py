"""Polars: lazy queries by its streaming engine over a Parquet file sorted by a hash of the customer and time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from bench.engine import answers
from bench.engine.peer import Peer
from bench.engine.workload import (
    CHANNELS,
    EVENTS,
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


class Engine(Peer):
    """A sorted Parquet file of codes."""

    def __init__(self, folder: Path, question: str) -> None:
        super().__init__(folder, question)
        self.file = self.place / "log.parquet"
        self.place.mkdir(parents=True, exist_ok=True)

    def before(self) -> None:
        if self.question in ("W0", "W7"):
            self.file.unlink(missing_ok=True)

    @property
    def log(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.file)

    def w0(self) -> Any:
        def codes(column: str, values: tuple[str, ...]) -> pl.Expr:
            return pl.col(column).replace_strict(values, range(len(values)), return_dtype=pl.UInt8)

        pl.scan_parquet(self.files).select(
            who=pl.col("customer").hash(),
            t=pl.col("at").cast(pl.Int64),
            event=codes("event", EVENTS),
            channel=codes("channel", CHANNELS),
            market=codes("d_market", MARKETS),
        ).sort("who", "t").sink_parquet(self.file, compression="lz4")
        events, cases = _get(self.log.select(pl.len(), pl.col("who").n_unique())).row(0)
        return {"events": events, "cases": cases}

    def w1(self, log: pl.LazyFrame | None = None) -> Any:
        event, t, who = pl.col("event"), pl.col("t"), pl.col("who")
        moves = (self.log if log is None else log).select(
            event, next=event.shift(-1), d=t.shift(-1) - t, same=who.shift(-1) == who
        )
        d = pl.col("d")
        found = (
            moves.filter("same")
            .group_by("event", "next")
            .agg(pl.len(), d.quantile(0.5, "linear").alias("p50"), d.quantile(0.9, "linear").alias("p90"))
        )
        return answers.links(_get(found).iter_rows())

    def w2(self) -> Any:
        who, t, stage = pl.col("who"), pl.col("t"), pl.col("stage")
        of = {e: s for s, events in enumerate(STAGES) for e in events}
        staged = self.log.select("who", "t", stage=pl.col("event").replace_strict(of, return_dtype=pl.UInt8))
        begins = ((who != who.shift(1)) | (stage != stage.shift(1))).fill_null(True)
        visits = _get(staged.filter(begins)).lazy()
        dwells = visits.select(stage, d=t.shift(-1) - t, same=who.shift(-1) == who).filter("same")
        dwell = _get(dwells.group_by("stage").agg(pl.col("d").quantile(0.5, "linear"))).iter_rows()
        last = _get(visits.filter((who != who.shift(-1)).fill_null(True)).group_by("stage").agg(pl.len()))
        reached = []
        so_far = _get(visits.filter(stage == 0).group_by("who").agg(since=t.min()))
        for s in range(len(STAGES)):
            if s:
                here = visits.filter(stage == s).join(so_far.lazy(), on="who").filter(t > pl.col("since"))
                so_far = _get(here.group_by("who").agg(since=t.min()))
            reached.append(float(so_far.height))
        return answers.stages([(0, s, n) for s, n in last.iter_rows()], dwell) | {"reached": reached}

    def w3(self) -> Any:
        """Per step the latest start of a chain that got there, step after step."""
        t, step = pl.col("t"), pl.col("step")
        chains = self.log.filter(pl.col("event").is_in(FUNNEL)).select(
            "who", "t", "market", step=pl.col("event").replace_strict(FUNNEL, range(len(FUNNEL)), return_dtype=pl.Int8)
        )
        chains = chains.with_columns(s0=pl.when(step == 0).then(t).forward_fill().over("who"))
        for k in range(1, len(FUNNEL)):
            before = pl.col(f"s{k - 1}")
            got = pl.when((step == k) & (t - before <= WINDOW)).then(before).forward_fill().over("who")
            chains = chains.with_columns(got.alias(f"s{k}"))
        names = [f"s{k}" for k in range(len(FUNNEL))]
        cases = chains.group_by("who").agg(pl.col("market").first(), *(pl.col(s).is_not_null().any() for s in names))
        found = _get(cases.group_by("market").agg(pl.col(s).sum() for s in names))
        return answers.table((market, k, n) for market, *row in found.iter_rows() for k, n in enumerate(row))

    def w4(self) -> Any:
        who, event = pl.col("who"), pl.col("event")
        changed = self.log.select(who, event).filter(
            ((who != who.shift(1)) | (event != event.shift(1))).fill_null(True)
        )
        paths = changed.group_by("who", maintain_order=True).agg(event.head(STEPS))
        found = _get(paths.group_by("event").agg(n=pl.len()).top_k(TOP, by="n"))
        return answers.variants(found.iter_rows())

    def w5(self) -> Any:
        week = pl.col("week")
        weeks = self.log.select("who", week=(pl.col("t") - MONDAY) // WEEK).unique()
        cohorts = weeks.group_by("who").agg(week, first=week.min()).explode("week")
        return answers.table(_get(cohorts.group_by("first", age=week - pl.col("first")).agg(pl.len())).iter_rows())

    def w6(self) -> Any:
        there = self.log.filter(pl.col("market") == MARKET)
        first = pl.col("first")
        chosen = there.group_by("who").agg(first=pl.col("t").min()).filter((first >= MONTH[0]) & (first < MONTH[1]))
        return self.w1(there.join(chosen, on="who", how="semi", maintain_order="left"))


def _get(query: pl.LazyFrame) -> pl.DataFrame:
    return query.collect(engine="streaming")
