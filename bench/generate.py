"""Writes the workload log into the lake of a workspace, and its next 1 % as a second import into the lake of another.

The second workspace shares the files of the first (hard links). While one thread writes Parquet, others make the
next rows; memory does not grow with their number. `python -m bench.generate --size 1b FOLDER`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

import desirepath
from bench.engine.journey import document
from bench.engine.workload import CHANNELS, EVENTS, MARKETS, SIZES, after, base
from bench.walkers import SEEN, arrivals
from desirepath.journey.model import Journey
from desirepath.lake.schema import EVENTS as COLUMNS
from desirepath.workspace import Workspace

BATCH = 1 << 17
SCHEMA = pa.schema([f for f in COLUMNS if f.name != "import"]).append(pa.field("d_market", pa.string()))
Item = TypeVar("Item")


class Stream:
    """Events in the order of their arrival, taken bit by bit."""

    def __init__(self, pieces: Iterator[NDArray[np.void]]) -> None:
        self._pieces = pieces
        self._rest = np.empty(0, SEEN)

    def take(self, rows: int) -> Iterator[NDArray[np.void]]:
        """The next so many."""
        while rows:
            piece = self._rest if self._rest.size else next(self._pieces)
            piece, self._rest = piece[:rows], piece[rows:]
            rows -= piece.size
            yield piece


class Facts:
    """What is counted as the events pass."""

    def __init__(self) -> None:
        self.cases = self.chosen = 0
        self._nth: list[NDArray[np.void]] = []

    def count(self, pieces: Iterable[NDArray[np.void]]) -> Iterator[NDArray[np.void]]:
        """Of the log: cases, and events of those whom W6 asks for."""
        for piece in pieces:
            self.cases += int((piece["nth"] == 1).sum())
            self.chosen += int(piece["chosen"].sum())
            yield piece

    def touch(self, pieces: Iterable[NDArray[np.void]]) -> Iterator[NDArray[np.void]]:
        """Of the new events: who they are of, and the how manieth of theirs."""
        for piece in pieces:
            self._nth.append(piece[["customer", "nth"]])
            yield piece

    @property
    def touched(self) -> int:
        """All events of the customers who have new ones."""
        new = np.concatenate(self._nth)
        new = new[np.lexsort((new["nth"], new["customer"]))]
        last = np.append(new["customer"][1:] != new["customer"][:-1], True)
        return int(new["nth"][last].sum())


def generate(folder: Path, rows: int) -> None:
    """Write the log, unless it is there."""
    if (folder / "complete").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    more = rows // 100
    stream, facts = Stream(_ahead(arrivals(rows + more))), Facts()
    with closing(desirepath.init(base(folder))) as log:
        _import(log, facts.count(stream.take(rows)))
        log.add_journey(Journey.model_validate(document()))
        before = log.lake.files("events")
    _share(base(folder), after(folder))
    with closing(desirepath.open(after(folder))) as log:
        _import(log, facts.touch(stream.take(more)))
        both = log.lake.files("events")
    counted = {"events": rows, "cases": facts.cases, "chosen": facts.chosen, "new": more, "touched": facts.touched}
    _note(folder / "facts.json", counted)
    names = {"base": before, "after": both}
    _note(folder / "files.json", {key: [str(Path(f).relative_to(folder)) for f in fs] for key, fs in names.items()})
    (folder / "complete").touch()


def _note(file: Path, what: Any) -> None:
    file.write_text(json.dumps(what, indent=1) + "\n", "utf-8")


def _import(into: Workspace, pieces: Iterable[NDArray[np.void]]) -> None:
    with into.lake.begin("bench") as new:
        batches = (batch for table in _ahead(_tables(pieces)) for batch in table.to_batches(BATCH))
        rows = new.write("events", batches, SCHEMA)
        new.commit({"rows": rows})


def _share(one: Path, other: Path) -> None:
    """The same workspace once more; what will be written anew is copied, the rest linked."""

    def put(source: str, target: str) -> None:
        (os.link if source.endswith((".parquet", ".json")) else shutil.copy2)(source, target)

    shutil.copytree(one, other, copy_function=put, ignore=shutil.ignore_patterns("cache", ".lock", ".scratch"))


def _ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The next one is being made while the last one is used."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item


def _tables(pieces: Iterable[NDArray[np.void]]) -> Iterator[pa.Table]:
    done = 0
    for piece in pieces:
        yield _table(piece, done)
        done += piece.size


def _table(events: NDArray[np.void], first_row: int) -> pa.Table:
    def texts(column: str, values: tuple[str, ...]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(events[column]), pa.array(values)).cast(pa.string())

    n = events.size
    # the multiplier is odd, so that no two customers get one id
    ids = pa.array(events["customer"] * 2_654_435_761 & ((1 << 40) - 1)).cast(pa.string())
    columns = {
        "row": pa.array(np.arange(first_row, first_row + n)),
        "at": pa.array(events["at"]).cast(pa.timestamp("us", tz="UTC")),
        "customer": pc.binary_join_element_wise(pa.scalar("CUST"), ids, "-"),
        "event": texts("event", EVENTS),
        "channel": texts("channel", CHANNELS),
        "source": pa.repeat(pa.scalar("bench"), n),
        "d_market": texts("market", MARKETS),
    }
    return pa.table([columns.get(f.name, pa.nulls(n, f.type)) for f in SCHEMA], schema=SCHEMA)


def main() -> None:
    """Write a log and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="10m")
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    began = time.perf_counter()
    generate(asked.folder, SIZES[asked.size])
    print(f"{SIZES[asked.size]:,} events and the next 1 % in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
