"""The studio's pages are served with their policy, and nothing else of the machine is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from desirepath.server.pages import UNBUILT, serve_pages


@pytest.fixture
def pages(tmp_path: Path) -> TestClient:
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html>the studio")
    (static / "assets" / "index-abc.js").write_text("studio()")
    (tmp_path / "secret.txt").write_text("secret")
    (static / "out").symlink_to(tmp_path / "secret.txt")
    app = FastAPI(openapi_url=None)
    serve_pages(app, static)
    return TestClient(app)


@pytest.mark.parametrize("path", ["/", "/journeys/coffee", "/journeys/a.b", "/secret.txt", "/a%00b", "/" + "a" * 300])
def test_every_address_of_the_studio_opens_it(pages: TestClient, path: str) -> None:
    answer = pages.get(path)
    assert answer.text == "<!doctype html>the studio" and answer.headers["cache-control"] == "no-cache"


def test_assets_are_kept_by_the_browser(pages: TestClient) -> None:
    answer = pages.get("/assets/index-abc.js")
    assert answer.text == "studio()" and "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/assets/gone.js", "/api/nothing", "/api"])
def test_what_is_not_there_is_not_the_studio(pages: TestClient, path: str) -> None:
    assert pages.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/out",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
    ],
)
def test_nothing_else_of_the_machine_is_served(pages: TestClient, path: str) -> None:
    assert "secret" not in pages.get(path).text and "root:" not in pages.get(path).text


def test_pages_that_are_not_built_say_so(tmp_path: Path) -> None:
    app = FastAPI(openapi_url=None)
    serve_pages(app, tmp_path)
    answer = TestClient(app).get("/journeys")
    assert (answer.status_code, answer.text) == (503, UNBUILT)


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/session", "/api/journeys", "/api/openapi.json"])
def test_every_answer_bears_the_policy(visit: Callable[[], Any], path: str) -> None:
    headers = visit().get(path).headers
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "http" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_it_is_well(visit: Callable[[], Any]) -> None:
    assert visit().get("/healthz").json()["status"] == "ok"
