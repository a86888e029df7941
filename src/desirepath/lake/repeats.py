"""Finds events that a source sent twice: the same `event_id` earlier in the import or in an earlier one.

Hashes narrow the ids down to the few that can be repeated before the ids themselves are compared, so that memory holds
eight bytes an event.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from desirepath.lake.delta import DataFile
from desirepath.lake.scan import Selection, duck, parquet

Positions = np.ndarray[Any, np.dtype[np.int64]]

_SUSPECTS = """
CREATE TEMP TABLE suspects AS
SELECT hash(event_id) AS h FROM mine WHERE event_id IS NOT NULL GROUP BY h HAVING count(*) > 1
UNION
SELECT hash(event_id) AS h FROM earlier WHERE h IN (SELECT hash(event_id) FROM mine WHERE event_id IS NOT NULL)
"""

_REPEATED = """
SELECT filename, file_row_number FROM (
    SELECT filename, file_row_number,
        row_number() OVER (PARTITION BY event_id ORDER BY filename, file_row_number) > 1
        OR event_id IN (SELECT event_id FROM earlier WHERE hash(event_id) IN (FROM suspects)) AS repeated
    FROM mine WHERE event_id IS NOT NULL AND hash(event_id) IN (FROM suspects)
) WHERE repeated ORDER BY ALL
"""


def repeated_events(files: Sequence[DataFile], earlier: Selection | None, scratch: Path) -> dict[DataFile, Positions]:
    """The rows (by position in each file, rising) of `files` whose id stands before them or in `earlier`."""
    with duck(scratch) as connection:
        mine = parquet([f.path for f in files], ", filename = true, file_row_number = true")
        connection.execute(f"CREATE TEMP VIEW mine AS SELECT event_id, filename, file_row_number FROM {mine}")
        known = "SELECT NULL::VARCHAR AS event_id WHERE false" if earlier is None else earlier.sql
        connection.execute(f"CREATE TEMP VIEW earlier AS SELECT event_id FROM ({known}) WHERE event_id IS NOT NULL")
        connection.execute(_SUSPECTS)
        found = connection.execute(_REPEATED).fetchnumpy()
    names, rows = np.asarray(found["filename"], dtype=str), np.asarray(found["file_row_number"], dtype=np.int64)
    positions = {f: rows[names == str(f.path)] for f in files}
    return {f: p for f, p in positions.items() if len(p)}
