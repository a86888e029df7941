"""The door: a workspace is a folder with its lake, its database and its settings, and offers every verb.

Python users, the command line and the server all go through here; heavy parts are imported when first needed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from html import escape
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from desirepath.errors import DesirepathError, JourneyError, WorkspaceError
from desirepath.progress import Progress, silent
from desirepath.times import moment

if TYPE_CHECKING:
    import pyarrow as pa

    from desirepath.database import Database
    from desirepath.eventlog.chains import Mode
    from desirepath.eventlog.log import Log
    from desirepath.eventlog.model import Notion, Scope
    from desirepath.eventlog.spark.engine import Spark
    from desirepath.insight.compare import Comparison
    from desirepath.insight.customers import Behind, Walks
    from desirepath.insight.funnels import FunnelView
    from desirepath.insight.health import Health
    from desirepath.insight.living_map import Prepare
    from desirepath.insight.model import Finding, MapData, StageView, TouchpointView
    from desirepath.insight.reading import Reading
    from desirepath.insight.retention import Every, RetentionView
    from desirepath.insight.settings import Settings
    from desirepath.intake.identity import Persons
    from desirepath.intake.preview import Preview
    from desirepath.intake.summary import IngestSummary
    from desirepath.journey.model import Journey
    from desirepath.journey.store import JourneyStore
    from desirepath.lake import Lake
    from desirepath.lake.backup import Backup
    from desirepath.lake.erasure import Erasure
    from desirepath.lake.lake import SourceInfo
    from desirepath.voice.readers import Remembered
    from desirepath.voice.voice import Voice

SETTINGS = """\
# Settings of this workspace. Everything here may be left out.

[workspace]
language = "en"        # of the maps: en, zh-Hans, zh-Hant or ru
# database = "postgresql+psycopg://…"   # instead of the file workspace.db

[insight]
min_n = 5              # numbers about fewer cases or answers than this are withheld
"""


@dataclass(frozen=True)
class LivingMap:
    """A journey and what the evidence says of it, for one period and set of filters."""

    data: MapData
    language: str = "en"

    @property
    def stages(self) -> tuple[StageView, ...]:
        """The stages in the order drawn."""
        return self.data.stages

    @property
    def touchpoints(self) -> tuple[TouchpointView, ...]:
        """The touchpoints in the order drawn."""
        return self.data.touchpoints

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Pain points, heaviest first, then delights."""
        return self.data.findings

    def to_json(self) -> dict[str, Any]:
        """The map as plain JSON values."""
        return self.data.to_json()

    def html(self, form: str = "matrix") -> str:
        """The map as one self-contained page."""
        from desirepath.render.write import html

        return html(self.data, language=self.language, form=form)

    def save(self, path: str | Path, *, form: str = "matrix") -> Path:
        """Write the map in the format that the file's ending names (html, svg, png, pdf, pptx, xlsx, md, mmd, json)."""
        from desirepath.render.write import write

        return write(self.data, Path(path), language=self.language, form=form)

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="{escape(self.data.journey.id)}" srcdoc="{escape(self.html())}" '
            'style="width:100%;height:760px;border:0"></iframe>'
        )


