"""Other files of the same source, loaded once as tables of two columns: a key and what it leads to.

A chain of lookups becomes one table: the key of the first file and the value taken from the last. Where a key stands
in several rows the first row counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from desirepath.errors import MappingError, did_you_mean
from desirepath.intake.engine import count
from desirepath.intake.mapping import Block, Lookup
from desirepath.intake.plan import cells
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.opening import open_table
from desirepath.intake.readers.table import RawTable
from desirepath.intake.sources import find_by_name
from desirepath.sqltext import name, whole_number


def load(
    con: duckdb.DuckDBPyConnection, block: Block, files: Sequence[SourceFile], said: list[str]
) -> dict[tuple[Lookup, ...], str]:
    """The table of each chain of lookups that the block uses; `said` gets what was assumed."""
    chains = dict.fromkeys(cell.lookup for _, cell in cells(block) if cell.lookup)
    return {hops: _chain(con, hops, files, said) for hops in chains}


def _chain(
    con: duckdb.DuckDBPyConnection, hops: tuple[Lookup, ...], files: Sequence[SourceFile], said: list[str]
) -> str:
    tables = [_table(con, hop, files, said) for hop in hops]
    if len(tables) == 1:
        return tables[0]
    made = _fresh(con)
    joins = " ".join(f"JOIN {t} t{i} ON t{i}.k = t{i - 1}.v" for i, t in enumerate(tables) if i)
    con.execute(f"CREATE TABLE {made} AS SELECT t0.k, t{len(tables) - 1}.v FROM {tables[0]} t0 {joins}")
    return made


def _table(con: duckdb.DuckDBPyConnection, hop: Lookup, files: Sequence[SourceFile], said: list[str]) -> str:
    file = find_by_name(hop.file, files)
    if file is None:
        names = [f.name for f in files]
        hint = did_you_mean(hop.file, names) or f"files given: {', '.join(names[:20])}"
        raise MappingError(f"the lookup file '{hop.file}' is not there", where=hop.file, hint=hint)
    raw = open_table(file)
    key, take = _column(raw, hop.key, file), _column(raw, hop.take, file)
    made = _fresh(con)
    con.execute(f"CREATE TABLE {made}_rows (k VARCHAR, v VARCHAR, n BIGINT)")
    tidy = "nullif(trim(CAST({} AS VARCHAR)), '')"
    for batch in raw.batches():
        con.register("batch", batch)
        keyed, taken = (whole_number(tidy.format(name(c))) for c in (key, take))
        con.execute(f"INSERT INTO {made}_rows SELECT {keyed}, {taken}, __row FROM batch")
    if raw.broken:
        said.append(f"{file.name}: {len(raw.broken)} rows of this lookup file could not be read")
    con.execute(
        f"CREATE TABLE {made} AS SELECT k, first(v ORDER BY n) AS v FROM {made}_rows WHERE k IS NOT NULL GROUP BY k"
    )
    split = f"SELECT k FROM {made}_rows WHERE k IS NOT NULL GROUP BY k HAVING count(DISTINCT v) > 1"
    several = count(con, f"SELECT count(*) FROM ({split})")
    con.execute(f"DROP TABLE {made}_rows")
    if several:
        said.append(f"{file.name}: {several:,} values of {hop.key} lead to several {hop.take}; the first row counts")
    return made


def _column(raw: RawTable, column: str, file: SourceFile) -> str:
    for known in raw.columns:
        if known.casefold() == column.casefold():
            return known
    hint = did_you_mean(column, raw.columns) or f"columns: {', '.join(raw.columns)}"
    raise MappingError(f"there is no column '{column}'", where=file.name, hint=hint)


def _fresh(con: duckdb.DuckDBPyConnection) -> str:
    return f"lookup_{count(con, 'SELECT count(*) FROM duckdb_tables()')}"
