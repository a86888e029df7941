"""A server on the little shop, and people who come to it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

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


@pytest.fixture
def workspace(shop: Path) -> Iterator[Workspace]:
    opened = dp.open(shop)
    yield opened
    opened.close()


@pytest.fixture
def app(workspace: Workspace) -> FastAPI:
    return create_app(workspace)


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
