"""Journeys in the workspace's database: each as it stands now (its head), every edit of it, and its versions.

An edit is a list of small operations (`ops.py`), done as a whole in one transaction and numbered within the journey
(`seq`); it is kept with its author, its time and what takes it back. A version is a milestone: made by every whole
save, by request, and of what stood when editing goes on after a pause. Nothing is written over: who saves a whole
document may say from which version it was made (`base`), and is refused when something else stands there by now.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Row, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from desirepath.database import tables
from desirepath.database.database import Database
from desirepath.errors import JourneyError, did_you_mean
from desirepath.journey import faults
from desirepath.journey.ids import slug
from desirepath.journey.model import Journey
from desirepath.journey.ops import ConflictError, Op, Replace, apply, dump, touches
from desirepath.texts import Text
from desirepath.yaml import Document

PAUSE = timedelta(minutes=10)
"""Who edits again after this long starts from a version."""

KEPT = 500
"""As many journeys are kept in memory as they were last read or edited."""

_OPS: TypeAdapter[tuple[Op, ...]] = TypeAdapter(tuple[Op, ...])
_HEADS = (
    select(tables.JourneyHead.journey_id, tables.JourneyHead.seq, tables.JourneyHead.author, tables.JourneyHead.updated)
    .join(tables.Journey, tables.Journey.id == tables.JourneyHead.journey_id)
    .where(tables.Journey.archived.is_(None))
    .order_by(tables.Journey.id)
)


@dataclass(frozen=True)
class Version:
    """One saved state of a journey."""

    number: int
    author: str | None
    note: str | None
    created: datetime


@dataclass(frozen=True)
class Entry:
    """A journey in the list, as it stands, and its newest version."""

    id: str
    title: Text
    seq: int
    author: str | None
    updated: datetime
    version: Version


@dataclass(frozen=True)
class Head:
    """A journey as it stands, after `seq` edits."""

    journey: Journey
    seq: int
    author: str | None
    updated: datetime


@dataclass(frozen=True)
class Edit:
    """An edit that was done. `number` counts the edits of all journeys."""

    number: int
    journey: str
    seq: int
    id: str
    ops: tuple[Op, ...]
    inverse: tuple[Op, ...]
    author: str | None
    created: datetime


class JourneyStore:
    """The journeys of one workspace."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[int, Journey]] = OrderedDict()
        """Documents by journey, each as it is after so many edits: it is read and judged once for all who ask."""

    # Whole documents

    def add(
        self, journey: Journey, author: str | None = None, *, base: int | None = None, note: str | None = None
    ) -> int:
        """Saves the journey and returns its version, counted from 1; what is there already is not saved again.

        `base` is the version it was made from (0 for a new one): if something else stands there now, it is refused.
        """
        try:
            with self.database.begin() as session:
                newest = self._begun(session, journey.id)
                number = newest.number if newest else 0
                head = session.get(tables.JourneyHead, journey.id, with_for_update=True)
                edited = head is not None and newest is not None and head.document != newest.document
                if base is not None and (base != number or edited):
                    raise _stale(journey.id, base, number, head if edited else newest)
                if head is not None:
                    self._milestone(session, head, None)
                    if head.document != dump(journey):
                        op = Replace(op="replace", value=dump(journey), was=head.document)
                        self._edited(session, head, journey, (op,), _back(op), str(uuid4()), author)
                else:
                    head = tables.JourneyHead(journey_id=journey.id, seq=0, document=dump(journey), author=author)
                    session.add(head)
                    session.flush()
                return self._milestone(session, head, note)
        except IntegrityError:
            raise _stale(journey.id, base, None, None) from None

    def get(self, id_: str, version: int | None = None) -> Journey:
        """The journey as it stands, or in one of its versions."""
        if version is None:
            return self.head(id_).journey
        with self.database.read() as session:
            self._known(session, id_)
            row = _newest(session, id_, version)
            if row is None:
                hint = f"it has the versions 1 to {newest.number}" if (newest := _newest(session, id_)) else None
                raise JourneyError(f"the journey '{id_}' has no version {version}", hint=hint)
            return _journey(row.document, f"journey {id_}, version {version}")

    def head(self, id_: str) -> Head:
        """The journey as it stands, and after how many edits."""
        with self.database.read() as session:
            return self._head(session, self._row(session, id_))

    def heads(self) -> tuple[Head, ...]:
        """All journeys that were not removed, as they stand, by id."""
        with self.database.read() as session:
            return tuple(self._head(session, row) for row in session.execute(_HEADS).all())

    def seq(self, id_: str) -> int:
        """After how many edits the journey stands as it does, without reading it."""
        with self.database.read() as session:
            return int(self._row(session, id_).seq)

    def list(self) -> tuple[Entry, ...]:
        """All journeys that were not removed, by id."""
        newest = select(func.max(tables.JourneyVersion.id)).group_by(tables.JourneyVersion.journey_id)
        query = (
            select(tables.JourneyHead, tables.JourneyVersion)
            .join(tables.Journey, tables.Journey.id == tables.JourneyHead.journey_id)
            .join(tables.JourneyVersion, tables.JourneyVersion.journey_id == tables.JourneyHead.journey_id)
            .where(tables.JourneyVersion.id.in_(newest), tables.Journey.archived.is_(None))
            .order_by(tables.Journey.id)
        )
        with self.database.read() as session:
            return tuple(
                Entry(h.journey_id, h.document["title"], h.seq, h.author, h.updated, _version(v))
                for h, v in session.execute(query)
            )

    def free_id(self, wanted: str) -> str:
        """The id, or the next that no journey ever had: `cafe-2`, `cafe-3` …"""
        with self.database.read() as session:
            return slug(wanted, set(session.scalars(select(tables.Journey.id))))

    def remove(self, id_: str) -> None:
        """Takes the journey out of the list; saving it again brings it back with all its versions."""
        with self.database.begin() as session:
            self._known(session, id_).archived = tables.now()

    # Versions

    def versions(self, id_: str) -> tuple[Version, ...]:
        """The journey's versions, the first first."""
        query = (
            select(tables.JourneyVersion)
            .where(tables.JourneyVersion.journey_id == id_)
            .order_by(tables.JourneyVersion.number)
        )
        with self.database.read() as session:
            self._known(session, id_)
            return tuple(_version(row) for row in session.scalars(query))

    def keep(self, id_: str, *, note: str | None = None) -> int:
        """Makes a version of the journey as it stands; gives the newest one's number, also where nothing is new."""
        with self.database.begin() as session:
            self._known(session, id_)
            return self._milestone(session, session.get_one(tables.JourneyHead, id_, with_for_update=True), note)

    # Edits

    def edit(self, id_: str, ops: Sequence[Op], *, edit_id: str, author: str | None = None) -> Edit:
        """Does the operations, all or none; an `edit_id` that was done already is not done again.

        Raises `ConflictError` where somebody else has changed the same thing in the meantime.
        """
        with self.database.begin() as session:
            self._known(session, id_)
            unread = [defer(tables.JourneyHead.document)]
            head = session.get_one(tables.JourneyHead, id_, with_for_update=True, options=unread)
            done = session.scalar(
                select(tables.JourneyEdit).where(
                    tables.JourneyEdit.journey_id == id_, tables.JourneyEdit.edit_id == edit_id
                )
            )
            if done is not None:
                if done.ops != _plain(ops):
                    raise JourneyError("another edit has this edit_id already", hint="give every edit an id of its own")
                return _edit(done)
            if tables.now() - head.updated > PAUSE:
                self._milestone(session, head, None)
            try:
                journey, inverse = apply(self._as_kept(id_, head.seq) or _document(head), ops)
            except ConflictError as conflict:
                conflict.by = _last_author(session, id_, conflict)
                raise
            edit = _edit(self._edited(session, head, journey, ops, inverse, edit_id, author))
        self._keep(id_, edit.seq, journey)
        return edit

    def restore(self, id_: str, version: int, *, author: str | None = None) -> Edit:
        """Puts a version in the place of what stands, as an edit that can be taken back."""
        was = dump(self.get(id_))
        op = Replace(op="replace", value=dump(self.get(id_, version)), was=was)
        return self.edit(id_, [op], edit_id=str(uuid4()), author=author)

    def edits(self, id_: str, *, after: int = 0, limit: int = 1000) -> tuple[Edit, ...]:
        """The journey's edits with a higher `seq` than `after`, in their order."""
        query = select(tables.JourneyEdit).where(tables.JourneyEdit.journey_id == id_, tables.JourneyEdit.seq > after)
        with self.database.read() as session:
            self._known(session, id_)
            return tuple(_edit(row) for row in session.scalars(query.order_by(tables.JourneyEdit.seq).limit(limit)))

    def edits_of_all(self, *, after: int, limit: int = 1000) -> tuple[Edit, ...]:
        """The edits of all journeys with a higher `number` than `after`, in their order."""
        query = select(tables.JourneyEdit).where(tables.JourneyEdit.id > after)
        with self.database.read() as session:
            return tuple(_edit(row) for row in session.scalars(query.order_by(tables.JourneyEdit.id).limit(limit)))

    def last_edit(self) -> int:
        """The number of the newest edit of all journeys; 0 before the first."""
        with self.database.read() as session:
            return session.scalar(select(func.max(tables.JourneyEdit.id))) or 0

    # Documents in memory

    def _as_kept(self, id_: str, seq: int) -> Journey | None:
        with self._lock:
            at, journey = self._kept.get(id_, (None, None))
            return journey if at == seq else None

    def _keep(self, id_: str, seq: int, journey: Journey) -> None:
        with self._lock:
            self._kept[id_] = seq, journey
            self._kept.move_to_end(id_)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    # Inside a transaction

    def _row(self, session: Session, id_: str) -> Row[str, int, str | None, datetime]:
        row = session.execute(_HEADS.where(tables.Journey.id == id_)).one_or_none()
        if row is None:
            raise _unknown(session, id_)
        return row

    def _head(self, session: Session, row: Row[str, int, str | None, datetime]) -> Head:
        journey = self._as_kept(row.journey_id, row.seq)
        if journey is not None:
            return Head(journey, row.seq, row.author, row.updated)
        head = session.get_one(tables.JourneyHead, row.journey_id)  # which may be newer than the row
        self._keep(head.journey_id, head.seq, journey := _document(head))
        return Head(journey, head.seq, head.author, head.updated)

    def _begun(self, session: Session, id_: str) -> tables.JourneyVersion | None:
        """Makes sure that the journey has its row, and is in the list; gives its newest version."""
        row = session.get(tables.Journey, id_)
        if row is None:
            session.add(tables.Journey(id=id_))
            session.flush()
            return None
        row.archived = None
        return _newest(session, id_)

    def _known(self, session: Session, id_: str) -> tables.Journey:
        row = session.get(tables.Journey, id_)
        if row is None or row.archived is not None:
            raise _unknown(session, id_)
        return row

    def _milestone(self, session: Session, head: tables.JourneyHead, note: str | None) -> int:
        newest = _newest(session, head.journey_id)
        if newest is not None and newest.document == head.document:
            return newest.number
        number = (newest.number if newest else 0) + 1
        session.add(
            tables.JourneyVersion(
                journey_id=head.journey_id, number=number, document=head.document, note=note, author=head.author
            )
        )
        session.flush()
        return number

    def _edited(
        self, session: Session, head: tables.JourneyHead, journey: Journey, ops: Sequence[Op],
        inverse: Sequence[Op], edit_id: str, author: str | None,
    ) -> tables.JourneyEdit:  # fmt: skip
        head.document, head.seq = dump(journey), head.seq + 1
        head.author, head.updated = author, tables.now()
        row = tables.JourneyEdit(
            journey_id=head.journey_id, seq=head.seq, edit_id=edit_id, ops=_plain(ops), inverse=_plain(inverse),
            author=author, created=head.updated,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row


class UnknownJourneyError(JourneyError):
    """There is no journey of this id."""


def _unknown(session: Session, id_: str) -> UnknownJourneyError:
    known = session.scalars(select(tables.Journey.id).where(tables.Journey.archived.is_(None))).all()
    listed = f"there are {', '.join(sorted(known))}" if known else "there is none yet"
    return UnknownJourneyError(f"there is no journey '{id_}'", hint=did_you_mean(id_, known) or listed)


def _newest(session: Session, id_: str, number: int | None = None) -> tables.JourneyVersion | None:
    query = select(tables.JourneyVersion).where(tables.JourneyVersion.journey_id == id_)
    if number is not None:
        query = query.where(tables.JourneyVersion.number == number)
    return session.scalars(query.order_by(tables.JourneyVersion.number.desc()).limit(1)).first()


def _last_author(session: Session, id_: str, conflict: ConflictError) -> str | None:
    """Who last changed what the conflict is about, among the newest edits."""
    query = select(tables.JourneyEdit).where(tables.JourneyEdit.journey_id == id_)
    about = conflict.op.value["id"] if isinstance(conflict.op, Replace) else conflict.op.id
    for row in session.scalars(query.order_by(tables.JourneyEdit.seq.desc()).limit(200)):
        if any(touches(op, str(about)) for op in _OPS.validate_python(row.ops)):
            return row.author
    return None


def _back(op: Replace) -> tuple[Op, ...]:
    return (Replace(op="replace", value=op.was, was=op.value),)


def _plain(ops: Sequence[Op]) -> list[dict[str, Any]]:
    return [op.model_dump(mode="json", exclude_unset=True) for op in ops]


def _version(row: tables.JourneyVersion) -> Version:
    return Version(row.number, row.author, row.note, row.created)


def _edit(row: tables.JourneyEdit) -> Edit:
    ops, inverse = _OPS.validate_python(row.ops), _OPS.validate_python(row.inverse)
    return Edit(row.id, row.journey_id, row.seq, row.edit_id, ops, inverse, row.author, row.created)


def _document(head: tables.JourneyHead) -> Journey:
    return _journey(head.document, f"journey {head.journey_id}")


def _journey(document: dict[str, Any], source: str) -> Journey:
    try:
        return Journey.model_validate(document)
    except ValidationError as error:
        raise faults.explain(error, Document(source, document)) from None


def _stale(
    id_: str, base: int | None, number: int | None, row: tables.JourneyVersion | tables.JourneyHead | None
) -> JourneyError:
    by = f" by {row.author}" if row and row.author else ""
    if row is None:
        now = "another version was saved at the same time" if number is None else "it is not there yet"
    elif isinstance(row, tables.JourneyHead):
        now = f"it was edited{by} after version {number}"
    else:
        now = f"version {number}{by} is there"
    what = f"the journey '{id_}' has changed since version {base}: {now}" if base else f"the journey '{id_}': {now}"
    return JourneyError(what, hint="load the newest version, make the change there and save again")
