"""Builds the prepared log beside the lake, opens the one that is there, or brings it up to date.

A log is a function of the visible events, the links, the case notion and the dimensions; its manifest says of which. A
new one is written under another name and renamed when whole; one process at a time works on the logs of a notion, and
a killed one leaves nothing that could be opened. A log that is damaged is made anew, and that is said.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import uuid
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from desirepath.errors import LakeError
from desirepath.eventlog.building import CollisionError, CustomerDimension, Part, build
from desirepath.eventlog.coding import Codes
from desirepath.eventlog.cores import cores, give_back
from desirepath.eventlog.customers import customer_dimensions
from desirepath.eventlog.directory import directory
from desirepath.eventlog.evidence import Evidence
from desirepath.eventlog.extending import extend
from desirepath.eventlog.log import DamagedError, Log, open_log, read_manifest
from desirepath.eventlog.model import Notion
from desirepath.eventlog.persons import Persons
from desirepath.eventlog.rewriting import in_order, rewrite
from desirepath.eventlog.seen import Seen
from desirepath.eventlog.staging import Plan, Staged, partition_bits, stage
from desirepath.eventlog.state import State
from desirepath.eventlog.writing import UNFINISHED, UnfitError, Writer
from desirepath.lake.lock import held
from desirepath.progress import Progress, silent

PATIENCE_S = 3600.0
_SEEDS = 8
_MANY = 1 << 25
"""Who has prepared more events than these gives the memory back that it took."""
say = logging.getLogger("desirepath").warning


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
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with held(cache / f".{notion}.lock", PATIENCE_S, progress):
            builder = Builder(lake, links, notion, cache, State.of(lake, links), threads or cores(), progress)
            return builder.log(asked)
    except OSError as error:
        raise LakeError(
            f"the event log cannot be written: {error.strerror or error}",
            where=str(cache),
            hint="make room, or make the folder writable; nothing else was changed",
        ) from error


class Builder:
    """Works on the logs of one notion, while nobody else does."""

    def __init__(
        self,
        lake: Evidence,
        links: pa.Table,
        notion: Notion,
        cache: Path,
        state: State,
        threads: int,
        progress: Progress,
    ) -> None:
        self.lake, self.links, self.notion, self.cache, self.state = lake, links, notion, cache, state
        self.threads, self.progress = threads, progress

    def log(self, asked: set[str]) -> Log:
        """The log as it should be now."""
        self._sweep()
        for folder in sorted(self.cache.glob(f"{self.notion}-*")):
            try:
                manifest = read_manifest(folder)
                prepared = {c["name"] for c in manifest["columns"]} - {"event", "channel"}
                if prepared >= asked:
                    return self._current(folder, manifest)
                asked = asked | prepared
            except DamagedError:
                say("the event log %s is damaged or of another version; it is built again", folder.name)
                shutil.rmtree(folder, ignore_errors=True)
        return self._build(tuple(sorted(asked)))

    def _current(self, folder: Path, manifest: dict[str, Any]) -> Log:
        """Open a log; first bring it up to date, or build it anew where that is less work."""
        log = open_log(folder)
        if State(**manifest["state"]) == self.state:
            return log
        dims = tuple(sorted(log.dimensions))
        try:
            lost = extend(log, manifest, self.lake, self.links, self.state, self.threads, self.progress)
        except UnfitError:
            return self._build(dims)
        if lost and self._idle_values(open_log(folder)):
            return self._build(dims)
        return self._merged(folder)

    def _idle_values(self, log: Log) -> bool:
        """Whether a value of events occurs no more."""
        facts = set(self.lake.dimensions("customers"))
        return any(log.idle(name) for name in log.columns if name not in facts)

    def _merged(self, folder: Path) -> Log:
        """Open a log that has grown; one of many segments or many dead cases is written anew as one."""
        log, manifest = open_log(folder), read_manifest(folder)
        if len(log.segments) - 1 <= MOST_SEGMENTS and log.event_count >= LEAST_ALIVE * log.time.size:
            return log
        return self._published(lambda new: rewrite(log, manifest, in_order(log), new))

    def _build(self, dims: tuple[str, ...]) -> Log:
        for seed in range(_SEEDS):
            with suppress(CollisionError):
                return self._published(lambda folder, seed=seed: self._write(folder, dims, seed))
        raise LakeError("ids of events collide, whatever the seed", hint="this should not happen: please report it")

    def _published(self, write: Any) -> Log:
        """Have a folder written, give it its name, and remove the others."""
        folder = Path(tempfile.mkdtemp(prefix=f"{UNFINISHED}{self.notion}-", dir=self.cache))
        try:
            write(folder)
            target = self.cache / f"{self.notion}-{uuid.uuid4().hex[:12]}"
            folder.rename(target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        for old in self.cache.glob(f"{self.notion}-*"):
            if old != target:
                shutil.rmtree(old, ignore_errors=True)
        return open_log(target)

    def _sweep(self) -> None:
        """Remove what killed processes left: nobody else is at work now."""
        for left in self.cache.glob(f"{UNFINISHED}{self.notion}-*"):
            shutil.rmtree(left, ignore_errors=True)

    def _write(self, folder: Path, dims: tuple[str, ...], seed: int) -> None:
        persons = Persons(self.links)
        rows = self.lake.select("events", extra=[f"d_{d}" for d in dims])
        pieces = rows.pieces()
        count = sum(piece.rows for piece in pieces)
        plan = Plan(
            self.notion,
            persons,
            dims,
            {name: Codes() for name in ("event", "channel", *dims)},
            rows.ascending,
            partition_bits(count),
            Seen(count),
            seed,
        )
        staged = stage(pieces, plan, folder, self.threads, self.progress)
        customers = customer_dimensions(self.lake, plan)
        values = {name: codes.ordered() for name, codes in staged.codes.items()}
        names = {name: known for name, (known, _) in values.items()}
        tables = {name: table for name, (_, table) in values.items()}
        with Writer.new(folder, self.notion, names, staged.first, staged.last, staged.unit) as writer:
            for done, part in enumerate(self._parts(staged, tables, customers)):
                writer.append(part)
                self.progress("sorting events", done + 1, staged.partitions)
            (folder / "stage").unlink(missing_ok=True)
            if self.notion == "case":
                writer.directory(*directory(staged))
            writer.finish(self.links, self.state.to_json(), seed)
        if staged.rows > _MANY:
            del staged
            give_back()
        if self.notion == "case":
            self._by_person(folder)

    def _parts(
        self, staged: Staged, tables: Mapping[str, Any], customers: Mapping[str, CustomerDimension]
    ) -> Iterator[Part]:
        """The partitions in order, built by threads that are never far ahead of who takes them."""
        if not staged.chunks:
            return
        by_case = self.notion == "case"
        waiting: deque[Future[Part]] = deque()
        with ThreadPoolExecutor(self.threads) as pool:
            for p in range(staged.partitions):
                waiting.append(pool.submit(build, p, staged.chunks, tables, customers, by_case=by_case))
                if len(waiting) > self.threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _by_person(self, folder: Path) -> None:
        """Bring the cases of a person together."""
        draft = folder / "by-case"
        draft.mkdir()
        for file in list(folder.iterdir()):
            if file != draft:
                file.rename(draft / file.name)
        log = open_log(draft)
        rewrite(log, read_manifest(draft), in_order(log), folder)
        shutil.rmtree(draft)


MOST_SEGMENTS = 32
LEAST_ALIVE = 0.7
"""A log of more segments, or of which fewer events count, is written anew."""
