"""A real Chromium for the browser tests: the one named, else one on the PATH, else the one `make` unpacked."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.serving import PASSWORD, Served, copied, serving

import desirepath as dp
from desirepath.simulate import simulate

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> tuple[str, dict[str, str]]:
    """The browser's program and the environment it needs."""
    unpacked = ROOT / ".tools" / "chromium"
    names = ("chromium", "chromium-headless-shell", "google-chrome", "chrome", str(unpacked / "chromium"))
    for name in (os.environ.get("DESIREPATH_CHROMIUM"), *names):
        program = name and shutil.which(name)
        if program == str(unpacked / "chromium"):
            return program, {"LD_LIBRARY_PATH": str(unpacked / "lib"), "FONTCONFIG_FILE": str(unpacked / "fonts.conf")}
        if program:
            return program, {}
    pytest.fail("no Chromium found: run `make browser`, or name one in DESIREPATH_CHROMIUM")


def flags(program: str) -> list[str]:
    """How to start it here."""
    small = Path(program).parent.parent.name == ".tools"  # the unpacked one has no room for helper processes
    return [*FLAGS, "--no-zygote"] if small else FLAGS


@pytest.fixture(scope="session")
def cafe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of a café chain with 300 customers, and its drawn journey `coffee`."""
    folder = tmp_path_factory.mktemp("cafe")
    company = simulate(folder / "data", customers=300, seed=1)
    workspace = dp.init(folder / "cafe")
    workspace.ingest(folder / "data", mapping=company.mapping)
    workspace.add_journey(company.journey)
    workspace.map("coffee")  # the kernels are compiled here, not while a page waits
    workspace.close()
    return workspace.folder


@contextlib.contextmanager
def begun(cafe: Path, folder: Path) -> Iterator[Served]:
    """A studio with a copy of the café, begun by Ada."""
    with serving(copied(cafe, folder)) as served:
        served.studio.accounts.first("Ada", PASSWORD)
        yield served


@pytest.fixture
def studio(cafe: Path, tmp_path: Path) -> Iterator[Served]:
    """Ada's studio, for one test to change as it likes."""
    with begun(cafe, tmp_path) as served:
        yield served


@pytest.fixture(scope="module")
def shared_studio(cafe: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same for all tests of a module."""
    with begun(cafe, tmp_path_factory.mktemp("shared")) as served:
        yield served


@pytest.fixture
def living_map(studio: Served, page: Page) -> Page:
    """The map of the café's journey, drawn."""
    studio.come(page, "/journeys/coffee")
    page.get_by_role("table").wait_for()
    return page


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One Chromium for all tests of a worker."""
    from playwright.sync_api import sync_playwright

    node = ROOT / ".venv" / "bin" / "node"
    if node.exists():
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
    program, environment = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=flags(program), env={**os.environ, **environment}, timeout=60_000
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: object, request: pytest.FixtureRequest) -> Iterator[object]:
    """A fresh page in its own context; any error on the page fails the test.

    The studio that a test has ends after its page: what the page still asks for is answered.
    """
    for name in ("new", "studio", "shared_studio"):
        if name in request.fixturenames:
            request.getfixturevalue(name)
    context = browser.new_context(viewport={"width": 1440, "height": 900})  # type: ignore[attr-defined]
    errors: list[str] = []
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert errors == []
