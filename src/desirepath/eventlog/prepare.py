"""Builds the prepared log beside the lake, or opens the one that is there.

A log is a function of the visible events, the links, the case notion and the dimensions; the name of its folder says
which. It is written under another name and renamed when whole, so that two processes may prepare at once and a
killed one leaves nothing that could be opened. A log that is damaged or stale is made anew.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import time
from typing import IO, Any, Protocol

import numpy as np
import pyarrow as pa

from desirepath.errors import LakeError
from desirepath.eventlog.blocks import cores
from desirepath.eventlog.building import CustomerDimension, Part, build
from desirepath.eventlog.hashing import hash_strings
from desirepath.eventlog.log import MANIFEST, VERSION, DamagedError, Log, checksum, open_log, read_manifest, stamp
from desirepath.eventlog.model import Notion
from desirepath.eventlog.staging import Persons, Staged, stage
from desirepath.progress import Progress, silent

_UNFINISHED = ".building-"
_ATTEMPTS = 5


class Evidence(Protocol):
    """What preparing needs of the lake."""

    def arrow(self, table: str, columns: Any = None) -> pa.RecordBatchReader:
        """The visible rows of a table; dimensions that it lacks come as nulls."""

    def dimensions(self, table: str = "events") -> tuple[str, ...]:
        """The names of a table's dimensions."""

    def fingerprint(self, *tables: str) -> str:
        """Changes whenever the visible rows of these tables do."""


def prepare(
    lake: Evidence,
    links: pa.Table,
    notion: Notion,
    cache: Path,
    *,
    dims: Collection[str] = (),
    progress: Progress = silent,
    threads: int | None = None,
) -> Log:
    """The log of the lake's visible events by that notion, with at least these dimensions.

    `links` (id, person) says which person stands behind a customer id. A dimension of the customers table fills in
    where the event itself has none. One that no table has is missing everywhere; event and channel are always there.
    """
    asked = set(dims) - {"event", "channel"}
    key = f"{notion}-{_fingerprint(lake.fingerprint('events', 'customers'), links)}"
    for _ in range(_ATTEMPTS):
        with suppress(DamagedError):
            known = {folder: _dimensions(folder) for folder in sorted(cache.glob(f"{key}-*"))}
            for folder, its in known.items():
                if its >= asked:
                    return _open(folder)
            wanted = tuple(sorted(asked.union(*known.values())))
            return _build(lake, links, notion, cache, key, wanted, threads or cores(), progress)
    raise LakeError("the event log vanishes as fast as it is made", where=str(cache), hint="is another program at it?")


def _dimensions(folder: Path) -> set[str]:
    with _removed_if_damaged(folder):
        return {d["name"] for d in read_manifest(folder)["dimensions"]}


def _open(folder: Path) -> Log:
    with _removed_if_damaged(folder):
        return open_log(folder)


