"""Rows and cells that could not be read, on their way to the quarantine table: with file, line, column, value, reason.

Lines are found once for many rows, because a reader has to go through the file for them. A row that is lost as a whole
keeps its raw cells as JSON, unless they are longer than `RAW_LIMIT`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa

from desirepath.intake.frame import Fault, Frame
from desirepath.intake.mapping import Block
from desirepath.intake.readers.table import ROW, BrokenRow, RawTable
from desirepath.lake.importing import Import
from desirepath.lake.schema import QUARANTINE
from desirepath.sqltext import literal, name

RAW_LIMIT = 100_000
VALUE_LIMIT = 1_000
_FLUSH_ROWS = 500_000
SCHEMA = pa.schema([f for f in QUARANTINE if f.name != "import"])


@dataclass
class Quarantine:
    """What one file of one block puts into quarantine."""

    target: Import
    block: Block
    raw: RawTable
    file: str
    first: int
    stride: int
    reasons: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    _waiting: list[pa.Table] = field(default_factory=list)

    def add(self, con: duckdb.DuckDBPyConnection, batch: pa.RecordBatch, frame: Frame, customer: str | None) -> None:
        """Takes the faults of a frame; `customer` names the frame's column of canonical ids."""
        if not frame.faults:
            return
        positions = np.concatenate([f.positions for f in frame.faults])
        which = np.repeat(np.arange(len(frame.faults)), [len(f.positions) for f in frame.faults])
        for fault in frame.faults:
            (self.reasons if fault.whole else self.cells)[fault.reason] += len(fault.positions)
            self.rows += len(fault.positions) if fault.whole else 0
        who = (
            pa.nulls(len(positions), pa.string())
            if customer is None
            else frame.column(customer).take(pa.array(positions))
        )
        con.register("batch", batch)
        con.register("faults", pa.table({ROW: frame.rows[positions], "i": which, "customer": who}))
        self._waiting.append(con.sql(self._sql(batch.schema, frame.faults)).to_arrow_table())
        con.unregister("faults")
        con.unregister("batch")
        if sum(t.num_rows for t in self._waiting) >= _FLUSH_ROWS:
            self.flush()

    def add_broken(self) -> None:
        """Takes the rows that the reader could not read."""
        broken, self.raw.broken = self.raw.broken, []
        if broken:
            self.reasons.update(b.reason for b in broken)
            self.rows += len(broken)
            self.target.write("quarantine", _batches(self._broken(broken)), SCHEMA)

    def flush(self) -> None:
        """Finds the lines and writes what waits."""
        if not self._waiting:
            return
        found = pa.concat_tables(self._waiting)
        self._waiting.clear()
        ordinals = found.column(ROW).to_numpy()
        unique, inverse = np.unique(ordinals, return_inverse=True)
        lines = self.raw.lines(unique)[inverse]
        columns = {
            "row": pa.array(self.first + ordinals * self.stride),
            "file": pa.repeat(self.file, len(ordinals)),
            "line": pa.array(lines, mask=lines <= 0),
            "source": pa.repeat(self.block.source, len(ordinals)),
        }
        arrays = [columns[f.name] if f.name in columns else found.column(f.name) for f in SCHEMA]
        table = pa.table([a.cast(f.type) for a, f in zip(arrays, SCHEMA, strict=True)], schema=SCHEMA)
        self.target.write("quarantine", _batches(table), SCHEMA)

    def _sql(self, schema: pa.Schema, faults: list[Fault]) -> str:
        there = {n.casefold(): n for n in schema.names}
        back = {new.casefold(): old for old, new in self.block.rename.items()}
        labels, values = [], []
        for i, fault in enumerate(faults):
            if fault.cell is not None:
                labels.append(f"WHEN {i} THEN {literal(fault.cell.shown)}")
                column = fault.cell.column or ""
                if found := there.get(back.get(column.casefold(), column).casefold()):
                    values.append(f"WHEN {i} THEN substr(CAST(b.{name(found)} AS VARCHAR), 1, {VALUE_LIMIT})")
        reasons = " ".join(f"WHEN {i} THEN {literal(f.reason)}" for i, f in enumerate(faults))
        whole = ", ".join(str(i) for i, f in enumerate(faults) if f.whole) or "-1"
        cells = ", ".join(f"{name(n)} := b.{name(n)}" for n in schema.names if n != ROW)
        return f"""
            SELECT *, CASE WHEN whole_row AND length(json) <= {RAW_LIMIT} THEN json END AS raw FROM (
                SELECT f.{ROW}, f.customer, CASE f.i {" ".join(labels) or "WHEN -1 THEN ''"} END AS column,
                    CASE f.i {" ".join(values) or "WHEN -1 THEN ''"} END AS value, CASE f.i {reasons} END AS reason,
                    f.i IN ({whole}) AS whole_row,
                    CASE WHEN f.i IN ({whole}) THEN to_json(struct_pack({cells})) END::VARCHAR AS json
                FROM faults f JOIN batch b ON f.{ROW} = b.{ROW})
            ORDER BY {ROW}"""

    def _broken(self, broken: list[BrokenRow]) -> pa.Table:
        columns = {
            "row": [self.first + b.row * self.stride for b in broken],
            "file": [self.file] * len(broken),
            "line": [b.line for b in broken],
            "column": [b.column for b in broken],
            "value": [b.value[:VALUE_LIMIT] for b in broken],
            "reason": [b.reason for b in broken],
            "whole_row": [True] * len(broken),
            "customer": [None] * len(broken),
            "raw": [None] * len(broken),
            "source": [self.block.source] * len(broken),
        }
        return pa.table([pa.array(columns[f.name], f.type) for f in SCHEMA], schema=SCHEMA)


def raw_cells(raw: str) -> dict[str, str | None]:
    """The cells of a quarantined row."""
    cells: dict[str, str | None] = json.loads(raw)
    return {k: v if v is None or isinstance(v, str) else json.dumps(v) for k, v in cells.items()}


def _batches(table: pa.Table) -> list[pa.RecordBatch]:
    return list(table.combine_chunks().to_batches()) if table.num_rows else []
