"""Brings a prepared log up to date: only the cases that new evidence touches are made anew, in a segment of their own.

Where imports only came, the events of a touched case are those of the log and the new ones together. Where the source
of a fact about customers changed, or the links, or an import was replaced, the touched cases are read again from the
lake. What cannot be told cheaply raises `UnfitError`: then the whole log is made anew.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from desirepath.eventlog.building import CollisionError, CustomerDimension, Part, build, ordered, steady
from desirepath.eventlog.coding import Codes, smallest
from desirepath.eventlog.customers import customer_dimensions
from desirepath.eventlog.directory import directory
from desirepath.eventlog.evidence import Evidence, Piece
from desirepath.eventlog.hashing import Hashes, hash_strings
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Ints
from desirepath.eventlog.persons import Persons
from desirepath.eventlog.rewriting import others_of, part_of
from desirepath.eventlog.seen import Seen
from desirepath.eventlog.staging import Plan, Staged, keys_of, partition_bits, stage
from desirepath.eventlog.state import State
from desirepath.eventlog.writing import UNFINISHED, UnfitError, Writer
from desirepath.progress import Progress

MOST = 0.3
"""If more than this share of the events is new or touched, making the log anew is less work."""


@dataclass(frozen=True)
class Change:
    """What is different about the evidence since the log was made."""

    fresh: tuple[int, ...]  # imports that came
    gone: tuple[int, ...]  # and went
    facts: tuple[int, ...]  # imports with facts about customers that came
    links: bool
    appended: bool  # whether imports with events only came, after all others

    @classmethod
    def of(cls, old: State, new: State, *, facts_matter: bool) -> Change:
        """Raises `UnfitError` where rows of an import are not those that they were."""
        if any(new.events[i] != stamp for i, stamp in old.events.items() if i in new.events):
            raise UnfitError("rows of an import were changed")
        if facts_matter and any(new.customers.get(i) != stamp for i, stamp in old.customers.items()):
            raise UnfitError("facts about customers were changed or withdrawn")
        fresh = tuple(sorted(int(i) for i in new.events if i not in old.events))
        gone = tuple(sorted(int(i) for i in old.events if i not in new.events))
        facts = tuple(sorted(int(i) for i in new.customers if i not in old.customers)) if facts_matter else ()
        links = old.links != new.links
        late = bool(fresh and old.events) and fresh[0] < max(map(int, old.events))
        return cls(fresh, gone, facts, links, not (gone or facts or links or late))


@dataclass(frozen=True)
class Update:
    """A log that is being brought up to date: what is different, and what it takes to read it."""

    log: Log
    seed: int
    lake: Evidence
    change: Change
    persons: Persons
    codes: dict[str, Codes]  # the log's, to which new values are added
    spill: Path
    threads: int
    progress: Progress


def extend(
    log: Log,
    manifest: dict[str, Any],
    lake: Evidence,
    links: pa.Table,
    state: State,
    threads: int,
    progress: Progress,
) -> bool:
    """Append what changed to the log's files; returns whether values may occur no more."""
    facts_matter = bool(set(log.dimensions) & set(lake.dimensions("customers")))
    change = Change.of(State(**manifest["state"]), state, facts_matter=facts_matter)
    codes = {c["name"]: Codes(tuple(c["values"])) for c in manifest["columns"]}
    persons = Persons(links)
    spill = Path(tempfile.mkdtemp(prefix=f"{UNFINISHED}{log.notion}-", dir=log.folder.parent))
    at = Update(log, manifest["seed"], lake, change, persons, codes, spill, threads, progress)
    try:
        if change.appended:
            parts = _appended(at)
        elif log.notion == "customer":
            parts = _again(at)
        else:
            raise UnfitError("more than events came")
        with Writer(log.folder, manifest) as writer:
            for part, dead, people in parts:
                _enter(manifest, codes)
                writer.append(part)
                writer.bury(np.sort(dead))
                if people is not None:
                    writer.directory(*people)
            writer.finish(links, state.to_json(), manifest["seed"])
        return not change.appended
    except CollisionError as error:
        raise UnfitError("ids collide") from error
    finally:
        shutil.rmtree(spill, ignore_errors=True)


Parts = Iterator[tuple[Part, Ints, tuple[Hashes, pa.Array] | None]]
"""A part of the new segment, the cases that it replaces, and the ids of its persons."""


