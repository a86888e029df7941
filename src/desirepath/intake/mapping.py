"""How the columns of a source become events, feedback, metrics, customers or keys.

A mapping is a list of blocks; each block says for some files what one row yields. A plain string names a column; a
constant is written `{constant: web}`, an expression over the row `{sql: …}`. Only event names in a list of `events`,
the `kind` of feedback and the name of a metric are constants when they are plain.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from desirepath.lake.schema import SCALES

FEEDBACK_KINDS = (
    "survey",
    "review",
    "ticket",
    "chat",
    "call",
    "social",
    "interview",
    "usability",
    "focus_group",
    "observation",
)
PERIODS = ("day", "week", "month", "quarter", "year")


class Part(BaseModel):
    """What all parts of a mapping share: immutable, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _many(value: Any) -> Any:
    return (value,) if isinstance(value, str | dict) else value


class Lookup(Part):
    """Follow a key into another file of the same source: the row where `key` has the value, its column `take`."""

    file: str
    key: str
    take: str


class Cell(Part):
    """Where a value comes from: a column (perhaps followed through lookups), a constant, or SQL over the row."""

    column: str | None = None
    constant: str | None = None
    sql: str | None = None
    lookup: Annotated[tuple[Lookup, ...], BeforeValidator(_many)] = ()
    values: dict[str, str | None] = {}
    """Renames of values; a value that is not named stays as it is."""

    @model_validator(mode="after")
    def _one_origin(self) -> Cell:
        if sum(origin is not None for origin in (self.column, self.constant, self.sql)) != 1:
            raise PydanticCustomError("origin", "needs exactly one of column, constant and sql")
        if self.lookup and self.column is None:
            raise PydanticCustomError("origin", "has a lookup but no column to look up")
        return self

    @property
    def shown(self) -> str:
        """The name for messages: the column, or what else stands there."""
        return self.column or self.sql or str(self.constant)


def _column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _constant(value: Any) -> Any:
    return {"constant": value} if isinstance(value, str) else value


def _plain(cell: Any) -> Any:
    given = cell.model_dump(exclude_defaults=True)
    return given["column"] if list(given) == ["column"] else given


Column = Annotated[Cell, BeforeValidator(_column), PlainSerializer(_plain)]
Constant = Annotated[
    Cell,
    BeforeValidator(_constant),
    PlainSerializer(lambda c: c.constant if c.constant is not None else c.model_dump(exclude_defaults=True)),
]


class Id(Cell):
    """An id of a customer and what type of key it is; e-mail addresses and phone numbers are normalised and hashed."""

    type: str = Field("customer", pattern=r"^[a-z][a-z0-9_]*$")
    region: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    """The country whose phone numbers are written without a country code."""


IdColumn = Annotated[Id, BeforeValidator(_column), PlainSerializer(_plain)]


class Score(Cell):
    """A score and its scale: one of the known ones, or `WORST..BEST`."""

    scale: str

    @model_validator(mode="after")
    def _known(self) -> Score:
        if self.scale not in SCALES and bounds(self.scale) is None:
            raise PydanticCustomError(
                "scale", "is no scale: {known} or WORST..BEST such as 0..100", {"known": ", ".join(SCALES)}
            )
        return self


def bounds(scale: str) -> tuple[float, float] | None:
    """Worst and best answer of a scale, or None if it is not one."""
    if scale in SCALES:
        return SCALES[scale]
    worst, dots, best = scale.partition("..")
    try:
        pair = float(worst), float(best)
    except ValueError:
        return None
    return pair if dots and pair[0] != pair[1] else None


class Event(Part):
    """One event that a row may yield; a missing time yields none."""

    event: Constant
    at: Column
    channel: Column | None = None
    value: Column | None = None


class Feedback(Part):
    """One piece of feedback that a row may yield; it needs a text or a score."""

    id: Column | None = None
    at: Column | None = None
    customer: IdColumn | None = None
    case: Column | None = None
    touchpoint: Column | None = None
    kind: Constant = Cell(constant="survey")
    text: Column | None = None
    score: Score | None = None
    language: Column | None = None
    about: Column | None = None
    author: Column | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Feedback:
        if self.text is None and self.score is None:
            raise PydanticCustomError("feedback", "needs a text or a score")
        if self.kind.constant is not None and self.kind.constant not in FEEDBACK_KINDS:
            raise PydanticCustomError(
                "kind", "has a kind that is none of {known}", {"known": ", ".join(FEEDBACK_KINDS)}
            )
        return self


class Metric(Part):
    """A number that somebody else computed, for the period from `from` to `to` (or of one day, week, month …)."""

    metric: Constant
    start: Column = Field(alias="from")
    to: Column | None = None
    every: Literal["day", "week", "month", "quarter", "year"] | None = None
    value: Column
    n: Column | None = None
    stage: Column | None = None
    touchpoint: Column | None = None

    @model_validator(mode="after")
    def _has_an_end(self) -> Metric:
        if (self.to is None) == (self.every is None):
            raise PydanticCustomError("period", "needs either `to` or `every: {every}`", {"every": " | ".join(PERIODS)})
        return self


