"""Several measures in one pass over a log, and exact quantiles of their durations.

Where the quantiles of few sets of durations lie is told well by a sample, which is counted first: then the durations
near them are kept in the same pass that counts the rest, and a second pass is only needed where the sample was wrong.
With many sets (all pairs of event names) the second pass is the rule.

Who counts is an *engine*: the threads of this process over one log, or a cluster over the parts of one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from desirepath.eventlog.blocks import Block, Cases, Question
from desirepath.eventlog.cores import cores
from desirepath.eventlog.jit import frozen, wrapping
from desirepath.eventlog.locate import locate
from desirepath.eventlog.log import Log
from desirepath.eventlog.measures.durations import (
    QUANTILES,
    Durations,
    Kept,
    Marks,
    Parts,
    Ranges,
    marked,
    ranges,
    waits,
)
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Tally
from desirepath.eventlog.measures.variants import paths
from desirepath.eventlog.model import Ints, Notion, Rules, Scope, Waits
from desirepath.eventlog.stock import copied

_SAMPLE = 8
"""One block in so many tells where quantiles lie …"""
_ENOUGH, _MOST_SAMPLED = 32, 16
"""… where there are so many, and never more than so many of them."""
_SURE = 4.5
"""Standard deviations by which a sample is allowed to be wrong."""
_FEW = 1000
"""With more sets of durations than this, a sample tells too little of each."""
_WORTH = 0.6
"""Up to this share of durations, keeping them at once is less work than a second pass …"""
_MOST_KEPT = 1 << 25
"""… and up to so many they may be kept (twelve bytes each)."""

_AT_ONCE = 8
"""So many questions may be asked of a log at the same time."""


@dataclass(frozen=True)
class Asked:
    """A question to a log: rules and scope, how walks are grouped, and what is measured (kinds and their arguments)."""

    rules: Rules
    scope: Scope
    by: str | None
    kinds: tuple[tuple[type[Measure], Mapping[str, Any]], ...]

    def of(self, log: Log) -> tuple[Measure, ...]:
        """The measures for this log."""
        question = Question.of(log, self.rules, self.scope, self.by)
        return tuple(kind(question, **arguments) for kind, arguments in self.kinds)


class Engine(Protocol):
    """Whoever counts."""

    @property
    def log(self) -> Log:
        """A log with the same names and values as what is counted (and perhaps no events)."""

    def count(self, asked: Asked) -> tuple[Tally, Mapping[str, Ranges], Mapping[str, Parts]]:
        """The tally; and of some measures already the durations in some ranges."""

    def keep(self, asked: Asked, names: Sequence[str], wanted: Mapping[str, Ranges]) -> Mapping[str, Parts]:
        """The durations in these ranges of the measures named."""

    def paths(self, examples: Ints) -> list[tuple[int, ...]]:
        """The codes of the event names of examples of variants."""

    def locate(
        self, rules: Rules, scope: Scope, ids: pa.Array, by: Notion, times: Ints, window_s: float
    ) -> tuple[Ints, NDArray[np.bool_]]:
        """Where somebody stood at a time; see `locate.locate`."""


@dataclass(frozen=True)
class Counted:
    """What measures found: their tally, and of the durations at least those in the ranges that hold the quantiles."""

    engine: Engine
    measures: tuple[Measure, ...]
    tally: Tally
    wanted: Mapping[str, Ranges]
    kept: Mapping[str, Parts]

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.measures[0].question

    def waits(self, name: str) -> Waits:
        """The quantiles of each row of a measure's durations."""
        (found,) = [m for m in self.measures if m.name == name]
        return waits(found.histogram(self.tally), self.wanted[name], self.kept[name])

    def all_waits(self) -> dict[str, Waits]:
        """Those of all measures that have durations."""
        names = [m.name for m in self.measures if m.durations is not None]
        with ThreadPoolExecutor(max(1, len(names))) as pool:
            return dict(zip(names, pool.map(self.waits, names), strict=True))


def counted(engine: Engine, asked: Asked) -> Counted:
    """All that is asked."""
    measures = asked.of(engine.log)
    tally, found, kept = engine.count(asked)
    kept = dict(kept)
    wanted = needed(measures, tally)
    missing = [name for name in wanted if name not in found or not found[name].hold(wanted[name])]
    if missing:
        kept |= engine.keep(asked, missing, wanted)
    return Counted(engine, measures, tally, wanted, kept)


