"""Help inside: the command menu, the sheet of shortcuts, the glossary, and pages that say what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.browser.looking import violations
from tests.browser.serving import PASSWORD, Served, serving

import desirepath as dp

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Ada's studio, where nothing is yet."""
    with serving(dp.init(tmp_path_factory.mktemp("help") / "new")) as served:
        served.studio.accounts.first("Ada", PASSWORD)
        yield served


def test_the_command_menu_goes_where_a_few_letters_say(page: Page, studio: Served) -> None:
    studio.come(page)
    page.get_by_role("heading", name="No journey yet").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Command menu").fill("gloss")
    assert page.get_by_role("listbox").get_by_role("option").all_inner_texts() == ["Glossary\nPage"]
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Glossary").wait_for()
    page.get_by_role("button", name="Find or do").click()
    field = page.get_by_role("combobox", name="Command menu")
    field.fill("русский")
    field.press("Enter")
    page.get_by_role("heading", name="Глоссарий").wait_for()


def test_arrows_choose_and_escape_closes(page: Page, studio: Served) -> None:
    studio.come(page, "/settings")
    page.get_by_role("heading", name="Settings").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("listbox").get_by_role("option").first.wait_for()
    first, second = (
        page.get_by_role("listbox").get_by_role("option").nth(0),
        page.get_by_role("listbox").get_by_role("option").nth(1),
    )
    assert first.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    assert second.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    page.get_by_role("listbox").wait_for(state="detached")


def test_a_question_mark_shows_the_shortcuts_but_not_while_one_writes(page: Page, studio: Served) -> None:
    studio.come(page, "/glossary")
    page.get_by_label("Find a word").press("?")
    assert page.get_by_role("dialog").count() == 0
    page.get_by_role("heading", name="Glossary").click()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    sheet.wait_for()
    assert "See the whole map, or as before\nF" in sheet.inner_text()
    assert violations(page) == []


def test_the_glossary_is_searched(page: Page, studio: Served) -> None:
    studio.come(page, "/glossary")
    page.get_by_label("Find a word").fill("promoters")
    page.get_by_text("Promoters (9–10)").wait_for()
    assert page.locator(".glossary dt").all_inner_texts() == ["NPS"]


@pytest.mark.parametrize(
    ("path", "next_step"),
    [("/journeys", "New journey"), ("/voice", "Bring in surveys"), ("/insight", "To the journeys")],
)
def test_an_empty_page_says_what_to_do_next(page: Page, studio: Served, path: str, next_step: str) -> None:
    studio.come(page, path)
    page.get_by_role("main").get_by_role("link", name=next_step).click()
    page.get_by_role("heading", level=1).or_(page.get_by_role("heading", level=2)).first.wait_for()
    assert not page.url.endswith(path)
