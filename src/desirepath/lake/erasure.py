"""Erases customers for good: their rows leave every table, the files are written anew, and a scan proves it.

A row is a customer's if its `customer` (in the keys: `a` or `b`) is one of the ids; if it names no customer but a case
that only these customers have; or if it lies in quarantine without a customer and one of its values holds an id as a
whole word. Words of other people that name the id stay and are counted as `mentions`. What is to be erased stands in
the database before the first file changes, so that an erasure that was killed is finished when the lake opens again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import delete, or_, select

from desirepath.database.tables import Erasure as Row
from desirepath.database.tables import Import, LinkDecision, now
from desirepath.errors import LakeError
from desirepath.lake import journal
from desirepath.lake.delta import Table, explained
from desirepath.lake.journal import TIMES
from desirepath.lake.parquet import rewrite
from desirepath.lake.scan import Selection
from desirepath.lake.schema import TABLES
from desirepath.progress import Progress, silent

if TYPE_CHECKING:
    from desirepath.lake.lake import Lake

_IDENTITY = {"events": ("customer",), "feedback": ("customer",), "customers": ("customer",), "keys": ("a", "b")}
_WITH_CASE = ("events", "feedback")
_BATCH = 1 << 16


@dataclass(frozen=True)
class Erasure:
    """The proof: rows erased by table, how many Parquet files were read through afterwards, and what they still hold.

    `remaining` are rows of these customers (none, if all is well); `mentions` are rows of others, by `table.column`,
    whose text holds an id as a whole word: for a person to look at.
    """

    ids: tuple[str, ...]
    rows: dict[str, int]
    files: int
    remaining: int
    mentions: dict[str, int]


@dataclass(frozen=True)
class Plan:
    """Whom to erase: their ids, further spellings of these, and the cases that are theirs alone."""

    ids: tuple[str, ...]
    also: tuple[str, ...]
    cases: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """How the ids may be written where a source's own text stands."""
        plain = (i.partition(":")[2] for i in self.ids)
        spellings = {*self.ids, *self.also, *plain} - {""}
        return tuple(sorted(spellings | {json.dumps(s)[1:-1] for s in spellings}))


def erase(lake: Lake, ids: Sequence[str], also: Sequence[str], progress: Progress) -> Erasure:
    """Notes the erasure in the database and carries it out; needs the lake's lock."""
    if not ids:
        raise LakeError("no customer to erase was named")
    plan = Plan(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(also)), _own_cases(lake, ids))
    with lake.database.begin() as session:
        row = Row(plan=asdict(plan), customers=len(plan.ids))
        session.add(row)
        session.flush()
        number = row.id
    return _carry_out(lake, number, plan, progress)


def resume(lake: Lake) -> None:
    """Finishes erasures that were interrupted; needs the lake's lock."""
    lake.sweep()
    with lake.database.read() as session:
        left = session.execute(select(Row.id, Row.plan).where(Row.finished.is_(None))).all()
    for number, plan in left:
        _carry_out(lake, number, Plan(**{k: tuple(v) for k, v in plan.items()}), silent)


def _carry_out(lake: Lake, number: int, plan: Plan, progress: Progress) -> Erasure:
    for done, name in enumerate(TABLES):
        progress(f"erasing from {name}", done, len(TABLES))
        _erase_from(lake.table(name), number, plan)
    progress("looking for what is left", len(TABLES), len(TABLES))
    files, remaining, mentions = _prove(lake, plan)
    counted = {name: _count(lake, name) for name in TABLES}
    with lake.database.begin() as session:
        rows = {name: journal.correct(session, name, counts) for name, counts in counted.items()}
        session.execute(delete(LinkDecision).where(or_(LinkDecision.a.in_(plan.ids), LinkDecision.b.in_(plan.ids))))
        summaries = [json.dumps(s, ensure_ascii=False) for s in session.scalars(select(Import.summary))]
        _add(mentions, "imports.summary", _hold_word(pa.array(summaries, pa.string()), plan.words))
        row = session.get_one(Row, number)
        row.finished, row.plan = now(), None
        row.proof = {"rows": rows, "files": files, "remaining": remaining, "mentions": mentions}
    lake.database.forget_deleted()
    return Erasure(plan.ids, rows, files, remaining, mentions)


def _erase_from(table: Table, number: int, plan: Plan) -> None:
    """Rewrites the files that hold such rows, in one Delta commit, and deletes every file that is out of use."""
    added, removed = [], []
    for file in table.snapshot().files:
        if any(pc.any(_theirs(table.name, b, plan)).as_py() for b in _batches(file.path, _looked_at(table.name))):
            target = file.path.with_name(f"{file.path.stem}-e{number}.parquet")
            removed.append(file)
            added.append(rewrite(file.path, target, lambda b, _: pc.invert(_theirs(table.name, b, plan))))
    if removed:
        table.commit([f for f in added if f is not None], removed)
    table.purge()


