"""What came before and is kept once: whole rows (`duplicates: drop`) and feedback whose id the source already brought.

Events with an `event_id` are de-duplicated by the lake itself. Feedback is the same if its id and its case are.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from desirepath.intake.engine import count
from desirepath.intake.frame import Frame, Mask
from desirepath.intake.makers import Numbering
from desirepath.intake.mapping import Block, Cell
from desirepath.intake.plan import Plan
from desirepath.lake.lake import Lake
from desirepath.sqltext import name

_PART = "\x1f"


class Repeats:
    """What was seen of one block; counts what it dropped."""

    def __init__(self, con: duckdb.DuckDBPyConnection, lake: Lake, block: Block, *, replace: bool) -> None:
        self.con = con
        self.block = block
        self.dropped = 0
        self.floats = 0
        self.by_row = block.duplicates == "drop"
        self.by_id = block.kind == "feedback" and any(f.id is not None for f in block.feedback)
        self.what = "rows are exact repeats" if self.by_row else "pieces of feedback repeat an id that is already there"
        con.execute("CREATE OR REPLACE TABLE seen_rows (k VARCHAR)")
        con.execute("CREATE TABLE IF NOT EXISTS seen_feedback (k VARCHAR)")
        if self.by_id and not replace:
            self._load(lake)

    def prepare(self, plan: Plan) -> None:
        """Puts what is compared into the plan."""
        if self.by_row:
            parts = ", ".join(f"coalesce(r.{name(c)}, '\x1e')" for c in plan.scope.columns)
            plan.text("repeat_key", Cell(sql=f"md5(concat_ws('{_PART}', {parts}))"))
        raw = next((n for n in ("customer_raw", "customer0_raw") if n in plan.says), None)
        if raw is not None:
            plan.says["customer_float"] = f"regexp_full_match({plan.says[raw]}, '\\d+[.]0+')"

    def without(self, made: pa.Table, frame: Frame, numbering: Numbering, stride: int) -> pa.Table:
        """The rows that were not there before."""
        if frame.has("customer_float"):
            self.floats += int(np.count_nonzero(frame.flag("customer_float")))
        if self.by_row and made.num_rows:
            again = ~self._new(frame.column("repeat_key").combine_chunks(), "seen_rows")
            ordinals = (made.column("row").to_numpy() - numbering.first) // stride
            repeated = np.isin(ordinals, frame.rows[again])
            self.dropped += len(np.unique(ordinals[repeated]))
            made = made.filter(pa.array(~repeated))
        if self.by_id and made.num_rows:
            key = pc.binary_join_element_wise(made.column("id"), pc.fill_null(made.column("case"), ""), _PART)
            new = self._new(key.combine_chunks(), "seen_feedback")
            self.dropped += int(np.count_nonzero(~new))
            made = made.filter(pa.array(new))
        return made

    def _new(self, key: pa.Array, table: str) -> Mask:
        """Where a key is new, here and before; the first of several counts."""
        self.con.register("given", pa.table({"k": key, "i": np.arange(len(key))}))
        found = self.con.execute(
            f"SELECT c.i FROM (SELECT k, min(i) AS i FROM given GROUP BY k) c ANTI JOIN {table} s ON c.k = s.k"
        ).fetchnumpy()["i"]
        new = np.zeros(len(key), bool)
        new[np.asarray(found, dtype=np.int64)] = True
        self.con.register("fresh", pa.table({"k": key.filter(pa.array(new))}))
        self.con.execute(f"INSERT INTO {table} SELECT k FROM fresh")
        self.con.unregister("given")
        self.con.unregister("fresh")
        return new

    def _load(self, lake: Lake) -> None:
        if count(self.con, "SELECT count(*) FROM seen_feedback"):
            return
        for batch in lake.arrow("feedback", ["id", "case", "source"]):
            mine = batch.filter(pc.equal(batch.column("source"), self.block.source))
            if mine.num_rows:
                key = pc.binary_join_element_wise(mine.column("id"), pc.fill_null(mine.column("case"), ""), _PART)
                self.con.register("known", pa.table({"k": key}))
                self.con.execute("INSERT INTO seen_feedback SELECT k FROM known")
                self.con.unregister("known")
