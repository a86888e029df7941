"""What the routes of one workspace share: its people, maps, live streams, limits and audit log."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, cast

from fastapi import Depends, Request

from desirepath.database import tables
from desirepath.server.accounts import Accounts, Person, hashed
from desirepath.server.limits import Limiter
from desirepath.server.live import Live
from desirepath.server.maps import Maps
from desirepath.workspace import Workspace


class Studio:
    """One workspace as it is served."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.accounts = Accounts(workspace.database)
        self.maps = Maps(workspace)
        self.live = Live(workspace)
        self.setup = secrets.token_urlsafe(24)
        """Lets somebody make the first account."""
        self.enter: dict[str, Person] = {}
        """One-time secrets that sign somebody in: for who starts the server on this machine."""
        self.by_name, self.by_address = Limiter(10, 900), Limiter(50, 900)
        self.cookie = f"desirepath_{hashed(workspace.database.where + str(workspace.folder.resolve()))[:8]}"

    def entrance(self, person: Person) -> str:
        """A secret that signs a person in once."""
        secret = secrets.token_urlsafe(24)
        self.enter[secret] = person
        return secret

    def audit(self, person: Person | None, action: str, target: str | None = None, **detail: Any) -> None:
        """Writes down who did what."""
        with self.workspace.database.begin() as session:
            session.add(
                tables.AuditEntry(
                    user=person.name if person else None, action=action, target=target, detail=detail or None
                )
            )


def _studio(request: Request) -> Studio:
    return cast(Studio, request.app.state.studio)


def _person(request: Request) -> Person:
    return cast(Person, request.state.person)


Here = Annotated[Studio, Depends(_studio)]
"""The studio, for a route."""

Who = Annotated[Person, Depends(_person)]
"""Who is asking, for a route that needs an account."""