def _theirs(table: str, batch: pa.RecordBatch, plan: Plan) -> pa.Array:
    """Which rows are the customers', as booleans without nulls."""

    def among(column: str, values: Sequence[str]) -> pa.Array:
        return pc.is_in(batch.column(column), value_set=pa.array(values, pa.string()))

    def nameless(found: pa.Array) -> pa.Array:
        return pc.and_(pc.is_null(batch.column("customer")), found)

    marks = [among(c, plan.ids) for c in _IDENTITY.get(table, ())]
    if table in _WITH_CASE:
        marks.append(nameless(among("case", plan.cases)))
    if table == "quarantine":
        marks.append(among("customer", plan.ids))
        marks += [nameless(_hold_word(batch.column(c), plan.words)) for c in ("value", "raw")]
    nobody = pa.repeat(pa.scalar(False), batch.num_rows)
    return reduce(pc.or_, marks, nobody)


def _looked_at(table: str) -> list[str]:
    if table == "quarantine":
        return ["customer", "value", "raw"]
    return [*_IDENTITY.get(table, ()), *(["case"] if table in _WITH_CASE else [])]


_OWN_CASES = """
WITH every AS NOT MATERIALIZED ({rows}),
    theirs AS MATERIALIZED (
        SELECT DISTINCT "case" FROM every WHERE "case" IS NOT NULL AND customer IN (SELECT unnest($ids))
    )
SELECT "case" FROM theirs WHERE "case" NOT IN (
    SELECT "case" FROM every WHERE "case" IN (FROM theirs) AND customer NOT IN (SELECT unnest($ids))
) ORDER BY 1
"""


def _own_cases(lake: Lake, ids: Sequence[str]) -> tuple[str, ...]:
    """The cases that these customers have and nobody else has."""
    rows = " UNION ALL ".join(f'SELECT "case", customer FROM ({_all_rows(lake, table)})' for table in _WITH_CASE)
    with lake.duck() as connection:
        found = connection.execute(_OWN_CASES.format(rows=rows), {"ids": list(ids)}).fetchall()
    return tuple(case for (case,) in found)


def _all_rows(lake: Lake, table: str) -> str:
    """A query for all rows of a table, visible or not."""
    return Selection(lake.table(table).snapshot().files, TABLES[table], None).sql


def _count(lake: Lake, table: str) -> dict[int, journal.Held]:
    """What every import holds in a table, counted anew."""
    first, last = TIMES.get(table, (None, None))
    span = f'epoch_us(min("{first}")), epoch_us(max("{last}"))' if first else "NULL, NULL"
    with lake.duck() as connection:
        rows = connection.execute(f'SELECT "import", count(*), {span} FROM ({_all_rows(lake, table)}) GROUP BY ALL')
        return {i: journal.Held(table, n, _moment(low), _moment(high), ()) for i, n, low, high in rows.fetchall()}


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


def _prove(lake: Lake, plan: Plan) -> tuple[int, int, dict[str, int]]:
    """Reads every Parquet file under the lake: (files, rows left, mentions by column)."""
    files = remaining = 0
    mentions: dict[str, int] = {}
    for path in sorted(lake.root.rglob("*.parquet")):
        table = path.relative_to(lake.root).parts[0]
        files += 1
        for batch in _batches(path, None):
            if table in TABLES and set(_looked_at(table)) <= set(batch.schema.names):
                remaining += pc.sum(_theirs(table, batch, plan)).as_py() or 0
            for field in batch.schema:
                if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
                    _add(mentions, f"{table}.{field.name}", _hold_word(batch.column(field.name), plan.words))
    return files, remaining, mentions


def _batches(path: Path, columns: list[str] | None) -> Iterator[pa.RecordBatch]:
    with explained(path), pq.ParquetFile(path) as file:
        yield from file.iter_batches(batch_size=_BATCH, columns=columns)


def _hold_word(texts: pa.Array, words: Sequence[str]) -> pa.Array:
    """Which texts hold one of the words as a whole; the quick look for any of them comes first."""
    found = pa.repeat(pa.scalar(False), len(texts))
    for word in words:
        if pc.any(pc.match_substring(texts, word)).as_py():
            found = pc.or_(found, pc.fill_null(pc.match_substring_regex(texts, _whole(word)), False))
    return found


def _whole(word: str) -> str:
    edge = r"[^\pL\pN_]"
    return f"(^|{edge}){re.escape(word)}($|{edge})"


def _add(mentions: dict[str, int], where: str, found: pa.Array) -> None:
    if count := pc.sum(found).as_py():
        mentions[where] = mentions.get(where, 0) + count