@contextmanager
def _removed_if_damaged(folder: Path) -> Iterator[None]:
    try:
        yield
    except DamagedError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _build(
    lake: Evidence,
    links: pa.Table,
    notion: Notion,
    cache: Path,
    key: str,
    dims: tuple[str, ...],
    threads: int,
    progress: Progress,
) -> Log:
    target = cache / f"{key}-{hashlib.sha256(json.dumps(dims).encode()).hexdigest()[:8]}"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        _sweep(cache)
        folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=cache))
    except OSError as error:
        raise _unwritable(cache, error) from error
    try:
        _write(folder, lake, links, notion, dims, threads, progress)
        log = _publish(folder, target)
    except OSError as error:
        raise _unwritable(cache, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for old in cache.glob(f"{notion}-*"):
        if old != log.folder:
            shutil.rmtree(old, ignore_errors=True)
    return log


def _unwritable(cache: Path, error: OSError) -> LakeError:
    return LakeError(
        f"the event log cannot be written: {error.strerror or error}",
        where=str(cache),
        hint="make room, or make the folder writable; nothing else was changed",
    )


def _sweep(cache: Path) -> None:
    """Remove what killed processes left a day ago or earlier."""
    for left in cache.glob(f"{_UNFINISHED}*"):
        if time() - left.stat().st_mtime > 86400:
            shutil.rmtree(left, ignore_errors=True)


def _fingerprint(lake: str, links: pa.Table) -> str:
    pairs = np.stack([hash_strings(links["id"]), hash_strings(links["person"])], axis=1)
    text = f"{VERSION} {lake} {len(links)} "
    return hashlib.sha256(text.encode() + pairs[np.lexsort(pairs.T)].tobytes()).hexdigest()[:20]


def _publish(folder: Path, target: Path) -> Log:
    """Give the finished folder its name. Where another process was faster, its log serves just as well."""
    with suppress(OSError):
        folder.rename(target)
    return _open(target)


def _write(
    folder: Path,
    lake: Evidence,
    links: pa.Table,
    notion: Notion,
    dims: tuple[str, ...],
    threads: int,
    progress: Progress,
) -> None:
    persons = Persons(links)
    columns = ["import", "row", "at", "customer", "case", "event", "channel", *(f"d_{d}" for d in dims)]
    staged = stage(lake.arrow("events", columns), folder, notion, persons, dims, threads, progress)
    customer_dims = {
        name: CustomerDimension.of(
            lake.arrow("customers", ["import", "row", "customer", f"d_{name}"]).read_all(),
            name,
            persons,
            staged.codes[name],
        )
        for name in sorted(set(dims) & set(lake.dimensions("customers")))
    }
    values = {name: codes.ranked() for name, codes in staged.codes.items()}
    ranks = {name: rank for name, (_, rank) in values.items()}
    with _Writer(folder, notion, dims) as writer:
        for done, part in enumerate(_parts(staged, ranks, customer_dims, notion == "case", threads)):
            writer.append(part)
            progress("sorting events", done + 1, staged.partitions)
    for file in staged.files:
        file.unlink()
    with pa.OSFile(str(folder / "links.arrow"), "wb") as sink, pa.ipc.new_file(sink, links.schema) as out:
        out.write_table(links)
    writer.finish({name: list(known) for name, (known, _) in values.items()})


def _parts(
    staged: Staged,
    ranks: Mapping[str, Any],
    customer_dims: Mapping[str, CustomerDimension],
    by_case: bool,
    threads: int,
) -> Iterator[Part]:
    """The partitions in order, built by threads that are never far ahead of who takes them."""
    if not staged.files:
        return
    with ExitStack() as stack:
        readers = [pa.ipc.open_file(stack.enter_context(pa.memory_map(str(file)))) for file in staged.files]

        def part(p: int) -> Part:
            table = pa.Table.from_batches([reader.get_batch(p) for reader in readers])
            return build(table, ranks, customer_dims, by_case)

        waiting: deque[Future[Part]] = deque()
        with ThreadPoolExecutor(threads) as pool:
            for p in range(staged.partitions):
                waiting.append(pool.submit(part, p))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()


class _Writer:
    """Appends partitions to the log's files."""

    _NAMES = pa.schema([("key", pa.large_string()), ("customer", pa.large_string())])

    def __init__(self, folder: Path, notion: Notion, dims: tuple[str, ...]) -> None:
        self._folder = folder
        self._notion = notion
        self._dims = dims
        self._constant = dict.fromkeys(dims, True)
        self._types: dict[str, str] = {}
        self._files: dict[str, IO[bytes]] = {}
        self._cases = 0
        self._events = 0

    def __enter__(self) -> _Writer:
        self._names = pa.ipc.new_file(str(self._folder / "names.arrow"), self._NAMES)
        for name in ("offset", "time", "hash", "other_hash", "other_case", "person_hash"):
            self._add(name, np.empty(0, np.uint64 if name.endswith("hash") else np.int64))
        for name in ("event", "channel", *(n for d in range(len(self._dims)) for n in (f"dim{d}", f"dim{d}-case"))):
            self._add(name, np.empty(0, np.uint8))
        return self

    def __exit__(self, *_: object) -> None:
        self._add("offset", np.array([self._events]))
        self._names.close()
        for file in self._files.values():
            file.close()

    def append(self, part: Part) -> None:
        """Add the cases of the next partition."""
        starts = np.cumsum(part.length) - part.length
        self._add("offset", starts + self._events)
        self._add("hash", part.hash)
        self._add("time", part.time)
        self._add("event", part.event)
        self._add("channel", part.channel)
        self._add("other_hash", part.other_hash)
        self._add("other_case", part.other_case + self._cases)
        if self._notion == "case":
            self._add("person_hash", part.person)
        for d, name in enumerate(self._dims):
            self._constant[name] &= part.constant[name]
            self._add(f"dim{d}", part.dims[name])
            self._add(f"dim{d}-case", part.dims[name][starts])
        if len(part.keys):
            self._names.write_batch(pa.record_batch([part.keys, part.customers], schema=self._NAMES))
        self._cases += part.length.size
        self._events += part.time.size

    def finish(self, values: Mapping[str, list[str]]) -> None:
        """Sort what is sorted as a whole, and write the manifest."""
        self._sort_pairs()
        persons = self._number_persons() if self._notion == "case" else self._cases
        dimensions = []
        for d, name in enumerate(self._dims):
            kept, dropped = (f"dim{d}-case.bin", f"dim{d}.bin")[:: 1 if self._constant[name] else -1]
            (self._folder / dropped).unlink()
            del self._types[dropped]
            dimensions.append({"name": name, "values": values[name], "file": kept, "per_case": self._constant[name]})
        manifest: dict[str, Any] = {
            "version": VERSION,
            "notion": self._notion,
            "persons": persons,
            "event_names": values["event"],
            "channels": values["channel"],
            "dimensions": dimensions,
            "types": self._types,
            "files": {n: stamp(self._folder / n) for n in [*self._types, "names.arrow", "links.arrow"]},
        }
        manifest["checksum"] = checksum(manifest)
        (self._folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")

    def _add(self, name: str, array: Any) -> None:
        file = f"{name}.bin"
        if file not in self._files:
            self._files[file] = (self._folder / file).open("wb")
        if array.size or file not in self._types:
            self._types[file] = array.dtype.str
            self._files[file].write(np.ascontiguousarray(array).data)

    def _sort_pairs(self) -> None:
        hashes = np.fromfile(self._folder / "other_hash.bin", np.uint64)
        cases = np.fromfile(self._folder / "other_case.bin", np.int64)
        order = np.lexsort((cases, hashes))
        hashes[order].tofile(self._folder / "other_hash.bin")
        cases[order].tofile(self._folder / "other_case.bin")

    def _number_persons(self) -> int:
        file = self._folder / "person_hash.bin"
        unique, person = np.unique(np.fromfile(file, np.uint64), return_inverse=True)
        person.astype(np.int64).tofile(self._folder / "person.bin")
        self._types["person.bin"] = "<i8"
        return int(unique.size)
