"""Retentioneering: its event stream and its transition matrix."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

os.environ["RETENTIONEERING_NO_TRACK"] = "1"

import pandas as pd
from retentioneering.eventstream.eventstream import Eventstream
from retentioneering.tools.transition_matrix import TransitionMatrix

from bench.engine.answers import Near
from bench.engine.peer import Peer


class Engine(Peer):
    """An event stream; the start and the end of a path are events to it."""

    lacks: ClassVar = {"W1": "median in whole seconds, no p90 (it computes the 95th percentile)"}

    def __init__(self, folder: Path, question: str) -> None:
        super().__init__(folder, question)
        if question != "W0":
            self.w0()

    def w0(self) -> Any:
        tables = [pd.read_parquet(file, columns=["customer", "event", "at"]) for file in self.files]
        log = pd.concat(tables, ignore_index=True)
        schema = {"path_cols": ["customer"], "event_col": "event", "timestamp_col": "at"}
        self.stream = Eventstream(log, schema=schema)
        return lambda: {"events": len(log), "cases": log["customer"].nunique()}

    def w1(self) -> Any:
        count = TransitionMatrix(self.stream).fit("count")
        median = TransitionMatrix(self.stream).fit("time_median")
        TransitionMatrix(self.stream).fit("time_q95")

        def ours() -> Any:
            names = [name for name in count.index if name[:2].isdigit()]
            return {
                (int(a[:2]), int(b[:2])): (int(n), Near(median.at[a, b].total_seconds() * 1e6, 1e6), None)
                for a in names
                for b in names
                if (n := count.at[a, b])
            }

        return ours
