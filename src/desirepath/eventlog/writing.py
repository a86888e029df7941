"""Writes the files of a prepared log: appends parts, then says in the manifest what is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from desirepath.eventlog.building import Part
from desirepath.eventlog.coding import smallest
from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.log import MANIFEST, VERSION, checksum, stamp
from desirepath.eventlog.model import Notion
from desirepath.eventlog.staging import SECOND
from desirepath.eventlog.texts import flat

UNFINISHED = ".building-"
"""So begin the names of folders that are no logs yet; the notion follows."""
_SLACK = 20 * 366 * 86400
"""Seconds that may come before the first event, in a log of whole seconds."""


class UnfitError(Exception):
    """What is to be appended does not fit into the files as they are: the log must be made anew."""


class Writer:
    """Appends to the files of a log: a new one, or the one whose manifest is given."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest
        self._files: dict[str, IO[bytes]] = {}

    @classmethod
    def new(
        cls, folder: Path, notion: Notion, names: Mapping[str, tuple[str, ...]], first: int, last: int, unit: int
    ) -> Writer:
        """Of an empty log with these columns and their values, for times between first and last (µs)."""
        short = unit == SECOND and (last - first) // SECOND < (1 << 32) - 2 * _SLACK
        types = {
            "offset": "<i8", "hash": "<u8", "person": "<u8", "dead": "<i8",
            "key-end": "<i8", "key": "|u1", "directory": "<u8", "directory-id-end": "<i8", "directory-id": "|u1",
            "other": "<u8", "other-case": "<i8",
            "time": "<u4" if short else "<i8", "begin": "<u4" if short else "<i8",
        }  # fmt: skip
        columns = []
        for k, (name, values) in enumerate(names.items()):
            files = {"event": f"column{k}", "case": f"column{k}-case"}
            if name in ("event", "channel"):
                del files["case"]
            types |= dict.fromkeys(files.values(), smallest(len(values)).str)
            columns.append({"name": name, "values": list(values), "files": files})
        manifest: dict[str, Any] = {
            "version": VERSION, "notion": notion, "types": types, "columns": columns,
            "unit": SECOND if short else 1, "base": first - first % SECOND - _SLACK * SECOND if short else 0,
            "segments": [0], "deaths": [], "directory_runs": [0], "other_runs": [0],
            "first": first, "last": last, "events": 0, "cases": 0, "key_bytes": 0, "directory_bytes": 0,
        }  # fmt: skip
        writer = cls(folder, manifest)
        for name in types:
            writer._add(name, np.empty(0, types[name]))
        writer._add("offset", np.zeros(1, np.int64))
        return writer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()

    def append(self, part: Part) -> None:
        """Add the cases of the next part."""
        m = self.manifest
        time = self._compact(part.time)
        if time.size:
            m["first"], m["last"] = min(m["first"], int(part.time.min())), max(m["last"], int(part.time.max()))
        starts = part.starts
        self._add("offset", m["events"] + starts + part.length)
        self._add("time", time)
        self._add("begin", time[starts])
        self._add("hash", part.hash)
        self._add("other", part.other)
        self._add("other-case", part.other_case + m["cases"])
        if m["notion"] == "case":
            self._add("person", part.person)
        for column in m["columns"]:
            self._append_codes(column, part, starts)
        ends, data = flat(part.keys)
        self._add("key-end", m["key_bytes"] + ends)
        self._add("key", data)
        m["key_bytes"] += int(data.size)
        m["cases"] += int(part.length.size)
        m["events"] += int(part.time.size)

    def _append_codes(self, column: dict[str, Any], part: Part, starts: NDArray[np.int64]) -> None:
        codes, files = part.columns[column["name"]], column["files"]
        if codes.max(initial=0) > np.iinfo(self.manifest["types"][next(iter(files.values()))]).max:
            raise UnfitError(f"{column['name']} has too many values")
        if "case" in files and not part.constant[column["name"]]:
            if "event" not in files:
                raise UnfitError(f"{column['name']} now changes within a case")
            self._drop(files.pop("case"))
        if "event" in files:
            self._add(files["event"], codes)
        if "case" in files:
            self._add(files["case"], codes[starts])

    def _drop(self, name: str) -> None:
        self._files.pop(name).close()
        (self.folder / f"{name}.bin").unlink()
        del self.manifest["types"][name]

    def _compact(self, time: NDArray[np.int64]) -> NDArray[Any]:
        m = self.manifest
        if m["unit"] == 1:
            return time
        seconds = np.empty(time.size, np.uint32)
        time.setflags(write=False)
        if not _whole_seconds(time, m["base"], seconds):
            raise UnfitError("times that are no whole seconds, or far away")
        return seconds

    def directory(self, hashes: NDArray[np.uint64], ids: pa.Array) -> None:
        """Add the ids of persons, hashes ascending."""
        ends, data = flat(ids)
        self._add("directory", hashes)
        self._add("directory-id-end", self.manifest["directory_bytes"] + ends)
        self._add("directory-id", data)
        self.manifest["directory_bytes"] += int(data.size)

    def others(self, hashes: NDArray[np.uint64], cases: NDArray[np.int64]) -> None:
        """Add pairs of an id of the other notion and a case, counted from the segment's first."""
        self._add("other", hashes)
        self._add("other-case", cases + self.manifest["segments"][-1])

    def bury(self, cases: NDArray[np.int64]) -> None:
        """Say that these cases are dead as of the segment that is being written."""
        self._add("dead", cases)

    def finish(self, links: pa.Table, state: dict[str, Any], seed: int) -> None:
        """End the segment: everything is on disk once this returns."""
        m = self.manifest
        for column in m["columns"]:
            if len(column["files"]) > 1:  # it never changes within a case
                self._drop(column["files"].pop("event"))
        for file in self._files.values():
            file.close()
        self._sort_others()
        m["segments"].append(m["cases"])
        m["deaths"].append((self.folder / "dead.bin").stat().st_size // 8)
        m["directory_runs"].append((self.folder / "directory.bin").stat().st_size // 8)
        m["other_runs"].append((self.folder / "other.bin").stat().st_size // 8)
        with pa.OSFile(str(self.folder / "links.arrow"), "wb") as sink, pa.ipc.new_file(sink, links.schema) as out:
            out.write_table(links)
        m["state"], m["seed"] = state, seed
        m["files"] = {name: stamp(self.folder / name) for name in [*(f"{n}.bin" for n in m["types"]), "links.arrow"]}
        m["checksum"] = checksum(m)
        draft = self.folder / f"{MANIFEST}.new"
        draft.write_text(json.dumps(m, ensure_ascii=False), "utf-8")
        draft.replace(self.folder / MANIFEST)

    def _sort_others(self) -> None:
        """The segment's pairs by hash and case."""
        skipped = self.manifest["other_runs"][-1] * 8
        hashes = np.fromfile(self.folder / "other.bin", np.uint64, offset=skipped)
        cases = np.fromfile(self.folder / "other-case.bin", np.int64, offset=skipped)
        order = np.lexsort((cases, hashes))
        for name, array in (("other", hashes), ("other-case", cases)):
            with (self.folder / f"{name}.bin").open("r+b") as file:
                file.seek(skipped)
                file.write(array[order].data)

    def _add(self, name: str, array: NDArray[Any]) -> None:
        if name not in self._files:
            self._files[name] = (self.folder / f"{name}.bin").open("ab")
        if array.size:
            self._files[name].write(np.ascontiguousarray(array, self.manifest["types"][name]).data)


@kernel
def _whole_seconds(time: NDArray[np.int64], base: int, out: NDArray[np.uint32]) -> bool:
    """Seconds from the base; False where a time is none, or out of reach."""
    fit = True
    for i in range(u64(time.size)):
        seconds = (time[i] - base) // np.int64(SECOND)
        out[i] = np.uint32(seconds & np.int64(0xFFFFFFFF))
        fit &= (seconds >> np.int64(32) == 0) & (seconds * np.int64(SECOND) == time[i] - base)
    return fit