class Workspace:
    """An open workspace. Use `desirepath.open(folder)` or `desirepath.init(folder)`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sparks: dict[str, Spark] = {}
        self._evidence_was: tuple[str, str] | None = None

    def __repr__(self) -> str:
        return f"Workspace({str(self.folder)!r})"

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What stands in desirepath.toml."""
        path = self.folder / "desirepath.toml"
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise WorkspaceError(f"not valid TOML: {error}", where=str(path)) from error

    @property
    def language(self) -> str:
        """The language of the maps where none is asked for."""
        return str(self.settings.get("workspace", {}).get("language", "en"))

    @cached_property
    def database(self) -> Database:
        """The SQL side."""
        from desirepath.database import Database

        address = self.settings.get("workspace", {}).get("database")
        return Database.open(address or self.folder / "workspace.db", create=True)

    @cached_property
    def lake(self) -> Lake:
        """The evidence at rest."""
        from desirepath.lake import Lake

        return Lake(self.folder / "lake", self.database)

    @cached_property
    def journeys(self) -> JourneyStore:
        """The journey documents and their versions."""
        from desirepath.journey.store import JourneyStore

        return JourneyStore(self.database)

    @property
    def cache(self) -> Path:
        """Where prepared logs lie; may be deleted at any time."""
        return self.folder / "cache"

    def links(self) -> pa.Table:
        """Which customer ids are which person (`id`, `person`)."""
        return self._links(self.lake)

    def _links(self, lake: Lake) -> pa.Table:
        from desirepath.intake.identity import links

        return links(lake, self.database)

    def persons(self) -> Persons:
        """The ids that are one person, the pairs that were refused and why, and what people decided."""
        from desirepath.intake.identity import resolve

        return resolve(self.lake, self.database)

    def fingerprint(self) -> str:
        """Changes whenever the evidence does, or what people said of it: who is one person, how a text is meant."""
        stamp = self.lake.stamp()
        if self._evidence_was is None or self._evidence_was[0] != stamp:
            from desirepath.intake.identity import decisions
            from desirepath.voice.decisions import labels

            said = decisions(self.database), labels(self.database)
            self._evidence_was = stamp, f"{self.lake.fingerprint()} {sha256(repr(said).encode()).hexdigest()}"
        return self._evidence_was[1]

    def merge(self, a: str, b: str, *, reason: str | None = None) -> int:
        """Say that two ids are one person; gives the number of the decision, by which `undo` takes it back."""
        return self._decide("merge", a, b, reason)

    def split(self, a: str, b: str, *, reason: str | None = None) -> int:
        """Say that two ids are not one person, whatever a key table says."""
        return self._decide("split", a, b, reason)

    def _decide(self, decision: str, a: str, b: str, reason: str | None) -> int:
        from desirepath.intake.identity import decide

        return decide(self.database, decision, a, b, reason=reason)

    def undo(self, decision: int) -> None:
        """Take a merge or a split back; no event was ever changed by it."""
        from desirepath.intake.identity import undo

        undo(self.database, decision)

    # Evidence

    def ingest(
        self,
        *files: str | Path,
        mapping: str | Path | None = None,
        kind: str | None = None,
        dry_run: bool = False,
        replace: str | None = None,
        source: str | None = None,
        progress: Progress = silent,
    ) -> IngestSummary:
        """Read files, folders or globs into the lake as one import; says what came of every row.

        Without `mapping` the columns are guessed and the guesses stated; `source` is what they are called then (else
        after the file or folder). `replace` names a source whose
        earlier imports are superseded. `dry_run` reads and judges, and keeps nothing.
        """
        from desirepath.intake.pipeline import ingest

        return ingest(
            self.lake,
            self.database,
            [str(file) for file in files],
            mapping=mapping,
            kind=kind,
            dry_run=dry_run,
            replace=replace,
            source=source,
            progress=progress,
        )

    def preview(
        self, *files: str | Path, mapping: str | Path | None = None, kind: str | None = None, source: str | None = None
    ) -> Preview:
        """The first rows of files, and the mapping they would be read with: the given one, else what is guessed."""
        from desirepath.intake.preview import preview

        return preview([str(file) for file in files], mapping=mapping, kind=kind, source=source)

    def sources(self) -> tuple[SourceInfo, ...]:
        """Every source with what it brought and when."""
        return self.lake.sources()

    def stale_sources(self, at: datetime | None = None) -> frozenset[str]:
        """The sources whose newest data is older, at this time (default: now), than what a map would call stale."""
        settings, at = self.insight_settings(), at or datetime.now(UTC)
        dated = [(s.name, s.first, s.last) for s in self.sources() if s.first is not None and s.last is not None]
        return frozenset(
            name
            for name, first, last in dated
            if (at - last).total_seconds() > settings.stale_after((last - first).total_seconds())
        )

    def source_mapping(self, source: str) -> str | None:
        """The mapping that a source was last read with, as YAML; None where it had none."""
        from desirepath.intake.mapping import Mapping as Columns
        from desirepath.intake.mapping_yaml import dump

        kept = self.lake.mapping(source)
        return dump(Columns.model_validate(kept)) if kept else None

    def quarantine(self, source: str | None = None, *, limit: int = 100, offset: int = 0) -> list[dict[str, Any]]:
        """Rows and cells that could not be read, with file, line, column, value and reason."""
        if source is not None and source not in (known := [found.name for found in self.sources()]):
            there = f"there are {', '.join(known)}" if known else "nothing was ingested yet"
            raise DesirepathError(f"there is no source {source!r}", hint=there)
        rows: list[dict[str, Any]] = self.lake.quarantine(source, limit=limit, offset=offset).to_pylist()
        return rows

    def replay(
        self, source: str, mapping: str | Path, *lookups: str | Path, progress: Progress = silent
    ) -> IngestSummary:
        """Read the quarantined rows of a source again with a corrected mapping, and the files it looks things up in."""
        from desirepath.intake.replay import replay

        return replay(self.lake, self.database, source, mapping, paths=lookups, progress=progress)

    def note(self, text: str, **fields: Any) -> str:
        """Keep a quote or an observation (`touchpoint`, `kind`, `customer`, `at`, `score`, `scale`); gives its id."""
        from desirepath.intake.notes import note

        return note(self.lake, self.database, text, **fields)

    def erase(self, *customers: str) -> Erasure:
        """Delete everything about these customers, all their linked ids included, and prove it by a scan."""
        from desirepath.eventlog.forgetting import forgetting, without
        from desirepath.eventlog.spark.engine import forget
        from desirepath.intake.person import same_person

        ids = same_person(self.lake, self.database, customers)
        forget(self.cache)
        with forgetting(self.cache) as logs:
            erasure = self.lake.erase(ids, also=customers)
            without(logs, ids, self.lake, self.links())
        return erasure

    def backup(self, file: str | Path, *, progress: Progress = silent) -> Backup:
        """Write the whole workspace (lake, database, settings) into one file; `desirepath.restore` reads it."""
        from desirepath.lake.backup import backup

        return backup(self.lake, self.folder / "desirepath.toml", Path(file), progress=progress)

    def compact(self) -> None:
        """Merge small files of the lake and remove what no reader needs."""
        self.lake.compact()

    def event_log(self, case: Notion = "customer", *, dims: Sequence[str] = (), progress: Progress = silent) -> Log:
        """The prepared log of all events, by customer or by the source's cases, with at least these dimensions.

        It is built when there is none, brought up to date when the evidence has changed, else just opened.
        """
        from desirepath.eventlog.prepare import prepare

        return prepare(self.lake, self.links(), case, self.cache, dims=dims, progress=progress)

    # Journeys

    def discover(self, progress: Progress = silent) -> Journey:
        """A first journey from the data alone, as a document to go on with."""
        from desirepath.insight.discover import discover

        return discover(self.lake, self.links(), self.cache, progress=progress)

    def read_journey(self, file: str | Path) -> tuple[Journey, tuple[str, ...]]:
        """A journey from YAML, Mermaid (.md, .mmd) or a sheet (.xlsx, .csv), and what had to be assumed."""
        path = Path(file)
        ending = path.suffix.lower()
        if not path.is_file():
            raise JourneyError("is a folder" if path.is_dir() else "no such file", where=str(path))
        if ending in (".yaml", ".yml"):
            from desirepath.journey.yaml import load

            return load(path), ()
        if ending in (".md", ".mmd"):
            from desirepath.journey.mermaid import parse

            return parse(path), ()
        if ending in (".xlsx", ".xls", ".csv", ".tsv"):
            from desirepath.journey.sheet import read

            guess = read(path, events=self.event_names())
            unread = tuple(f"{cell.cell} was not read: {cell.reason} ({cell.value!r})" for cell in guess.unread)
            return guess.journey, guess.assumptions + unread
        raise JourneyError(
            f"cannot tell what kind of journey a {ending or 'nameless'} file holds",
            where=str(path),
            hint="use .yaml, .md or .mmd (Mermaid), .xlsx or .csv",
        )

    def event_names(self) -> tuple[str, ...]:
        """The names of all events in the lake."""
        import duckdb

        with duckdb.connect() as connection:
            self.lake.register(connection, "events")
            return tuple(name for (name,) in connection.sql("select distinct event from events order by 1").fetchall())

    def add_journey(self, journey: Journey | str | Path, *, author: str | None = None) -> Journey:
        """Keep a journey document, from a file or as it is; an id that exists gets a new version."""
        document = self.read_journey(journey)[0] if isinstance(journey, str | Path) else journey
        self.journeys.add(document, author=author)
        return document

    # The living map

    def map(
        self,
        journey: str | Journey,
        *,
        start: str | None = None,
        end: str | None = None,
        where: Mapping[str, str | Sequence[str]] | None = None,
        persona: str | None = None,
        language: str | None = None,
        min_n: int | None = None,
        as_of: int | None = None,
        engine: str = "local",
        progress: Progress = silent,
    ) -> LivingMap:
        """The living map of a journey: cases whose first event lies in [start, end) and that meet every condition.

        `journey` is an id, or a document that need not be kept (as before an edit is).
        `start` and `end` are ISO dates or times (UTC where they have no offset); `where` names dimensions and the
        values wanted; `persona` is the id of one of the journey's personas; `as_of` is the number of an import: the
        map as the evidence was after it. `engine` is who counts: this machine (`local`), or a Spark by its address
        (`spark://HOST:PORT`, or `spark` for the one that Spark's own settings name).
        """
        from desirepath.insight.living_map import compute_map

        conditions = {k: (v,) if isinstance(v, str) else tuple(v) for k, v in (where or {}).items()}
        language, lake = language or self.language, self.lake.at(as_of).still()
        with self.database.kept_open():
            data = compute_map(
                self.journeys.get(journey) if isinstance(journey, str) else journey,
                lake,
                self._links(lake),
                self.cache,
                scope=_scope(start, end, conditions),
                filters={k: list(v) for k, v in conditions.items()},
                persona=persona,
                language=language,
                settings=self.insight_settings(min_n),
                progress=progress,
                prepare=self._prepare(engine),
                reader=self._reader(),
            )
        return LivingMap(data, language)

    def health(self, journey: str) -> Health:
        """A journey at a glance: customers, freshness, emotion of late and of before, the worst pain."""
        from desirepath.insight.health import health, weeks

        whole = self.map(journey).data
        last, before = (None if p is None else self.map(journey, start=p[0], end=p[1]).data for p in weeks(whole))
        return health(whole, last, before, datetime.now(UTC), self.insight_settings())

    def compare(
        self,
        journey: str,
        *,
        by: str | None = None,
        before: tuple[str, str] | None = None,
        after: tuple[str, str] | None = None,
        start: str | None = None,
        end: str | None = None,
        where: Mapping[str, str | Sequence[str]] | None = None,
        min_n: int | None = None,
        progress: Progress = silent,
    ) -> Comparison:
        """What differs between segments of the cases, or between two periods, by more than chance.

        `by` is a dimension, `channel` or `persona`; instead of it `before` and `after` are periods [from, to) as two
        dates each. `start`, `end` and `where` narrow the cases as for `map`; a condition on `by` names the segments.
        """
        from desirepath.insight import segments
        from desirepath.insight.compare import compare
        from desirepath.insight.rules import case_notion

        if (by is None) == (before is None or after is None) or (by is not None and (before or after)):
            raise DesirepathError("what is to be compared?", hint="name `by`, or both `before` and `after`")
        if by is None and (start or end):
            raise DesirepathError("two periods are compared and a third is asked for", hint="leave start and end out")
        document, chosen = self.journeys.get(journey), dict(where or {})

        def made(name: str, **scope: Any) -> MapData:
            progress(f"computing {name}", 0, None)
            return self.map(journey, min_n=1, **scope).data

        log = self.event_log(case_notion(document)[0], dims=[by] if by and by not in ("persona", "channel") else [])
        if before is not None and after is not None:
            asked = {f"{a}..{z}": (a, z) for a, z in (before, after)}
            maps = {name: made(name, start=a, end=z, where=chosen) for name, (a, z) in asked.items()}
            notes = segments.about_periods([*maps.values()], log.last)
        elif by == "persona":
            people = segments.of_personas(document)
            maps = {p: made(p, start=start, end=end, where=chosen, persona=p) for p in people}
            notes = segments.about_cover(by, maps, made("all", start=start, end=end, where=chosen))
        else:
            only = chosen.get(by or "", ())
            known = (*self.lake.dimensions("events"), "channel", "persona")
            values = segments.of_dimension(log, by or "", known, (only,) if isinstance(only, str) else only)
            maps = {n: made(n, start=start, end=end, where=chosen | {by or "": v}) for n, v in values.items()}
            notes = segments.about_cover(by or "", maps, made("all", start=start, end=end, where=chosen))
        return compare(by or "period", maps, self.insight_settings(min_n).min_n, notes)

    def customers(
        self, journey: str, behind: Behind | None = None, *, limit: int = 20, offset: int = 0, **scope: Any
    ) -> Walks:
        """The walks behind a number of the map, event by event; `scope` is `start`, `end`, `where`, `persona`."""
        from desirepath.insight.customers import Behind, customers

        return customers(self._read(journey, **scope), behind or Behind(), limit=limit, offset=offset)

    def funnel(
        self,
        journey: str,
        steps: Sequence[str],
        *,
        within_s: float = float("inf"),
        by: str | None = None,
        mode: Mode = "any",
        **scope: Any,
    ) -> FunnelView:
        """The share of cases that reaches each step in order: touchpoints, or `event:GLOB`."""
        from desirepath.insight.funnels import funnel

        reading = self._read(journey, dims=[by] if by else [], **scope)
        min_n = self.insight_settings().min_n
        return funnel(reading, steps, within_s=within_s, by=by, mode=mode, min_n=min_n)

    def retention(self, journey: str, every: Every = "week", **scope: Any) -> RetentionView:
        """Who comes back: cohorts by `day`, `week` or `four_weeks`, and the share seen so many of them later."""
        from desirepath.insight.retention import retention

        return retention(self._read(journey, **scope), every, min_n=self.insight_settings().min_n)

    def _read(
        self,
        journey: str,
        *,
        dims: Sequence[str] = (),
        start: str | None = None,
        end: str | None = None,
        where: Mapping[str, str | Sequence[str]] | None = None,
        persona: str | None = None,
    ) -> Reading:
        from desirepath.insight.reading import read

        filters = {k: (v,) if isinstance(v, str) else tuple(v) for k, v in (where or {}).items()}
        return read(
            self.journeys.get(journey), self.lake, self.links(), self.cache, scope=_scope(start, end, filters),
            filters=filters, persona=persona, dims=dims,
        )  # fmt: skip

    def _prepare(self, engine: str) -> Prepare:
        """What makes the event log: this machine, or a Spark, which stays open until the workspace is closed."""
        if engine == "local":
            from desirepath.eventlog.prepare import prepare

            return prepare
        from desirepath.eventlog.spark.engine import Spark

        if engine not in self._sparks:
            self._sparks[engine] = Spark.of(engine, self.settings.get("spark", {}), self.folder / "desirepath.toml")
        return self._sparks[engine].prepare

    # The voice

    def voice(self, *, journey: str | None = None) -> Voice:
        """What customers say: languages, emotions, themes, verbatims; touchpoints of a journey where one is named."""
        from desirepath.voice.voice import Voice

        places = None
        if journey is not None:
            from desirepath.insight.heard import places_of

            places = places_of(self.journeys.get(journey), self.lake, self.links(), self.cache, self.insight_settings())
        return Voice(self.lake, self.database, self.cache, places, self._reader())

    def _reader(self) -> Remembered | None:
        """The language model of one's own that the settings name, if they name one."""
        from desirepath.voice.readers import named

        return named(self.settings.get("voice", {}), self.folder, self.cache)

    def suggestions(self, journey: str) -> tuple[dict[str, Any], ...]:
        """What customers typically said at the journey's touchpoints, as cards that a person may accept."""
        return self.map(journey).data.verbatims

    def accept(
        self,
        journey: str,
        *verbatims: str,
        lane: str | None = None,
        text: str | None = None,
        author: str | None = None,
    ) -> Journey:
        """Make cards of suggested verbatims (by id) in a new version of the journey; the cards name their evidence.

        `lane` is `thoughts` or `needs` where the suggested one is not meant; `text` says a single one in own words.
        """
        from desirepath.insight.accepting import accepted

        versions = self.journeys.versions(journey)
        document = accepted(
            self.journeys.get(journey), self.suggestions(journey), verbatims, lane=lane, text=text, author=author
        )
        said = ", ".join(verbatims)
        self.journeys.add(document, author=author, base=versions[-1].number, note=f"accepted: {said}")
        return document

    def coverage(self, by: str) -> dict[str, Any]:
        """How many customers of each group were heard, and the mean emotion re-weighted for it."""
        from desirepath.insight.heard import coverage_by

        return coverage_by(self.lake, self.links(), self.voice(), by)

    def insight_settings(self, min_n: int | None = None) -> Settings:
        """What may be set about how maps are computed, as this workspace has it."""
        from desirepath.insight.settings import Settings

        chosen = dict(self.settings.get("insight", {}))
        if min_n is not None:
            chosen["min_n"] = min_n
        try:
            return Settings(**chosen)
        except TypeError as error:
            raise WorkspaceError(
                f"unknown setting: {error}", where=f"{self.folder / 'desirepath.toml'}, [insight]"
            ) from error

    def close(self) -> None:
        """Release the database, and a Spark that was opened."""
        for spark in self._sparks.values():
            spark.close()
        self._sparks.clear()
        if "database" in self.__dict__:
            self.database.close()


