"""A prepared log as rows of a table, and laid out again: so it can be kept wherever Spark can write.

A row is a piece of a file. All rows of a partition lie in one file of the data set, which goes to one task; `rows` says
how many there are, and whoever lays them out counts them.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from desirepath.eventlog.log import MANIFEST, checksum, stamp

SCHEMA = "partition int, name string, piece int, rows int, bytes binary"
_ARROW = pa.schema(
    [
        pa.field("partition", pa.int32()),
        pa.field("name", pa.string()),
        pa.field("piece", pa.int32()),
        pa.field("rows", pa.int32()),
        pa.field("bytes", pa.binary()),
    ]
)
PIECE = 1 << 20
"""Bytes of a row."""
BATCH = 16
"""Rows that Spark hands over at a time."""


def scratch() -> Path:
    """A folder on this executor that goes when it goes: nothing of a customer outlives the application there."""
    return Path(os.environ.get("SPARK_LOCAL_DIRS", tempfile.gettempdir()).split(",")[0])


def packed(partition: int, folder: Path) -> Iterator[pa.RecordBatch]:
    """The rows of a partition's log."""
    files = sorted(file for file in folder.iterdir() if file.is_file())
    pieces = [(file, at) for file in files for at in range(max(1, -(-file.stat().st_size // PIECE)))]
    for first in range(0, len(pieces), BATCH):
        some = pieces[first : first + BATCH]
        data = [
            [partition] * len(some),
            [file.name for file, _ in some],
            [at for _, at in some],
            [len(pieces)] * len(some),
            [_read(file, at) for file, at in some],
        ]
        yield pa.RecordBatch.from_arrays(
            [pa.array(column, f.type) for column, f in zip(data, _ARROW, strict=True)], schema=_ARROW
        )


def _read(file: Path, at: int) -> bytes:
    with file.open("rb") as source:
        source.seek(at * PIECE)
        return source.read(PIECE)


def laid(batches: Iterable[pa.RecordBatch], folder: Path) -> Iterator[int]:
    """Lay partitions out below a folder; yields the number of each once it is whole, however often it was laid."""
    partition, left = -1, 0
    draft: Path | None = None
    for row in (row for batch in batches for row in batch.to_pylist()):
        if draft is None:
            partition, left = row["partition"], row["rows"]
            folder.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".laying-", dir=folder))
        if row["partition"] != partition:
            break
        with (draft / row["name"]).open("ab") as out:
            out.write(row["bytes"])
        left -= 1
        if left == 0:
            _finish(draft, folder / str(partition))
            yield partition
            draft = None
    if draft is not None:
        shutil.rmtree(draft, ignore_errors=True)
        raise OSError(f"partition {partition} did not come as a whole: {left} rows are missing")


def _finish(draft: Path, target: Path) -> None:
    """Check the files, and give them their place."""
    manifest = json.loads((draft / MANIFEST).read_bytes())
    for name, (size, _) in manifest["files"].items():
        if (draft / name).stat().st_size != size:
            raise OSError(f"{name} of partition {target.name} has not the size that it was written with")
    manifest["files"] = {name: stamp(draft / name) for name in manifest["files"]}
    manifest["checksum"] = checksum(manifest)
    (draft / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    try:
        draft.rename(target)
    except OSError:  # somebody else was faster
        if not (target / MANIFEST).exists():
            raise
        shutil.rmtree(draft, ignore_errors=True)