class Block(Part):
    """What the rows of some files of one source yield."""

    source: str = Field(min_length=1, max_length=100)
    files: Annotated[tuple[str, ...], BeforeValidator(_many)] = ("*",)
    kind: Literal["events", "feedback", "metrics", "customers", "keys"] = "events"
    timezone: str | None = None
    time_format: str | None = None
    """`day_first`, `month_first`, `excel`, `s`, `ms`, `us`, `ns` or a strptime pattern; else the column decides."""
    future_days: float = Field(1, ge=0)
    """Times further than this after now are impossible."""
    anonymous: Literal["quarantine", "keep"] = "quarantine"
    duplicates: Literal["keep", "drop"] = "keep"
    rename: dict[str, str] = {}
    customer: IdColumn | None = None
    case: Column | None = None
    event: Column | None = None
    at: Column | None = None
    events: tuple[Event, ...] = ()
    channel: Column | None = None
    value: Column | None = None
    currency: Column | None = None
    event_id: Column | None = None
    dimensions: dict[str, Column] = {}
    feedback: Annotated[tuple[Feedback, ...], BeforeValidator(_many)] = ()
    metrics: Annotated[tuple[Metric, ...], BeforeValidator(_many)] = ()
    keys: Annotated[dict[str, IdColumn], BeforeValidator(lambda v: _typed(v))] = {}
    sql: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Block:
        problem = _missing(self)
        if problem:
            raise PydanticCustomError("block", "{problem}", {"problem": problem})
        unused = next((n for n in type(self).model_fields if n not in _read(self) and getattr(self, n)), None)
        if unused is not None:
            raise PydanticCustomError("unused", "{key}", {"key": unused, "reader": _reader(self)})
        if self.timezone is not None:
            _zone(self.timezone)
        if self.time_format is not None and self.time_format not in TIME_FORMATS and "%" not in self.time_format:
            raise PydanticCustomError("time_format", "has a time_format that is neither a pattern nor one of {known}",
                                      {"known": ", ".join(TIME_FORMATS)})  # fmt: skip
        return self

    @property
    def all_events(self) -> tuple[Event, ...]:
        """The events that one row may yield."""
        if self.events or self.event is None or self.at is None:
            return self.events
        return (Event(event=self.event, at=self.at),)


TIME_FORMATS = ("day_first", "month_first", "excel", "s", "ms", "us", "ns")


class Mapping(Part):
    """All blocks of a mapping file."""

    blocks: tuple[Block, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they would be written in YAML."""
        return {"blocks": [block_dict(b) for b in self.blocks]}


def block_dict(block: Block) -> dict[str, Any]:
    """One block as plain values, with nothing that is at its default."""
    given = block.model_dump(mode="json", exclude_defaults=True, by_alias=True, exclude={"feedback", "metrics"})
    for name in ("feedback", "metrics"):
        parts = [p.model_dump(mode="json", exclude_defaults=True, by_alias=True) for p in getattr(block, name)]
        if parts:
            given[name] = parts[0] if len(parts) == 1 else parts
    return {"source": block.source, "files": list(block.files), "kind": block.kind} | given


def _typed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {k: {"column": v, "type": k} if isinstance(v, str) else {"type": k, **v} for k, v in value.items()}


def _missing(block: Block) -> str | None:
    if block.sql is not None:
        return None
    if block.kind == "events" and not block.events and (block.event is None or block.at is None):
        return "a block of events needs `event` and `at`, or a list of `events`"
    if block.kind == "events" and block.customer is None and block.anonymous == "quarantine":
        return "a block of events needs `customer` (or `anonymous: keep`)"
    if block.kind == "feedback" and not block.feedback:
        return "a block of feedback needs `feedback` with a text or a score"
    if block.kind == "metrics" and not block.metrics:
        return "a block of metrics needs `metrics`"
    if block.kind == "customers" and block.customer is None:
        return "a block of customers needs `customer`"
    if block.kind == "keys" and len(block.keys) < 2:
        return "a block of keys needs at least two `keys`"
    return None


_ANY = {"source", "files", "kind", "timezone", "time_format", "future_days", "duplicates", "anonymous"}
_READ = {
    "events": {"customer", "case", "channel", "value", "currency", "event_id", "dimensions"},
    "feedback": {"feedback", "customer", "case", "at", "dimensions"},
    "metrics": {"metrics", "dimensions"},
    "customers": {"customer", "dimensions"},
    "keys": {"keys"},
}


def _read(block: Block) -> set[str]:
    """The fields that say something in such a block; the others would be lost without a word."""
    if block.sql is not None:
        return {"sql", *_ANY, *(_READ[block.kind] & {"customer", "dimensions", "feedback"})}
    named = () if block.kind != "events" else ("events",) if block.events else ("event", "at")
    return {"rename", *_ANY, *_READ[block.kind], *named}


def _reader(block: Block) -> str:
    if block.sql is not None:
        return f"a block of {block.kind} with `sql`"
    return f"a block of {block.kind}" + (" with a list of `events`" if block.kind == "events" and block.events else "")


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("timezone", "has no time zone that is known: '{name}' (for example Europe/Lisbon)",
                                  {"name": name}) from None  # fmt: skip
