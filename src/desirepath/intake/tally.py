"""Counts that grow batch by batch: rows, reasons, distinct customers and cases, the time span.

Distinct ids are counted by their 64-bit hashes in DuckDB, which spills; memory does not grow with the file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from desirepath.intake.engine import count

_WHO = "CREATE TABLE IF NOT EXISTS who (kind VARCHAR, h UBIGINT, n BIGINT)"
_WHICH = "CREATE TABLE IF NOT EXISTS which (h UBIGINT)"


@dataclass
class Tally:
    """Counters of one import."""

    con: duckdb.DuckDBPyConnection
    rows: int = 0
    accepted: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    anonymous_feedback: int = 0
    first: datetime | None = None
    last: datetime | None = None
    twice: Counter[str] = field(default_factory=Counter)
    unzoned: Counter[str] = field(default_factory=Counter)
    floats: int = 0
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.con.execute(_WHO)
        self.con.execute(_WHICH)

    def say(self, what: str) -> None:
        """Notes an assumption once."""
        if what not in self.said:
            self.said.append(what)

    def count(self, table: str, rows: pa.Table) -> None:
        """Counts rows of the lake."""
        self.made[table] += rows.num_rows
        if not rows.num_rows or table not in ("events", "feedback", "customers"):
            return
        if table == "feedback":
            self.anonymous_feedback += rows.column("customer").null_count
        if table != "customers":
            self._span(rows.column("at"))
        self.con.register("made", rows)
        self.con.execute(
            f"INSERT INTO who SELECT '{table}', hash(customer), count(*) FROM made "
            "WHERE customer IS NOT NULL GROUP BY hash(customer)"
        )
        if table != "customers":
            self.con.execute('INSERT INTO which SELECT DISTINCT hash("case") FROM made WHERE "case" IS NOT NULL')
        self.con.unregister("made")

    @property
    def customers(self) -> int:
        """Distinct customers."""
        return count(self.con, "SELECT count(DISTINCT h) FROM who")

    @property
    def cases(self) -> int:
        """Distinct cases."""
        return count(self.con, "SELECT count(DISTINCT h) FROM which")

    def _span(self, at: pa.ChunkedArray) -> None:
        low, high = (v.as_py() for v in pc.min_max(at).values())
        if low is not None:
            self.first = low if self.first is None else min(self.first, low)
            self.last = high if self.last is None else max(self.last, high)
