"""Takes customers out of the prepared logs when they are erased from the lake: logs hold ids, too.

Before the erasure the logs are set aside, under a name by which none is ever opened; after it each is written anew
without the customers' cases. What cannot be done for certain is left to the next one who asks for a log.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pyarrow as pa

from desirepath.eventlog.evidence import Evidence
from desirepath.eventlog.hashing import hash_strings
from desirepath.eventlog.log import DamagedError, Log, open_log, read_manifest
from desirepath.eventlog.model import Ints, Notion
from desirepath.eventlog.prepare import PATIENCE_S
from desirepath.eventlog.rewriting import in_order, rewrite
from desirepath.eventlog.state import State
from desirepath.eventlog.writing import UNFINISHED
from desirepath.lake.lock import held
from desirepath.progress import silent

_NOTIONS: tuple[Notion, ...] = ("customer", "case")


class _UnsureError(Exception):
    """What is left of a case cannot be told from the log."""


@contextmanager
def forgetting(cache: Path) -> Iterator[list[Path]]:
    """Around an erasure; gives the logs that were set aside, for `without` to write anew."""
    cache.mkdir(parents=True, exist_ok=True)
    with held(cache / ".customer.lock", PATIENCE_S, silent), held(cache / ".case.lock", PATIENCE_S, silent):
        aside = []
        for notion in _NOTIONS:
            for folder in cache.glob(f"{notion}-*"):
                aside.append(folder.rename(cache / f"{UNFINISHED}{folder.name}"))
        for other in cache.iterdir():
            if other.is_file() and not other.name.endswith(".lock"):
                other.unlink()
        try:
            yield aside
        finally:
            for folder in aside:
                shutil.rmtree(folder, ignore_errors=True)


def without(aside: list[Path], customers: Collection[str], lake: Evidence, links: pa.Table) -> None:
    """Write each log anew without these customers, as of the evidence that is left."""
    state = State.of(lake, links)
    for folder in aside:
        with suppress(DamagedError, _UnsureError, OSError):
            _written(folder, customers, state, links)


def _written(folder: Path, customers: Collection[str], state: State, links: pa.Table) -> None:
    log, manifest = open_log(folder), read_manifest(folder)
    kept = in_order(log, _cases_of(log, customers))
    if not kept.size or _pairs(log.persons.links, customers) != _pairs(links, customers):
        raise _UnsureError
    manifest["state"] = state.to_json()
    new = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        rewrite(log, manifest, kept, new, links)
        fresh = open_log(new)
        if any(fresh.idle(name) for name in fresh.columns):
            raise _UnsureError
        new.rename(folder.parent / f"{log.notion}-{uuid.uuid4().hex[:12]}")
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _pairs(links: pa.Table, customers: Collection[str]) -> set[tuple[str, str]]:
    """Who is whom, apart from these customers."""
    pairs = zip(links["id"].to_pylist(), links["person"].to_pylist(), strict=True)
    return {pair for pair in pairs if pair[0] not in customers}


def _cases_of(log: Log, customers: Collection[str]) -> Ints:
    """The cases of these customers; raises where somebody else has events in them."""
    ids = pa.array(sorted(customers), pa.large_string())
    cases = np.unique(log.find(ids, "customer")[1])
    if log.notion == "customer":
        return cases
    gone = np.zeros(log.offset.size, np.bool_)
    gone[cases] = True
    at = gone[log.others.case]
    if not np.isin(log.others.hash[at], hash_strings(log.persons.of(ids), log.seed)).all():
        raise _UnsureError
    return cases
