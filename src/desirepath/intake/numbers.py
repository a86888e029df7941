"""Numbers as people write them (`1.234,56 €`): whether the comma is the decimal sign is decided from a whole column."""

from __future__ import annotations

import duckdb

from desirepath.sqltext import literal

_WRITTEN = r"[^\w]{0,2}([A-Z]{3}|R\$)?\s*[-+−]?\s*[.,]?\d[\d\s.,'’]*\s*(%|[^\w\s]|[A-Z]{3}|元|руб\.?)?"


def comma_is_decimal(con: duckdb.DuckDBPyConnection, relation: str, cell: str) -> bool:
    """True if cells end in a comma and one or two digits, or have dots before a comma, and none the other way round."""
    row = con.execute(
        f"""SELECT count(*) FILTER (regexp_matches(x, '^[^.]*\\d,(\\d{{1,2}}|\\d{{4,}})\\D*$|[.]\\d{{3}},\\d')),
            count(*) FILTER (regexp_matches(x, '[.](\\d{{1,2}}|\\d{{4,}})\\D*$|,\\d{{3}}[.]\\d'))
        FROM (SELECT {cell} AS x FROM {relation})"""
    ).fetchall()[0]
    return bool(row[0] and not row[1])


def sql(text: str, comma: bool) -> str:
    """SQL of the number that the tidy `text` writes, or NULL."""
    digits = f"regexp_replace(replace({text}, '−', '-'), '[^0-9.,+-]', '', 'g')"
    plain = f"replace(replace({digits}, '.', ''), ',', '.')" if comma else f"replace({digits}, ',', '')"
    written = f"CASE WHEN regexp_full_match({text}, {literal(_WRITTEN)}) THEN try_cast({plain} AS DOUBLE) END"
    if comma:
        return written
    direct = f"try_cast({text} AS DOUBLE)"
    return f"CASE WHEN isfinite({direct}) THEN {direct} ELSE {written} END"
