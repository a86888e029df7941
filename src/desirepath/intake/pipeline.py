"""`ingest`: files in, canonical rows out. All sources of a mapping become visible by one commit, or nothing does.

Files stream through in batches: reader → one DuckDB query per batch (`plan`) → rows and faults (`makers`) → the lake.
Memory holds a few batches, the lookup tables and hashes of ids, whatever the size of the files.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from desirepath.database.database import Database
from desirepath.errors import IntakeError, MappingError
from desirepath.intake import keys, lookups, sources
from desirepath.intake.columns import all_columns, decide_columns
from desirepath.intake.engine import engine
from desirepath.intake.frame import Frame
from desirepath.intake.guess import Opener, guess_or_ask
from desirepath.intake.instants import DAY_US
from desirepath.intake.makers import CustomersMaker, EventsMaker, KeysMaker, Maker, Numbering
from desirepath.intake.mapping import Block, Mapping
from desirepath.intake.mapping_yaml import load as load_mapping
from desirepath.intake.people import People
from desirepath.intake.plan import Plan, Scope, check_columns, explain
from desirepath.intake.prefetch import ahead, joined
from desirepath.intake.quarantine import Quarantine
from desirepath.intake.query import canonical_block, query_table
from desirepath.intake.readers.files import SourceFile, find_files
from desirepath.intake.readers.opening import open_table
from desirepath.intake.readers.table import RawTable
from desirepath.intake.repeats import Repeats
from desirepath.intake.summary import IngestSummary, summed
from desirepath.intake.tally import Tally
from desirepath.intake.voice_makers import FeedbackMaker, MetricsMaker
from desirepath.lake.importing import Import, Together
from desirepath.lake.lake import Lake
from desirepath.progress import Progress, silent

_MAKERS: dict[str, type[Maker]] = {
    "events": EventsMaker,
    "feedback": FeedbackMaker,
    "metrics": MetricsMaker,
    "customers": CustomersMaker,
    "keys": KeysMaker,
}


@dataclass(frozen=True)
class Input:
    """A file as a table; `digest` is None for what is not a file of its own (a query, replayed rows)."""

    name: str
    raw: RawTable
    size: int
    digest: str | None


def ingest(
    lake: Lake,
    database: Database,
    paths: Sequence[str | Path],
    *,
    mapping: Mapping | str | Path | None = None,
    kind: str | None = None,
    dry_run: bool = False,
    replace: str | None = None,
    source: str | None = None,
    progress: Progress = silent,
) -> IngestSummary:
    """Reads files into the lake by a mapping, or by what can be guessed from them (`kind` helps the guess).

    `replace` names a source whose earlier imports this one supersedes. What is guessed is called so, else `source`.
    Raises MappingError for a mapping that does not fit, IntakeError for files that cannot be read, that hold no row
    that can be accepted, or about which too much would have to be guessed.
    """
    files = find_files(paths)
    said = [f"{s.name}: left out ({s.reason})" for s in files.skipped]
    opener = cache(open_table)
    if mapping is None:
        guessed = guess_or_ask(files, kind, opener=opener)
        mapping, said = called(guessed.mapping, replace or source), [*said, *guessed.assumptions]
    elif not isinstance(mapping, Mapping):
        mapping = load_mapping(mapping)
    sources.check_any(mapping.blocks, files)
    names = {block.source for block in mapping.blocks}
    if replace is not None and replace not in names:
        raise MappingError(f"nothing here is of the source '{replace}'", hint=f"sources: {', '.join(sorted(names))}")
    given = Given(lake, database, files, opener, dry_run, replace, progress)
    with engine() as con, lake.together(progress=progress) as together:
        people = People(con)
        parts = []
        for source in dict.fromkeys(b.source for b in mapping.blocks):
            blocks = [b for b in mapping.blocks if b.source == source]
            if any(sources.of_block(b, files) for b in blocks):
                parts.append(_source(given, together, people, source, blocks))
        if not dry_run:
            together.commit()
        people.link(lake)
        return summed(parts, said, people, people.match_rate(lake))


def called(mapping: Mapping, source: str | None) -> Mapping:
    """The mapping with all its blocks of this source."""
    if source is None:
        return mapping
    return Mapping(blocks=tuple(block.model_copy(update={"source": source}) for block in mapping.blocks))


@dataclass(frozen=True)
class Given:
    """What all sources of one `ingest` share."""

    lake: Lake
    database: Database
    files: Sequence[SourceFile]
    opener: Opener
    dry_run: bool
    replace: str | None
    progress: Progress


def _source(given: Given, together: Together, people: People, source: str, blocks: list[Block]) -> IngestSummary:
    """Writes what the files hold of one source; visible only by the commit of all of them."""
    new, skipped = _new_files(given, source, blocks)
    if not new:
        return IngestSummary(source=source, skipped_files=tuple(skipped), dry_run=given.dry_run)
    target = together.begin(source, mapping=Mapping(blocks=tuple(blocks)).to_dict(), replace=source == given.replace)
    with engine() as con:
        run = Run(given.lake, given.database, con, target, source, given.progress)
        for block in blocks:
            files = sources.of_block(block, list(new))
            if files:
                run.block(block, files, given.files, new, given.opener)
        summary = run.summary(tuple(f.name for f in new), tuple(skipped), dry_run=given.dry_run)
        _check_anything(summary)
        people.add(source, run.tally)
    if not given.dry_run:
        target.ready(summary.to_json())
    return summary


def _new_files(given: Given, source: str, blocks: list[Block]) -> tuple[dict[SourceFile, str], list[str]]:
    """The files whose content the source does not have yet, with their digests, and the names of the others."""
    new: dict[SourceFile, str] = {}
    skipped: list[str] = []
    wanted = [f for f in given.files if any(sources.of_block(b, [f]) for b in blocks)]
    for i, file in enumerate(wanted):
        given.progress("looking at files", i, len(wanted))
        digest = file.sha256()
        if digest in new.values() or (source != given.replace and given.lake.find_file(source, digest) is not None):
            skipped.append(file.name)
        else:
            new[file] = digest
    return new, skipped


def _check_anything(summary: IngestSummary) -> None:
    if summary.accepted:
        return
    where = ", ".join(summary.files[:5]) + (" …" if len(summary.files) > 5 else "")
    if not summary.rows:
        raise IntakeError("there are no rows", where=where, hint="the file holds nothing, or only a header")
    reasons = "; ".join(f"{n:,} × {reason}" for reason, n in summary.reasons.items())
    hint = "nothing was imported; correct the mapping (or the file) and import again"
    raise IntakeError(f"none of {summary.rows:,} rows can be used: {reasons}", where=where, hint=hint)


class Run:
    """One import under way: its connection, its counters and how many row numbers are used."""

    def __init__(
        self,
        lake: Lake,
        database: Database,
        con: duckdb.DuckDBPyConnection,
        target: Import,
        source: str,
        progress: Progress = silent,
    ) -> None:
        self.lake = lake
        self.con = con
        self.target = target
        self.source = source
        self.progress = progress
        self.tally = Tally(con)
        self.hidden = keys.secret(database)
        self.latest = time.time_ns() // 1000
        self.used = 0
        self.digests: dict[str, tuple[str, int, int]] = {}

    def block(
        self,
        block: Block,
        given: list[SourceFile],
        files: Sequence[SourceFile],
        digests: dict[SourceFile, str],
        opener: Opener,
    ) -> None:
        """Takes in all files of a block."""
        if block.sql is not None:
            with query_table(block, given) as raw:
                self.inputs(
                    canonical_block(block, raw.columns), [Input(", ".join(f.name for f in given), raw, 0, None)], files
                )
            for file in given:
                self.target.add_file(file.name, digests[file], file.size, 0)
            return
        inputs = [Input(f.name, opener(f), f.size, digests[f]) for f in given]
        self.inputs(block, inputs, files)

    def inputs(self, block: Block, inputs: list[Input], files: Sequence[SourceFile]) -> None:
        """Takes in tables by a block."""
        columns = all_columns([i.raw for i in inputs])
        check_columns(block, columns, inputs[0].name)
        scope = Scope(block, columns, lookups.load(self.con, block, files, self.tally.said))
        reading = decide_columns(self.con, scope, [i.raw for i in inputs], self.tally.say)
        maker = _MAKERS[block.kind](block, reading)
        plan = Plan(scope, self.hidden)
        maker.prepare(plan)
        repeats = Repeats(self.con, self.lake, block, replace=self.target.replace)
        repeats.prepare(plan)
        for item in inputs:
            for assumption in item.raw.assumptions:
                self.tally.say(f"{item.name}: {assumption}" if len(inputs) == 1 else assumption)
            self._file(item, maker, plan, repeats)
        self._say(block, maker, repeats)

    def _file(self, item: Input, maker: Maker, plan: Plan, repeats: Repeats) -> None:
        numbering = Numbering(self.source, self.target.id, self.used)
        quarantine = Quarantine(self.target, maker.block, item.raw, item.name, self.used, maker.stride)
        for batch, frame in ahead(self._frames(item.raw, plan, maker.block)):
            made = repeats.without(maker.make(frame, numbering), frame, numbering, maker.stride)
            self.tally.count(maker.table, made)
            self.target.write(maker.table, made.to_batches(), maker.schema)
            quarantine.add(self.con, batch, frame, _customer_column(frame))
            quarantine.add_broken()
            self.tally.twice[maker.block.source] += frame.twice
            self.tally.unzoned[maker.block.source] += frame.unzoned
            self.progress(
                f"reading {item.name}", self.tally.rows + int(frame.rows[-1]) + 1 if frame.n else self.tally.rows, None
            )
        quarantine.add_broken()
        quarantine.flush()
        self.tally.rows += item.raw.rows
        self.tally.accepted += item.raw.rows - quarantine.rows
        self.tally.reasons.update(quarantine.reasons)
        self.tally.cells.update(quarantine.cells)
        self.used += max(item.raw.rows, 1) * maker.stride
        if item.digest is not None:
            self.target.add_file(item.name, item.digest, item.size, item.raw.rows)

    def _frames(self, raw: RawTable, plan: Plan, block: Block) -> Iterator[tuple[pa.RecordBatch, Frame]]:
        """Every batch with what its query gave, on a connection of its own: the next is asked while one is written."""
        with self.con.cursor() as con:
            for batch in ahead(joined(raw.batches())):
                yield batch, self._frame(con, batch, plan, block)

    def _frame(self, con: duckdb.DuckDBPyConnection, batch: pa.RecordBatch, plan: Plan, block: Block) -> Frame:
        con.register("batch", batch)
        try:
            for column, region in plan.phones:
                self._number_phones(con, plan.phone_sql(column, region, batch.schema), region)
            table = con.sql(plan.sql(batch.schema)).to_arrow_table()
        except duckdb.Error as error:
            raise explain(error, block) from error
        latest = self.latest + int(block.future_days * DAY_US)
        return Frame(table, plan.clocks, block.timezone or "UTC", latest)

    def _number_phones(self, con: duckdb.DuckDBPyConnection, query: str, region: str | None) -> None:
        new = [row[0] for row in con.execute(query).fetchall()]
        if new:
            table = pa.table(
                {
                    "raw": pa.array(new, pa.string()),
                    "region": pa.array([region or ""] * len(new)),
                    "canonical": pa.array([keys.phone(n, region, self.hidden) for n in new], pa.string()),
                }
            )
            con.register("numbered", table)
            con.execute("INSERT INTO phones SELECT * FROM numbered")
            con.unregister("numbered")

    def _say(self, block: Block, maker: Maker, repeats: Repeats) -> None:
        tally = self.tally
        if tally.unzoned[block.source] and block.timezone is None and not _relative(maker):
            tally.say("times without offset are read as UTC (say `timezone:` if they are local)")
        if repeats.dropped:
            tally.duplicates += repeats.dropped
            tally.say(f"{repeats.dropped:,} {repeats.what}: kept once")
        if repeats.floats:
            tally.say(f"{repeats.floats:,} customer ids are written as decimal numbers (17850.0): read without the .0")
        if n := tally.twice[block.source]:
            tally.say(f"{n:,} local times exist twice (the clocks went back): the first of the two is taken")

    def summary(
        self, files: tuple[str, ...], skipped: tuple[str, ...], *, dry_run: bool, replays: bool = False
    ) -> IngestSummary:
        """The counts so far; drops events whose id came before."""
        tally = self.tally
        dropped = self.target.deduplicate()
        if dropped:
            tally.say(f"{dropped:,} events repeat an event_id that is already there: kept once")
        return IngestSummary(
            source=self.source,
            files=files,
            rows=tally.rows,
            accepted=tally.accepted,
            quarantined=tally.rows - tally.accepted,
            reasons=dict(tally.reasons.most_common()),
            cells=dict(tally.cells.most_common()),
            duplicates=tally.duplicates + dropped,
            events=tally.made["events"] - dropped,
            feedback=tally.made["feedback"],
            metrics=tally.made["metrics"],
            keys=tally.made["keys"],
            customers=tally.customers,
            cases=tally.cases,
            first=_iso(tally.first),
            last=_iso(tally.last),
            feedback_without_customer=tally.anonymous_feedback,
            assumptions=tuple(tally.said),
            skipped_files=skipped,
            imports=() if dry_run or not files else (self.target.id,),
            replays=replays,
            dry_run=dry_run,
        )


def _relative(maker: Maker) -> bool:
    return all(c.relative for c in maker.reading.clocks.values())


def _customer_column(frame: Frame) -> str | None:
    return next((n for n in ("customer", "customer0") if frame.has(n)), None)


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
