"""Second half of preparing: the events of one partition become plain arrays, case by case in the total order.

Cases stand in the order of the hash of their key, so that all partitions one after the other are sorted as a whole;
inside a case events are ordered by (time, import, row): a counting sort over the cases and an insertion sort inside
each, for events arrive nearly in order. A case that is far out of order is sorted by numpy instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from desirepath.eventlog.coding import Codes, Codings, as_dictionary
from desirepath.eventlog.hashing import Hashes, hash_strings
from desirepath.eventlog.jit import frozen, kernel, u64
from desirepath.eventlog.model import Ints
from desirepath.eventlog.persons import Persons
from desirepath.eventlog.picking import picked, picked_through
from desirepath.eventlog.staging import SECOND, Chunk, Names
from desirepath.eventlog.texts import Texts

_NOTHING = np.empty(0, np.int64)


class CollisionError(Exception):
    """Two different ids have one hash: all must be done again with another seed."""


@dataclass(frozen=True)
class Part:
    """Cases in order, ready to be appended to the log's files. `length` counts the events of each case."""

    length: Ints
    hash: Hashes
    keys: pa.Array
    person: Hashes  # hash of the case's person, of its own key where it has none
    other: Hashes  # unique pairs of an id of the other notion and a case here
    other_case: Ints
    time: Ints  # µs
    columns: dict[str, Codings]  # event, channel and dimensions, of each event
    constant: dict[str, bool]  # whether the dimension never changes inside a case of this part

    @property
    def starts(self) -> Ints:
        """Where each case begins."""
        return np.cumsum(self.length) - self.length


@dataclass(frozen=True)
class CustomerDimension:
    """What the customers table says of persons: codes by hash of the person, hashes ascending."""

    hash: Hashes
    code: Codings

    @classmethod
    def of(cls, table: pa.Table, name: str, persons: Persons, codes: Codes, seed: int) -> CustomerDimension:
        """The last value that is known of each person, in the order (import, row)."""
        table = table.filter(table[f"d_{name}"].is_valid())
        order = np.lexsort([table[n].to_numpy() for n in ("row", "import")])[::-1]
        table = table.take(pa.array(order)).combine_chunks()
        ids = pc.cast(table["customer"], pa.large_string()).combine_chunks()
        hashes = hash_strings(persons.of(ids), seed)
        code = codes.encode(as_dictionary(table[f"d_{name}"]))
        unique, first = np.unique(hashes, return_index=True)
        return cls(unique, code[first])

    def look_up(self, person: Hashes) -> Codings:
        """The code for each person, 0 where nothing is known."""
        if self.hash.size == 0:
            return np.zeros(person.size, np.uint8)
        at = np.minimum(np.searchsorted(self.hash, person), self.hash.size - 1)
        return np.where(self.hash[at] == person, self.code[at], 0)


def build(
    partition: int,
    chunks: tuple[Chunk, ...],
    ordered_codes: Mapping[str, Codings],
    customer_dims: Mapping[str, CustomerDimension],
    *,
    by_case: bool,
) -> Part:
    """Order one partition. `ordered_codes` turns the staged codes of event, channel and dimensions into final ones."""
    column = _gathered(partition, chunks)
    names = [chunk.names for chunk in chunks]
    bounds = _bounds(partition, [each.starts for each in names])
    hashes, case_of_name = _cases(partition, names)
    keys = _keys(partition, names, bounds, case_of_name, hashes.size)
    case = np.empty(column["name"].size, np.int32)
    events = _bounds(partition, [chunk.starts for chunk in chunks])
    _pass_on(*frozen((events, bounds, column["name"], case_of_name)), case)
    offset, perm = ordered(case, column["time"], column.get("import"), column.get("row"), hashes.size)
    length = np.diff(offset)
    other = picked(column["other"], perm) if "other" in column else None
    person = _persons(other, offset, hashes) if by_case else hashes
    columns, constant = {}, {}
    for name, table in ordered_codes.items():
        codes = column[name if name in ("event", "channel") else f"d_{name}"]
        if name in customer_dims:
            codes = picked(codes, perm)
            codes = np.where(codes == 0, np.repeat(customer_dims[name].look_up(person), length), codes)
            columns[name] = picked(table, codes)
        else:
            columns[name] = picked_through(table, codes, perm)
        constant[name] = name not in ("event", "channel") and steady(columns[name], offset)
    time = picked(column["time"], perm)
    return Part(length, hashes, keys, person, *_pairs(other, length), time, columns, constant)


