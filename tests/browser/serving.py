"""A studio that is served beside a test, and the ways into it."""

from __future__ import annotations

import contextlib
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import uvicorn

import desirepath as dp
from desirepath.server.accounts import Person
from desirepath.server.app import create_app
from desirepath.server.roles import Role
from desirepath.server.studio import Studio
from desirepath.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Served:
    """A workspace at an address."""

    workspace: Workspace
    studio: Studio
    address: str

    @property
    def first(self) -> str:
        """The link to the first account."""
        return f"{self.address}/?setup={self.studio.setup}"

    def come(self, page: Page, to: str = "/journeys", person: Person | None = None) -> None:
        """Signs in who came first, or this person, and opens a page."""
        who = person or self.studio.accounts.any_admin()
        page.goto(f"{self.address}/api/enter?{urlencode({'token': self.studio.entrance(who), 'to': to})}")

    def invite(self, name: str, role: Role = "editor") -> Person:
        """Somebody of this role."""
        _, token = self.studio.accounts.invite(name, role)
        return self.studio.accounts.accept(token, name, PASSWORD)


@contextlib.contextmanager
def serving(workspace: Workspace, port: int = 0) -> Iterator[Served]:
    """Serves until the test is done with it."""
    app = create_app(workspace)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Served(workspace, app.state.studio, f"http://127.0.0.1:{listener.getsockname()[1]}")
        app.state.studio.live.end()  # a stream that is open would keep the server waiting
        server.should_exit = True
        thread.join()


def copied(workspace: Path, folder: Path) -> Workspace:
    """A copy, to be changed at will."""
    return dp.open(shutil.copytree(workspace, folder / workspace.name))
