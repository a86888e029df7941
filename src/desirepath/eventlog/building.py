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
from numpy.typing import NDArray

from desirepath.eventlog.coding import Codes
from desirepath.eventlog.hashing import Hashes, hash_strings
from desirepath.eventlog.jit import kernel
from desirepath.eventlog.model import Ints
from desirepath.eventlog.staging import Persons

Codings = NDArray[np.integer]


@dataclass(frozen=True)
class Part:
    """One partition, ready to be appended to the log's files. `length` counts the events of each case."""

    length: Ints
    hash: Hashes
    keys: pa.Array
    customers: pa.Array  # the person of each case (only where the notion is the case)
    person: Hashes  # hash of the case's person, of its own key where it has none
    other_hash: Hashes  # unique pairs of an id of the other notion and a case here
    other_case: Ints
    time: Ints
    event: Codings
    channel: Codings
    dims: dict[str, Codings]
    constant: dict[str, bool]  # whether the dimension never changes inside a case of this partition


@dataclass(frozen=True)
class CustomerDimension:
    """What the customers table says of persons: codes by hash of the person, hashes ascending."""

    hash: Hashes
    code: NDArray[np.int32]

    @classmethod
    def of(cls, table: pa.Table, name: str, persons: Persons, codes: Codes) -> CustomerDimension:
        """The last value that is known of each person, in the order (import, row)."""
        table = table.filter(table[f"d_{name}"].is_valid()).sort_by([("import", "ascending"), ("row", "ascending")])
        table = table.combine_chunks()
        hashes = hash_strings(persons.of(table["customer"].combine_chunks()))[::-1]
        code = codes.encode(table[f"d_{name}"].combine_chunks())[::-1]
        unique, first = np.unique(hashes, return_index=True)
        return cls(unique, code[first])

    def look_up(self, person: Hashes) -> NDArray[np.int32]:
        """The code for each person, −1 where nothing is known."""
        if self.hash.size == 0:
            return np.full(person.size, -1, np.int32)
        at = np.minimum(np.searchsorted(self.hash, person), self.hash.size - 1)
        return np.where(self.hash[at] == person, self.code[at], np.int32(-1))


def build(
    table: pa.Table,
    ranks: Mapping[str, Codings],
    customer_dims: Mapping[str, CustomerDimension],
    by_case: bool,
) -> Part:
    """Order one partition. `ranks` turns the staged codes of event, channel and dimensions into final ones."""
    table = table.combine_chunks()
    column: dict[str, Any] = {name: _array(table, name) for name in table.column_names if name not in ("key", "other")}
    keys, case = _cases(table["key"].combine_chunks())
    hashes = hash_strings(keys)
    offset, perm = ordered(case, column["time"], column["import"], column["row"], len(keys))
    length = np.diff(offset)
    owner = np.repeat(np.arange(len(keys)), length)
    other_hash = column["other_hash"][perm]
    customers, person = (
        _persons(table["other"].combine_chunks().take(pa.array(perm)), other_hash, offset, hashes)
        if by_case
        else (pa.nulls(len(keys), pa.large_string()), hashes)
    )
    dims: dict[str, Codings] = {}
    constant: dict[str, bool] = {}
    for name in ranks:
        if name in ("event", "channel"):
            continue
        codes = column[f"d_{name}"][perm]
        if name in customer_dims:
            codes = np.where(codes < 0, np.repeat(customer_dims[name].look_up(person), length), codes)
        dims[name] = ranks[name][codes]
        constant[name] = bool((dims[name] == np.repeat(dims[name][offset[:-1]], length)).all())
    return Part(
        length,
        hashes,
        keys,
        customers,
        person,
        *_pairs(other_hash, owner),
        column["time"][perm],
        ranks["event"][column["event"][perm]],
        ranks["channel"][column["channel"][perm]],
        dims,
        constant,
    )


def _array(table: pa.Table, name: str) -> NDArray[Any]:
    array: NDArray[Any] = table[name].combine_chunks().to_numpy(zero_copy_only=False)
    return array


def _cases(key: pa.Array) -> tuple[pa.Array, Ints]:
    """The distinct keys in the order of their hashes (then of themselves), and for each event the index of its key."""
    encoded = key.dictionary_encode()
    distinct = encoded.dictionary
    hashes = hash_strings(distinct)
    order = np.argsort(hashes, kind="stable")
    if (np.diff(hashes[order]) == 0).any():
        order = np.array(sorted(range(len(distinct)), key=lambda i: (hashes[i], distinct[i].as_py())))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return distinct.take(pa.array(order)), rank[encoded.indices.to_numpy()]


def _persons(other: pa.Array, other_hash: Hashes, offset: Ints, hashes: Hashes) -> tuple[pa.Array, Hashes]:
    """The first person named in each case; a case that names none is a person of its own."""
    named = np.flatnonzero(other_hash)
    first = np.append(named, other_hash.size)[np.searchsorted(named, offset[:-1])]
    found = first < offset[1:]
    person = ~hashes
    person[found] = other_hash[first[found]]
    return other.take(pa.array(first, mask=~found)), person


def _pairs(other_hash: Hashes, owner: Ints) -> tuple[Hashes, Ints]:
    named = np.flatnonzero(other_hash)
    hashes, owners = other_hash[named], owner[named]
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    new = np.ones(hashes.size, np.bool_)
    new[1:] = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
    return hashes[new], owners[new]


def ordered(case: Ints, time: Ints, import_: Ints, row: Ints, cases: int) -> tuple[Ints, Ints]:
    """Where each case begins (and the last one ends), and the permutation that orders by (case, time, import, row)."""
    offset = np.zeros(cases + 1, np.int64)
    np.cumsum(np.bincount(case, minlength=cases), out=offset[1:])
    perm = np.empty(case.size, np.int64)
    unfinished = np.zeros(cases, np.bool_)
    _order(case, time, import_, row, offset, offset[:-1].copy(), perm, unfinished)
    for c in np.flatnonzero(unfinished):
        rows = perm[offset[c] : offset[c + 1]]
        perm[offset[c] : offset[c + 1]] = rows[np.lexsort((row[rows], import_[rows], time[rows]))]
    return offset, perm


@kernel
def _order(
    case: Ints,
    time: Ints,
    import_: Ints,
    row: Ints,
    offset: Ints,
    end: Ints,
    perm: Ints,
    unfinished: NDArray[np.bool_],
) -> None:
    """Counting sort by case; insertion sort within, given up for a case once it costs 32 moves an event."""
    budget = np.zeros(unfinished.size, np.int64)
    for i in range(case.size):
        c = case[i]
        j = end[c]
        end[c] = j + 1
        if not unfinished[c]:
            start = offset[c]
            budget[c] += 32
            while j > start and budget[c] > 0:
                k = perm[j - 1]
                if time[k] < time[i]:
                    break
                if time[k] == time[i] and (import_[k] < import_[i] or (import_[k] == import_[i] and row[k] < row[i])):
                    break
                perm[j] = k
                j -= 1
                budget[c] -= 1
            if budget[c] <= 0:
                unfinished[c] = True
        perm[j] = i
