"""The prepared event log: plain arrays on disk, memory-mapped, cases sorted by the hash of their id, events in order.

Per case: where it begins (`offset`), its id, its person, the dimensions that never change within any case. Per event:
time, name, channel and the other dimensions, as codes in the smallest integer. It is a cache of the lake; a log whose
files are not as its `manifest.json` says is never opened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from desirepath.eventlog.hashing import Hashes, hash_strings
from desirepath.eventlog.model import Ints, Notion
from desirepath.eventlog.staging import STAND_IN, Persons

VERSION = 1
"""Of the layout on disk; another one is not read."""
MANIFEST = "manifest.json"


class DamagedError(Exception):
    """The folder does not hold a whole log of this version."""


@dataclass(frozen=True)
class Dimension:
    """One column beside event and channel; code len(values) stands for a missing value."""

    values: tuple[str, ...]
    codes: NDArray[np.integer]  # one per case, or one per event
    per_case: bool


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
    """A prepared log. Code len(channels) stands for an event without a channel."""

    folder: Path
    notion: Notion
    event_names: tuple[str, ...]
    channels: tuple[str, ...]
    offset: Ints  # [cases + 1]
    time: Ints  # [events] µs since 1970 UTC
    event: NDArray[np.integer]  # [events]
    channel: NDArray[np.integer]  # [events]
    dims: Mapping[str, Dimension]
    hash: Hashes  # [cases] ascending
    other_hash: Hashes  # ascending: ids of the other notion …
    other_case: Ints  # … and a case that has an event with that id
    person: Ints | None  # [cases] index of the person, where one person may have several cases
    person_count: int
    names: pa.Table  # per case: key, customer
    persons: Persons

    @property
    def case_count(self) -> int:
        """How many cases there are."""
        return self.offset.size - 1

    @property
    def event_count(self) -> int:
        """How many events there are."""
        return self.time.size

    @property
    def dimensions(self) -> dict[str, tuple[str, ...]]:
        """The values of each dimension that was prepared."""
        return {name: dim.values for name, dim in self.dims.items()}

    def find(self, ids: pa.Array, by: Notion) -> tuple[Ints, Ints]:
        """Pairs (index into ids, case) of the cases that bear each id, ordered by the first; customers are resolved.

        A customer has one case when that is the notion; a source's case belongs to every customer with an event in it.
        """
        ids = ids.cast(pa.large_string())
        if by == "customer":
            ids = self.persons.of(ids)
        hashes = hash_strings(ids)
        own = by == self.notion
        table = self.hash if own else self.other_hash
        low, high = np.searchsorted(table, hashes), np.searchsorted(table, hashes, side="right")
        count = np.where(hashes == 0, 0, high - low)
        query = np.repeat(np.arange(len(ids)), count)
        at = np.arange(query.size) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
        if not own:
            return query, np.asarray(self.other_case[at])
        same = pc.equal(self.names["key"].take(pa.array(at)).combine_chunks(), ids.take(pa.array(query)))
        kept = same.to_numpy(zero_copy_only=False).astype(bool)
        return query[kept], at[kept]

    def case_ids(self, cases: Ints) -> list[str]:
        """The ids of these cases; for an anonymous case what is known of it."""
        keys = self.names["key"].take(pa.array(cases)).to_pylist()
        return [_shown(key) for key in keys]

    def timeline(self, id: str, by: Notion | None = None) -> tuple[Timeline, ...]:
        """The whole case with that id (all of a customer's cases when asked `by` customer in a log by case)."""
        _, cases = self.find(pa.array([id]), by or self.notion)
        return tuple(self._timeline(int(case)) for case in cases)

    def _timeline(self, case: int) -> Timeline:
        key = self.names["key"][case].as_py()
        customer = self.names["customer"][case].as_py()
        if self.notion == "customer" and not key.startswith(STAND_IN):
            customer = key
        return Timeline(
            _shown(key), customer, tuple(self._event(i, case) for i in range(self.offset[case], self.offset[case + 1]))
        )

    def _event(self, i: int, case: int) -> Event:
        dimensions = {
            name: (*dim.values, None)[int(dim.codes[case if dim.per_case else i])] for name, dim in self.dims.items()
        }
        channel = (*self.channels, None)[int(self.channel[i])]
        return Event(int(self.time[i]), self.event_names[int(self.event[i])], channel, dimensions)


def _shown(key: str) -> str:
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
    except (OSError, KeyError, pa.ArrowInvalid) as error:
        raise DamagedError(folder) from error


def _mapped(folder: Path, manifest: dict[str, Any]) -> Log:
    def array(name: str) -> Any:
        file, dtype = folder / name, np.dtype(manifest["types"][name])
        if file.stat().st_size == 0:
            empty = np.empty(0, dtype)
            empty.setflags(write=False)
            return empty
        return np.asarray(np.memmap(file, dtype, "r"))

    def table(name: str) -> pa.Table:
        return pa.ipc.open_file(pa.memory_map(str(folder / name))).read_all()

    dims = {d["name"]: Dimension(tuple(d["values"]), array(d["file"]), d["per_case"]) for d in manifest["dimensions"]}
    by_case = manifest["notion"] == "case"
    return Log(
        folder,
        manifest["notion"],
        tuple(manifest["event_names"]),
        tuple(manifest["channels"]),
        array("offset.bin"),
        array("time.bin"),
        array("event.bin"),
        array("channel.bin"),
        dims,
        array("hash.bin"),
        array("other_hash.bin"),
        array("other_case.bin"),
        array("person.bin") if by_case else None,
        manifest["persons"],
        table("names.arrow"),
        Persons(table("links.arrow")),
    )