def _gathered(partition: int, chunks: tuple[Chunk, ...]) -> dict[str, NDArray[Any]]:
    """The partition's rows of all chunks."""

    def rows(chunk: Chunk, name: str) -> NDArray[Any]:
        a, z = chunk.starts[partition], chunk.starts[partition + 1]
        found = chunk.columns[name][a:z] if name in chunk.columns else np.zeros(z - a, np.uint64)
        return found * np.int64(SECOND) if name == "time" and found.dtype == np.uint32 else found

    names = {name for chunk in chunks for name in chunk.columns}
    return {name: np.concatenate([rows(chunk, name) for chunk in chunks]) for name in names}


def _cases(partition: int, names: list[Names]) -> tuple[Hashes, NDArray[np.int32]]:
    """The hash of each case, ascending; and the case of each name, chunk after chunk."""
    cuts = [slice(n.starts[partition], n.starts[partition + 1]) for n in names]
    hashes, case = _numbered(np.concatenate([n.hash[cut] for n, cut in zip(names, cuts, strict=True)]))
    check = np.concatenate([n.check[cut] for n, cut in zip(names, cuts, strict=True)])
    of_case = np.empty(hashes.size, np.uint32)
    of_case[case] = check
    if (picked(of_case, case) != check).any():
        raise CollisionError
    return hashes, case


def _numbered(key: Hashes) -> tuple[Hashes, NDArray[np.int32]]:
    """The distinct hashes, ascending, and for each one given its place among them."""
    slots = np.full(max(16, 1 << (2 * key.size - 1).bit_length()), -1, np.int32)
    met = np.empty(key.size, np.uint64)
    case = np.empty(key.size, np.int32)
    n = _number(key, slots, met, case)
    order = np.argsort(met[:n])
    rank = np.empty(n, np.int32)
    rank[order] = np.arange(n, dtype=np.int32)
    return met[order], picked(rank, case)


@kernel
def _number(key: Hashes, slots: NDArray[np.int32], met: Hashes, case: NDArray[np.int32]) -> int:
    """Number the distinct hashes as they come."""
    one = u64(1)
    mask = u64(slots.size) - one
    n = np.int32(0)
    for i in range(u64(key.size)):
        at = key[i] & mask
        while slots[at] >= 0 and met[u64(slots[at])] != key[i]:
            at = (at + one) & mask
        if slots[at] < 0:
            slots[at] = n
            met[u64(n)] = key[i]
            n += np.int32(1)
        case[i] = slots[at]
    return int(n)


def _bounds(partition: int, starts: list[Ints]) -> Ints:
    """Where what the partition has of each chunk begins, and the last one's ends, one chunk after the other."""
    return np.cumsum([0, *(each[partition + 1] - each[partition] for each in starts)])


def _keys(partition: int, names: list[Names], bounds: Ints, case_of_name: NDArray[np.int32], cases: int) -> pa.Array:
    """The id of each case, where it was written out first."""
    case, texts = [], []
    for each, before in zip(names, bounds[:-1], strict=True):
        a, z = int(each.fresh_starts[partition]), int(each.fresh_starts[partition + 1])
        case.append(case_of_name[before:][each.fresh[a:z]])
        texts.append(each.texts.slice(a, z))
    chosen = np.full(cases, -1, np.int64)
    written = np.concatenate(case)[::-1]
    chosen[written] = np.arange(written.size)[::-1]
    assert (chosen >= 0).all(), "an id was never written out"
    return Texts.joined(texts).gather(chosen).arrow()


