"""First half of preparing: events of any order are coded, split by the hash of their case and laid on disk.

Every chunk of the stream becomes one Arrow IPC file with one record batch per partition, so that a partition can later
be read alone from each file: memory holds a few chunks, whatever the size of the lake.

The key of an event's case is the id of its notion (the person, or the source's case). Where that is null, the other id
stands in, and where both are null the event is a case of its own; such keys begin with a control character, so that
they never meet an id of the notion itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from desirepath.eventlog.coding import Codes
from desirepath.eventlog.hashing import hash_strings
from desirepath.eventlog.model import Notion
from desirepath.progress import Progress, silent

CHUNK = 1 << 19
"""Events that are staged together."""
ROWS_A_PARTITION = 1 << 16
MOST_PARTITION_BITS = 8
STAND_IN = "\x1f"
"""First character of a case key that is not an id of the notion."""


@dataclass(frozen=True)
class Staged:
    """Where the events lie, and the codes that they use."""

    files: tuple[Path, ...]
    partitions: int
    rows: int
    codes: dict[str, Codes] = field(repr=False)  # event, channel and the dimensions
    dims: tuple[str, ...] = ()


class Persons:
    """Resolves customer ids by the links table (`id`, `person`)."""

    def __init__(self, links: pa.Table) -> None:
        self._ids = links["id"].cast(pa.large_string()).combine_chunks()
        self._persons = links["person"].cast(pa.large_string()).combine_chunks()

    def of(self, customers: pa.Array) -> pa.Array:
        """The person behind each customer id: the linked one, else the id itself."""
        customers = customers.cast(pa.large_string())
        if len(self._ids) == 0:
            return customers
        return pc.coalesce(self._persons.take(pc.index_in(customers, self._ids)), customers)


def stage(
    events: Iterable[pa.RecordBatch],
    folder: Path,
    notion: Notion,
    persons: Persons,
    dims: tuple[str, ...],
    threads: int,
    progress: Progress = silent,
) -> Staged:
    """Write the events into `folder`, split by partition."""
    chunks = _chunks(events)
    head = list(islice(chunks, 2))
    bits = MOST_PARTITION_BITS if len(head) > 1 else _bits(sum(len(chunk) for chunk in head))
    codes = {name: Codes() for name in ("event", "channel", *dims)}
    files: list[Path] = []
    rows = 0
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for chunk in chain(head, chunks):
            files.append(folder / f"stage-{len(files)}.arrow")
            waiting.append(pool.submit(_stage_chunk, chunk, files[-1], notion, persons, codes, bits))
            rows += len(chunk)
            while len(waiting) > threads:
                waiting.popleft().result()
            progress("reading events", rows, None)
        for left in waiting:
            left.result()
    return Staged(tuple(files), 1 << bits, rows, codes, dims)


def _chunks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += len(batch)
        if rows >= CHUNK:
            yield pa.Table.from_batches(held)
            held, rows = [], 0
    if rows:
        yield pa.Table.from_batches(held)


def _bits(rows: int) -> int:
    return min(MOST_PARTITION_BITS, max(0, (rows // ROWS_A_PARTITION).bit_length()))


def _stage_chunk(
    chunk: pa.Table, file: Path, notion: Notion, persons: Persons, codes: dict[str, Codes], bits: int
) -> None:
    chunk = chunk.combine_chunks()
    column = {name: _flat(chunk[name]) for name in chunk.column_names}
    person, case = persons.of(column["customer"]), column["case"].cast(pa.large_string())
    own, other = (person, case) if notion == "customer" else (case, person)
    key = _keys(own, other, column["import"], column["row"])
    hashes = hash_strings(key)
    partition = (hashes >> np.uint64(64 - bits)).astype(np.uint16) if bits else np.zeros(len(key), np.uint16)
    columns = {
        "key": key,
        "other": other if notion == "case" else pa.nulls(len(key)),
        "other_hash": pa.array(hash_strings(other)),
        "time": column["at"].cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()),
        "import": column["import"],
        "row": column["row"],
    }
    for name, known in codes.items():
        columns[name if name in ("event", "channel") else f"d_{name}"] = pa.array(
            known.encode(column[name if name in ("event", "channel") else f"d_{name}"])
        )
    table = pa.table(columns)
    if bits:
        table = table.take(pa.array(np.argsort(partition, kind="stable")))
    ends = np.concatenate([[0], np.cumsum(np.bincount(partition, minlength=1 << bits))])
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            part = table.slice(start, end - start).combine_chunks()
            writer.write_batch(part.to_batches()[0] if end > start else pa.RecordBatch.from_pylist([], table.schema))


def _flat(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _keys(own: pa.Array, other: pa.Array, import_: pa.Array, row: pa.Array) -> pa.Array:
    if own.null_count == 0:
        return own
    large = pa.large_string()
    join = pc.binary_join_element_wise
    stand_in = join(pa.scalar(f"{STAND_IN}id", large), other, pa.scalar("", large))
    single = join(
        pa.scalar(f"{STAND_IN}event", large),
        import_.cast(large),
        pa.scalar("-", large),
        row.cast(large),
        pa.scalar("", large),
    )
    return pc.coalesce(own, stand_in, single)
