"""Parquet as a table, row group by row group, in its own types; structs become `a.b`, other nested values JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from desirepath.errors import IntakeError
from desirepath.intake.readers import streams
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.table import BATCH_ROWS, Limits, RawTable, unique_names, with_rows


class ParquetTable(RawTable):
    """A Parquet file; a row's line is its number, from 1."""

    def __init__(self, file: SourceFile, limits: Limits) -> None:
        self._file, self._limits = file, limits
        with self._open() as opened:
            flat = _flat(pa.RecordBatch.from_pylist([], schema=opened.schema_arrow))
        names, said = unique_names(flat.schema.names)
        super().__init__(
            pa.schema([pa.field(name, column.type) for name, column in zip(names, flat.columns, strict=True)]),
            ["Parquet, columns in their own types", *said],
        )

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows, native types."""
        self._begin()
        with self._open() as opened:
            batches = opened.iter_batches(BATCH_ROWS)
            while True:
                try:
                    batch = next(batches, None)
                except (pa.ArrowException, OSError) as error:
                    raise self._damaged(f"damaged after {self.rows:,} rows", error) from error
                if batch is None:
                    return
                ordinals = np.arange(self.rows, self.rows + batch.num_rows)
                self.rows += batch.num_rows
                yield with_rows(_flat(batch).columns, self.schema, ordinals)

    def lines(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Row numbers, from 1."""
        return np.asarray(rows, np.int64) + 1

    @contextmanager
    def _open(self) -> Iterator[pq.ParquetFile]:
        file = self._file
        with streams.whole(file.path, file.member, name=file.name, limits=self._limits) as path:
            try:
                opened = pq.ParquetFile(path)
            except (pa.ArrowException, OSError) as error:
                raise self._damaged("damaged or cut short: it has no readable footer", error) from error
            with opened:
                yield opened

    def _damaged(self, what: str, error: Exception) -> IntakeError:
        return IntakeError(f"the Parquet file is {what}", where=self._file.name, hint=f"write it again ({error})")


def _flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Structs taken apart, dictionaries decoded, lists and maps as JSON text."""
    table = pa.Table.from_batches([batch])
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    columns = [_plain(column.combine_chunks()) for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, names=table.schema.names)


def _plain(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if pa.types.is_nested(column.type):
        texts = [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in column.to_pylist()]
        return pa.array(texts, pa.string())
    return column
