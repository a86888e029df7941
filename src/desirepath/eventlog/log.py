"""The prepared event log: plain arrays on disk, memory-mapped, each case's events side by side and in order.

Per case: where it begins (`offset`), when (`begin`), the hash of its id, the dimensions that never change within any
case. Per event: time, name, channel and the other dimensions, as codes in the smallest integer; times as whole seconds,
milliseconds or microseconds from a base, whichever loses nothing, in 32 bits where they fit. A log consists of
segments: the base, and behind it what later imports brought; cases that were made anew are dead in older segments. In a
segment the cases stand in the order of the hash of their person and then of their id (by customer both are one). It is
a cache of the lake; a log whose files are not as its `manifest.json` says is never opened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from desirepath.eventlog.hashing import Hashes, hash_strings
from desirepath.eventlog.model import Ints, Notion
from desirepath.eventlog.pairs import DENSE, Pairs, distinct
from desirepath.eventlog.persons import STAND_IN, Persons
from desirepath.eventlog.texts import Texts
from desirepath.eventlog.unpacking import Codes, codes, times

VERSION = 2
"""Of the layout on disk; another one is not read."""
MANIFEST = "manifest.json"


class DamagedError(Exception):
    """The folder does not hold a whole log of this version."""


@dataclass(frozen=True)
class Column:
    """Event, channel or a dimension. Stored code 0 is a missing value; `rank` is the place of each among the values."""

    values: tuple[str, ...]  # in order
    codes: NDArray[np.integer]  # one per case, or one per event
    rank: Codes  # len(values) for code 0
    per_case: bool

    @classmethod
    def of(cls, known: Sequence[str], codes: NDArray[np.integer], *, per_case: bool) -> Column:
        """From the values in the order of their codes."""
        order = sorted(range(len(known)), key=known.__getitem__)
        rank = np.empty(len(known) + 1, np.int32)
        rank[[i + 1 for i in order]] = np.arange(len(known))
        rank[0] = len(known)
        rank.setflags(write=False)
        return cls(tuple(known[i] for i in order), codes, rank, per_case)


@dataclass(frozen=True)
class Event:
    """One event of a timeline."""

    time: int  # µs since 1970 UTC
    event: str
    channel: str | None
    dimensions: Mapping[str, str | None]


@dataclass(frozen=True)
class Timeline:
    """One case in full: what to show when somebody asks who is behind a number."""

    id: str
    customer: str | None
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Log:
    """A prepared log. `time` and `begin` count `unit` µs from `base`."""

    folder: Path
    notion: Notion
    seed: int  # of the hashes
    unit: int
    base: int
    first: int  # no event is earlier (µs) …
    last: int  # … or later
    columns: Mapping[str, Column]  # event, channel and the dimensions
    segments: Ints  # [segments + 1] where the cases of each begin
    offset: Ints  # [cases + 1]
    begin: NDArray[np.integer]  # [cases] time of the first event
    hash: Hashes  # [cases] of the case's id
    person: Hashes  # [cases] of its person
    time: NDArray[np.integer]  # [events]
    dead: Ints  # cases that a later segment holds anew
    deaths: Ints  # [segments] how many cases were dead when each had come
    keys: Texts  # ids of the cases
    directory: Directory  # ids of the persons, where cases are not persons
    others: Others
    persons: Persons

    @property
    def event_names(self) -> tuple[str, ...]:
        """The names of the events."""
        return self.columns["event"].values

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels."""
        return self.columns["channel"].values

    @property
    def dimensions(self) -> dict[str, tuple[str, ...]]:
        """The values of each dimension that was prepared."""
        return {name: c.values for name, c in self.columns.items() if name not in ("event", "channel")}

    @cached_property
    def alive(self) -> NDArray[np.bool_] | None:
        """Which cases count; None when all do."""
        return None if not self.dead.size else self.lives(len(self.segments) - 2)

    def lives(self, segment: int) -> NDArray[np.bool_]:
        """Which cases counted when that segment had come."""
        alive = np.arange(self.offset.size - 1) < self.segments[segment + 1]
        alive[self.dead[: self.deaths[segment]]] = False
        return np.asarray(alive)

    @property
    def case_count(self) -> int:
        """How many cases there are."""
        return self.offset.size - 1 - self.dead.size

    @cached_property
    def event_count(self) -> int:
        """How many events there are."""
        return int(self.offset[-1] - (self.offset[self.dead + 1] - self.offset[self.dead]).sum())

    @cached_property
    def person_count(self) -> int:
        """How many persons there are."""
        if self.notion == "customer":
            return self.case_count
        person = self.person if self.alive is None else self.person[self.alive]
        return int(np.unique(person).size)

    @property
    def cases(self) -> Ints:
        """The numbers of all cases that count."""
        return np.arange(self.offset.size - 1) if self.alive is None else np.flatnonzero(self.alive)

    def flat(self, cases: Ints | None = None) -> tuple[Ints, Ints, Codes, Codes]:
        """Of these cases (all that count): where each begins (and all end), times in µs, codes of event and channel."""
        if cases is None and self.alive is None:
            starts, bounds = np.zeros(1, np.int64), np.array([0, self.offset[-1]])
            offset = self.offset
        else:
            chosen = self.cases if cases is None else cases
            starts = self.offset[chosen]
            bounds = offset = np.concatenate([[0], np.cumsum(self.offset[chosen + 1] - starts)])
        event, channel = (
            codes(self.columns[n].codes, starts, bounds, self.columns[n].rank) for n in ("event", "channel")
        )
        return offset, times(self.time, starts, bounds, self.unit, self.base), event, channel

    def idle(self, name: str) -> bool:
        """Whether a value of a column occurs no more."""
        column = self.columns[name]
        used = np.zeros(len(column.values) + 1, np.bool_)
        for cases in np.array_split(self.cases, max(1, self.offset.size >> 20)):
            if column.per_case:
                used[np.unique(column.rank[column.codes[cases]])] = True
                continue
            starts = self.offset[cases]
            bounds = np.concatenate([[0], np.cumsum(self.offset[cases + 1] - starts)])
            used[np.unique(codes(column.codes, starts, bounds, column.rank))] = True
        return not used[:-1].all()

    @cached_property
    def pairs(self) -> Pairs:
        """The pairs of consecutive event names that there may be."""
        names = len(self.event_names)
        if names <= DENSE:
            return Pairs.dense(names)
        cases = self.cases
        pieces = np.array_split(cases, max(1, int(self.offset[-1]) >> 22))
        found = [distinct(offset, event, names) for offset, _, event, _ in map(self.flat, pieces)]
        return Pairs.of(names, np.unique(np.concatenate(found)))

    def find(self, ids: pa.Array, by: Notion) -> tuple[Ints, Ints]:
        """Pairs (index into ids, case) of the cases that bear each id, ordered by the first; customers are resolved.

        A customer has one case when that is the notion; a source's case belongs to every customer with an event in it.
        """
        ids = ids.cast(pa.large_string())
        if by == "customer":
            ids = self.persons.of(ids)
        hashes = hash_strings(ids, self.seed)
        if by != self.notion:
            return self.living(*self.others.find(hashes))
        query, case = self.living(*self.find_own(hashes))
        same = self.keys.equal(case, ids, query)
        return query[same], case[same]

    def find_own(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """Pairs (query, case), dead ones included."""
        found = [
            _matches(hashes, self.hash[a:z], order, int(a))
            for (a, z), order in zip(pairwise(self.segments), self._orders, strict=True)
        ]
        return _sorted_pairs(found)

    @cached_property
    def _orders(self) -> list[Ints | None]:
        """What sorts the hashes of each segment."""
        if self.notion == "customer":
            return [None] * (len(self.segments) - 1)
        return [np.argsort(self.hash[a:z], kind="stable") for a, z in pairwise(self.segments)]

    def living(self, query: Ints, case: Ints) -> tuple[Ints, Ints]:
        """Of these pairs those with a case that counts."""
        if self.alive is None:
            return query, case
        kept = self.alive[case]
        return query[kept], case[kept]

    def case_ids(self, cases: Ints) -> list[str]:
        """The ids of these cases; for an anonymous case what is known of it."""
        return [shown(self.keys[int(case)]) for case in cases]

    def timeline(self, id: str, by: Notion | None = None) -> tuple[Timeline, ...]:
        """The whole case with that id (all of a customer's cases when asked `by` customer in a log by case)."""
        _, cases = self.find(pa.array([id]), by or self.notion)
        return tuple(self.timeline_of(int(case)) for case in cases)

    def timeline_of(self, case: int) -> Timeline:
        """The whole case with that number."""
        key = self.keys[case]
        customer = self.directory.get(int(self.person[case]))
        if self.notion == "customer" and not key.startswith(STAND_IN):
            customer = key
        return Timeline(shown(key), customer, tuple(self._events(case)))

    def _events(self, case: int) -> Iterator[Event]:
        a, z = int(self.offset[case]), int(self.offset[case + 1])
        of = {}
        for name, c in self.columns.items():
            values = (*c.values, None)
            codes = c.codes[case : case + 1] if c.per_case else c.codes[a:z]
            of[name] = [values[place] for place in c.rank[codes]]
        for i in range(z - a):
            at = int(self.time[a + i]) * self.unit + self.base
            here = {name: found[0 if self.columns[name].per_case else i] for name, found in of.items()}
            yield Event(at, here.pop("event") or "", here.pop("channel"), here)


@dataclass(frozen=True)
class Others:
    """Which cases have an event with an id of the other notion: pairs (hash, case), ascending within each run."""

    hash: Hashes
    case: Ints
    runs: Ints  # where each segment's pairs begin

    def find(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """Pairs (query, case)."""
        found = []
        for a, z in pairwise(self.runs):
            query, at = _matches(hashes, self.hash[a:z], None, int(a))
            found.append((query, np.asarray(self.case[at])))
        return _sorted_pairs(found)


@dataclass(frozen=True)
class Directory:
    """The ids of persons by their hash, ascending within each run."""

    hash: Hashes
    names: Texts
    runs: Ints

    def get(self, person: int) -> str | None:
        """The id, None where nobody is named."""
        for a, z in pairwise(self.runs):
            at = int(a + np.searchsorted(self.hash[a:z], np.uint64(person)))
            if at < z and self.hash[at] == np.uint64(person):
                return self.names[at]
        return None


def _matches(hashes: Hashes, known: Hashes, order: Ints | None, first: int) -> tuple[Ints, Ints]:
    """Pairs (query, first + place) of equal hashes; 0 equals nothing."""
    low = np.searchsorted(known, hashes, sorter=order)
    high = np.searchsorted(known, hashes, side="right", sorter=order)
    count = np.where(hashes == 0, 0, high - low)
    query = np.repeat(np.arange(hashes.size), count)
    at = np.arange(query.size) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
    return query, first + (at if order is None else order[at])


def _sorted_pairs(found: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    query, case = (np.concatenate(side) for side in zip(*found, strict=True))
    order = np.argsort(query, kind="stable")
    return query[order], case[order]


def shown(key: str) -> str:
    """The id of a case as people know it."""
    for kind in ("id", "event"):
        key = key.removeprefix(STAND_IN + kind)
    return key


def checksum(manifest: Mapping[str, Any]) -> str:
    """Of everything in the manifest but the checksum itself."""
    text = json.dumps({k: v for k, v in manifest.items() if k != "checksum"}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(file: Path) -> list[int]:
    """What tells that a file was touched since: its size and when it was last written."""
    stat = file.stat()
    return [stat.st_size, stat.st_mtime_ns]


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a whole log of this version."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        if manifest["version"] != VERSION or manifest["checksum"] != checksum(manifest):
            raise DamagedError(folder)
        if any(stamp(folder / name) != known for name, known in manifest["files"].items()):
            raise DamagedError(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError(folder) from error
    return manifest


def open_log(folder: Path) -> Log:
    """Map the arrays of a log; raises `DamagedError` where anything is missing or was changed."""
    manifest = read_manifest(folder)
    try:
        return _mapped(folder, manifest)
    except (OSError, KeyError, ValueError, pa.ArrowInvalid) as error:
        raise DamagedError(folder) from error


def _mapped(folder: Path, manifest: dict[str, Any]) -> Log:
    def array(name: str) -> Any:
        file, dtype = folder / f"{name}.bin", np.dtype(manifest["types"][name])
        if file.stat().st_size == 0:
            empty = np.empty(0, dtype)
            empty.setflags(write=False)
            return empty
        return np.asarray(np.memmap(file, dtype, "r"))

    def texts(name: str) -> Texts:
        return Texts(array(f"{name}-end"), array(name))

    def runs(name: str) -> Ints:
        return np.array(manifest[name], np.int64)

    by_case = manifest["notion"] == "case"
    columns = {}
    for c in manifest["columns"]:
        ((per, file),) = c["files"].items()
        columns[c["name"]] = Column.of(c["values"], array(file), per_case=per == "case")
    with pa.memory_map(str(folder / "links.arrow")) as links:
        persons = Persons(pa.ipc.open_file(links).read_all())
    return Log(
        folder=folder,
        notion=manifest["notion"],
        seed=manifest["seed"],
        unit=manifest["unit"],
        base=manifest["base"],
        first=manifest["first"],
        last=manifest["last"],
        columns=columns,
        segments=runs("segments"),
        offset=array("offset"),
        begin=array("begin"),
        hash=array("hash"),
        person=array("person") if by_case else array("hash"),
        time=array("time"),
        dead=array("dead"),
        deaths=runs("deaths"),
        keys=texts("key"),
        directory=Directory(array("directory"), texts("directory-id"), runs("directory_runs")),
        others=Others(array("other"), array("other-case"), runs("other_runs")),
        persons=persons,
    )
