"""What is decided once about a whole column before its first row is turned: the clock of times, the comma of numbers.

The first `HEAD_ROWS` rows decide where they can; where more rows could change the decision (day or month first, clocks
near 1970), all files of the block are gone through first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import duckdb
import pyarrow as pa

from desirepath.intake import numbers, times
from desirepath.intake.makers import Reading
from desirepath.intake.mapping import Cell
from desirepath.intake.plan import Scope, cells, explain
from desirepath.intake.readers.table import RawTable

HEAD_ROWS = 50_000
_TIMES = ("at", "start", "to")
_NUMBERS = ("value", "n", "score")


def decide_columns(
    con: duckdb.DuckDBPyConnection, scope: Scope, tables: Sequence[RawTable], say: Callable[[str], None]
) -> Reading:
    """The clocks and commas of all time and number cells of a block, by the SQL of their text."""
    timed = _cells(scope, _TIMES)
    counted = _cells(scope, _NUMBERS)
    clocks: dict[str, times.Clock] = {}
    commas: dict[str, bool] = {}
    try:
        found = {text: times.Evidence() for text in timed}
        for batch in head(tables):
            con.register("batch", batch)
            relation = scope.relation(batch.schema)
            for text in found:
                found[text] += times.evidence(con, relation, text)
            for text in counted:
                commas[text] = commas.get(text, False) or numbers.comma_is_decimal(con, relation, text)
        open_ = [text for text, e in found.items() if not e.conclusive and scope.block.time_format is None]
        if open_:
            found |= _all(con, scope, tables, open_)
        con.unregister("batch")
    except duckdb.Error as error:
        raise explain(error, scope.block) from error
    for text, cell in timed.items():
        clocks[text] = times.decide(found[text], cell.shown, scope.block.time_format)
        for assumption in clocks[text].assumptions:
            say(assumption)
    for text, cell in counted.items():
        if commas.get(text):
            say(f"{cell.shown}: the comma is read as the decimal sign")
    return Reading(clocks, commas)


def all_columns(tables: Sequence[RawTable]) -> tuple[str, ...]:
    """The columns of all tables; names that differ only in case are one."""
    return tuple({c.casefold(): c for t in reversed(tables) for c in reversed(t.columns)}.values())[::-1]


def head(tables: Sequence[RawTable], rows: int = HEAD_ROWS) -> Iterator[pa.RecordBatch]:
    """The first batches of the first tables, about `rows` rows of them."""
    seen = 0
    for table in tables:
        batches = table.batches()
        for batch in batches:
            yield batch.slice(0, rows)
            seen += batch.num_rows
            if seen >= rows:
                return


def _all(
    con: duckdb.DuckDBPyConnection, scope: Scope, tables: Sequence[RawTable], texts: list[str]
) -> dict[str, times.Evidence]:
    found = {text: times.Evidence() for text in texts}
    for table in tables:
        for batch in table.batches():
            con.register("batch", batch)
            for text in texts:
                found[text] += times.evidence(con, scope.relation(batch.schema), text)
    return found


def _cells(scope: Scope, roles: tuple[str, ...]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for role, cell in cells(scope.block):
        if role.split(".")[-1] in roles and not role.startswith(("dimensions.", "keys.")):
            found.setdefault(scope.text(cell), cell)
    return found
