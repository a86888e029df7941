"""Ways to look at a map, kept under names: one's own, or shared with everybody who sees the journey."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from desirepath.database import tables
from desirepath.database.database import Database
from desirepath.errors import DesirepathError
from desirepath.server.accounts import Person
from desirepath.server.problems import RefusedError

MOST = 200
"""As many views of a journey one person keeps."""


@dataclass(frozen=True)
class View:
    """A view of a map; `search` is what the page's address says, `looks` what of the map is shown, and how."""

    id: int
    name: str
    shared: bool
    user: int
    author: str
    search: str
    looks: dict[str, Any]
    updated: datetime


class Views:
    """The views of one workspace."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def list(self, journey: str, person: Person) -> tuple[View, ...]:
        """A person's own and those that others share, by name."""
        mine = or_(tables.SavedView.user_id == person.id, tables.SavedView.shared)
        query = select(tables.SavedView, tables.User).join(tables.User, tables.User.id == tables.SavedView.user_id)
        query = query.where(tables.SavedView.journey_id == journey, mine)
        with self.database.read() as session:
            found = [_view(row, user) for row, user in session.execute(query)]
        return tuple(sorted(found, key=lambda view: (view.name.casefold(), view.id)))

    def keep(
        self, journey: str, person: Person, name: str, *, shared: bool, search: str, looks: dict[str, Any]
    ) -> View:
        """Keeps a view; one's own of this name is replaced."""
        name = name.strip()
        if not name:
            raise DesirepathError("a view needs a name", where="name")
        with self.database.begin() as session:
            own = session.scalars(
                select(tables.SavedView).where(
                    tables.SavedView.journey_id == journey, tables.SavedView.user_id == person.id
                )
            ).all()
            row = next((each for each in own if each.name == name), None)
            if row is None:
                if len(own) >= MOST:
                    raise DesirepathError(f"there are {MOST} views of yours already", hint="remove one first")
                row = tables.SavedView(journey_id=journey, user_id=person.id, name=name)
                session.add(row)
            row.shared, row.search, row.looks, row.updated = shared, search, looks, tables.now()
            session.flush()
            return _view(row, session.get_one(tables.User, person.id))

    def get(self, journey: str, id_: int, person: Person) -> View:
        """One that this person sees."""
        with self.database.read() as session:
            row = _seen(session, journey, id_, person)
            return _view(row, session.get_one(tables.User, row.user_id))

    def remove(self, journey: str, id_: int, person: Person) -> None:
        """For good."""
        with self.database.begin() as session:
            session.delete(_seen(session, journey, id_, person))


def _seen(session: Session, journey: str, id_: int, person: Person) -> tables.SavedView:
    row = session.get(tables.SavedView, id_)
    if row is None or row.journey_id != journey or not (row.shared or row.user_id == person.id):
        raise RefusedError(404, "there is no such view")
    return row


def _view(row: tables.SavedView, user: tables.User) -> View:
    return View(row.id, row.name, row.shared, user.id, user.name, row.search, row.looks, row.updated)
