"""What the routes of one workspace share: its people, maps, live streams, limits and audit log."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from pwdlib import PasswordHash

from desirepath.database import tables
from desirepath.errors import WorkspaceError
from desirepath.server.accounts import Accounts, Person, hashed
from desirepath.server.bodies import Bodies
from desirepath.server.comments import Comments
from desirepath.server.jobs import Job, Jobs
from desirepath.server.limits import Limiter
from desirepath.server.live import Live
from desirepath.server.maps import Maps
from desirepath.server.shares import Shares
from desirepath.server.uploads import Uploads
from desirepath.server.views import Views
from desirepath.server.voices import Voices
from desirepath.server.watches import Watches
from desirepath.server.works import works
from desirepath.workspace import Workspace

UPLOAD_MB = 4096
"""An upload may be this large where `desirepath.toml` says nothing else."""


class Studio:
    """One workspace as it is served."""

    def __init__(self, workspace: Workspace, passwords: PasswordHash | None = None) -> None:
        passwords = passwords or PasswordHash.recommended()
        workspace.database.stay_open()
        self.workspace = workspace
        self.accounts = Accounts(workspace.database, passwords)
        self.maps = Maps(workspace)
        self.bodies = Bodies()
        self.voices = Voices(workspace)
        self.comments = Comments(workspace.database)
        self.views = Views(workspace.database)
        self.shares = Shares(workspace.database, passwords)
        self.live = Live(workspace)
        self.uploads = Uploads(workspace.folder / "uploads", self._upload_bytes())
        self.watches = Watches(workspace.database)
        self.jobs = Jobs(
            workspace.database, workspace.folder, works(workspace, self.uploads, self.watches),
            tell=self._tell_job, look=lambda: self.watches.look(self.jobs),
        )  # fmt: skip
        self.setup = secrets.token_urlsafe(24)
        """Lets somebody make the first account."""
        self.enter: dict[str, Person] = {}
        """One-time secrets that sign somebody in: for who starts the server on this machine."""
        self.by_name, self.by_address, self.notes = Limiter(10, 900), Limiter(50, 900), Limiter(300, 60)
        self.cookie = f"desirepath_{hashed(workspace.database.where + str(workspace.folder.resolve()))[:8]}"

    def _upload_bytes(self) -> int:
        given = self.workspace.settings.get("server", {}).get("upload_mb", UPLOAD_MB)
        if not isinstance(given, int) or given < 1:
            where = f"{self.workspace.folder / 'desirepath.toml'}, [server]"
            raise WorkspaceError(f"upload_mb is {given!r}", where=where, hint="give a whole number of megabytes")
        return given * 2**20

    def _tell_job(self, job: Job) -> None:
        from desirepath.server.routes import jobs

        self.live.tell("job", jobs.Job.of(job).model_dump(mode="json"))

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


async def _studio(request: Request) -> Studio:
    return cast(Studio, request.app.state.studio)


async def _person(request: Request) -> Person:
    return cast(Person, request.state.person)


Here = Annotated[Studio, Depends(_studio)]
"""The studio, for a route."""

Who = Annotated[Person, Depends(_person)]
"""Who is asking, for a route that needs an account."""
