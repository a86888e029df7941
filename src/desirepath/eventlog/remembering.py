"""What was counted once is kept beside the log, and brought up to date by the cases that changed: S − before + after.

Of the durations those near the quantiles are kept, with room for the ranks to move by a few hundredths; as long as they
stay within, exact quantiles follow without reading the log again. What is kept is a cache of a cache: it bears the
number of the log's segments, the names it was counted by and a checksum, and whatever does not fit is counted anew.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import os
import shutil
import threading
import time
import zlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from queue import Queue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.counting import Asked, Local, count, needed
from desirepath.eventlog.jit import Int, kernel, wrapping
from desirepath.eventlog.log import Log
from desirepath.eventlog.measures.durations import Parts, Ranges, joined
from desirepath.eventlog.measures.measure import Measure
from desirepath.eventlog.measures.tally import Tally, pack, unpack
from desirepath.eventlog.model import Ints

_AT_HAND: dict[Path, tuple[int, Memory]] = {}
SLACK = 0.005
"""By so much of all ranks a quantile may move before the log is read again."""
MOST_BYTES = 1 << 29
"""An answer larger than this is not kept …"""
ALL_BYTES = 1 << 31
"""… and of more than this in all, the oldest go."""
MOST_AT_HAND = 8
"""So many answers stay in memory."""
FOLDER = "asked"
VERSION = 4
"""Of what is counted and how it is kept; another one is not read."""
_LATER_S = 1.0


class _Writer:
    """Writes answers when they have been used: each a moment after it came, all at once when there is hurry."""

    def __init__(self) -> None:
        self._jobs: Queue[tuple[float, Place, Memory]] = Queue()
        self._hurry = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def later(self, place: Place, memory: Memory) -> None:
        """Write it in a moment."""
        self._jobs.put((time.monotonic() + _LATER_S, place, memory))
        self._run()

    def now(self) -> None:
        """Return when all is written."""
        self._hurry.set()
        self._run()
        self._jobs.join()
        self._hurry.clear()

    def _run(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():  # as in a process that was forked
                self._thread = threading.Thread(target=self._write, daemon=True)
                self._thread.start()

    def _write(self) -> None:
        while True:
            due, place, memory = self._jobs.get()
            self._hurry.wait(max(0.0, due - time.monotonic()))
            try:
                place.save(memory)
            except Exception:
                logging.getLogger("desirepath").exception("an answer could not be kept")
            finally:
                del place, memory  # or the last one would be held until the next
                self._jobs.task_done()


_WRITER = _Writer()


@atexit.register
def settle() -> None:
    """Have all that is to be remembered on disk now; else it is written when the answer has been used."""
    _WRITER.now()


def forget(cache: Path) -> None:
    """Remove all answers that are remembered beside the logs of a cache."""
    settle()
    _AT_HAND.clear()
    for folder in cache.glob(f"*/{FOLDER}"):
        shutil.rmtree(folder)


@dataclass(frozen=True)
class Memory:
    """An answer as of a segment of the log."""

    segment: int
    tally: Tally
    ranges: Mapping[str, Ranges]
    kept: Mapping[str, Parts]


class Remembering(Local):
    """The threads of this process over a log, with a memory."""

    slack = SLACK

    def count(self, asked: Asked) -> tuple[Tally, Mapping[str, Ranges], Mapping[str, Parts]]:
        """What is remembered, brought up to date; else counted and kept in mind."""
        place = Place.of(self.log, asked)
        now = len(self.log.segments) - 2
        known = place.load()
        fresh = None if known is None or known.segment > now else known
        if fresh is not None and fresh.segment < now:
            fresh = self._brought_up(asked, fresh, now)
        if fresh is None:
            fresh = self._anew(asked, now)
        if fresh is not known and not _too_large(fresh):
            _WRITER.later(place, fresh)
        return fresh.tally, fresh.ranges, fresh.kept

    def _anew(self, asked: Asked, now: int) -> Memory:
        tally, found, kept = super().count(asked)
        return self._complete(asked, self._prepared(asked)[0], Memory(now, tally, found, kept))

    def _complete(self, asked: Asked, measures: tuple[Measure, ...], memory: Memory) -> Memory:
        """With the durations that are still missing, by one more pass."""
        wanted = needed([m for m in measures if m.name in memory.ranges], memory.tally)
        missing = [m.name for m in measures if m.durations is not None and m.name not in memory.ranges]
        missing += [n for n in wanted if not memory.ranges[n].hold(wanted[n])]
        if not missing:
            return memory
        roomy = needed([m for m in measures if m.name in missing], memory.tally, self.slack)
        found, kept = dict(memory.ranges), dict(memory.kept)
        for name in missing:
            if name in found:
                lost = ~found[name].holds(wanted[name])
                kept[name] = _of_rows(kept[name], ~lost)
                found[name], roomy[name] = roomy[name].where(lost, found[name]), roomy[name].only(lost)
            else:
                found[name] = roomy[name]
        for name, parts in self.keep(asked, missing, roomy).items():
            kept[name] = [*kept.get(name, ()), *parts]
        return Memory(memory.segment, memory.tally, found, kept)

    def _brought_up(self, asked: Asked, memory: Memory, now: int) -> Memory | None:
        """None where an extreme was lost."""
        measures = asked.of(self.log)
        gone = self.log.lives(memory.segment) & ~self.log.lives(now)
        come = self.log.lives(now) & ~self.log.lives(memory.segment)
        before, after = self._part(measures, gone, memory), self._part(measures, come, memory)
        if not memory.tally.extremes_hold(before[0], after[0]):
            return None
        tally = memory.tally.without(before[0]) + after[0]
        kept = {n: _exchanged(parts, before[1][n], after[1][n]) for n, parts in memory.kept.items()}
        found = {m.name: memory.ranges[m.name].of(m.histogram(tally)) for m in measures if m.name in memory.ranges}
        return self._complete(asked, measures, Memory(now, tally, found, kept))

    def _part(
        self, measures: tuple[Measure, ...], cases: NDArray[np.bool_], memory: Memory
    ) -> tuple[Tally, dict[str, Parts]]:
        question = measures[0].question
        return count(measures, question.blocks(question.selected(cases)), memory.ranges, self.threads)


def _of_rows(kept: Parts, rows: NDArray[np.bool_]) -> Parts:
    stays = [rows[slots >> 1] for slots, _ in kept]
    return [(slots[here], values[here]) for (slots, values), here in zip(kept, stays, strict=True)]


def _exchanged(before: Parts, without: Parts, come: Parts) -> Parts:
    """Without some, with others."""
    kept, gone = joined(before), joined(without)
    size = max(16, 1 << (2 * gone[0].size).bit_length())
    count, slot, value = np.zeros(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int64)
    stays = np.ones(kept[0].size, np.bool_)
    with wrapping():
        _strike(*gone, *kept, count, slot, value, stays)
    return [(kept[0][stays], kept[1][stays]), *come]


@kernel
def _strike(
    gone_slot: NDArray[np.int32], gone_value: Ints, kept_slot: NDArray[np.int32], kept_value: Ints,
    count: NDArray[np.int32], slot: NDArray[np.int32], value: Ints, stays: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Strike each of the gone out of the kept once."""
    mask = np.int64(count.size - 1)
    for j in range(gone_slot.size):
        at = _place(gone_slot[j], gone_value[j], mask)
        while count[at] > 0 and (slot[at] != gone_slot[j] or value[at] != gone_value[j]):
            at = (at + 1) & mask
        slot[at], value[at] = gone_slot[j], gone_value[j]
        count[at] += 1
    for j in range(kept_slot.size):
        at = _place(kept_slot[j], kept_value[j], mask)
        while count[at] != 0:
            if slot[at] == kept_slot[j] and value[at] == kept_value[j]:
                if count[at] > 0:
                    stays[j] = False
                    count[at] -= 1
                    if count[at] == 0:
                        count[at] = -1  # nobody left, but the way past it stays open
                break
            at = (at + 1) & mask