@kernel
def _pass_on(
    events: Ints, names: Ints, name: NDArray[Any], case_of_name: NDArray[np.int32], case: NDArray[np.int32]
) -> None:
    """The case of each event; chunk k has the events from `events[k]` and the names from `names[k]` on."""
    for k in range(events.size - 1):
        for i in range(u64(events[k]), u64(events[k + 1])):
            case[i] = case_of_name[u64(names[k]) + u64(name[i])]


def _persons(other: Hashes | None, offset: Ints, hashes: Hashes) -> Hashes:
    """The first person named in each case; a case that names none is a person of its own."""
    person = ~hashes
    if other is None:
        return person
    named_at = np.flatnonzero(other)
    first = np.append(named_at, other.size)[np.searchsorted(named_at, offset[:-1])]
    found = first < offset[1:]
    person[found] = other[first[found]]
    return person


def _pairs(other: Hashes | None, length: Ints) -> tuple[Hashes, Ints]:
    """Unique pairs (other id, case), ascending."""
    if other is None:
        return np.empty(0, np.uint64), _NOTHING
    owner = np.repeat(np.arange(length.size), length)
    at = np.flatnonzero(other)
    hashes, owners = other[at], owner[at]
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    new = np.ones(hashes.size, np.bool_)
    new[1:] = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
    return hashes[new], owners[new]


def ordered(
    case: NDArray[np.int32], time: Ints, import_: Ints | None, row: Ints | None, cases: int
) -> tuple[Ints, NDArray[Any]]:
    """Where each case begins (and the last one ends), and the permutation that orders by (case, time, import, row).

    Without `import_` and `row` ties stay in the order in which they stand.
    """
    import_, row = (_NOTHING if x is None else x for x in (import_, row))
    offset = np.zeros(cases + 1, np.int64)
    perm = np.empty(case.size, np.int32 if case.size < 1 << 31 else np.int64)
    unfinished = np.zeros(cases, np.bool_)
    frozen((case, time, import_, row))
    _begin(case, offset)
    _order(case, time, import_, row, offset, offset[:-1].copy(), perm, unfinished)
    for c in np.flatnonzero(unfinished):
        rows = perm[offset[c] : offset[c + 1]]
        ties = (row[rows], import_[rows]) if row.size else (rows,)
        perm[offset[c] : offset[c + 1]] = rows[np.lexsort((*ties, time[rows]))]
    return offset, perm


@kernel
def _begin(case: NDArray[np.int32], offset: Ints) -> None:
    """Where the events of each case begin, by their numbers."""
    one = u64(1)
    for i in range(u64(case.size)):
        offset[u64(case[i]) + one] += 1
    for c in range(one, u64(offset.size)):
        offset[c] += offset[c - one]


@kernel
def _order(
    case: NDArray[np.int32],
    time: Ints,
    import_: Ints,
    row: Ints,
    offset: Ints,
    end: Ints,
    perm: NDArray[Any],
    unfinished: NDArray[np.bool_],
) -> None:
    """Counting sort by case; insertion sort within, given up for a case once it costs 32 moves an event."""
    one = u64(1)
    budget = np.zeros(unfinished.size, np.int64)
    for i in range(u64(case.size)):
        c = u64(case[i])
        now = time[i]
        start, j = u64(offset[c]), u64(end[c])
        end[c] += 1
        if not unfinished[c]:
            budget[c] += 32
            while j > start and budget[c] > 0:
                k = u64(perm[j - one])
                if time[k] < now:
                    break
                if time[k] == now and (
                    row.size == 0 or import_[k] < import_[i] or (import_[k] == import_[i] and row[k] <= row[i])
                ):
                    break
                perm[j] = k
                j -= one
                budget[c] -= 1
            if budget[c] <= 0:
                unfinished[c] = True
        perm[j] = i


def steady(codes: Codings, offset: Ints) -> bool:
    """Whether no case has two different codes."""
    codes.setflags(write=False)
    return bool(_steady(codes, offset))


@kernel
def _steady(codes: NDArray[Any], offset: Ints) -> bool:
    for c in range(offset.size - 1):
        first = codes[offset[c]]
        for i in range(offset[c] + 1, offset[c + 1]):
            if codes[i] != first:
                return False
    return True
