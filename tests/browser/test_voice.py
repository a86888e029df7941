"""The voice of the customer by hand: themes decided about, words found, texts taught by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.serving import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def studio(shared_studio: Served) -> Served:
    """Ada's studio; the voice is listened to before a page waits for it."""
    shared_studio.studio.voices.get(None).overview()
    shared_studio.studio.voices.get(None).themes_json()
    return shared_studio


def test_the_overview_says_how_much_was_said_and_how_it_feels(page: Page, studio: Served) -> None:
    studio.come(page, "/voice")
    said = studio.studio.voices.get(None).overview()
    page.get_by_text("Frustrated", exact=True).wait_for()
    assert f"{said['feedback']:,}" in page.locator(".figures").inner_text()


def test_a_theme_is_renamed_pinned_and_taken_back(page: Page, studio: Served) -> None:
    studio.come(page, "/voice/themes")
    row = page.locator(".rows > li").first
    old = row.locator("strong").inner_text()
    row.get_by_role("button", name="Change").click()
    row.get_by_label("Name").fill("Paying")
    row.get_by_role("button", name="Rename").click()
    page.locator(".rows strong", has_text="Paying").wait_for()
    page.get_by_role("button", name="Take it back").click()
    page.locator(".rows strong", has_text=old).wait_for()
    page.locator(".rows strong", has_text="Paying").wait_for(state="detached")


def test_words_are_found_and_filtered_and_the_address_keeps_it(page: Page, studio: Served) -> None:
    studio.come(page, "/voice/words")
    page.locator(".quote").first.wait_for()
    page.get_by_label("How it feels").select_option("frustration")
    page.get_by_label("In which language").select_option("en")
    quotes = page.locator(".quote blockquote")
    expect(page.locator(".quote blockquote:not([lang=en])")).to_have_count(0)
    page.get_by_label("Search the words").fill("payment")
    page.wait_for_url("**search=payment**")
    expect(quotes.filter(has_not_text=re.compile("payment", re.I))).to_have_count(0)
    expect(quotes.first).to_be_visible()
    found = page.locator(".quote").count()
    voice = studio.studio.voices.get(None)
    rows = voice.verbatims(state_="frustration", language="en", search="payment", limit=50)
    assert found == min(30, len(rows)) > 0
    page.reload()
    page.locator(".quote").first.wait_for()
    assert page.locator(".quote").count() == found


def test_texts_are_taught_by_keyboard_and_taken_back(page: Page, studio: Served) -> None:
    studio.come(page, "/voice/teach")
    quote = page.locator(".quote blockquote")
    first = quote.inner_text()
    page.keyboard.press("5")
    page.get_by_text("1 of 20").wait_for()
    second = quote.inner_text()
    page.keyboard.press("1")
    page.get_by_text("2 of 20").wait_for()
    page.keyboard.press("z")
    page.get_by_text("1 of 20").wait_for()
    assert quote.inner_text() == second
    page.keyboard.press("s")
    page.get_by_text("2 of 20").wait_for()
    with studio.workspace.database.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT emotion FROM voice_labels WHERE undone IS NULL").fetchall()
    assert [row[0] for row in kept] == [2.0] and first


def test_quality_and_coverage_are_said(page: Page, studio: Served) -> None:
    studio.come(page, "/voice/heard")
    page.get_by_role("row", name="lisbon").wait_for()
    page.get_by_role("row", name="Russian").wait_for()
