"""The tables of the workspace's SQL side.

`imports` is the journal: an import is visible from the moment its row has `committed`; everything that the lake
knows of an import's rows hangs on it. Times are UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

Number = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit key; SQLite only counts up by itself on a column that is called INTEGER."""


class Moment(TypeDecorator[datetime]):
    """A time in UTC that comes back with its zone, also from SQLite, which stores none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a time without zone is refused."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time without zone: {value}")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """What all tables share."""

    type_annotation_map = {  # noqa: RUF012
        datetime: Moment,
        str: Text,
        dict[str, Any]: JSON(none_as_null=True),
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
    }


class Import(Base):
    """The journal: one row for an import that was begun, visible once `committed` is set. Ids are never used again.

    An import with `replace` supersedes all earlier imports of its source.
    """

    __tablename__ = "imports"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    replace: Mapped[bool] = mapped_column(default=False)
    mapping: Mapped[dict[str, Any] | None]
    summary: Mapped[dict[str, Any] | None]
    started: Mapped[datetime] = mapped_column(default=now)
    committed: Mapped[datetime | None]


class ImportTable(Base):
    """What an import holds in one table of the lake: kept true by erasure."""

    __tablename__ = "import_tables"

    import_id: Mapped[int] = mapped_column(Number, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    table: Mapped[str] = mapped_column(primary_key=True)
    rows: Mapped[int] = mapped_column(BigInteger)
    first: Mapped[datetime | None]
    last: Mapped[datetime | None]
    dimensions: Mapped[list[str]]


class ImportFile(Base):
    """A file that an import read, known again by its content."""

    __tablename__ = "import_files"
    __table_args__ = (Index("import_files_sha256", "sha256"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    import_id: Mapped[int] = mapped_column(Number, ForeignKey("imports.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(BigInteger)


class Source(Base):
    """A source of evidence and the mapping that was last used for it."""

    __tablename__ = "sources"

    name: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, Any] | None]
    created: Mapped[datetime] = mapped_column(default=now)
    updated: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Journey(Base):
    """A journey document; what it says stands in its versions."""

    __tablename__ = "journeys"

    id: Mapped[str] = mapped_column(primary_key=True)
    created: Mapped[datetime] = mapped_column(default=now)
    archived: Mapped[datetime | None]


class JourneyVersion(Base):
    """One version of a journey document, counted from 1 within the journey."""

    __tablename__ = "journey_versions"
    __table_args__ = (UniqueConstraint("journey_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    note: Mapped[str | None]
    author: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=now)


class JourneyHead(Base):
    """A journey as it stands now, after `seq` edits."""

    __tablename__ = "journey_heads"

    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int]
    document: Mapped[dict[str, Any]]
    author: Mapped[str | None]
    updated: Mapped[datetime] = mapped_column(default=now)


class JourneyEdit(Base):
    """One edit of a journey: what was done and what takes it back. `edit_id` is its author's: none is done twice."""

    __tablename__ = "journey_edits"
    __table_args__ = (
        UniqueConstraint("journey_id", "seq"),
        UniqueConstraint("journey_id", "edit_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    seq: Mapped[int]
    edit_id: Mapped[str]
    ops: Mapped[list[dict[str, Any]]]
    inverse: Mapped[list[dict[str, Any]]]
    author: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=now)


class LinkDecision(Base):
    """What a person decided about two customer ids: `merge` or `split`; `undone` takes the decision back."""

    __tablename__ = "link_decisions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    decision: Mapped[str]
    a: Mapped[str] = mapped_column(index=True)
    b: Mapped[str] = mapped_column(index=True)
    reason: Mapped[str | None]
    author: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=now)
    undone: Mapped[datetime | None]


class Erasure(Base):
    """An erasure of customers: whom (`plan`) while it is under way, nothing but counts once it is `finished`."""

    __tablename__ = "erasures"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    plan: Mapped[dict[str, Any] | None]
    customers: Mapped[int]
    started: Mapped[datetime] = mapped_column(default=now)
    finished: Mapped[datetime | None]
    proof: Mapped[dict[str, Any] | None]


