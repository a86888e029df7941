"""Who was met in one `ingest`, over all its sources: distinct customers and cases, and how many are known elsewhere.

Ids are kept as 64-bit hashes in DuckDB, which spills. The match rate is the share of the rows with a customer whose
person has events from another source, or, for feedback, any event; persons are ids joined by `identity.links`.
"""

from __future__ import annotations

import duckdb

from desirepath.intake.engine import count
from desirepath.intake.identity import links
from desirepath.intake.tally import Tally
from desirepath.lake.lake import Lake
from desirepath.sqltext import literal


class People:
    """The ids of all sources of one `ingest`."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        con.execute("CREATE TABLE who_of (source VARCHAR, kind VARCHAR, h UBIGINT, n BIGINT)")
        con.execute("CREATE TABLE which_of (h UBIGINT)")
        con.execute("CREATE TABLE person (id UBIGINT, person UBIGINT)")

    def add(self, source: str, tally: Tally) -> None:
        """Takes over the ids that a source has counted."""
        who = tally.con.sql("SELECT kind, h, sum(n)::BIGINT AS n FROM who GROUP BY ALL").to_arrow_reader()
        for batch in who:
            self._insert(f"INSERT INTO who_of SELECT {literal(source)}, kind, h, n FROM met", batch)
        for batch in tally.con.sql("SELECT DISTINCT h FROM which").to_arrow_reader():
            self._insert("INSERT INTO which_of SELECT h FROM met", batch)

    def cases(self) -> int:
        """Distinct cases."""
        return count(self.con, "SELECT count(DISTINCT h) FROM which_of")

    def customers(self) -> int:
        """Distinct persons, as far as ids are linked."""
        return count(
            self.con, "SELECT count(DISTINCT coalesce(p.person, h)) FROM who_of LEFT JOIN person p ON p.id = h"
        )

    def link(self, lake: Lake) -> None:
        """Learns which ids are one person."""
        self.con.register("link", links(lake, lake.database))
        self.con.execute("INSERT INTO person SELECT hash(id), hash(person) FROM link")
        self.con.unregister("link")

    def match_rate(self, lake: Lake) -> float | None:
        """The share of rows, or None if there is nothing to match with."""
        self.con.execute("CREATE TABLE there (h UBIGINT, source VARCHAR)")
        for batch in lake.arrow("events", ["customer", "source"]):
            self._insert(
                "INSERT INTO there SELECT DISTINCT hash(customer), source FROM met WHERE customer IS NOT NULL", batch
            )
        self.con.execute("INSERT INTO there SELECT DISTINCT h, source FROM who_of WHERE kind = 'events'")
        row = self.con.execute(
            """
            WITH seen AS (SELECT coalesce(p.person, h) AS h, count(DISTINCT source) AS sources, min(source) AS source
                FROM there LEFT JOIN person p ON p.id = h GROUP BY 1),
            met AS (SELECT w.source, kind, n, coalesce(p.person, h) AS h FROM who_of w LEFT JOIN person p ON p.id = h)
            SELECT (SELECT count(DISTINCT source) FROM there),
                sum(n) FILTER (kind = 'feedback'),
                sum(n) FILTER (kind = 'feedback' AND s.h IS NOT NULL),
                sum(n) FILTER (kind <> 'feedback'),
                sum(n) FILTER (kind <> 'feedback' AND (s.sources > 1 OR s.source <> m.source))
            FROM met m LEFT JOIN seen s ON s.h = m.h"""
        ).fetchall()[0]
        sources, feedback, heard, rest, matched = (int(v or 0) for v in row)
        if sources < 2:
            rest, matched = 0, 0
        if not sources or not feedback + rest:
            return None
        return (heard + matched) / (feedback + rest)

    def _insert(self, statement: str, batch: object) -> None:
        self.con.register("met", batch)
        self.con.execute(statement)
        self.con.unregister("met")
