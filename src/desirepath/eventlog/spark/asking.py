"""Questions as they travel: a job is run on each partition's log, and what it finds adds up in any order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from desirepath.eventlog import counting
from desirepath.eventlog.counting import Asked
from desirepath.eventlog.locate import Met, meet
from desirepath.eventlog.log import Log, open_log
from desirepath.eventlog.measures.durations import Ranges, joined
from desirepath.eventlog.measures.tally import Tally, pack, unpack
from desirepath.eventlog.measures.variants import paths
from desirepath.eventlog.model import Ints, Notion, Rules, Scope
from desirepath.eventlog.pairs import Pairs, distinct
from desirepath.eventlog.spark.files import laid, scratch

Arrays = Mapping[str, NDArray[Any]]
LAID = "partition int"
ANSWER = "missing int, bytes binary"
_LAID = pa.schema([pa.field("partition", pa.int32())])
_ANSWER = pa.schema([pa.field("missing", pa.int32()), pa.field("bytes", pa.binary())])


class Job(Protocol):
    """What is done on every partition."""

    def of(self, log: Log, partition: int) -> Arrays | None:
        """What a partition has to say; None for nothing."""

    def add(self, a: Arrays, b: Arrays) -> Arrays:
        """What two partitions say together."""


@dataclass(frozen=True)
class Common:
    """What the logs of all partitions must agree on, so that their tallies have one shape."""

    first: int
    last: int
    pairs: Ints | None  # of event names; None where every pair has a row

    def of(self, log: Log) -> Log:
        """The log as one of several."""
        values = {f.name: getattr(log, f.name) for f in fields(Log)} | {"first": self.first, "last": self.last}
        return Unit(**values, _common=self)


@dataclass(frozen=True)
class Unit(Log):
    """The log of a partition."""

    _common: Common

    @property
    def pairs(self) -> Pairs:
        """The pairs of names that there are in any partition."""
        names, known = len(self.event_names), self._common.pairs
        return Pairs.dense(names) if known is None else Pairs.of(names, known)


@dataclass(frozen=True)
class Count:
    """Everything that is asked, in one pass."""

    asked: Asked

    def of(self, log: Log, partition: int) -> Arrays:
        """The tally, with examples that tell the partition."""
        measures = self.asked.of(log)
        question = measures[0].question
        tally, _ = counting.count(measures, question.blocks(question.selected(log.alive)), {}, 1)
        kinds = {name: each.in_unit(partition) for name, each in tally.kinds.items()}
        return Tally(tally.sums, tally.least, tally.greatest, kinds).flat()

    def add(self, a: Arrays, b: Arrays) -> Arrays:
        """Tallies add."""
        return (Tally.of(a) + Tally.of(b)).flat()


@dataclass(frozen=True)
class Keep:
    """The durations in some ranges of some measures."""

    asked: Asked
    names: tuple[str, ...]
    wanted: Mapping[str, Ranges]

    def of(self, log: Log, partition: int) -> Arrays:
        """Slots and values, by measure."""
        measures = [m for m in self.asked.of(log) if m.name in self.names]
        question = measures[0].question
        parts = counting.keep(measures, question.blocks(question.selected(log.alive)), self.wanted, 1)
        kept = {name: joined(each) for name, each in parts.items()}
        return {f"{name}/slots": slots for name, (slots, _) in kept.items()} | {
            f"{name}/values": values for name, (_, values) in kept.items()
        }

    def add(self, a: Arrays, b: Arrays) -> Arrays:
        """One after the other."""
        return _joined(a, b)


@dataclass(frozen=True)
class Paths:
    """The paths of examples, by partition: their places in the list that was asked for, and the examples."""

    asked: Mapping[int, tuple[Ints, Ints]]

    def of(self, log: Log, partition: int) -> Arrays | None:
        """Of those that lie here."""
        if partition not in self.asked:
            return None
        at, examples = self.asked[partition]
        found = paths(log, examples)
        codes = [code for steps in found for code in steps]
        return {"at": at, "length": np.array([len(steps) for steps in found]), "codes": np.array(codes, np.int64)}

    def add(self, a: Arrays, b: Arrays) -> Arrays:
        """One after the other."""
        return _joined(a, b)


@dataclass(frozen=True)
class PairsMet:
    """Which pairs of event names there are, as far as one partition knows."""

    def of(self, log: Log, partition: int) -> Arrays:
        """Of its own."""
        offset, _, event, _ = log.flat()
        return {"pairs": distinct(offset, event, len(log.event_names))}

    def add(self, a: Arrays, b: Arrays) -> Arrays:
        """All of them."""
        return {"pairs": np.union1d(a["pairs"], b["pairs"])}


@dataclass(frozen=True)
class Locate:
    """Where ids stood at times."""

    rules: Rules
    scope: Scope
    ids: pa.Array
    by: Notion
    times: Ints
    window_s: float

    def of(self, log: Log, partition: int) -> Arrays:
        """Of those that are met here."""
        return meet(log, self.rules, self.scope, self.ids, self.by, self.times, self.window_s)._asdict()

    def add(self, a: Arrays, b: Arrays) -> Arrays:
        """Whoever is met here and there, as the better of the two says."""
        return Met(**_joined(a, b)).best()._asdict()


def _joined(a: Arrays, b: Arrays) -> Arrays:
    return {name: np.concatenate([array, b[name]]) for name, array in a.items()}


def lay(batches: Iterable[pa.RecordBatch], folder: str) -> Iterator[pa.RecordBatch]:
    """Lay out what comes; says which partitions are there now."""
    for partition in laid(batches, scratch() / folder):
        yield pa.RecordBatch.from_arrays([pa.array([partition], pa.int32())], schema=_LAID)


def ask(batches: Iterable[pa.RecordBatch], folder: str, common: Common, job: Job) -> Iterator[pa.RecordBatch]:
    """Run the job on these partitions: what they say together, and which of them do not lie on this executor."""
    missing: list[int] = []
    found: list[Arrays] = []
    for partition in (p for batch in batches for p in batch.column(0).to_pylist()):
        place = scratch() / folder / str(partition)
        if not place.is_dir():
            missing.append(partition)
            continue
        here = job.of(common.of(_opened(place)), partition)
        if here is not None:
            found = [job.add(found[0], here)] if found else [here]
    yield answer(missing, found)


@lru_cache(maxsize=256)
def _opened(place: Path) -> Log:
    return open_log(place)


def answer(missing: Sequence[int], found: Sequence[Arrays]) -> pa.RecordBatch:
    """As rows."""
    data = [*(None for _ in missing), *(squeezed(b"".join(pack(arrays))) for arrays in found)]
    return pa.RecordBatch.from_arrays(
        [pa.array([*missing, *(None for _ in found)], pa.int32()), pa.array(data, pa.binary())], schema=_ANSWER
    )


def merge(batches: Iterable[pa.RecordBatch], job: Job) -> Iterator[pa.RecordBatch]:
    """What several tasks say, as one answer."""
    rows = [row for batch in batches for row in batch.to_pylist()]
    found = [heard(row["bytes"]) for row in rows if row["bytes"] is not None]
    missing = [row["missing"] for row in rows if row["missing"] is not None]
    yield answer(missing, [reduce(job.add, found)] if found else [])


def squeezed(data: bytes) -> bytes:
    """Compressed: tallies are mostly zeros."""
    return len(data).to_bytes(8, "little") + bytes(pa.compress(data, "zstd", asbytes=True))


def heard(data: bytes) -> Arrays:
    """What a task said."""
    return unpack(pa.decompress(data[8:], int.from_bytes(data[:8], "little"), "zstd", asbytes=True))


def examples_by_unit(examples: Ints, bits: int) -> dict[int, tuple[Ints, Ints]]:
    """Examples of several logs, apart."""
    unit = examples >> bits
    return {
        int(u): (np.flatnonzero(unit == u), examples[unit == u] & ((1 << bits) - 1)) for u in np.unique(unit).tolist()
    }