def _enter(manifest: dict[str, Any], codes: Mapping[str, Codes]) -> None:
    """New values get the next codes; what was coded stays as it is."""
    for column in manifest["columns"]:
        column["values"] = list(codes[column["name"]].values)


def _plan(at: Update, *, ascending: bool, rows: int) -> Plan:
    notion, codes = at.log.notion, at.codes
    bits = partition_bits(rows) if notion == "customer" else 0
    dims = tuple(name for name in codes if name not in ("event", "channel"))
    return Plan(notion, at.persons, dims, codes, ascending, bits, Seen(rows), at.seed)


def _built(
    pieces: Iterable[Piece], plan: Plan, at: Update
) -> tuple[Staged, Mapping[str, CustomerDimension], Iterator[Part]]:
    staged = stage(list(pieces), plan, at.spill, at.threads, at.progress)
    customers = customer_dimensions(at.lake, plan)
    tables = {
        name: np.arange(len(known.values) + 1, dtype=smallest(len(known.values))) for name, known in plan.codes.items()
    }
    by_case = plan.notion == "case"
    parts = (build(p, staged.chunks, tables, customers, by_case=by_case) for p in range(staged.partitions))
    return staged, customers, parts if staged.chunks else iter(())


def _appended(at: Update) -> Parts:
    log = at.log
    rows = at.lake.select("events", imports=at.change.fresh, extra=[f"d_{d}" for d in log.dimensions])
    pieces = rows.pieces()
    count = sum(piece.rows for piece in pieces)
    if count > MOST * log.event_count:
        raise UnfitError("much is new")
    plan = _plan(at, ascending=rows.ascending, rows=count)
    staged, customers, parts = _built(pieces, plan, at)
    touched = 0
    for new in parts:
        part, dead = _merged(log, new)
        if log.notion == "case":
            part = _known(part, customers)
        touched += int(part.time.size)
        if touched > 2 * MOST * log.event_count + count:
            raise UnfitError("much is touched")
        yield part, dead, directory(staged) if log.notion == "case" else None


def _merged(log: Log, new: Part) -> tuple[Part, Ints]:
    """The touched cases with their old events and the new ones, and the cases that they replace."""
    query, case = log.living(*log.find_own(new.hash))
    person = new.person.copy()
    siblings = np.empty(0, np.int64)
    if log.notion == "case":
        person[query] = _owners(log, case, new, query)
        siblings = np.setdiff1d(_cases_of(log, np.union1d(person, log.person[case])), case)
    hashes = np.concatenate([new.hash, log.hash[siblings]])
    person = np.concatenate([person, log.person[siblings]])
    order = np.lexsort((hashes, person))
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    old = np.concatenate([case, siblings])
    places = rank[np.concatenate([query, np.arange(new.hash.size, hashes.size)])]
    keys = pa.concat_arrays([new.keys, log.keys.take(siblings)]).take(pa.array(order))
    part = _woven(
        part_of(log, old), places, others_of(log, old), new, rank[: new.hash.size], hashes[order], person[order]
    )
    return replace(part, keys=keys), old


def _known(part: Part, customers: Mapping[str, CustomerDimension]) -> Part:
    """With what is known of the cases' owners, who may be new to old events and old to new ones."""
    offset = np.concatenate([[0], np.cumsum(part.length)])
    columns, constant = dict(part.columns), dict(part.constant)
    for name, known in customers.items():
        codes = np.repeat(known.look_up(part.person), part.length)
        columns[name] = np.where(columns[name] == 0, codes, columns[name])
        constant[name] = steady(columns[name], offset)
    return replace(part, columns=columns, constant=constant)


def _owners(log: Log, case: Ints, new: Part, query: Ints) -> Hashes:
    """The persons of touched cases; raises where new events might have changed them."""
    before, now = log.person[case], new.person[query]
    nobody_before, nobody_now = before == ~log.hash[case], now == ~new.hash[query]
    if (~nobody_before & ~nobody_now & (before != now)).any():
        raise UnfitError("a case may belong to somebody else now")
    owners: Hashes = np.where(nobody_before, now, before)
    return owners


def _cases_of(log: Log, persons: Hashes) -> Ints:
    """All cases of these persons that count."""
    found = [np.empty(0, np.int64)]
    for a, z in pairwise(log.segments.tolist()):
        low = np.searchsorted(log.person[a:z], persons)
        high = np.searchsorted(log.person[a:z], persons, side="right")
        count = high - low
        found.append(a + np.repeat(low, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count))
    cases = np.concatenate(found)
    return cases if log.alive is None else cases[log.alive[cases]]