class Setting(Base):
    """A setting of the workspace by name."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class VoiceLabel(Base):
    """What a person said a text expresses, −2 … +2; the newest of a feedback that is not `undone` holds."""

    __tablename__ = "voice_labels"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    feedback: Mapped[str] = mapped_column(index=True)
    emotion: Mapped[float]
    author: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=now)
    undone: Mapped[datetime | None]


class ThemeEdit(Base):
    """What a person decided about a theme (`rename`, `merge`, `pin`), known again by the words the theme had then."""

    __tablename__ = "theme_edits"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    action: Mapped[str]
    language: Mapped[str]
    theme: Mapped[str]
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    name: Mapped[str | None]
    into: Mapped[str | None]
    author: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=now)
    undone: Mapped[datetime | None]


class User(Base):
    """Somebody who may come in: with a password once it is set, by `invitation` (hashed) until then."""

    __tablename__ = "users"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    name: Mapped[str]
    known_as: Mapped[str] = mapped_column(unique=True)
    """The name as it is compared: without regard to case and form."""
    role: Mapped[str]
    password: Mapped[str | None]
    invitation: Mapped[str | None] = mapped_column(unique=True)
    invited: Mapped[datetime | None]
    created: Mapped[datetime] = mapped_column(default=now)
    disabled: Mapped[datetime | None]


class JourneyRole(Base):
    """What a user may do with one journey, where that differs from the workspace."""

    __tablename__ = "journey_roles"

    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(Number, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str]


class SignIn(Base):
    """A browser that is signed in, known by its hashed cookie."""

    __tablename__ = "sign_ins"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(Number, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime]


class ApiToken(Base):
    """A key for programs, hashed: it acts for its user, and never beyond `role`."""

    __tablename__ = "api_tokens"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    user_id: Mapped[int] = mapped_column(Number, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    created: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime | None]
    used: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what and when; entries are only ever added."""

    __tablename__ = "audit"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    user: Mapped[str | None]
    action: Mapped[str]
    target: Mapped[str | None]
    detail: Mapped[dict[str, Any] | None]


class Job(Base):
    """Long work in the background; `attempts` counts how often it was begun."""

    __tablename__ = "jobs"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    kind: Mapped[str]
    params: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]
    author: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=now)
    started: Mapped[datetime | None]
    finished: Mapped[datetime | None]


class Watch(Base):
    """A folder of the server's machine that is looked into again and again; `due` is when next."""

    __tablename__ = "watches"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    folder: Mapped[str]
    mapping: Mapped[str | None]
    replace: Mapped[str | None]
    every_s: Mapped[int]
    author: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=now)
    due: Mapped[datetime]
    paused: Mapped[datetime | None]
    job_id: Mapped[int | None] = mapped_column(Number)


class Comment(Base):
    """What somebody says about a journey, one of its parts (`at`, an id) or another comment (`reply_to`)."""

    __tablename__ = "comments"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), index=True)
    at: Mapped[str | None]
    reply_to: Mapped[int | None] = mapped_column(Number, ForeignKey("comments.id", ondelete="CASCADE"))
    text: Mapped[str]
    user_id: Mapped[int] = mapped_column(Number, ForeignKey("users.id"))
    created: Mapped[datetime] = mapped_column(default=now)
    edited: Mapped[datetime | None]
    resolved: Mapped[datetime | None]
    removed: Mapped[datetime | None]


class Mention(Base):
    """Somebody who is named in a comment, and when they saw it."""

    __tablename__ = "mentions"

    comment_id: Mapped[int] = mapped_column(Number, ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(Number, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    seen: Mapped[datetime | None]


class Share(Base):
    """A link that lets anybody look at one journey (`map`) or put notes on it (`notes`), known by its hashed secret."""

    __tablename__ = "shares"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str | None]
    author: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime | None]
    revoked: Mapped[datetime | None]
    used: Mapped[datetime | None]


class StickyNote(Base):
    """A note that somebody put on a journey in a workshop: later made a card (`card`), or `dismissed`."""

    __tablename__ = "sticky_notes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), index=True)
    share_id: Mapped[int] = mapped_column(Number, ForeignKey("shares.id", ondelete="CASCADE"))
    text: Mapped[str]
    name: Mapped[str | None]
    stage: Mapped[str | None]
    lane: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=now)
    card: Mapped[str | None]
    dismissed: Mapped[datetime | None]


class SavedView(Base):
    """A way to look at a journey's map, under a name that is one of its keeper's own; `shared`: others see it too."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("journey_id", "user_id", "name"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(Number, ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    shared: Mapped[bool]
    search: Mapped[str]
    looks: Mapped[dict[str, Any]]
    updated: Mapped[datetime] = mapped_column(default=now)
