"""Links to one journey: what somebody without an account sees by them, and how notes of a workshop become cards."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.looking import overflow, violations
from tests.browser.serving import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@contextlib.contextmanager
def visitor(browser: Any, width: int = 1440) -> Iterator[Page]:
    """Somebody without an account, in a browser of their own."""
    with browser.new_context(viewport={"width": width, "height": 844}) as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page


def link(page: Page, kind: str, password: str = "") -> str:
    """Ada makes a link for the board."""
    page.get_by_label("It opens").select_option(kind)
    page.get_by_label("For whom").fill("The board")
    page.get_by_role("textbox", name="Password (optional)").fill(password)
    page.get_by_role("button", name="Make a link").click()
    return page.get_by_label("Link: The board").input_value()


def test_a_link_shows_one_map_to_somebody_without_an_account_until_it_is_revoked(
    page: Page, browser: Any, studio: Served
) -> None:
    studio.come(page, "/journeys/coffee/share")
    address = link(page, "map", "espresso")
    assert address.startswith(f"{studio.address}/shared/")
    with visitor(browser) as guest:
        guest.goto(address)
        guest.get_by_role("textbox", name="Password").fill("ristretto")
        guest.get_by_role("button", name="Open").click()
        guest.get_by_role("alert").get_by_text("does not fit").wait_for()
        guest.get_by_role("textbox", name="Password").fill("espresso")
        guest.get_by_role("button", name="Open").click()
        guest.get_by_role("table").wait_for()
        assert guest.get_by_role("heading", level=1).inner_text() == "Coffee at Ember & Fold"
        assert guest.get_by_role("button", name="Undo").count() == 0
        guest.locator("[data-item=till] button").first.click()
        guest.get_by_role("complementary").get_by_text("Customers", exact=True).first.wait_for()
        assert violations(guest) == [] and overflow(guest) == 0
        page.get_by_role("button", name="Revoke: The board").click()
        page.get_by_role("button", name="Sure? Revoke: The board").click()
        page.get_by_text("revoked on").wait_for()
        guest.reload()
        guest.get_by_text("this link does not open anything (any more)").wait_for()


def test_a_note_from_a_phone_becomes_a_card(page: Page, browser: Any, studio: Served) -> None:
    studio.come(page, "/journeys/coffee/share")
    address = link(page, "notes")
    with visitor(browser, 390) as guest:
        guest.goto(address)
        guest.get_by_label("Your note").fill("Nobody says where the queue begins")
        guest.get_by_label("Stage").select_option(label="Order")
        guest.get_by_label("What it is").select_option("pain_points")
        guest.get_by_label("Your name (optional)").fill("Mei")
        guest.get_by_role("button", name="Put it on the wall").click()
        guest.get_by_role("list", name="On the wall").get_by_text("Nobody says where the queue begins").wait_for()
        assert violations(guest) == [] and overflow(guest) == 0
    page.get_by_text("Nobody says where the queue begins").wait_for()
    (note,) = studio.studio.shares.notes("coffee")
    make = page.get_by_role("button", name="Make it a card: Nobody says where the queue begins")
    with page.expect_response("**/edits"):
        make.click()
    page.get_by_text("No open note").wait_for()
    studio.studio.shares.settle("coffee", note.id, card=None, dismissed=False)
    make.click()  # also where the card is there already: somebody else was first, or the network went in between
    page.get_by_text("No open note").wait_for()
    (card,) = [
        card
        for stage in studio.workspace.journeys.get("coffee").stages
        for card in stage.cards
        if card.text == "Nobody says where the queue begins"
    ]
    assert card.lane == "pain_points"


def test_a_link_that_was_never_given_opens_nothing(browser: Any, studio: Served) -> None:
    with visitor(browser) as guest:
        guest.goto(f"{studio.address}/shared/made-up")
        guest.get_by_text("this link does not open anything (any more)").wait_for()