@kernel
def _place(slot: Int, value: Int, mask: Int) -> Int:
    h = (np.int64(value) ^ np.int64(slot) << np.int64(40)) * np.int64(0x2545F4914F6CDD1D)
    return (h ^ h >> np.int64(29)) & mask


@dataclass(frozen=True)
class Place:
    """Where the answer to a question lies."""

    file: Path

    @classmethod
    def of(cls, log: Log, asked: Asked) -> Place:
        """By all that the answer depends on but the events."""
        names = {name: column.values for name, column in log.columns.items()}
        span = [log.first, log.last] if any(kind.spans for kind, _ in asked.kinds) else []
        pairs = log.pairs.mark if any(kind.pairs_up for kind, _ in asked.kinds) else ""
        text = json.dumps([VERSION, canonical(asked), names, span, pairs])
        return cls(log.folder / FOLDER / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.bin")

    def load(self) -> Memory | None:
        """What lies there, if it is whole."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            stamp = self.file.stat().st_mtime_ns
            known = _AT_HAND.get(self.file)
            if known is not None and known[0] == stamp:
                return known[1]
            data = memoryview(self.file.read_bytes())
            if zlib.crc32(data[4:]) == int.from_bytes(data[:4], "big"):
                return self._at_hand(stamp, _read(unpack(data[4:])))
        return None

    def _at_hand(self, stamp: int, memory: Memory) -> Memory:
        """Keep the last few in this process, too."""
        _AT_HAND[self.file] = (stamp, memory)
        while len(_AT_HAND) > MOST_AT_HAND:
            _AT_HAND.pop(next(iter(_AT_HAND)), None)
        return memory

    def save(self, memory: Memory) -> None:
        """Keep it, unless it is too much or there is no room."""
        pieces = pack(_written(memory))
        if sum(len(piece) for piece in pieces) > MOST_BYTES:
            return
        checksum = 0
        for piece in pieces:
            checksum = zlib.crc32(piece, checksum)
        with suppress(OSError):
            self.file.parent.mkdir(exist_ok=True)
            draft = self.file.with_suffix(f".{os.getpid()}")
            with draft.open("wb") as file:
                file.writelines([checksum.to_bytes(4, "big"), *pieces])
            draft.replace(self.file)
            self._at_hand(self.file.stat().st_mtime_ns, memory)
            self._forget()

    def _forget(self) -> None:
        """Remove the oldest of too much."""
        files = sorted(self.file.parent.iterdir(), key=lambda f: f.stat().st_mtime, reverse=True)
        left = ALL_BYTES
        for file in files:
            left -= file.stat().st_size
            if left < 0 and file != self.file:
                file.unlink(missing_ok=True)


def canonical(value: Any) -> Any:
    """The same JSON for equal questions."""
    if isinstance(value, type):
        return value.__qualname__
    if is_dataclass(value):
        return {f.name: canonical(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): canonical(value[k]) for k in sorted(value)}
    if isinstance(value, (set, frozenset)):
        return sorted(canonical(v) for v in value)
    if isinstance(value, Collection) and not isinstance(value, str):
        return [canonical(v) for v in value]
    return value


def _too_large(memory: Memory) -> bool:
    """Whether there is more of it than is kept, even in half the bits: then it need not wait to be refused."""
    arrays = [
        *memory.tally.flat().values(),
        *(array for parts in memory.kept.values() for slots in parts for array in slots),
    ]
    return sum(array.nbytes for array in arrays) > 2 * MOST_BYTES


def _written(memory: Memory) -> dict[str, NDArray[Any]]:
    arrays = {f"tally/{name}": _small(array) for name, array in memory.tally.flat().items()}
    for name, found in memory.ranges.items():
        for f in fields(found):
            arrays[f"ranges/{name}/{f.name}"] = getattr(found, f.name)
        arrays[f"kept/{name}/slot"], arrays[f"kept/{name}/value"] = joined(memory.kept[name])
    return {**arrays, "segment": np.array([memory.segment])}


def _read(arrays: Mapping[str, NDArray[Any]]) -> Memory:
    groups: dict[str, dict[str, Any]] = {"tally": {}, "ranges": {}, "kept": {}}
    for path, array in arrays.items():
        group, _, name = path.partition("/")
        if group == "tally":
            groups[group][name] = array if array.dtype.kind != "u" else array.astype(np.int64)
        elif name:
            measure, _, column = name.partition("/")
            groups[group].setdefault(measure, {})[column] = array
    return Memory(
        int(arrays["segment"][0]),
        Tally.of(groups["tally"]),
        {name: Ranges(**columns) for name, columns in groups["ranges"].items()},
        {name: [(columns["slot"], columns["value"])] for name, columns in groups["kept"].items()},
    )


def _small(array: NDArray[Any]) -> NDArray[Any]:
    """In 32 bits, where counts fit."""
    if array.dtype == np.int64 and array.size and array.min() >= 0 and array.max() < 1 << 32:
        return array.astype(np.uint32)
    return array
