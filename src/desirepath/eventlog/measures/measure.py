"""What every measure offers: scratch for a thread, a count over a block, a tally; some keep durations in a second pass.

A measure counts walks by group: the arrays of its tally begin with as many rows as there are groups.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import frozen
from desirepath.eventlog.measures.durations import (
    Durations,
    Histogram,
    Kept,
    Marks,
    Ranges,
    add,
    add_and_keep,
    blank,
    buckets_of,
)
from desirepath.eventlog.measures.tally import Tally
from desirepath.eventlog.unpacking import Codes


class Measure(ABC):
    """One thing that is counted. `name` tells its arrays from those of others in a tally of several."""

    name: str
    durations: str | None = None
    """The array of its tally that is a histogram of durations, [rows, buckets]."""

    spans = False
    """Whether the shape of its tally depends on the time that the log spans …"""

    pairs_up = False
    """… or on the pairs of consecutive event names that it holds."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.groups = len(question.groups)

    @property
    def rows(self) -> int:
        """How many sets of durations there are."""
        return 0

    @property
    def belongs(self) -> Codes:
        """[rows that count durations, sets]: of each the rows that its durations belong to; mostly it is their own."""
        return np.arange(self.rows, dtype=np.int32)[:, None]

    def blank(self) -> Histogram:
        """Empty histograms for the rows that count durations."""
        return blank(len(self.belongs), buckets_of(self.rows))

    def marks(self, wanted: Ranges) -> Marks:
        """Which durations are to be kept."""
        return wanted.marks(buckets_of(self.rows), self.belongs)

    @abstractmethod
    def scratch(self) -> Any:
        """Empty arrays for one thread."""

    @abstractmethod
    def count(self, scratch: Any, block: Block) -> None:
        """Add the walks of a block; their durations are added by `time`."""

    @abstractmethod
    def tally(self, scratches: list[Any]) -> Tally:
        """What all threads have counted."""

    def histogram(self, tally: Tally) -> NDArray[Any]:
        """Its durations, [rows, buckets]."""
        assert self.durations is not None
        return tally.sums[self.durations]

    def timed(self, block: Block) -> Durations:
        """The durations of a block; whoever asks first has them found."""
        known = block.memo.get(self.name)
        if known is None:
            known = block.memo[self.name] = frozen(self.find(block))
        return known

    def find(self, block: Block) -> Durations:
        """The durations of a block."""
        raise NotImplementedError

    def time(self, scratch: Any, block: Block) -> None:
        """Add the durations of a block."""
        add(scratch.histogram, self.timed(block))

    def time_and_keep(self, scratch: Any, marks: Marks, block: Block, kept: Kept) -> None:
        """Add the durations of a block, and keep those that the scratch is marked for."""
        add_and_keep(scratch.histogram, marks.rows, self.timed(block), kept)

    def keep(self, marks: Marks, block: Block, kept: Kept) -> None:
        """Keep the durations that the marks name."""
        kept.keep(marks, self.timed(block))
