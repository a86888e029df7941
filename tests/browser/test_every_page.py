"""Every page and all that opens on it: wide and narrow, light and dark, in each language, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.conftest import begun
from tests.browser.furnishing import furnish
from tests.browser.looking import PLACES, WEB, come_to, overflow, settled, unreached, unsaid, violations, watched
from tests.browser.serving import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
LOOKS = [(1440, "light", "en"), (390, "dark", "ru"), (1440, "dark", "zh-Hans"), (390, "light", "zh-Hant")]
SRC = WEB / "src"


@pytest.fixture(scope="module")
def furnished(cafe: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, str]]]:
    """A studio with something of every kind, and where its places are; nothing is changed in it."""
    with begun(cafe, tmp_path_factory.mktemp("pages")) as served:
        secrets = furnish(served, tmp_path_factory.mktemp("inbox"))
        finding = served.workspace.map("coffee").findings[0].id
        yield served, {"address": served.address, "finding": finding, **secrets}


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}-{look[2]}", scope="module")
def look(request: Any, browser: Any, furnished: tuple[Served, dict[str, str]]) -> Iterator[Page]:
    width, scheme, language = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", locale=language
    )
    page = watched(context).new_page()
    page.set_default_timeout(15_000)
    furnished[0].come(page)
    page.get_by_role("heading", level=1).wait_for()
    yield page
    context.close()


@pytest.mark.parametrize("name", PLACES)
def test_a_place_fits_is_for_everybody_and_speaks(
    look: Page, furnished: tuple[Served, dict[str, str]], name: str, request: pytest.FixtureRequest
) -> None:
    come_to(look, name, furnished[1])
    assert unsaid(look) == []
    assert overflow(look) <= 0
    assert violations(look) == []
    if "1440-light" in request.node.name and name != "text":  # going to the top would end what is being written
        assert unreached(look) == []
    if look.locator("[role=dialog], [role=menu]").count():
        look.keyboard.press("Escape")
        look.locator("[role=dialog], [role=menu]").first.wait_for(state="detached")  # the keyboard leaves, too


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_the_door_fits_is_for_everybody_and_speaks(
    browser: Any, furnished: tuple[Served, dict[str, str]], width: int, scheme: str, language: str
) -> None:
    served = furnished[0]
    _, invitation = served.studio.accounts.invite(f"Guest {language}", "viewer")
    vera = served.invite(f"Vera {language}", "viewer")
    with browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", locale=language
    ) as context:
        page = watched(context).new_page()
        for path in ("/journeys", f"/?setup={invitation}"):
            page.goto(served.address + path)
            page.get_by_role("heading", level=1).wait_for()
            assert unsaid(page) + violations(page) + unreached(page) == []
            assert overflow(page) <= 0
        served.come(page, "/backups", vera)  # not for her
        page.get_by_role("heading", level=2).wait_for()
        settled(page)
        assert unsaid(page) + violations(page) + unreached(page) == []


def test_no_page_is_left_out() -> None:
    """Every route of the studio, every part of a page with parts, and every panel is among the places."""
    paths = [path for path, _ in PLACES.values()]
    pages = re.findall(r'\bpage\("([^"]+)"', (SRC / "app" / "pages.ts").read_text(encoding="utf-8"))
    routes = re.findall(r'<Route path="(/[^"]+)"', (SRC / "app" / "App.tsx").read_text(encoding="utf-8"))
    assert len(pages) > 10 and "/shared/:token" in routes
    for route in [*pages, *routes]:
        pattern = re.sub(r"/:\w+\?", "(/[^/?]+)?", route)
        pattern = re.sub(r":\w+", "[^/?]+", pattern) + r"(\?.*)?"
        assert route == "/" or any(re.fullmatch(pattern, path) for path in paths), route
    for area in ("voice", "insight"):
        code = (SRC / area / f"{area.capitalize()}Page.tsx").read_text(encoding="utf-8")
        (parts,) = re.findall(r"const PARTS = {([^}]+)}", code)
        for part in re.findall(r"(\w+):", parts)[1:]:
            assert f"/{area}/{part}" in paths
    kinds = re.findall(r'kind: ("[^;]+);', (SRC / "map" / "scope.ts").read_text(encoding="utf-8"))[0]
    for kind in re.findall(r'"(\w+)"', kinds):
        assert any(f"open={kind}:" in path for path in paths), kind
    forms = re.findall(r"FORMS = \[([^\]]+)\]", (SRC / "map" / "scope.ts").read_text(encoding="utf-8"))[0]
    for form in re.findall(r'"(\w+)"', forms)[1:]:
        assert any(f"form={form}" in path for path in paths), form
