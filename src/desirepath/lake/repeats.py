"""Finds events that a source sent twice: the same `event_id` earlier in the import or in an earlier one.

The ids are taken in slices by their hash, so that memory holds `SLICE` of them at a time however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from desirepath.lake.delta import DataFile
from desirepath.lake.scan import Selection, duck, parquet

Positions = np.ndarray[Any, np.dtype[np.int64]]

SLICE = 2_000_000

_WITHIN = """
INSERT INTO repeats SELECT filename, file_row_number FROM (
    SELECT *, row_number() OVER (PARTITION BY event_id ORDER BY filename, file_row_number) AS occurrence
    FROM mine WHERE h % $slices::UBIGINT = $slice::UBIGINT
        AND h IN (SELECT h FROM mine WHERE h % $slices::UBIGINT = $slice::UBIGINT GROUP BY h HAVING count(*) > 1)
) WHERE occurrence > 1
"""

_BEFORE = """
INSERT INTO repeats SELECT filename, file_row_number
FROM (SELECT * FROM mine WHERE h % $slices::UBIGINT = $slice::UBIGINT)
SEMI JOIN (SELECT event_id FROM earlier WHERE hash(event_id) % $slices::UBIGINT = $slice::UBIGINT) USING (event_id)
"""


def repeated_events(files: Sequence[DataFile], earlier: Selection | None, scratch: Path) -> dict[DataFile, Positions]:
    """The rows (by position in each file, rising) of `files` whose id stands before them or in `earlier`."""
    slices = 1 + sum(f.rows for f in files) // SLICE
    with duck(scratch) as connection:
        mine = parquet([f.path for f in files], ", filename = true, file_row_number = true")
        columns = "event_id, hash(event_id) AS h, filename, file_row_number"
        connection.execute(f"CREATE TEMP VIEW mine AS SELECT {columns} FROM {mine} WHERE event_id IS NOT NULL")
        connection.execute("CREATE TEMP TABLE repeats (filename VARCHAR, file_row_number BIGINT)")
        if earlier is not None:
            connection.execute(f"CREATE TEMP VIEW earlier AS SELECT event_id FROM ({earlier.sql})")
        for slice_ in range(slices):
            for query in (_WITHIN, _BEFORE) if earlier else (_WITHIN,):
                connection.execute(query, {"slices": slices, "slice": slice_})
        found = {f: _positions(connection, f) for f in files}
    return {f: positions for f, positions in found.items() if len(positions)}


def _positions(connection: duckdb.DuckDBPyConnection, file: DataFile) -> Positions:
    query = "SELECT DISTINCT file_row_number FROM repeats WHERE filename = ? ORDER BY 1"
    return connection.execute(query, [str(file.path)]).fetchnumpy()["file_row_number"].astype(np.int64)