def needed(measures: Sequence[Measure], tally: Tally, slack: float = 0.0) -> dict[str, Ranges]:
    """Where the quantiles of each measure's durations lie."""
    histograms = {m.name: m.histogram(tally) for m in measures if m.durations is not None}
    return {name: ranges(histogram, _affordable(slack, histogram)) for name, histogram in histograms.items()}


def _affordable(slack: float, histogram: NDArray[Any], sample: int = 1) -> float:
    """As much slack as there is memory for the durations on either side of each quantile; perhaps it is a sample's."""
    n = sample * int(histogram.sum(dtype=np.int64))
    return min(slack, _MOST_KEPT / (2 * len(QUANTILES) * max(1, n)))


class Local:
    """The threads of this process over a log."""

    slack = 0.0
    """By so much of all ranks the quantiles may move and still lie where durations were kept."""

    def __init__(self, log: Log, threads: int | None = None) -> None:
        self._log = log
        self.threads = threads or cores()
        self._asked: dict[int, tuple[Asked, tuple[Measure, ...], list[Cases]]] = {}

    @property
    def log(self) -> Log:
        """The log."""
        return self._log

    def _prepared(self, asked: Asked) -> tuple[tuple[Measure, ...], list[Cases]]:
        """The measures, and the cases in scope in blocks: the same for both passes."""
        known = self._asked.get(id(asked))
        if known is None or known[0] is not asked:
            measures = asked.of(self._log)
            question = measures[0].question
            known = asked, measures, question.blocks(question.selected(self._log.alive))
            self._asked = dict([*list(self._asked.items())[1 - _AT_ONCE :], (id(asked), known)])
        return known[1], known[2]

    def count(self, asked: Asked) -> tuple[Tally, Mapping[str, Ranges], Mapping[str, Parts]]:
        """One pass over all cases in scope; a sample of them goes first."""
        measures, blocks = self._prepared(asked)
        few = [m for m in measures if 0 < m.rows <= _FEW] if len(blocks) >= _ENOUGH else []
        if not few:
            return count(measures, blocks, {}, self.threads)[0], {}, {}
        each = max(_SAMPLE, len(blocks) // _MOST_SAMPLED)
        sample, rest = blocks[::each], [b for k, b in enumerate(blocks) if k % each]
        first = _passed(measures, sample, {}, self.threads, [m.name for m in few])
        foreseen = self._foreseen(few, first, each)
        with ThreadPoolExecutor(1) as pool:
            kept_first = pool.submit(first.keep, [m for m in few if m.name in foreseen], foreseen)
            second = _passed(measures, rest, foreseen, self.threads)
            kept = kept_first.result()
        tally = together([m.tally([*first.scratches[m.name], *second.scratches[m.name]]) for m in measures])
        histograms = {m.name: m.histogram(tally) for m in few}
        return (
            tally,
            {name: found.of(histograms[name]) for name, found in foreseen.items()},
            {name: [*kept[name], *second.kept[name]] for name in foreseen},
        )

    def _foreseen(self, measures: Sequence[Measure], sample: Passed, each: int) -> dict[str, Ranges]:
        """Where the quantiles seem to lie, of measures for which that is worth it."""
        histograms = {m.name: m.histogram(m.tally(sample.scratches[m.name])) for m in measures}
        found = {n: ranges(h, _affordable(self.slack, h, each), _SURE) for n, h in histograms.items()}
        return {n: found[n] for n, h in histograms.items() if _worth(found[n], h, each)}

    def keep(self, asked: Asked, names: Sequence[str], wanted: Mapping[str, Ranges]) -> Mapping[str, Parts]:
        """One more pass."""
        measures, blocks = self._prepared(asked)
        return keep([m for m in measures if m.name in names], blocks, wanted, self.threads)

    def paths(self, examples: Ints) -> list[tuple[int, ...]]:
        """Read from the log."""
        return paths(self._log, examples)

    def locate(
        self, rules: Rules, scope: Scope, ids: pa.Array, by: Notion, times: Ints, window_s: float
    ) -> tuple[Ints, NDArray[np.bool_]]:
        """Read from the log."""
        return locate(self._log, rules, scope, ids, by, times, window_s)


def _worth(found: Ranges, histogram: NDArray[Any], each: int) -> bool:
    """Whether keeping what a sample (one in `each`) foresees is less work than a second pass, and fits into memory."""
    kept = int(found.size.sum())
    return kept <= _WORTH * int(histogram.sum(dtype=np.int64)) and kept * each <= _MOST_KEPT


@dataclass(frozen=True)
class Passed:
    """What threads have met, by the name of the measure: their scratch, the durations that they have kept, and all of
    those put aside, thread by thread.
    """

    scratches: Mapping[str, list[Any]]
    kept: Mapping[str, Parts]
    found: Sequence[Mapping[str, list[Durations]]]

    def keep(self, measures: Sequence[Measure], wanted: Mapping[str, Ranges]) -> dict[str, Parts]:
        """Of the durations put aside those in the ranges, by the name of the measure."""
        marks = _marks(measures, wanted)

        def chosen(found: Mapping[str, list[Durations]]) -> dict[str, Kept]:
            kept = {name: Kept() for name in marks}
            with wrapping():
                for name, into in kept.items():
                    for durations in found[name]:
                        into.keep(marks[name], durations)
            return kept

        with ThreadPoolExecutor(len(self.found)) as pool:
            threads = list(pool.map(chosen, self.found))
        return {name: [part for kept in threads for part in kept[name].parts] for name in marks}


def count(
    measures: Sequence[Measure], blocks: Sequence[Cases], foreseen: Mapping[str, Ranges], threads: int
) -> tuple[Tally, dict[str, Parts]]:
    """What these blocks add up to, measure by measure in one tally; and the durations in the ranges foreseen."""
    passed = _passed(measures, blocks, foreseen, threads)
    tally = together([m.tally(passed.scratches[m.name]) for m in measures])
    return tally, dict(passed.kept)


def _passed(
    measures: Sequence[Measure],
    blocks: Sequence[Cases],
    foreseen: Mapping[str, Ranges],
    threads: int,
    aside: Collection[str] = (),
) -> Passed:
    """Count these blocks, without adding up what the threads have found; durations of some are put aside."""
    marks = _marks([m for m in measures if m.name in foreseen], foreseen)

    def new() -> tuple[list[Any], dict[str, Kept], dict[str, list[Durations]]]:
        scratches = [m.scratch() for m in measures]
        for measure, scratch in zip(measures, scratches, strict=True):
            if measure.name in marks:
                marked(scratch.histogram, marks[measure.name])
        return scratches, {name: Kept() for name in marks}, {name: [] for name in aside}

    def add(state: tuple[list[Any], dict[str, Kept], dict[str, list[Durations]]], block: Block) -> None:
        scratches, kept, found = state
        for measure, scratch in zip(measures, scratches, strict=True):
            measure.count(scratch, block)
            if measure.name in kept:
                measure.time_and_keep(scratch, marks[measure.name], block, kept[measure.name])
            elif measure.durations is not None:
                measure.time(scratch, block)
            if measure.name in found:
                row, length = measure.timed(block)
                found[measure.name].append(frozen(Durations(copied(row), copied(length))))

    states = measures[0].question.each_block(new, add, threads, blocks)
    of = zip(*(scratches for scratches, _, _ in states), strict=True)
    return Passed(
        {m.name: list(scratches) for m, scratches in zip(measures, of, strict=True)},
        {name: [part for _, kept, _ in states for part in kept[name].parts] for name in marks},
        [found for _, _, found in states],
    )


def keep(
    measures: Sequence[Measure], blocks: Sequence[Cases], wanted: Mapping[str, Ranges], threads: int
) -> dict[str, Parts]:
    """The durations of these blocks that lie in the ranges, by the name of the measure."""

    marks = _marks(measures, wanted)

    def add(kept: dict[str, Kept], block: Block) -> None:
        for measure in measures:
            measure.keep(marks[measure.name], block, kept[measure.name])

    states = measures[0].question.each_block(lambda: {m.name: Kept() for m in measures}, add, threads, blocks)
    return {m.name: [part for state in states for part in state[m.name].parts] for m in measures}


def _marks(measures: Sequence[Measure], wanted: Mapping[str, Ranges]) -> dict[str, Marks]:
    return {m.name: m.marks(wanted[m.name]) for m in measures}


def together(tallies: Sequence[Tally]) -> Tally:
    """The tallies of different measures as one."""
    parts: list[dict[str, Any]] = [{}, {}, {}, {}]
    for tally in tallies:
        for part, named in zip(parts, (tally.sums, tally.least, tally.greatest, tally.kinds), strict=True):
            part.update(named)
    return Tally(*parts)
