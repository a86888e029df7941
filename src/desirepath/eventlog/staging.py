"""First half of preparing: events of any order are coded and dealt out to partitions by the hash of their case.

The lake is read piece by piece, each distinct id and name of a piece once only. The events of a piece become plain
arrays in the order of their partition; beyond a budget of memory these go to disk, so that a partition can later be
gathered from all pieces whatever the size of the lake. What is staged is kept small, for new memory and new pages of
files take longer than all that is computed: an event knows its case by a number among those of its piece and partition,
whole seconds take four bytes, and an id is written down only where it was not seen lately.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from desirepath.eventlog.coding import Codes, as_dictionary, places
from desirepath.eventlog.cores import memory
from desirepath.eventlog.evidence import Piece
from desirepath.eventlog.hashing import Hashes, hash_and_check, hash_strings
from desirepath.eventlog.jit import frozen, kernel, u64
from desirepath.eventlog.model import Ints, Notion
from desirepath.eventlog.persons import STAND_IN, Persons
from desirepath.eventlog.picking import picked
from desirepath.eventlog.seen import Seen
from desirepath.eventlog.stored import Store
from desirepath.eventlog.texts import Texts, flat
from desirepath.progress import Progress, silent

ROWS_A_PARTITION = 1 << 20
MOST_PARTITION_BITS = 8
BUDGET = max(1 << 29, memory() // 8)
"""Bytes of staged events that stay in memory."""
SECOND = 1_000_000


@dataclass(frozen=True)
class Names:
    """The distinct case keys of a piece, in the order of their partition: `starts` says where each partition's begin.

    `check` is a second hash: two keys of one hash that differ in it are two cases. Those that had not been seen lately
    are written out: `fresh` says where they stand among the keys of their partition, `fresh_starts` where each
    partition's begin.
    """

    starts: Ints
    hash: Hashes
    check: NDArray[np.uint32]
    fresh_starts: Ints
    fresh: NDArray[np.int32]
    texts: Texts


@dataclass(frozen=True)
class Chunk:
    """The events of a piece, in the order of their partition: `starts` says where each partition's begin.

    Columns: `name` (the number of the case key among those of the partition), `time` (seconds since 1970 in 32 bits
    where they are whole, else µs), `other` (hashes of ids of the other notion; only where anybody has one), `import`
    and `row` (only where the rows do not ascend), event, channel and `d_…` as codes.
    """

    starts: Ints
    columns: Mapping[str, NDArray[Any]]
    names: Names
    people: tuple[Hashes, Texts]  # the persons of a log by case
    facts: tuple[int, int, int]  # least and greatest time, and the longest unit that divides all


@dataclass(frozen=True)
class Staged:
    """All chunks in the order of the rows, and what is known of all of them."""

    chunks: tuple[Chunk, ...]
    partitions: int
    rows: int
    codes: dict[str, Codes] = field(repr=False)  # event, channel and the dimensions
    first: int  # least and greatest time
    last: int
    unit: int  # the longest of 1 s, 1 ms, 1 µs that divides every time


@dataclass(frozen=True)
class Plan:
    """How events are read: everything but which."""

    notion: Notion
    persons: Persons
    dims: tuple[str, ...]
    codes: dict[str, Codes]
    ascending: bool
    bits: int
    seen: Seen
    seed: int = 0

    @property
    def columns(self) -> list[str]:
        """What is read of each piece."""
        ties = [] if self.ascending else ["import", "row"]
        return ["at", "customer", "case", "event", "channel", *(f"d_{d}" for d in self.dims), *ties]


def stage(pieces: Sequence[Piece], plan: Plan, folder: Path, threads: int, progress: Progress = silent) -> Staged:
    """Read all rows; what does not fit into memory goes to `folder`."""
    spill = _Spill(folder)
    done = 0
    chunks = []
    for chunk in _in_turn(pieces, plan, threads):
        if chunk.columns["time"].size:
            chunks.append(spill.keep(chunk))
        done += chunk.columns["time"].size
        progress("reading events", done, None)
    times = [chunk.facts for chunk in chunks]
    first, last, unit = (min(t[0] for t in times), max(t[1] for t in times), min(t[2] for t in times)) if times else (
        0, 0, SECOND,
    )  # fmt: skip
    return Staged(tuple(chunks), 1 << plan.bits, done, plan.codes, first, last, unit)


def partition_bits(rows: int) -> int:
    """So many partitions, as a power of two, for so many events."""
    return min(MOST_PARTITION_BITS, max(0, (rows // ROWS_A_PARTITION).bit_length()))


def _in_turn(pieces: Sequence[Piece], plan: Plan, threads: int) -> Iterator[Chunk]:
    """The chunks in the order of the pieces, by threads that are never far ahead of who takes them."""
    waiting: deque[Future[Chunk]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for piece in pieces:
            waiting.append(pool.submit(stage_piece, piece, plan))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def stage_piece(piece: Piece, plan: Plan) -> Chunk:
    """Code one piece, and deal it out."""
    table = piece.read(plan.columns)
    text = {name: as_dictionary(table[name]) for name in table.column_names if name not in ("at", "import", "row")}
    own, other = _ids(text, plan)
    keys, at = _keyed(own, other, piece)
    hashes, check = hash_and_check(keys, plan.seed)
    names, number = _names(keys, hashes, check, at, plan)
    time = _flat(table["at"].cast(pa.int64()))
    facts = _facts(time)
    starts, place = _dealt(hashes, at, plan.bits)
    columns = {"name": _dealt_out(number, at, place), "time": _scattered(_short(time, *facts), place)}
    if other.null_count < len(other):
        of_id = np.append(hash_strings(other.dictionary, plan.seed), np.uint64(0))
        columns["other"] = _dealt_out(of_id, places(other), place)
    for name in () if plan.ascending else ("import", "row"):
        columns[name] = _scattered(_flat(table[name]), place)
    for name, known in plan.codes.items():
        column = name if name in ("event", "channel") else f"d_{name}"
        columns[column] = _dealt_out(known.of(text[column].dictionary), places(text[column]), place)
    people = _named(other.dictionary, plan.seed) if plan.notion == "case" else (np.empty(0, np.uint64), _texts(None))
    return Chunk(starts, columns, names, people, facts)


def keys_of(piece: Piece, plan: Plan) -> Hashes:
    """The hash of the case key of every event of a piece."""
    table = piece.read(["customer", "case"])
    text = {name: as_dictionary(table[name]) for name in table.column_names}
    keys, at = _keyed(*_ids(text, plan), piece)
    return picked(hash_strings(keys, plan.seed), at)


def _ids(text: Mapping[str, pa.DictionaryArray], plan: Plan) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """The ids of the notion and the other ones; customers are resolved."""
    customer = text["customer"]
    person = pa.DictionaryArray.from_arrays(customer.indices, plan.persons.of(customer.dictionary))
    return (person, text["case"]) if plan.notion == "customer" else (text["case"], person)


def _keyed(own: pa.DictionaryArray, other: pa.DictionaryArray, piece: Piece) -> tuple[pa.Array, NDArray[np.int32]]:
    """Case keys (some perhaps of no event, or null), and which of them each event has."""
    keys, at = own.dictionary.cast(pa.large_string()), places(own)
    if own.null_count:
        nobody = np.flatnonzero(at == len(keys))
        stand_in = _stand_ins(other.take(pa.array(nobody)), piece, nobody).dictionary_encode()
        at = at.copy()
        at[nobody] = len(keys) + places(stand_in)
        keys = pa.concat_arrays([keys, stand_in.dictionary])
    return keys, at


def _names(
    keys: pa.Array, hashes: Hashes, check: NDArray[np.uint32], at: NDArray[np.int32], plan: Plan
) -> tuple[Names, NDArray[Any]]:
    """The keys that events have, and the number of each key among those of its partition."""
    used = np.zeros(hashes.size, np.bool_)
    at.setflags(write=False)
    _mark(at, used)
    order = np.flatnonzero(used).astype(np.int32)
    starts, place = _dealt(hashes, order, plan.bits)
    order = _scattered(order, place)
    most = int(np.diff(starts).max())
    number = np.zeros(hashes.size, np.uint16 if most <= 1 << 16 else np.int32)
    number[order] = np.arange(order.size) - np.repeat(starts[:-1], np.diff(starts))
    found = picked(hashes, order)
    fresh = np.flatnonzero(plan.seen.enter(found))
    texts = _texts(keys.take(pa.array(order[fresh])))
    where = number[order[fresh]].astype(np.int32)
    return Names(starts, found, picked(check, order), np.searchsorted(fresh, starts), where, texts), number


def _stand_ins(other: pa.DictionaryArray, piece: Piece, rows: Ints) -> pa.Array:
    """Keys of events without an id of the notion."""
    large = pa.large_string()
    join = pc.binary_join_element_wise
    ids = other.cast(large)
    where = piece.read(["import", "row"]).take(pa.array(rows)).combine_chunks()
    single = join(
        pa.scalar(f"{STAND_IN}event", large),
        _one(where["import"]).cast(large),
        pa.scalar("-", large),
        _one(where["row"]).cast(large),
        pa.scalar("", large),
    )
    return pc.coalesce(join(pa.scalar(f"{STAND_IN}id", large), ids, pa.scalar("", large)), single)


def _named(ids: pa.Array, seed: int) -> tuple[Hashes, Texts]:
    ids = ids.drop_null()
    return hash_strings(ids, seed), _texts(ids)


def _texts(texts: pa.Array | None) -> Texts:
    return Texts(*flat(pa.array([], pa.large_string()) if texts is None else texts))


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _flat(column: pa.ChunkedArray) -> NDArray[Any]:
    array: NDArray[Any] = _one(column).to_numpy(zero_copy_only=False)
    return array


def _short(time: Ints, first: int, last: int, unit: int) -> NDArray[Any]:
    """Times in seconds, if they are whole and fit into 32 bits."""
    if unit < SECOND or first < 0 or last >= SECOND << 32:
        return time
    return (time // SECOND).astype(np.uint32)


def _facts(time: Ints) -> tuple[int, int, int]:
    """Least and greatest time, and the longest unit that divides all."""
    if not time.size:
        return 0, 0, SECOND
    for unit in (SECOND, 1000):
        if not (time[:1000] % unit).any() and not (time % unit).any():
            return int(time.min()), int(time.max()), unit
    return int(time.min()), int(time.max()), 1


def _dealt(key: Hashes, at: NDArray[np.int32], bits: int) -> tuple[Ints, NDArray[np.int32]]:
    """Where each partition begins, and for each `key[at]` the place that brings the keys of a partition together."""
    starts = np.zeros((1 << bits) + 1, np.int64)
    place = np.empty(at.size if bits else 0, np.int32)
    if bits:
        _deal(*frozen((key, at)), np.uint64(64 - bits), starts, place)
    else:
        starts[1] = at.size
    return starts, place


@kernel
def _deal(key: Hashes, at: NDArray[np.int32], shift: np.uint64, starts: Ints, place: NDArray[np.int32]) -> None:
    one = u64(1)
    for i in range(u64(at.size)):
        starts[(key[u64(at[i])] >> shift) + one] += 1
    for before in range(starts.size - 1):
        starts[before + 1] += starts[before]
    end = starts.copy()
    for i in range(u64(at.size)):
        p = key[u64(at[i])] >> shift
        place[i] = end[p]
        end[p] += 1


@kernel
def _mark(at: NDArray[np.int32], used: NDArray[np.bool_]) -> None:
    for i in range(u64(at.size)):
        used[u64(at[i])] = True


def _scattered(column: NDArray[Any], place: NDArray[np.int32]) -> NDArray[Any]:
    """Every value at its place: the partitions are written side by side, each from its start to its end."""
    if not place.size:
        return column
    out = np.empty_like(column)
    _scatter(*frozen((column, place)), out)
    return out


def _dealt_out(table: NDArray[Any], at: NDArray[np.int32], place: NDArray[np.int32]) -> NDArray[Any]:
    """The same for `table[at]`."""
    if not place.size:
        return picked(table, at)
    out = np.empty(at.size, table.dtype)
    _scatter_through(*frozen((table, at, place)), out)
    return out


@kernel
def _scatter(column: NDArray[Any], place: NDArray[np.int32], out: NDArray[Any]) -> None:
    for i in range(u64(place.size)):
        out[u64(place[i])] = column[i]


@kernel
def _scatter_through(table: NDArray[Any], at: NDArray[np.int32], place: NDArray[np.int32], out: NDArray[Any]) -> None:
    for i in range(u64(place.size)):
        out[u64(place[i])] = table[u64(at[i])]


class _Spill:
    """Keeps chunks in memory as long as the budget lasts, then in a file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "stage"
        self._left = BUDGET
        self._store: Store | None = None

    def keep(self, chunk: Chunk) -> Chunk:
        """The same chunk, perhaps in the file."""
        names = chunk.names
        arrays = [*chunk.columns.values(), names.hash, names.check, names.fresh, names.texts.end, names.texts.data]
        size = sum(array.nbytes for array in arrays)
        if size <= self._left:
            self._left -= size
            return chunk
        if self._store is None:
            self._store = Store(self._file)
        put = self._store.put
        columns = {name: put(array) for name, array in chunk.columns.items()}
        texts = Texts(put(names.texts.end), put(names.texts.data))
        names = replace(names, hash=put(names.hash), check=put(names.check), fresh=put(names.fresh), texts=texts)
        return replace(chunk, columns=columns, names=names)
