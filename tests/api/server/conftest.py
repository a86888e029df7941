"""A server on the little shop, and people who come to it."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from tests import postgres
from tests.api.conftest import CLICKS, JOURNEY

import desirepath as dp
from desirepath.server.app import create_app
from desirepath.server.studio import Studio
from desirepath.workspace import Workspace

PASSWORD = "a long enough password"


class Browser(TestClient):
    """Somebody's browser: keeps its cookie, and sends the CSRF token as the pages do."""

    def request(self, method: str, url: Any, **options: Any) -> Any:  # type: ignore[override]
        csrf = getattr(self, "csrf", None)
        if csrf and method != "GET":
            options["headers"] = {"X-CSRF-Token": csrf} | (options.get("headers") or {})
        answer = super().request(method, url, **options)
        if str(url) in ("/api/session", "/api/setup") and answer.is_success:
            self.csrf = answer.json()["csrf"]
        return answer

    def sign_in(self, name: str, password: str = PASSWORD) -> Any:
        self.get("/api/session")
        return self.post("/api/session", json={"name": name, "password": password})


@dataclass(frozen=True)
class Made:
    """A workspace to be copied for every test: its folder, and its database where that is apart."""

    folder: Path
    server: str | None = None
    database: str | None = None


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A workspace with seven clicks of three customers and a journey, on each of the databases."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "clicks.csv").write_text(CLICKS, encoding="utf-8")
    (folder / "buying.yaml").write_text(JOURNEY, encoding="utf-8")
    dp.init(folder / "shop").close()
    with ExitStack() as stack:
        made = Made(folder)
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres_server")
            name = stack.enter_context(postgres.database(server))
            made = Made(folder, server, name)
            _use(folder / "shop", postgres.address(server, name))
        with closing(dp.open(folder / "shop")) as opened:
            opened.ingest(folder / "clicks.csv")
            opened.add_journey(folder / "buying.yaml")
        yield made


@pytest.fixture
def shop(made: Made, tmp_path: Path) -> Iterator[Path]:
    """A workspace of the test's own."""
    shutil.copytree(made.folder, tmp_path, dirs_exist_ok=True)
    with ExitStack() as stack:
        if made.server is not None:
            copy = stack.enter_context(postgres.database(made.server, like=made.database))
            _use(tmp_path / "shop", postgres.address(made.server, copy))
        yield tmp_path / "shop"


def _use(folder: Path, address: str) -> None:
    (folder / "desirepath.toml").write_text(f'[workspace]\ndatabase = "{address}"\n', encoding="utf-8")


@pytest.fixture
def workspace(shop: Path) -> Iterator[Workspace]:
    with closing(dp.open(shop)) as opened:
        yield opened


@pytest.fixture
def app(workspace: Workspace) -> FastAPI:
    """The application; its passwords are hashed in no time, since hundreds of tests sign in."""
    return create_app(workspace, PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))


@pytest.fixture
def studio(app: FastAPI) -> Studio:
    studio: Studio = app.state.studio
    return studio


@pytest.fixture
def visit(app: FastAPI) -> Iterator[Callable[[], Browser]]:
    """A browser that nobody is signed in with."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Browser(app))


@pytest.fixture
def ada(visit: Callable[[], Browser], studio: Studio) -> Browser:
    """The first one, an admin."""
    browser = visit()
    browser.get("/api/session")
    answer = browser.post("/api/setup", json={"token": studio.setup, "name": "Ada", "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return browser


@pytest.fixture
def come(visit: Callable[[], Browser], ada: Browser) -> Callable[[str, str], Browser]:
    """Somebody of this name and role, invited by Ada."""

    def join(name: str, role: str) -> Browser:
        invitation = ada.post("/api/users", json={"name": name, "role": role}).json()
        browser = visit()
        browser.get("/api/session")
        token = invitation["link"].partition("=")[2]
        answer = browser.post("/api/setup", json={"token": token, "name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return browser

    return join


@pytest.fixture
def serving(app: FastAPI) -> Iterator[str]:
    """The address of a real server."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def signed_in(serving: str, studio: Studio) -> Iterator[httpx2.Client]:
    """A client over the network that has made the first account."""
    with httpx2.Client(base_url=serving, timeout=10) as ada:
        ada.headers["X-CSRF-Token"] = ada.get("/api/session").json()["csrf"]
        given = {"token": studio.setup, "name": "Ada", "password": PASSWORD}
        ada.headers["X-CSRF-Token"] = ada.post("/api/setup", json=given).json()["csrf"]
        yield ada
