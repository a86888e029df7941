"""pm4py: its data frame, its directly-follows graph with performance, its variants."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pm4py

from bench.engine import answers
from bench.engine.peer import Peer
from bench.engine.workload import STEPS, TOP


class Engine(Peer):
    """A formatted pandas data frame."""

    lacks: ClassVar = {
        "W1": "it has no p90",
        "W4": "whole paths, repeats kept: collapsed and cut by us, after the clock",
    }

    def __init__(self, folder: Path, question: str) -> None:
        super().__init__(folder, question)
        if question != "W0":
            self.w0()

    def w0(self) -> Any:
        tables = [pd.read_parquet(file, columns=["customer", "event", "at"]) for file in self.files]
        log = pd.concat(tables, ignore_index=True)
        log[["customer", "event"]] = log[["customer", "event"]].astype(object)
        self.log = pm4py.format_dataframe(log, case_id="customer", activity_key="event", timestamp_key="at")
        return {"events": len(self.log), "cases": self.log["case:concept:name"].nunique()}

    def w1(self) -> Any:
        counts, _, _ = pm4py.discover_dfg(self.log)
        waits, _, _ = pm4py.discover_performance_dfg(self.log)

        def median(pair: tuple[str, str]) -> float:
            return float(waits[pair]["median"]) * 1e6

        return lambda: {(int(a[:2]), int(b[:2])): (n, median((a, b)), None) for (a, b), n in counts.items()}

    def w4(self) -> Any:
        found = pm4py.get_variants(self.log)

        def ours() -> Any:
            collapsed: dict[tuple[int, ...], int] = {}
            for path, n in found.items():
                key = tuple(int(event[:2]) for event, _ in groupby(path))[:STEPS]
                collapsed[key] = collapsed.get(key, 0) + n
            most = sorted(collapsed.items(), key=lambda item: -item[1])[:TOP]
            return answers.variants(most)

        return ours
