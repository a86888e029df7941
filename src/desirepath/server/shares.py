"""Links for people without an account: to look at one journey, or to put notes on it in a workshop.

A link bears a random secret of which only the hash is kept. With a password it has to be unlocked first: the browser
then holds a cookie that follows from both, so that a link which is revoked or expires opens nothing any more.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from pwdlib import PasswordHash
from sqlalchemy import func, select

from desirepath.database import tables
from desirepath.database.database import Database
from desirepath.errors import DesirepathError
from desirepath.server.accounts import hashed
from desirepath.server.problems import RefusedError

Kind = Literal["map", "notes"]
MOST_NOTES = 5000
"""As many notes one link takes."""
_GONE = ("this link does not open anything (any more)", "ask who gave it to you for a new one")


@dataclass(frozen=True)
class Share:
    """A link, without its secret."""

    id: int
    journey: str
    kind: Kind
    name: str
    author: str | None
    password: bool
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    used: datetime | None


@dataclass(frozen=True)
class Sticky:
    """A note from a workshop: `card` is the id of the card it became."""

    id: int
    journey: str
    share: int
    text: str
    name: str | None
    stage: str | None
    lane: str | None
    created: datetime
    card: str | None
    dismissed: datetime | None


class Shares:
    """The links of one workspace, and the notes that came by them."""

    def __init__(self, database: Database, passwords: PasswordHash) -> None:
        self.database, self._hash = database, passwords

    def list(self, journey: str) -> tuple[Share, ...]:
        """Those of a journey, the newest first."""
        query = select(tables.Share).where(tables.Share.journey_id == journey).order_by(tables.Share.id.desc())
        with self.database.read() as session:
            return tuple(_share(row) for row in session.scalars(query))

    def add(
        self, journey: str, kind: Kind, name: str, *, password: str | None, expires: datetime | None, author: str
    ) -> tuple[Share, str]:
        """A new link, and its secret, shown this once."""
        if expires is not None and expires <= tables.now():
            raise DesirepathError("it would have expired already", where="expires")
        secret = secrets.token_urlsafe(24)
        with self.database.begin() as session:
            row = tables.Share(
                journey_id=journey, kind=kind, name=name, sha256=hashed(secret), expires=expires, author=author,
                password=self._hash.hash(password) if password else None,
            )  # fmt: skip
            session.add(row)
            session.flush()
            return _share(row), secret

    def revoke(self, journey: str, id_: int) -> None:
        """From now on the link opens nothing."""
        with self.database.begin() as session:
            row = session.get(tables.Share, id_)
            if row is None or row.journey_id != journey:
                raise RefusedError(404, "there is no such link")
            row.revoked = row.revoked or tables.now()

    def by_secret(self, secret: str) -> Share:
        """The link that bears this secret; one that is revoked or expired is as good as none."""
        return _share(self._row(secret))

    def key(self, secret: str) -> str:
        """What a browser shows that has unlocked the link."""
        return hashed(f"unlocked {secret} {self._row(secret).password}")

    def unlock(self, secret: str, password: str) -> str | None:
        """What the browser is to show from now on, if the password fits."""
        kept = self._row(secret).password
        return self.key(secret) if kept is None or self._hash.verify(password, kept) else None

    def opens(self, secret: str, key: str) -> bool:
        """Whether the link needs no password, or the browser shows that it knew it."""
        return self._row(secret).password is None or hmac.compare_digest(self.key(secret).encode(), key.encode())

    def _row(self, secret: str) -> tables.Share:
        query = select(tables.Share).where(tables.Share.sha256 == hashed(secret), tables.Share.revoked.is_(None))
        with self.database.read() as session:
            row = session.scalar(query)
            archived = row is not None and session.get_one(tables.Journey, row.journey_id).archived is not None
        if row is None or archived or (row.expires is not None and row.expires <= tables.now()):
            raise RefusedError(404, *_GONE)
        if row.used is None or tables.now() - row.used > timedelta(hours=1):
            with self.database.begin() as session:
                session.get_one(tables.Share, row.id).used = tables.now()
        return row

    # Notes

    def stick(self, share: Share, text: str, *, name: str | None, stage: str | None, lane: str | None) -> Sticky:
        """A new note."""
        with self.database.begin() as session:
            count = select(func.count()).select_from(tables.StickyNote).where(tables.StickyNote.share_id == share.id)
            if (session.scalar(count) or 0) >= MOST_NOTES:
                raise RefusedError(413, f"one link takes at most {MOST_NOTES:,} notes", "ask for a new link")
            row = tables.StickyNote(
                journey_id=share.journey, share_id=share.id, text=text, name=name, stage=stage, lane=lane
            )
            session.add(row)
            session.flush()
            return _sticky(row)

    def notes(self, journey: str) -> tuple[Sticky, ...]:
        """All of a journey, in the order in which they came."""
        query = select(tables.StickyNote).where(tables.StickyNote.journey_id == journey)
        with self.database.read() as session:
            return tuple(_sticky(row) for row in session.scalars(query.order_by(tables.StickyNote.id)))

    def note(self, journey: str, id_: int) -> Sticky:
        """One of them."""
        with self.database.read() as session:
            row = session.get(tables.StickyNote, id_)
        if row is None or row.journey_id != journey:
            raise RefusedError(404, "there is no such note")
        return _sticky(row)

    def settle(self, journey: str, id_: int, *, card: str | None, dismissed: bool) -> Sticky:
        """Notes what became of a note: a card, or nothing, or that it is open again."""
        self.note(journey, id_)
        with self.database.begin() as session:
            row = session.get_one(tables.StickyNote, id_)
            row.card, row.dismissed = card, tables.now() if dismissed else None
            session.flush()
            return _sticky(row)


def _share(row: tables.Share) -> Share:
    return Share(
        row.id, row.journey_id, cast(Kind, row.kind), row.name, row.author, row.password is not None, row.created,
        row.expires, row.revoked, row.used,
    )  # fmt: skip


def _sticky(row: tables.StickyNote) -> Sticky:
    return Sticky(
        row.id, row.journey_id, row.share_id, row.text, row.name, row.stage, row.lane, row.created, row.card,
        row.dismissed,
    )  # fmt: skip
