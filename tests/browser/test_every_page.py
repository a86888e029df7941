"""Every page beside the map, wide and narrow, light and dark, in each language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.looking import PAGES, overflow, unsaid, violations
from tests.browser.serving import PASSWORD, Served, copied, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def studio(cafe: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A studio with somebody of each kind; nothing is changed in it."""
    with serving(copied(cafe, tmp_path_factory.mktemp("pages"))) as served:
        ada = served.studio.accounts.first("Ada", PASSWORD)
        served.invite("Bo", "editor")
        served.studio.accounts.invite("Cleo", "viewer")
        served.studio.accounts.add_token(ada, "Nightly report", "viewer", None)
        yield served


@pytest.fixture(
    params=[(1440, "light", "en"), (390, "dark", "ru"), (1440, "dark", "zh-Hans"), (390, "light", "zh-Hant")],
    ids=lambda look: f"{look[0]}-{look[1]}-{look[2]}",
    scope="module",
)
def look(request: Any, browser: Any, studio: Served) -> Iterator[Page]:
    width, scheme, language = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", locale=language
    )
    page = context.new_page()
    studio.come(page)
    page.get_by_role("heading", level=1).wait_for()
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_is_for_everybody_and_speaks(look: Page, studio: Served, name: str) -> None:
    look.goto(studio.address + PAGES[name])
    look.get_by_role("heading", level=1).wait_for()
    look.wait_for_load_state("networkidle")
    assert unsaid(look) == []
    assert overflow(look) <= 0
    assert violations(look) == []
