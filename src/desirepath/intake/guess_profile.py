"""What the values of a column look like: how many differ, how long they are, how many parse as times or numbers."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from desirepath.intake import times
from desirepath.intake.columns import all_columns, head
from desirepath.intake.mapping import Block
from desirepath.intake.plan import Scope
from desirepath.intake.readers.table import RawTable
from desirepath.intake.times import MISSING, Evidence
from desirepath.sqltext import listed, name


@dataclass(frozen=True)
class Profile:
    """One column in the head of its files."""

    name: str
    rows: int
    filled: int
    distinct: int
    length: float  # mean, in characters
    spaced: float  # share of values with a blank, or that are CJK and longer than eight characters
    numbers: int
    low: float | None
    high: float | None
    whole: bool  # all numbers are whole
    evidence: Evidence
    values: tuple[str, ...]  # the most frequent ones

    @property
    def time_share(self) -> float:
        """Share of the values that can be a time: numbers only of an epoch's size, or with the fractions of a day."""
        e = self.evidence
        epochs = e.s + e.ms + e.us + e.compact + (0 if self.whole else e.excel) if not e.iso else 0
        return min(1.0, (e.iso + e.slashed + epochs) / self.filled) if self.filled else 0.0

    @property
    def number_share(self) -> float:
        """Share of the values that are numbers."""
        return self.numbers / self.filled if self.filled else 0.0

    @property
    def unique(self) -> bool:
        """Whether no value is repeated."""
        return self.filled == self.rows == self.distinct

    @property
    def is_text(self) -> bool:
        """Whether people wrote this: long and varied."""
        return self.spaced > 0.5 and self.length >= 12 and self.distinct > 0.3 * self.filled and self.time_share < 0.5

    @property
    def is_id(self) -> bool:
        """Whether this may name somebody or something: short, without blanks, neither time nor measure."""
        if any(v.startswith(("[", "{")) for v in self.values):
            return False
        return (
            self.spaced < 0.2
            and self.length <= 64
            and self.time_share < 0.5
            and (self.number_share < 0.5 or self.whole)
        )


def profiles(con: duckdb.DuckDBPyConnection, tables: list[RawTable]) -> dict[str, Profile]:
    """Profiles of all columns; the head stays in the table `head` as tidy text."""
    columns = all_columns(tables)
    con.execute(f"CREATE OR REPLACE TABLE head ({', '.join(f'{name(c)} VARCHAR' for c in columns)})")
    scope = Scope(Block.model_construct(source="", rename={}), columns, {})
    for batch in head(tables):
        con.register("batch", batch)
        con.execute(
            f"INSERT INTO head SELECT {', '.join(f'r.{name(c)}' for c in columns)} FROM {scope.relation(batch.schema)}"
        )
        con.unregister("batch")
    return {c: _profile(con, c) for c in columns}


def depends(con: duckdb.DuckDBPyConnection, determining: str, determined: str) -> bool:
    """Whether each value of one column goes with one value of another."""
    a, b = name(determining), name(determined)
    query = (
        f"SELECT count(*) FROM (SELECT {a} FROM head WHERE {a} IS NOT NULL GROUP BY {a} HAVING count(DISTINCT {b}) > 1)"
    )
    return bool(con.execute(query).fetchall()[0][0] == 0)


def _profile(con: duckdb.DuckDBPyConnection, column: str) -> Profile:
    x = name(column)
    rows, *facts, whole = con.execute(
        f"""SELECT count(*), count(v), count(DISTINCT v), coalesce(avg(length(v)), 0),
            coalesce(avg((contains(v, ' ') OR (length(v) > 8 AND regexp_matches(v, '\\p{{Han}}')))::INT), 0),
            count(d), min(d), max(d), coalesce(bool_and(d = floor(d)), true)
        FROM (SELECT *, CASE WHEN regexp_full_match(v, '{times.NUMBER}') THEN try_cast(v AS DOUBLE) END AS d FROM
            (SELECT CASE WHEN lower({x}) NOT IN ({listed(MISSING)}) THEN {x} END AS v, 1 AS one FROM head))"""
    ).fetchall()[0]
    common = con.execute(
        f"SELECT {x} FROM head WHERE {x} IS NOT NULL GROUP BY {x} ORDER BY count(*) DESC, {x} LIMIT 20"
    )
    values = tuple(v for (v,) in common.fetchall())
    filled, distinct, length, spaced, numbers, low, high = facts
    found = times.evidence(con, "head", x)
    return Profile(column, rows, filled, distinct, length, spaced, numbers, low, high, whole, found, values)