def _woven(
    old: Part,
    old_places: Ints,
    old_others: tuple[Hashes, Ints],
    new: Part,
    new_places: Ints,
    hashes: Hashes,
    person: Hashes,
) -> Part:
    """The events of both in one order; at the same time the old ones come first."""
    owner = np.concatenate([np.repeat(old_places, old.length), np.repeat(new_places, new.length)]).astype(np.int32)
    time = np.concatenate([old.time, new.time])
    offset, perm = ordered(owner, time, None, None, hashes.size)
    columns = {name: np.concatenate([old.columns[name], new.columns[name]])[perm] for name in new.columns}
    constant = {n: n not in ("event", "channel") and steady(codes, offset) for n, codes in columns.items()}
    pairs = (
        np.concatenate([old_others[0], new.other]),
        np.concatenate([old_places[old_others[1]], new_places[new.other_case]]),
    )
    unique = np.unique(np.stack([pairs[0], pairs[1].astype(np.uint64)]), axis=1)
    return Part(
        np.diff(offset), hashes, new.keys, person, unique[0], unique[1].astype(np.int64), time[perm], columns, constant
    )


def _again(at: Update) -> Parts:
    log = at.log
    extra = [f"d_{d}" for d in log.dimensions]
    rows = at.lake.select("events", extra=extra)
    plan = _plan(at, ascending=rows.ascending, rows=0)
    touched = _touched(log, at.lake, at.change, plan)
    dead = log.living(*log.find_own(touched))[1]
    if (log.offset[dead + 1] - log.offset[dead]).sum() > MOST * log.event_count:
        raise UnfitError("much is touched")
    pieces = [Some(piece, touched, plan) for piece in rows.pieces()]
    *_, parts = _built(pieces, plan, at)
    for part in parts:
        yield part, dead, None
        dead = np.empty(0, np.int64)
    if dead.size:
        yield _nobody(plan), dead, None


def _touched(log: Log, lake: Evidence, change: Change, plan: Plan) -> Hashes:
    """The keys of all cases that may be others now, ascending."""
    found = [np.empty(0, np.uint64)]
    for evidence, imports, asked in (
        (lake, change.fresh, plan.persons),
        (lake.before(change.gone), change.gone, log.persons),
    ):
        if imports:
            for piece in evidence.select("events", imports=imports).pieces():
                found.append(np.unique(keys_of(piece, replace(plan, persons=asked))))
    if change.facts:
        for piece in lake.select("customers", imports=change.facts).pieces():
            ids = piece.read(["customer"])["customer"].cast(pa.large_string()).combine_chunks().unique()
            found.append(hash_strings(plan.persons.of(ids), plan.seed))
    if change.links:
        found.append(_relinked(log.persons, plan.persons, plan.seed))
    return np.unique(np.concatenate(found))


def _relinked(old: Persons, new: Persons, seed: int) -> Hashes:
    """The persons that an id belonged to before and belongs to now, where these are not the same."""
    ids = pa.concat_arrays([t["id"].cast(pa.large_string()).combine_chunks() for t in (old.links, new.links)]).unique()
    before, now = hash_strings(old.of(ids), seed), hash_strings(new.of(ids), seed)
    moved = before != now
    return np.concatenate([before[moved], now[moved]])


class Some:
    """The rows of a piece whose cases are touched."""

    def __init__(self, piece: Piece, touched: Hashes, plan: Plan) -> None:
        key = keys_of(piece, plan)
        at = np.minimum(np.searchsorted(touched, key), max(0, touched.size - 1))
        self._piece = piece
        self._rows = np.flatnonzero(touched[at] == key) if touched.size else np.empty(0, np.int64)

    @property
    def rows(self) -> int:
        """How many there are."""
        return int(self._rows.size)

    def read(self, names: Any) -> pa.Table:
        """These columns of them."""
        return self._piece.read(names).take(pa.array(self._rows))


def _nobody(plan: Plan) -> Part:
    """No cases at all."""
    none = np.empty(0, np.int64)
    hashes = np.empty(0, np.uint64)
    columns = {name: np.empty(0, np.uint8) for name in plan.codes}
    constant = {name: name not in ("event", "channel") for name in plan.codes}
    return Part(none, hashes, pa.array([], pa.large_string()), hashes, hashes, none, none, columns, constant)
