"""First half of preparing: events of any order are coded and dealt out to partitions by the hash of their case.

The lake is read piece by piece, each distinct id and name of a piece once only. The events of a piece become plain
arrays in the order of their partition; beyond a budget of memory these go to disk, so that a partition can later be
gathered from all pieces whatever the size of the lake.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from desirepath.eventlog.coding import Codes, as_dictionary, places
from desirepath.eventlog.evidence import Piece
from desirepath.eventlog.hashing import Hashes, hash_strings
from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.model import Ints, Notion
from desirepath.eventlog.persons import STAND_IN, Persons
from desirepath.eventlog.picking import picked
from desirepath.eventlog.stored import Store
from desirepath.eventlog.texts import Texts, flat
from desirepath.progress import Progress, silent

ROWS_A_PARTITION = 1 << 18
MOST_PARTITION_BITS = 8
BUDGET = 1 << 29
"""Bytes of staged events that stay in memory."""


@dataclass(frozen=True)
class Names:
    """Ids by their hash, in the order of their partition: `starts` says where each partition's begin."""

    starts: Ints
    hash: Hashes
    texts: Texts


@dataclass(frozen=True)
class Chunk:
    """The events of a piece, in the order of their partition: `starts` says where each partition's begin.

    Columns: `key` and `other` (hashes of the ids of the notion and of the other one; `other` only where anybody has
    one), `time`, `import` and `row` (only where the rows do not ascend), event, channel and `d_…` as codes.
    """

    starts: Ints
    columns: Mapping[str, NDArray[Any]]
    keys: Names
    people: tuple[Hashes, Texts]  # the persons of a log by case


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
    chunks, times = [], []
    for chunk in _in_turn(pieces, plan, threads):
        if chunk.columns["time"].size:
            chunks.append(spill.keep(chunk))
            times.append(_facts(chunk.columns["time"]))
        done += chunk.columns["time"].size
        progress("reading events", done, None)
    first, last, unit = (min(t[0] for t in times), max(t[1] for t in times), min(t[2] for t in times)) if times else (
        0, 0, 1_000_000,
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
    return stage_table(piece.read(plan.columns), plan, piece)


def stage_table(table: pa.Table, plan: Plan, piece: Piece) -> Chunk:
    """Code the rows of a piece that were read already."""
    text = {name: as_dictionary(table[name]) for name in table.column_names if name not in ("at", "import", "row")}
    own, other = _ids(text, plan)
    key, names = _keys(own, other, piece, plan)
    columns: dict[str, NDArray[Any]] = {"key": key, "time": _flat(table["at"].cast(pa.int64()))}
    if other.null_count < len(other):
        columns["other"] = _hashes(other, plan.seed)
    for name in ("import", "row"):
        if not plan.ascending:
            columns[name] = _flat(table[name])
    for name, known in plan.codes.items():
        columns[name if name in ("event", "channel") else f"d_{name}"] = known.encode(
            text[name if name in ("event", "channel") else f"d_{name}"]
        )
    starts, place = _dealt(key, plan.bits)
    if plan.bits:
        columns = {name: _scattered(column, place) for name, column in columns.items()}
    people = _named(other.dictionary, plan.seed) if plan.notion == "case" else (np.empty(0, np.uint64), _texts(None))
    return Chunk(starts, columns, names, people)


def keys_of(piece: Piece, plan: Plan) -> Hashes:
    """The hash of the case key of every event of a piece."""
    table = piece.read(["customer", "case"])
    text = {name: as_dictionary(table[name]) for name in table.column_names}
    return _keys(*_ids(text, plan), piece, plan)[0]


def _ids(text: Mapping[str, pa.DictionaryArray], plan: Plan) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """The ids of the notion and the other ones; customers are resolved."""
    customer = text["customer"]
    person = pa.DictionaryArray.from_arrays(customer.indices, plan.persons.of(customer.dictionary))
    return (person, text["case"]) if plan.notion == "customer" else (text["case"], person)


def _keys(own: pa.DictionaryArray, other: pa.DictionaryArray, piece: Piece, plan: Plan) -> tuple[Hashes, Names]:
    """The hash of each event's case key, and the distinct keys."""
    hashes = _hashes(own, plan.seed)
    texts = own.dictionary.cast(pa.large_string())
    if own.null_count:
        nobody = np.flatnonzero(hashes == 0)
        stand_in = _stand_ins(other.take(pa.array(nobody)), piece, nobody)
        hashes[nobody] = hash_strings(stand_in, plan.seed)
        texts = pa.concat_arrays([texts, stand_in.unique()])
    texts = texts.drop_null()  # a dictionary may hold a null
    found, known = hash_strings(texts, plan.seed), _texts(texts)
    starts, place = _dealt(found, plan.bits)
    if plan.bits:
        order = _scattered(np.arange(found.size), place)
        found, known = found[order], known.gather(order)
    return hashes, Names(starts, found, known)


def _hashes(column: pa.DictionaryArray, seed: int) -> Hashes:
    return picked(np.append(hash_strings(column.dictionary, seed), np.uint64(0)), places(column))


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


def _facts(time: Ints) -> tuple[int, int, int]:
    """Least and greatest time, and the longest unit that divides all."""
    for unit in (1_000_000, 1000):
        if not (time[:1000] % unit).any() and not (time % unit).any():
            return int(time.min()), int(time.max()), unit
    return int(time.min()), int(time.max()), 1


def _dealt(key: Hashes, bits: int) -> tuple[Ints, NDArray[np.int32]]:
    """Where each partition begins, and for each key the place that brings the keys of a partition together."""
    starts = np.zeros((1 << bits) + 1, np.int64)
    place = np.empty(key.size if bits else 0, np.int32)
    if bits:
        _deal(key, np.uint64(64 - bits), starts, place)
    else:
        starts[1] = key.size
    return starts, place


@kernel
def _deal(key: Hashes, shift: np.uint64, starts: Ints, place: NDArray[np.int32]) -> None:
    one = u64(1)
    for i in range(u64(key.size)):
        starts[(key[i] >> shift) + one] += 1
    for before in range(starts.size - 1):
        starts[before + 1] += starts[before]
    at = starts.copy()
    for i in range(u64(key.size)):
        p = key[i] >> shift
        place[i] = at[p]
        at[p] += 1


def _scattered(column: NDArray[Any], place: NDArray[np.int32]) -> NDArray[Any]:
    """Every value at its place: the partitions are written side by side, each from its start to its end."""
    out = np.empty_like(column)
    column.setflags(write=False)
    _scatter(column, place, out)
    return out


@kernel
def _scatter(column: NDArray[Any], place: NDArray[np.int32], out: NDArray[Any]) -> None:
    for i in range(u64(place.size)):
        out[u64(place[i])] = column[i]


class _Spill:
    """Keeps chunks in memory as long as the budget lasts, then in a file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "stage"
        self._left = BUDGET
        self._store: Store | None = None

    def keep(self, chunk: Chunk) -> Chunk:
        """The same chunk, perhaps in the file."""
        arrays = [*chunk.columns.values(), chunk.keys.hash, chunk.keys.texts.end, chunk.keys.texts.data]
        size = sum(array.nbytes for array in arrays)
        if size <= self._left:
            self._left -= size
            return chunk
        if self._store is None:
            self._store = Store(self._file)
        put = self._store.put
        columns = {name: put(array) for name, array in chunk.columns.items()}
        texts = Texts(put(chunk.keys.texts.end), put(chunk.keys.texts.data))
        return Chunk(chunk.starts, columns, Names(chunk.keys.starts, put(chunk.keys.hash), texts), chunk.people)
