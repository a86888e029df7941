"""What every reader gives: a stream of record batches, the rows it could not read, and where each row stands.

Every batch carries the extra column `__row`, the 0-based ordinal of the data row in the file; ordinals count broken
rows too, so rows read plus rows broken is the number of rows the file holds. Text formats give text, unchanged.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

ROW = "__row"
BATCH_ROWS = 1 << 17
SHOWN = 1000
"""So many characters of a value that could not be read are kept."""


@dataclass(frozen=True)
class Limits:
    """How much of one file may be held or unpacked, in bytes. Beyond it a file is refused, a cell quarantined."""

    cell: int = 16 << 20
    expanded: int = 256 << 30
    ratio: int = 300  # of unpacked to packed size, once more than `ratio_from` is unpacked
    ratio_from: int = 32 << 20
    members: int = 10_000
    cells: int = 40_000_000  # of a sheet up to its last cell; each costs some 30 bytes, filled or not
    document: int = 1 << 30  # what has to be held whole: workbooks, packed Parquet


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not be read: its ordinal, physical line (1-based), column and value where known, and why."""

    row: int
    line: int | None
    column: str | None
    value: str
    reason: str


class RawTable(ABC):
    """One file as a table. `broken` and `rows` are complete once `batches()` is exhausted.

    A caller may take and clear `broken` between two batches, so that memory does not grow with a bad file.
    """

    def __init__(self, schema: pa.Schema, assumptions: list[str]) -> None:
        self.schema = schema
        self.assumptions = assumptions
        self.broken: list[BrokenRow] = []
        self.rows = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the file, without `__row`."""
        return tuple(self.schema.names)

    @abstractmethod
    def batches(self) -> Iterator[pa.RecordBatch]:
        """The readable rows from the first on, each with its ordinal in `__row`; may be called again."""

    @abstractmethod
    def lines(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The physical lines (1-based) on which these data rows begin."""

    def _begin(self) -> None:
        self.broken, self.rows = [], 0


def with_rows(columns: list[pa.Array], schema: pa.Schema, rows: NDArray[np.int64]) -> pa.RecordBatch:
    """A batch of these columns and their ordinals."""
    return pa.RecordBatch.from_arrays(
        [*columns, pa.array(rows, pa.int64())], schema=schema.append(pa.field(ROW, pa.int64(), False))
    )


def unique_names(names: list[str]) -> tuple[list[str], list[str]]:
    """Column names made unique regardless of case (a, a → a, a_2; empty → columnN), and what was said about it."""
    taken: set[str] = {ROW}
    unique: list[str] = []
    said: list[str] = []
    for number, raw in enumerate(names, 1):
        name = " ".join(raw.replace("\ufeff", "").replace("\0", "").split()) or f"column{number}"
        candidate, again = name, 1
        while candidate.casefold() in taken:
            again += 1
            candidate = f"{name}_{again}"
        if again > 1:
            said.append(f"column {number} is called {name!r} like an earlier one: renamed {candidate!r}")
        taken.add(candidate.casefold())
        unique.append(candidate)
    return unique, said


def shown(value: bytes | str) -> str:
    """The beginning of a value that could not be read, bytes that are not UTF-8 as escapes."""
    text = value[: 4 * SHOWN].decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
