"""How many cases and sessions there are, and how many of either reach the end."""

from __future__ import annotations

from typing import Any

import numpy as np

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.measures import totals
from desirepath.eventlog.measures.tally import Tally
from desirepath.eventlog.measures.totals import COMPLETED, WALKS
from desirepath.eventlog.sessions import Sessions


class Totals(totals.Totals):
    """Tally: that of the cases, and `session_totals` [1, 4]: sessions have the events and customers of their cases."""

    def __init__(self, question: Question, *, gap: int) -> None:
        super().__init__(question)
        self.gap = gap

    def scratch(self) -> Any:
        """That of the cases, and of sessions how many there are and how many reach the end."""
        return *super().scratch(), np.zeros(2, np.int64)

    def count(self, scratch: Any, block: Block) -> None:
        """Add the cases of a block, each of another customer, and their sessions."""
        totals_, first, last, of_sessions = scratch
        sessions, walks, time = Sessions.of(block, self.gap), block.walks, block.time
        cases = walks.begin.size
        totals_[0] += cases, time.size, cases, np.count_nonzero(walks.finish >= 0)
        first[0] = min(first[0], time[walks.begin].min())
        last[0] = max(last[0], time[walks.end - 1].max())
        of_sessions += sessions.count, np.count_nonzero(sessions.finish >= 0)

    def tally(self, scratches: list[Any]) -> Tally:
        """What was counted."""
        of_cases = super().tally([s[:3] for s in scratches])
        sessions = of_cases.sums["totals"].copy()
        sessions[0, [WALKS, COMPLETED]] = np.sum([s[3] for s in scratches], axis=0)
        return Tally({**of_cases.sums, "session_totals": sessions}, of_cases.least, of_cases.greatest)
