"""Journeys in the workspace's database: every save is a version of its own, nothing is written over.

Who saves may say from which version the document was made (`base`); when somebody else has saved in between, the save
is refused, so that no one's work is lost unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desirepath.database import tables
from desirepath.database.database import Database
from desirepath.errors import JourneyError, did_you_mean
from desirepath.journey import faults
from desirepath.journey.model import Journey
from desirepath.texts import Text
from desirepath.yaml import Document


@dataclass(frozen=True)
class Version:
    """One saved state of a journey."""

    number: int
    author: str | None
    note: str | None
    created: datetime


@dataclass(frozen=True)
class Entry:
    """A journey in the list, as of its newest version."""

    id: str
    title: Text
    version: Version


class JourneyStore:
    """The journeys of one workspace."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(
        self, journey: Journey, author: str | None = None, *, base: int | None = None, note: str | None = None
    ) -> int:
        """Saves the journey and returns its version, counted from 1; what is there already is not saved again.

        `base` is the version it was made from (0 for a new one): if that is no longer the newest, the save is refused.
        """
        document = journey.model_dump(mode="json", exclude_defaults=True)
        try:
            with self.database.begin() as session:
                row = session.get(tables.Journey, journey.id)
                newest = _newest(session, journey.id) if row else None
                number = newest.number if newest else 0
                if base is not None and base != number:
                    raise _conflict(journey.id, base, newest)
                if row is None:
                    row = tables.Journey(id=journey.id)
                    session.add(row)
                    session.flush()
                row.archived = None
                if newest is not None and newest.document == document:
                    return number
                session.add(
                    tables.JourneyVersion(
                        journey_id=journey.id, number=number + 1, document=document, note=note, author=author
                    )
                )
                return number + 1
        except IntegrityError:
            raise _conflict(journey.id, base, None) from None

    def get(self, id_: str, version: int | None = None) -> Journey:
        """The journey, by default in its newest version."""
        with self.database.read() as session:
            self._known(session, id_)
            row = _newest(session, id_, version)
            if row is None:
                hint = f"it has the versions 1 to {newest.number}" if (newest := _newest(session, id_)) else None
                raise JourneyError(f"the journey '{id_}' has no version {version}", hint=hint)
            return _journey(row)

    def list(self) -> tuple[Entry, ...]:
        """All journeys that were not removed, by id."""
        newest = select(func.max(tables.JourneyVersion.id)).group_by(tables.JourneyVersion.journey_id)
        query = (
            select(tables.JourneyVersion)
            .join(tables.Journey, tables.Journey.id == tables.JourneyVersion.journey_id)
            .where(tables.JourneyVersion.id.in_(newest), tables.Journey.archived.is_(None))
            .order_by(tables.Journey.id)
        )
        with self.database.read() as session:
            return tuple(Entry(row.journey_id, row.document["title"], _version(row)) for row in session.scalars(query))

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

    def remove(self, id_: str) -> None:
        """Takes the journey out of the list; saving it again brings it back with all its versions."""
        with self.database.begin() as session:
            self._known(session, id_).archived = tables.now()

    def _known(self, session: Session, id_: str) -> tables.Journey:
        row = session.get(tables.Journey, id_)
        if row is None or row.archived is not None:
            known = session.scalars(select(tables.Journey.id).where(tables.Journey.archived.is_(None))).all()
            listed = f"there are {', '.join(sorted(known))}" if known else "there is none yet"
            raise JourneyError(f"there is no journey '{id_}'", hint=did_you_mean(id_, known) or listed)
        return row


def _newest(session: Session, id_: str, number: int | None = None) -> tables.JourneyVersion | None:
    query = select(tables.JourneyVersion).where(tables.JourneyVersion.journey_id == id_)
    if number is not None:
        query = query.where(tables.JourneyVersion.number == number)
    return session.scalars(query.order_by(tables.JourneyVersion.number.desc()).limit(1)).first()


def _version(row: tables.JourneyVersion) -> Version:
    return Version(row.number, row.author, row.note, row.created)


def _journey(row: tables.JourneyVersion) -> Journey:
    try:
        return Journey.model_validate(row.document)
    except ValidationError as error:
        source = f"journey {row.journey_id}, version {row.number}"
        raise faults.explain(error, Document(source, row.document)) from None


def _conflict(id_: str, base: int | None, newest: tables.JourneyVersion | None) -> JourneyError:
    by = f" by {newest.author}" if newest and newest.author else ""
    now = f"version {newest.number}{by} is there" if newest else "another version was saved at the same time"
    what = f"the journey '{id_}' has changed since version {base}: {now}" if base else f"the journey '{id_}': {now}"
    return JourneyError(what, hint="load the newest version, make the change there and save again")