def _scope(start: str | None, end: str | None, where: Mapping[str, tuple[str, ...]]) -> Scope:
    from desirepath.eventlog.model import Scope

    first, last = moment(start, "--from"), moment(end, "--to")
    if first is not None and last is not None and last <= first:
        raise DesirepathError(f"the period ends ({end}) before it starts ({start})")
    return Scope(start=first, end=last, where=dict(where))


def init(folder: str | Path, *, template: str | None = None) -> Workspace:
    """Make a workspace in a folder that is empty or not there yet; `template` adds a first journey."""
    path = Path(folder)
    if (path / "desirepath.toml").exists():
        raise WorkspaceError(
            "is a workspace already", where=str(path), hint="choose another folder, or use it as it is"
        )
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise WorkspaceError("is not an empty folder", where=str(path), hint="choose a new or empty folder")
    journey = None
    if template is not None:
        from desirepath.journey import templates

        journey = templates.load(template)
    with _writable(path):
        path.mkdir(parents=True, exist_ok=True)
        workspace = Workspace(path)
        (path / "desirepath.toml").write_text(SETTINGS, encoding="utf-8")
        _ = workspace.database
    if journey is not None:
        workspace.add_journey(journey)
    return workspace


def open(folder: str | Path) -> Workspace:
    """Open the workspace in `folder`."""
    path = Path(folder)
    if not (path / "desirepath.toml").exists():
        make = f"make one: desirepath init {quote(str(path))}"
        hint = "the workspace comes first, then the files" if path.is_file() else make
        raise WorkspaceError("is not a workspace", where=str(path), hint=hint)
    workspace = Workspace(path)
    _ = workspace.database
    return workspace


def restore(
    file: str | Path, folder: str | Path, *, database: str | None = None, progress: Progress = silent
) -> Workspace:
    """Make a workspace of a backup, in a new folder; `database` is the address of an empty one, else a file is used."""
    from desirepath.lake.backup import restore

    restore(Path(file), Path(folder), address=database, progress=progress)
    return open(folder)


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WorkspaceError(f"cannot be written: {error.strerror}", where=str(path)) from error
