"""Times as they are written, read as UTC: which clock a whole column runs on, and what each of its cells says.

`evidence` counts over a column how its cells look; `decide` turns the counts into one `Clock` (day or month first,
unit of numbers, relative or not) and says what it assumed; `Clock.sql` reads cells to wall-clock microseconds in
DuckDB, and `zones.to_utc` moves them to UTC. Numbers are told apart by magnitude: 20,000–80,000 are days of a
spreadsheet, 10⁸–4.1·10⁹ seconds, and milli-, micro- and nanoseconds a thousand times more each.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal

import duckdb

from desirepath.sqltext import listed, literal

Order = Literal["day_first", "month_first"]

NUMBER = r"[+-]?\d+([.]\d+)?([eE][+-]?\d+)?"
_SLASHED = r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:[ T,]|$)"
_OFFSET = r"\d:\d\d.*([Zz]|UTC|GMT|[+-]\d\d(:?\d\d)?)$|T\d{6}Z$| [+-]\d{4} \d{4}$"
_UNITS = {"s": 1e6, "ms": 1e3, "us": 1.0, "ns": 1e-3, "excel": 86_400e6}
_EXCEL_EPOCH_DAYS = 25_569  # 1970-01-01 as a spreadsheet counts days
_UNIT_WORDS = {
    "s": "seconds since 1970",
    "ms": "milliseconds since 1970",
    "us": "microseconds since 1970",
    "ns": "nanoseconds since 1970",
    "excel": "days of a spreadsheet",
}
NEAR_1970_US = 3 * 365 * 86_400 * 1_000_000
MISSING = ("null", "none", "nan", "nat", "n/a", "#n/a", "\\n", "-", "undefined")
"""Words that stand for an empty cell of a time, a number or an id."""


@dataclass(frozen=True)
class Evidence:
    """How many cells of a column look like what."""

    cells: int = 0
    numbers: int = 0
    zeros: int = 0
    excel: int = 0
    s: int = 0
    ms: int = 0
    us: int = 0
    ns: int = 0
    compact: int = 0  # 20200131, 20200131094500
    slashed: int = 0  # 31/01/2020
    first_above_12: int = 0
    second_above_12: int = 0
    twelve_hours: int = 0
    dotted: int = 0
    iso: int = 0
    iso_near_1970: int = 0
    falls_day_first: int = 0  # neighbours out of order if read day first
    falls_month_first: int = 0

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(Evidence)})

    @property
    def conclusive(self) -> bool:
        """Whether more cells of the same column could hardly change the decision."""
        if self.slashed:
            return False
        if self.iso:
            return self.iso_near_1970 < self.iso
        units = max(self.s, self.ms, self.us, self.ns, self.compact)
        return (self.numbers == 0 and self.cells > 0) or units >= 0.99 * max(self.numbers - self.zeros, 1)


def evidence(con: duckdb.DuckDBPyConnection, relation: str, cell: str) -> Evidence:
    """The evidence of one column: `cell` is the SQL of its trimmed text (or native time) in `relation`."""
    plain = f"try_cast({_reordered('x', 'day_first')} AS TIMESTAMP)"
    other = f"try_cast({_reordered('x', 'month_first')} AS TIMESTAMP)"
    row = con.execute(
        f"""
        WITH c AS (SELECT {cell} AS x FROM {relation}),
        d AS (
            SELECT x,
                CASE WHEN regexp_full_match(x, '{NUMBER}') THEN try_cast(x AS DOUBLE) END AS v,
                regexp_extract(x, '{_SLASHED}', ['a', 'b', 'y']) AS g,
                CASE WHEN regexp_matches(x, '^\\d{{4}}[-/.]\\d') THEN try_cast(x AS TIMESTAMP) END AS i
            FROM c WHERE x IS NOT NULL AND lower(x) NOT IN ({listed(MISSING)})),
        e AS (SELECT *, g.a <> '' AS slash FROM d)
        SELECT count(*), count(v), count(*) FILTER (v = 0),
            count(*) FILTER (v BETWEEN 20000 AND 80000), count(*) FILTER (v >= 1e8 AND v < 4.1e9),
            count(*) FILTER (v >= 1e11 AND v < 4.1e12), count(*) FILTER (v >= 1e14 AND v < 4.1e15),
            count(*) FILTER (v >= 1e17 AND v < 4.1e18),
            count(*) FILTER (regexp_matches(x, '^(19|20)\\d\\d[01]\\d[0-3]\\d([0-2]\\d[0-5]\\d([0-5]\\d)?)?$')),
            count(*) FILTER (slash), count(*) FILTER (slash AND try_cast(g.a AS INT) > 12),
            count(*) FILTER (slash AND try_cast(g.b AS INT) > 12),
            count(*) FILTER (slash AND regexp_matches(x, '(?i)[ap][.]?m[.]?$')),
            count(*) FILTER (slash AND regexp_matches(x, '^\\d+[.]')),
            count(i), count(*) FILTER (abs(epoch_us(i)) < {NEAR_1970_US})
        FROM e"""
    ).fetchall()[0]
    found = Evidence(*row)
    if not found.slashed or found.first_above_12 or found.second_above_12:
        return found
    falls = con.execute(
        f"""
        WITH c AS (SELECT {cell} AS x FROM {relation}),
        t AS (SELECT {plain} AS d, {other} AS m FROM c WHERE regexp_matches(x, '{_SLASHED}'))
        SELECT count(*) FILTER (d < pd), count(*) FILTER (m < pm)
        FROM (SELECT d, m, lag(d) OVER () AS pd, lag(m) OVER () AS pm FROM t)"""
    ).fetchall()[0]
    return found + Evidence(falls_day_first=falls[0], falls_month_first=falls[1])


_PLAIN = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d"


@dataclass(frozen=True)
class Clock:
    """How the cells of one column are read."""

    column: str
    order: Order = "day_first"
    unit: str | None = None
    relative: bool = False
    pattern: str | None = None
    assumptions: tuple[str, ...] = field(default=())

    def sql(self, cell: str) -> tuple[str, str]:
        """SQL of (microseconds since 1970, whether they are UTC already) for the trimmed text `cell`."""
        if self.pattern is not None:
            return f"epoch_us(try_strptime({cell}, {literal(self.pattern)}))", str("%z" in self.pattern).lower()
        zoned = f"regexp_matches({cell}, {literal(_OFFSET)})"
        number = self._number(cell) if self.unit else "NULL"
        wall = f"""CASE
            WHEN {cell} IS NULL THEN NULL
            WHEN regexp_matches({cell}, '^\\d{{4}}[-/]\\d') AND NOT regexp_matches({cell}, '(?i)[ap][.]?m[.]?$|,') THEN
                coalesce(CASE WHEN {zoned} THEN epoch_us(try_cast({cell} AS TIMESTAMPTZ))
                    ELSE epoch_us(try_cast({cell} AS TIMESTAMP)) END, {_rare(cell)})
            WHEN regexp_full_match({cell}, '{NUMBER}') THEN {self._compact(cell)}{number}
                {")" if self._compact(cell) else ""}
            WHEN regexp_matches({cell}, '{_SLASHED}') THEN epoch_us({_clocked(_reordered(cell, self.order))})
            ELSE {_rare(cell)} END"""
        plain = f"regexp_full_match({cell}, '{_PLAIN}')"  # by far the most frequent way, and the cheapest to read
        wall = f"coalesce(CASE WHEN {plain} THEN epoch_us(try_cast({cell} AS TIMESTAMP)) END, {wall})"
        if self._utc_numbers:
            zoned = f"({zoned} OR regexp_full_match({cell}, '{NUMBER}'))"
        return wall, f"CASE WHEN {plain} THEN false ELSE {zoned} END"

    @property
    def _utc_numbers(self) -> bool:
        return self.unit in ("s", "ms", "us", "ns")

    def _compact(self, cell: str) -> str:
        if self.unit is not None:
            return ""
        formats = "['%Y%m%d', '%Y%m%d%H%M%S', '%Y%m%d%H%M']"
        return f"coalesce(epoch_us(try_strptime({cell}, {formats})), "

    def _number(self, cell: str) -> str:
        assert self.unit is not None
        value = f"try_cast({cell} AS DOUBLE)"
        if self.unit == "excel":
            value = f"CASE WHEN {value} = 0 THEN {_EXCEL_EPOCH_DAYS} ELSE {value} END - {_EXCEL_EPOCH_DAYS}"
            return f"try_cast(round(({value}) * 86400e3) AS BIGINT) * 1000"
        return f"try_cast(round({value} * {_UNITS[self.unit]!r}) AS BIGINT)"


def decide(found: Evidence, column: str, time_format: str | None = None) -> Clock:
    """The clock of a column after all its cells have been counted, or as the mapping says."""
    if time_format is not None and "%" in time_format:
        return Clock(column, pattern=time_format)
    said: list[str] = []
    order = _order(found, column, time_format, said)
    unit, relative = _unit(found, column, time_format, said)
    if found.iso and found.iso_near_1970 == found.iso and found.numbers == found.slashed == 0:
        relative = True
        said.append(f"{column}: all times lie near 1970, read as a relative clock (only differences mean something)")
    return Clock(column, order, unit, relative, assumptions=tuple(said))


def _order(found: Evidence, column: str, time_format: str | None, said: list[str]) -> Order:
    if time_format in ("day_first", "month_first"):
        return "day_first" if time_format == "day_first" else "month_first"
    if not found.slashed:
        return "day_first"
    day, month = found.first_above_12, found.second_above_12
    if day and month:
        order: Order = "day_first" if day >= month else "month_first"
        word = "day" if order == "day_first" else "month"
        said.append(f"{column}: {day} cells can only be day first, {month} only month first; read {word} first")
        return order
    if day or month:
        said.append(
            f"{column}: read day first ({day} cells have a first number above 12)"
            if day
            else f"{column}: read month first ({month} cells have a second number above 12)"
        )
        return "day_first" if day else "month_first"
    order, why = _undecided(found)
    word = "day" if order == "day_first" else "month"
    said.append(f"{column}: day and month cannot be told apart; read {word} first because {why}")
    return order


def _undecided(found: Evidence) -> tuple[Order, str]:
    day_falls, month_falls = (min(n, found.slashed - n) for n in (found.falls_day_first, found.falls_month_first))
    if min(day_falls, month_falls) <= 0.5 * max(day_falls, month_falls) and day_falls != month_falls:
        day = day_falls < month_falls
        return ("day_first" if day else "month_first"), "the rows are then closer to the order of time"
    if found.twelve_hours:
        return "month_first", "the clock has twelve hours"
    if found.dotted == found.slashed:
        return "day_first", "the parts are joined by dots"
    return "day_first", "most of the world writes so (say `time_format: month_first` if not)"


def _unit(found: Evidence, column: str, time_format: str | None, said: list[str]) -> tuple[str | None, bool]:
    if time_format in _UNITS:
        return time_format, False
    numbers = found.numbers - found.zeros
    if not found.numbers or (found.compact >= max(0.9 * numbers, 1) and found.compact > found.ms * 0.9):
        return None, False
    unit, count = max(((u, getattr(found, u)) for u in _UNITS), key=lambda pair: pair[1])
    if numbers and count >= 0.5 * numbers:
        said.append(f"{column}: numbers read as {_UNIT_WORDS[unit]}")
        return unit, False
    said.append(f"{column}: small numbers, read as seconds of a relative clock that begins in 1970")
    return "s", True


def _reordered(cell: str, order: Order) -> str:
    rest = r"\3-\2-\1 " if order == "day_first" else r"\3-\1-\2 "
    parts = r"^(\d{1,2})[./-](\d{1,2})[./-]"
    return (
        f"trim(CASE WHEN regexp_matches({cell}, '{parts}\\d{{4}}') "
        f"THEN regexp_replace({cell}, '{parts}(\\d{{4}})[ T,]*', '{rest}') "
        f"WHEN regexp_matches({cell}, '{parts}[0-6]\\d') "
        f"THEN regexp_replace({cell}, '{parts}([0-6]\\d)(?:[ T,]+|$)', '20{rest}') "
        f"ELSE regexp_replace({cell}, '{parts}([7-9]\\d)(?:[ T,]+|$)', '19{rest}') END)"
    )


def _clocked(text: str) -> str:
    """A timestamp from year-month-day text whose clock may have twelve hours or a comma."""
    half = "['%Y-%m-%d %I:%M %p', '%Y-%m-%d %I:%M:%S %p', '%Y-%m-%d %I:%M%p', '%Y-%m-%d %I:%M:%S%p', '%Y-%m-%d %I %p']"
    return (
        f"CASE WHEN regexp_matches({text}, '(?i)[ap][.]?m[.]?$') "
        f"THEN try_strptime(regexp_replace(upper({text}), '([AP])[.]?M[.]?$', '\\1M'), {half}) "
        f"ELSE try_cast(replace({text}, ',', '.') AS TIMESTAMP) END"
    )


_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
_DATES = ("%d %b %y", "%d %b %Y", "%b %d %Y", "%Y %b %d")
_NAMED = [date + time for date in _DATES for time in _TIMES]
_ZONED = ["%d %b %Y %H:%M:%S %z", "%b %d %H:%M:%S %z %Y", "%d %b %Y %H:%M %z"]
_OTHER = ["%Y年%m月%d日", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H:%M:%S", "%Y-%m", "%Y.%m.%d", "%Y.%m.%d %H:%M",
          "%Y.%m.%d %H:%M:%S", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H"]  # fmt: skip


def _rare(cell: str) -> str:
    short = f"regexp_replace({cell}, '([A-Za-z]{{3}})[a-z]+[.]?', '\\1', 'g')"
    bare = f"regexp_replace({short}, '^[A-Za-z]+,? +(\\d|[A-Z])', '\\1')"
    offset = f"replace({bare}, ',', '')"
    spaced = "trim(regexp_replace(regexp_replace({}, '[,/ -]+', ' ', 'g'), '(\\D)[.] *|[.](\\D)', '\\1 \\2', 'g'))"
    named = [f"epoch_us(try_strptime({spaced.format(x)}, {_NAMED!r}))" for x in (short, bare)]
    return f"""CASE WHEN NOT regexp_matches({cell}, '^.{{0,24}}\\d') THEN NULL
        WHEN regexp_matches({cell}, '[A-Za-z]{{3}}') THEN coalesce(
            {named[0]}, {named[1]}, epoch_us(try_strptime({offset}, {_ZONED!r})))
        ELSE coalesce(epoch_us({_clocked(cell)}), epoch_us(try_strptime({cell}, {_OTHER!r}))) END"""
