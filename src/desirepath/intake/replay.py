"""Reads the rows that are in quarantine again, with a corrected mapping, without touching those that were accepted.

Quarantined rows keep their raw cells, so a replay needs no file (only lookup files have to be given again). It takes
all outstanding rows of a source at once: what is accepted now becomes evidence, what fails again is quarantined anew,
and the earlier quarantine of the source counts as superseded. Rows without raw cells (broken quoting, too long) stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from desirepath.database.database import Database
from desirepath.errors import IntakeError, MappingError
from desirepath.intake import sources
from desirepath.intake.engine import engine
from desirepath.intake.mapping import Mapping
from desirepath.intake.mapping_yaml import load as load_mapping
from desirepath.intake.pipeline import Input, Run
from desirepath.intake.quarantine import SCHEMA, raw_cells
from desirepath.intake.readers.files import SourceFile, find_files
from desirepath.intake.readers.table import BATCH_ROWS, RawTable, with_rows
from desirepath.intake.summary import IngestSummary
from desirepath.lake.lake import Lake
from desirepath.progress import Progress, silent


class ReplayTable(RawTable):
    """Quarantined rows of one file as a table again, each with the line it stood on."""

    def __init__(self, rows: list[dict[str, str | None]], lines: list[int | None]) -> None:
        names = list(dict.fromkeys(name for row in rows for name in row))
        super().__init__(pa.schema([pa.field(name, pa.string()) for name in names]), [])
        self._rows = rows
        self._lines = np.array([line or 0 for line in lines], dtype=np.int64)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in the order of their quarantine."""
        self._begin()
        for start in range(0, len(self._rows), BATCH_ROWS):
            part = self._rows[start : start + BATCH_ROWS]
            columns = [pa.array([row.get(f.name) for row in part], pa.string()) for f in self.schema]
            self.rows += len(part)
            yield with_rows(columns, self.schema, np.arange(start, start + len(part), dtype=np.int64))

    def lines(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The lines of the original file."""
        return np.asarray(self._lines[rows], dtype=np.int64)


def replay(
    lake: Lake,
    database: Database,
    source: str,
    mapping: Mapping | str | Path,
    *,
    paths: Sequence[str | Path] = (),
    progress: Progress = silent,
) -> IngestSummary:
    """Takes in what a corrected mapping can read of the source's quarantine; `paths` hold the lookup files, if any."""
    mapping = mapping if isinstance(mapping, Mapping) else load_mapping(mapping)
    blocks = [b for b in mapping.blocks if b.source == source]
    if not blocks:
        raise MappingError(f"the mapping has no block of the source '{source}'")
    files = list(find_files(paths)) if paths else []
    with (
        engine() as con,
        lake.begin(source, mapping=Mapping(blocks=tuple(blocks)).to_dict(), progress=progress) as target,
    ):
        whole = lake.quarantine(source).filter(pc.field("whole_row"))
        if not whole.num_rows:
            raise IntakeError(f"nothing of '{source}' is in quarantine")
        run = Run(lake, database, con, target, source, progress)
        names = whole.column("file").unique().to_pylist()
        for name in names:
            rows = whole.filter(pc.field("file") == name)
            kept = rows.filter(pc.field("raw").is_valid())
            fitting = [b for b in blocks if b.sql is None and sources.of_block(b, [_stand_in(name)])]
            if kept.num_rows and fitting:
                raw = [raw_cells(text) for text in kept.column("raw").to_pylist()]
                table = ReplayTable(raw, kept.column("line").to_pylist())
                run.inputs(fitting[0], [Input(name, table, 0, None)], files)
                rows = rows.filter(pc.field("raw").is_null())
            _keep(run, rows)
        summary = run.summary(tuple(names), (), dry_run=False, replays=True)
        target.commit(summary.to_json())
        return summary


def _keep(run: Run, rows: pa.Table) -> None:
    """Puts rows that cannot be replayed into the new quarantine as they are."""
    if rows.num_rows:
        run.target.write("quarantine", rows.select(SCHEMA.names).cast(SCHEMA).to_batches(), SCHEMA)
        run.tally.rows += rows.num_rows
        run.tally.reasons.update(rows.column("reason").to_pylist())
        run.tally.say(f"{rows.num_rows:,} rows keep no raw cells and stay in quarantine: import their file again")


def _stand_in(name: str) -> SourceFile:
    return SourceFile(Path(name), None, name, "csv", 0)
