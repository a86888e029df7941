"""Desirepath, by its Python functions; W0 and W7 start at the lake's files."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

import desirepath
from bench.engine import answers, journey
from bench.engine.workload import EVENTS, FUNNEL, MARKET, MARKETS, MONDAY, MONTH, STAGES, TOP, WEEK, WINDOW, after, base
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.remembering import Remembering, forget, settle
from desirepath.eventlog.runner import Source, follows, funnel, retention, stages, variants
from desirepath.eventlog.warmup import warmup
from desirepath.workspace import Workspace

MAP1 = {"start": "2025-03-01", "end": "2025-04-01", "where": {"market": MARKETS[MARKET]}}
STAGE_RULES = Rules(
    tuple((Rules.Match(event=tuple(EVENTS[e] for e in stage)),) for stage in STAGES),
    tuple(range(len(STAGES))),
    len(STAGES),
)


def event_log(space: Workspace) -> Log:
    return space.event_log("customer", dims=("market",))


class Engine:
    """A workspace; its prepared log is the cache."""

    lacks: ClassVar[dict[str, str]] = {}

    def __init__(self, folder: Path, question: str) -> None:
        warmup()
        self.question = question
        self.base = desirepath.open(base(folder))
        self.after = desirepath.open(after(folder))
        if question != "W0":
            self.log = event_log(self.base)

    def before(self) -> None:
        if self.question == "W0":
            shutil.rmtree(self.base.cache, ignore_errors=True)
        if self.question == "W7":
            self._back_to_base()
        if self.question.startswith("MAP"):
            forget(self.base.cache)

    def _back_to_base(self) -> None:
        """The cache as it was before the second import, with all that W1 and W2 have left there."""
        remembering = Remembering(self.log)
        self.w1(log=remembering), self.w2(remembering)
        settle()
        shutil.rmtree(self.after.cache, ignore_errors=True)
        shutil.copytree(self.base.cache, self.after.cache)

    def w0(self) -> Any:
        log = event_log(self.base)
        return {"events": log.event_count, "cases": log.case_count}

    def w1(self, scope: Scope | None = None, log: Source | None = None) -> Any:
        t = follows(log or self.log, scope or Scope())
        return answers.links(zip(t.source, t.target, t.count, t.wait.median * 1e6, t.wait.p90 * 1e6, strict=True))

    def w2(self, log: Source | None = None) -> Any:
        flow = stages(log or self.log, STAGE_RULES, Scope())
        return {
            "reached": [float(n) for n in flow.in_order[0]],
            "last": [float(n) for n in flow.last[0]],
            "dwell": [float(s * 1e6) for s in flow.dwell[0].median],
        }

    def w3(self) -> Any:
        found = funnel(self.log, [{step} for step in FUNNEL], WINDOW / 1e6, Scope(), by="market")
        return answers.table((g, k, n) for g, row in enumerate(found.reached) for k, n in enumerate(row))

    def w4(self) -> Any:
        return answers.variants(variants(self.log, Scope(), TOP))

    def w5(self) -> Any:
        found = retention(self.log, WEEK / 1e6, MONDAY, Scope())
        first = (found.first_period - MONDAY) // WEEK
        return answers.table((first + c, a, found.cases[c, a]) for c, a in zip(*np.nonzero(found.cases), strict=True))

    def w6(self) -> Any:
        return self.w1(Scope(MONTH[0], MONTH[1], {"market": (MARKETS[MARKET],)}))

    def w7(self) -> Any:
        log = Remembering(event_log(self.after))
        return {"W1": self.w1(log=log), "W2": self.w2(log)}

    def map(self, **scope: Any) -> Any:
        data = self.base.map(journey.ID, **scope).data
        steps = {(int(t.source[:2]), int(t.target[:2])): t.count for t in data.transitions}
        return {"cases": data.cases, "events": data.events, "follows": steps}

    def map1(self) -> Any:
        return self.map(**MAP1)


class Anew(Engine):
    """Computing all again: what a log that cannot be refreshed would cost."""

    def before(self) -> None:
        shutil.rmtree(self.after.cache, ignore_errors=True)

    def w7(self) -> Any:
        log = event_log(self.after)
        return {"W1": self.w1(log=log), "W2": self.w2(log)}
