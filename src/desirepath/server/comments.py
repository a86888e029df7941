"""What people say to each other about a journey, and who was named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from desirepath.database import tables
from desirepath.database.database import Database
from desirepath.errors import DesirepathError
from desirepath.server.accounts import Person
from desirepath.server.problems import RefusedError


@dataclass(frozen=True)
class Comment:
    """A comment on a journey, one of its parts (`at`) or another comment; of a removed one the text is gone."""

    id: int
    journey: str
    at: str | None
    reply_to: int | None
    text: str
    user: int
    author: str
    mentions: tuple[int, ...]
    created: datetime
    edited: datetime | None
    resolved: datetime | None
    removed: datetime | None


@dataclass(frozen=True)
class Mention:
    """A comment in which somebody was named, and when they saw it."""

    comment: Comment
    seen: datetime | None


class Comments:
    """The comments of one workspace."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def list(self, journey: str) -> tuple[Comment, ...]:
        """Those of a journey, in the order in which they were written."""
        query = select(tables.Comment).where(tables.Comment.journey_id == journey).order_by(tables.Comment.id)
        with self.database.read() as session:
            return _comments(session, session.scalars(query).all())

    def get(self, journey: str, id_: int) -> Comment:
        """One of them."""
        with self.database.read() as session:
            return _comments(session, [_row(session, journey, id_)])[0]

    def add(
        self, journey: str, person: Person, text: str, *, at: str | None = None, reply_to: int | None = None,
        mentions: Collection[int] = (),
    ) -> Comment:  # fmt: skip
        """A new comment; a reply stands where what it replies to does."""
        with self.database.begin() as session:
            if reply_to is not None:
                parent = _row(session, journey, reply_to)
                at, reply_to = parent.at, parent.reply_to or parent.id
            row = tables.Comment(journey_id=journey, at=at, reply_to=reply_to, text=_said(text), user_id=person.id)
            session.add(row)
            session.flush()
            _mention(session, row.id, mentions)
            return _comments(session, [row])[0]

    def change(
        self, journey: str, id_: int, person: Person, *, text: str | None, mentions: Collection[int] | None,
        resolved: bool | None,
    ) -> Comment:  # fmt: skip
        """Changes what one wrote oneself, or says whether it is settled."""
        with self.database.begin() as session:
            row = _row(session, journey, id_)
            if row.removed is not None:
                raise RefusedError(404, "this comment was removed")
            if (text is not None or mentions is not None) and row.user_id != person.id:
                raise RefusedError(403, "only who wrote a comment changes it")
            if text is not None:
                row.text, row.edited = _said(text), tables.now()
            if mentions is not None:
                _mention(session, id_, mentions)
            if resolved is not None:
                row.resolved = tables.now() if resolved else None
            session.flush()
            return _comments(session, [row])[0]

    def remove(self, journey: str, id_: int) -> Comment:
        """Takes the text away; what was replied to it stays."""
        with self.database.begin() as session:
            row = _row(session, journey, id_)
            row.text, row.removed = "", tables.now()
            session.execute(delete(tables.Mention).where(tables.Mention.comment_id == id_))
            session.flush()
            return _comments(session, [row])[0]

    def mentions(self, person: Person, limit: int) -> tuple[Mention, ...]:
        """Where somebody was named, the newest first."""
        query = select(tables.Comment, tables.Mention.seen).join(
            tables.Mention, tables.Mention.comment_id == tables.Comment.id
        )
        query = query.where(tables.Mention.user_id == person.id).order_by(tables.Comment.id.desc()).limit(limit)
        with self.database.read() as session:
            found = session.execute(query).all()
            comments = _comments(session, [comment for comment, _ in found])
            return tuple(Mention(comment, seen) for comment, (_, seen) in zip(comments, found, strict=True))

    def saw(self, person: Person, comments: Collection[int]) -> None:
        """Notes that somebody saw where they were named."""
        mine = update(tables.Mention).where(tables.Mention.user_id == person.id, tables.Mention.seen.is_(None))
        with self.database.begin() as session:
            session.execute(mine.where(tables.Mention.comment_id.in_(comments)).values(seen=tables.now()))


def _row(session: Session, journey: str, id_: int) -> tables.Comment:
    row = session.get(tables.Comment, id_)
    if row is None or row.journey_id != journey:
        raise RefusedError(404, "there is no such comment")
    return row


def _said(text: str) -> str:
    if not text.strip():
        raise DesirepathError("a comment says something")
    return text.strip()


def _mention(session: Session, comment: int, users: Collection[int]) -> None:
    """Names exactly these users; who was named before and saw it has seen it."""
    known = set(session.scalars(select(tables.User.id).where(tables.User.id.in_(users))))
    if unknown := set(users) - known:
        raise DesirepathError(f"there is no user {min(unknown)}", where="mentions")
    mine = tables.Mention.comment_id == comment
    session.execute(delete(tables.Mention).where(mine, tables.Mention.user_id.not_in(known)))
    there = set(session.scalars(select(tables.Mention.user_id).where(mine)))
    session.add_all(tables.Mention(comment_id=comment, user_id=user) for user in sorted(known - there))
    session.flush()


def _comments(session: Session, rows: Collection[tables.Comment]) -> tuple[Comment, ...]:
    ids = [row.id for row in rows]
    named: dict[int, list[int]] = {}
    for mention in session.scalars(select(tables.Mention).where(tables.Mention.comment_id.in_(ids))):
        named.setdefault(mention.comment_id, []).append(mention.user_id)
    users = select(tables.User.id, tables.User.name).where(tables.User.id.in_({row.user_id for row in rows}))
    names = {row.id: row.name for row in session.execute(users)}
    return tuple(
        Comment(
            row.id, row.journey_id, row.at, row.reply_to, row.text, row.user_id, names[row.user_id],
            tuple(sorted(named.get(row.id, ()))), row.created, row.edited, row.resolved, row.removed,
        )
        for row in rows
    )  # fmt: skip
