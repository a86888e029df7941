"""Desirepath, by its Python functions; W0 starts at the lake's files."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np

import desirepath
from bench.engine import answers
from bench.engine.workload import FUNNEL, MARKET, MARKETS, MONDAY, MONTH, STAGES, TOP, WEEK, WINDOW, workspace
from desirepath.eventlog.cohorts import retention
from desirepath.eventlog.funnels import funnel
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.prepare import prepare
from desirepath.eventlog.runner import summarise
from desirepath.eventlog.warmup import warmup

NO_STAGES = Rules((), (), 0)


class Engine:
    """A workspace; its prepared log is the cache."""

    def __init__(self, folder: Path, question: str) -> None:
        warmup()
        self.workspace = desirepath.open(workspace(folder))
        if question != "W0":
            self._prepare()

    def before(self, question: str) -> None:
        if question == "W0":
            shutil.rmtree(self.workspace.cache, ignore_errors=True)

    def _prepare(self) -> None:
        space = self.workspace
        self.log = prepare(space.lake, space.links(), "customer", space.cache, dims=("market",))
        self.stages = Rules(
            tuple((Rules.Match(event=tuple(self.log.event_names[e] for e in stage)),) for stage in STAGES),
            tuple(range(len(STAGES))),
            len(STAGES),
        )

    def w0(self) -> Any:
        self._prepare()
        return {"events": self.log.event_count, "cases": self.log.case_count}

    def w1(self, scope: Scope | None = None) -> Any:
        t = summarise(self.log, NO_STAGES, scope or Scope()).transitions
        return answers.links(zip(t.source, t.target, t.count, t.wait.median * 1e6, t.wait.p90 * 1e6, strict=True))

    def w2(self) -> Any:
        summary = summarise(self.log, self.stages, Scope())
        reached = funnel(self.log, STAGES, math.inf, Scope()).reached[0]
        return {
            "reached": [float(n) for n in reached],
            "last": [float(n) for n in summary.stage_last],
            "dwell": [float(s * 1e6) for s in summary.stage_dwell.median],
        }

    def w3(self) -> Any:
        found = funnel(self.log, [{step} for step in FUNNEL], WINDOW / 1e6, Scope(), by="market")
        return answers.table((g, k, n) for g, row in enumerate(found.reached) for k, n in enumerate(row))

    def w4(self) -> Any:
        found = summarise(self.log, NO_STAGES, Scope()).variants[:TOP]
        return answers.variants(found)

    def w5(self) -> Any:
        found = retention(self.log, WEEK / 1e6, MONDAY, Scope())
        first = (found.first_period - MONDAY) // WEEK
        return answers.table((first + c, a, found.cases[c, a]) for c, a in zip(*np.nonzero(found.cases), strict=True))

    def w6(self) -> Any:
        return self.w1(Scope(MONTH[0], MONTH[1], {"market": (MARKETS[MARKET],)}))
