"""Writes the lake's Parquet files, Zstandard-compressed, in row groups that bound the memory, and rewrites them.

Times are stored as differences, uncompressed: Zstandard makes them hardly smaller, and slower to read. Names and ids
are stored as dictionaries of whole row groups, however many there are: whoever reads them looks at each distinct one
once. A file whose rows ascend by (import, row) says so in its footer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from desirepath.lake.delta import DataFile, explained

GROUP_ROWS = 1 << 19
GROUP_BYTES = 64 << 20
"""A row group is written when it has this many rows or bytes, whichever comes first."""

ASCENDING = b"desirepath.ascending"
"""Key in the footer of a file whose rows ascend by (import, row)."""
_PROSE = {"text", "raw", "value", "id", "event_id"}
"""Columns of texts that hardly ever come twice."""
_DICTIONARY_BYTES = 64 << 20
_RISING = ("import", "row", "at")
"""Columns of numbers that mostly rise: their differences are stored."""

Keep = Callable[[pa.RecordBatch, int], pa.Array]
"""Marks the rows of a batch that stay; it is given the position of the batch's first row in the file, too."""


class Writer:
    """One Parquet file being written. `size` is what is on the disk so far."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self.schema = schema
        self.rows = 0
        self._imports: tuple[int, int] | None = None
        self._last = (-1, -1)  # import and row of the last row, while rows ascend
        self._ascending = True
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = self._waiting_bytes = 0
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._sink = pa.OSFile(str(path), "wb")
            self._parquet = pq.ParquetWriter(
                self._sink,
                schema,
                compression={f.name: "none" if f.name == "at" else "zstd" for f in schema},
                use_dictionary=[f.name for f in schema if f.type == pa.string() and f.name not in _PROSE],
                dictionary_pagesize_limit=_DICTIONARY_BYTES,
                column_encoding={name: "DELTA_BINARY_PACKED" for name in _RISING if name in schema.names},
            )

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return int(self._sink.tell())

    def write(self, batch: pa.RecordBatch) -> None:
        """Adds the rows of a batch that has the file's schema."""
        if not batch.num_rows:
            return
        span = pc.min_max(batch.column("import")).as_py()
        low, high = self._imports or (span["min"], span["max"])
        self._imports = min(low, span["min"]), max(high, span["max"])
        self._ascending = self._ascending and self._ascends(batch)
        self.rows += batch.num_rows
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        self._waiting_bytes += batch.nbytes
        if self._waiting_rows >= GROUP_ROWS or self._waiting_bytes >= GROUP_BYTES:
            self._flush()

    def close(self) -> DataFile:
        """Finishes the file, which has at least one row."""
        self._flush()
        with explained(self.path):
            if self._ascending:
                self._parquet.add_key_value_metadata({ASCENDING: b"yes"})
            self._parquet.close()
            self._sink.close()
            assert self._imports is not None, "an empty file"
            return DataFile(self.path, self.path.stat().st_size, self.rows, *self._imports)

    def discard(self) -> None:
        """Stops in the middle and deletes the file."""
        self._waiting.clear()
        try:
            self._parquet.close()
        except OSError:
            pass  # a full disk has no room for the footer either
        finally:
            self._sink.close()
            self.path.unlink(missing_ok=True)

    def _ascends(self, batch: pa.RecordBatch) -> bool:
        import_, row = (batch.column(name).to_numpy() for name in ("import", "row"))
        before, self._last = self._last, (int(import_[-1]), int(row[-1]))
        steps, same = np.diff(import_), np.diff(row)
        return before <= (import_[0], row[0]) and bool(((steps > 0) | ((steps == 0) & (same >= 0))).all())

    def _flush(self) -> None:
        if self._waiting:
            with explained(self.path):
                self._parquet.write_table(pa.Table.from_batches(self._waiting), row_group_size=self._waiting_rows)
            self._waiting, self._waiting_rows, self._waiting_bytes = [], 0, 0


def rewrite(path: Path, target: Path, keep: Keep) -> DataFile | None:
    """Copies the rows that `keep` marks; None when there are none, and no file then."""
    with explained(path), pq.ParquetFile(path) as source:
        writer = Writer(target, source.schema_arrow)
        position = 0
        try:
            for batch in source.iter_batches(batch_size=1 << 16):
                writer.write(batch.filter(keep(batch, position)))
                position += batch.num_rows
            if writer.rows:
                return writer.close()
        except BaseException:
            writer.discard()
            raise
    writer.discard()
    return None


def span(files: Iterable[DataFile], low: str, high: str) -> tuple[datetime | None, datetime | None]:
    """The lowest value of one column of times and the highest of another, from what the files say of themselves."""
    lows, highs = _statistics(files, low), _statistics(files, high)
    return (
        min((s.min for s in lows if s.has_min_max), default=None),
        max((s.max for s in highs if s.has_min_max), default=None),
    )


def has_values(files: Iterable[DataFile], column: str) -> bool:
    """Whether a column is anything but empty."""
    return any(s.num_values for s in _statistics(files, column))


def _statistics(files: Iterable[DataFile], column: str) -> list[pq.Statistics]:
    found = []
    for file in files:
        with explained(file.path):
            facts = pq.read_metadata(file.path)
        index = facts.schema.to_arrow_schema().get_field_index(column)
        found += [facts.row_group(g).column(index).statistics for g in range(facts.num_row_groups)]
    return found
