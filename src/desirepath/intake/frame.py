"""One batch after its query: columns as arrays and masks, and the faults that are found in it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from desirepath.intake import instants
from desirepath.intake.instants import Instants
from desirepath.intake.mapping import Cell
from desirepath.intake.readers.table import ROW
from desirepath.intake.times import Clock

Mask = NDArray[np.bool_]
TEXT = pa.string()


@dataclass(frozen=True)
class Fault:
    """Cells of these rows (positions in the batch) that cannot be read; `whole` if the rows are lost with them."""

    positions: NDArray[np.int64]
    reason: str
    cell: Cell | None
    whole: bool


@dataclass
class Frame:
    """A batch of `n` rows: what the plan's query gave, and what came out of it so far."""

    table: pa.Table
    clocks: dict[str, Clock]
    zone: str
    latest: int
    faults: list[Fault] = field(default_factory=list)
    twice: int = 0
    unzoned: int = 0

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.table.num_rows)

    @property
    def rows(self) -> NDArray[np.int64]:
        """Ordinals of the rows in their file."""
        return np.asarray(self.table.column(ROW).to_numpy())

    def has(self, name: str) -> bool:
        """Whether the plan made this column."""
        return name in self.table.column_names

    def valid(self, name: str) -> Mask:
        """Where a column holds anything; nowhere if the plan did not make it."""
        if not self.has(name):
            return np.zeros(self.n, dtype=bool)
        column = self.table.column(name)
        return np.ones(self.n, dtype=bool) if column.null_count == 0 else np.asarray(column.is_valid().to_numpy())

    def flag(self, name: str) -> Mask:
        """A column of truth values; null is false."""
        return np.asarray(pc.fill_null(self.table.column(name), False).to_numpy(), dtype=bool)

    def column(self, name: str, kind: pa.DataType = TEXT) -> pa.ChunkedArray:
        """A column, or nulls if the plan did not make it."""
        return self.table.column(name) if self.has(name) else pa.chunked_array([pa.nulls(self.n, kind)])

    def instants(self, name: str, wall: str | None = None) -> Instants:
        """The instants of a time column (`wall` names another column that shares its state)."""
        walls = pc.fill_null(self.table.column(wall or name), 0).to_numpy()
        found = instants.resolve(
            np.asarray(walls, dtype=np.int64),
            np.asarray(self.table.column(f"{name}_state").to_numpy(), dtype=np.uint8),
            self.flag(f"{name}_zoned"),
            self.flag(f"{name}_dated"),
            zone=self.zone,
            latest=self.latest,
            relative=self.clocks[name].relative,
        )
        self.twice += found.twice
        self.unzoned += found.unzoned
        return found

    def fault(self, where: Mask, reason: str, cell: Cell | None, *, whole: bool) -> None:
        """Notes the rows of a mask as faulty."""
        positions = np.flatnonzero(where)
        if len(positions):
            self.faults.append(Fault(positions, reason, cell, whole))

    def time_faults(self, where: Mask, found: Instants, cell: Cell, *, whole: bool) -> None:
        """Notes the rows of a mask by the state of their time; a missing time is a fault only if the row is lost."""
        for state, reason in instants.REASONS.items():
            if whole or state != instants.MISSING:
                self.fault(where & (found.state == state), reason, cell, whole=whole)


def stamps(utc: NDArray[np.int64], good: Mask | None = None) -> pa.Array:
    """Microseconds as the lake's timestamps, null where not good."""
    mask = None if good is None else ~good
    return pa.array(utc, pa.int64(), mask=mask).cast(pa.timestamp("us", tz="UTC"))
