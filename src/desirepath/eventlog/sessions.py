"""The sessions that whole cases fall into, and what happens in them, run by run."""

from __future__ import annotations

import numpy as np

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.lazy import lazy
from desirepath.eventlog.runs import Runs, merged, runs_of
from desirepath.eventlog.walks import cut, numbered, paused


def nests(question: Question) -> bool:
    """Whether all sessions of the cases in scope count: the scope chooses neither by time nor by what happens."""
    scope = question.scope
    chosen = scope.start is not None or scope.end is not None or bool(scope.paths) or question.how.needed > 0
    return not (chosen or question.cuts) and question.log.notion == "customer"


class Sessions:
    """The sessions of a block whose walks are whole cases: a new one begins after each pause longer than `gap` µs."""

    def __init__(self, block: Block, gap: int) -> None:
        self.block = block
        self.gap = gap
        out = block.pad.array("session", int(block.bounds[-1]), np.int32)
        if block.question.flagged:
            walks = cut(
                block.bounds, block.time, block.flags, block.question.how._replace(gap=gap), block.pad, "session"
            )
            self.number, self.finish = numbered(walks, out), walks.finish
        else:
            self.number = paused(block.bounds, block.time, gap, out)
            self.finish = np.full(1 + int(self.number[-1]) if out.size else 0, -1)
            self.finish.setflags(write=False)

    @classmethod
    def of(cls, block: Block, gap: int) -> Sessions:
        """Those of a block; whoever asks first has them found."""
        known = block.memo.get("sessions")
        if known is None:
            known = block.memo["sessions"] = cls(block, gap)
        return known

    @property
    def count(self) -> int:
        """How many there are."""
        return self.finish.size

    @lazy
    def touch_runs(self) -> Runs:
        """Unbroken runs of events of a session at one touchpoint."""
        return runs_of(self.number, self.block.touch, self.block.pad, "session touch")

    @lazy
    def stage_runs(self) -> Runs:
        """Unbroken runs of events of a session in one stage."""
        question = self.block.question
        if question.one_to_one:
            return self.touch_runs
        return merged(self.touch_runs, question.stage, self.block.pad, "session stage")
