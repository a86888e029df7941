"""How much of an import is about people who are known elsewhere: the match rate.

Events and customers match if their person has events from another source, feedback if its person has any event (also
of the same source). Persons are ids joined by `identity.links`; only rows with a customer count.
"""

from __future__ import annotations

import duckdb

from desirepath.intake.identity import links
from desirepath.lake.lake import Lake


def match_rate(con: duckdb.DuckDBPyConnection, lake: Lake, source: str) -> float | None:
    """Share of the rows counted in the table `who`, or None if there is nothing to match with."""
    con.execute("CREATE OR REPLACE TABLE elsewhere (h UBIGINT, same_source BOOLEAN)")
    reader = lake.arrow("events", ["customer", "source"])
    for batch in reader:
        con.register("seen", batch)
        con.execute(
            f"INSERT INTO elsewhere SELECT DISTINCT hash(customer), source = '{source.replace(chr(39), chr(39) * 2)}' "
            "FROM seen WHERE customer IS NOT NULL"
        )
        con.unregister("seen")
    con.execute("INSERT INTO elsewhere SELECT DISTINCT h, true FROM who WHERE kind = 'events'")
    con.register("link", links(lake, lake.database))
    con.execute("CREATE OR REPLACE TABLE person AS SELECT hash(id) AS id, hash(person) AS person FROM link")
    con.unregister("link")
    row = con.execute(
        """
        WITH e AS (SELECT DISTINCT coalesce(p.person, h) AS h, same_source
            FROM elsewhere LEFT JOIN person p ON p.id = h),
        w AS (SELECT kind, coalesce(p.person, h) AS h, n FROM who LEFT JOIN person p ON p.id = h)
        SELECT (SELECT count(*) FROM e WHERE NOT same_source), (SELECT count(*) FROM e),
            sum(n) FILTER (kind = 'feedback' AND h IN (SELECT h FROM e)),
            sum(n) FILTER (kind <> 'feedback' AND h IN (SELECT h FROM e WHERE NOT same_source)),
            sum(n) FILTER (kind = 'feedback'), sum(n) FILTER (kind <> 'feedback') FROM w"""
    ).fetchall()[0]
    others, events, spoken, matched, feedback, rest = (int(v or 0) for v in row)
    if not others:
        spoken, rest, matched = (spoken, 0, 0) if events else (0, 0, 0)
        feedback = feedback if events else 0
    return (spoken + matched) / (feedback + rest) if feedback + rest else None
