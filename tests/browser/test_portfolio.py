"""The portfolio: how journeys stand and belong together, and where new ones come from."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.serving import Served

import desirepath as dp
from desirepath.insight import discover

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
MERMAID = (
    "journey\n  title Booking a table\n  section Look\n    Find the page: 4: Guest\n  section Book\n    Pay: 1: Guest\n"
)


@pytest.fixture(scope="module")
def studio(shared_studio: Served) -> Served:
    """Ada's studio."""
    return shared_studio


def test_an_entry_says_how_fresh_its_evidence_is_how_customers_feel_and_what_hurts(page: Page, studio: Served) -> None:
    health = studio.studio.maps.health("coffee")
    studio.come(page)
    entry = page.get_by_role("article").filter(has_text="Coffee at Ember & Fold")
    entry.get_by_text("Stale: data until").wait_for()  # the simulated year is over
    assert f"{health.customers} customers" in entry.inner_text()
    assert health.worst is not None
    entry.get_by_role("link", name=health.worst.title).click()
    page.get_by_role("complementary").wait_for()


def test_a_journey_is_made_from_a_template_and_opens(page: Page, studio: Served) -> None:
    studio.come(page)
    page.get_by_role("link", name="New journey").click()
    page.get_by_role("button", name="Help desk").click()
    page.wait_for_url("**/journeys/help-desk")
    page.get_by_role("table").wait_for()


def test_how_it_should_be_is_drawn_beside_how_it_is(page: Page, studio: Served) -> None:
    studio.come(page)
    entry = page.get_by_role("article").filter(has=page.locator("h2 a[href='/journeys/coffee']"))
    entry.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Draw how it should be").click()
    page.wait_for_url("**/journeys/coffee-to-be")
    page.locator("[data-item=cart] button").focus()
    page.keyboard.press("Delete")
    page.get_by_role("status").get_by_text("Saved").wait_for()
    assert "To be" in page.locator(".map-titles").inner_text()
    page.get_by_role("button", name="Compare").click()
    page.get_by_label("Map beside it").first.wait_for()
    page.get_by_role("combobox", name="Map beside it").select_option("coffee")
    beside = page.get_by_role("region", name="Map beside it")
    beside.locator("[data-item=cart]").wait_for()
    assert page.locator("[data-item=cart]").count() == 1  # as it is, not as it should be
    to_be = page.get_by_role("combobox", name="Map beside it").locator("option[value=coffee-to-be]")
    assert to_be.inner_text() == "Coffee at Ember & Fold · To be"
    saved = studio.workspace.journeys.get("coffee-to-be")
    assert saved.state == "to_be" and "cart" not in [place.id for place in saved.touchpoints]
    assert "cart" in [place.id for place in studio.workspace.journeys.get("coffee").touchpoints]


def test_a_journey_comes_from_a_mermaid_file(page: Page, studio: Served, tmp_path: Path) -> None:
    file = tmp_path / "booking.mmd"
    file.write_text(MERMAID)
    studio.come(page, "/journeys/new")
    page.get_by_label("Choose a file").set_input_files(file)
    page.get_by_role("button", name="Make the journey").click()
    page.get_by_role("heading", name="Booking a table").wait_for()


def test_a_text_that_is_no_journey_is_said_with_what_would_be_right(browser: Any, studio: Served) -> None:
    with browser.new_page() as page:
        studio.come(page, "/journeys/new")
        page.get_by_role("textbox", name="Text").fill("stages: none")
        page.get_by_role("button", name="Make the journey").click()
        page.get_by_role("alert").wait_for()
        assert page.get_by_role("textbox", name="Text").input_value() == "stages: none"


def test_the_data_draws_a_journey_in_the_background_and_is_stopped(
    page: Page, studio: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    counted = discover.precedence
    monkeypatch.setattr(discover, "precedence", lambda *given: go.wait(120) and counted(*given))
    studio.come(page, "/journeys/new")
    page.get_by_role("button", name="Let the data draw it").click()
    under_way = page.get_by_role("region", name="Under way")
    under_way.get_by_text("Seeing what comes before what · 0%").wait_for()
    under_way.get_by_role("button", name="Stop").click()
    go.set()
    page.get_by_text("Stopped. Nothing was kept.").wait_for()
    assert "discovered" not in [entry.id for entry in studio.workspace.journeys.list()]
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Let the data draw it").click()
    page.wait_for_url("**/journeys/discovered", timeout=120_000)
    page.get_by_role("heading", name="Discovered journey").wait_for()


def test_journeys_have_owners_and_belong_to_each_other(page: Page, studio: Served) -> None:
    saas = studio.workspace.add_journey(dp.journey.templates.load("saas"))
    studio.come(page)
    entry = page.get_by_role("article").filter(has=page.locator(f"h2 a[href='/journeys/{saas.id}']"))
    entry.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Owner").click()
    entry.get_by_role("textbox", name="Owner").fill("Bo")
    entry.get_by_role("combobox", name="Part of").select_option("coffee")
    entry.get_by_role("button", name="Keep").click()
    entry.get_by_role("link", name="Coffee at Ember & Fold").wait_for()
    head = studio.workspace.journeys.head(saas.id).journey
    assert (head.owner, head.parent) == ("Bo", "coffee")
    whole = page.get_by_role("article").filter(has=page.locator("h2 a[href='/journeys/coffee']"))
    assert "Parts" in whole.inner_text()


def test_a_journey_goes_only_after_a_question(page: Page, studio: Served) -> None:
    made = studio.workspace.add_journey(dp.journey.templates.load("bank-loan"))
    studio.come(page)
    entry = page.get_by_role("article").filter(has=page.locator(f"h2 a[href='/journeys/{made.id}']"))
    entry.wait_for()
    entry.locator(".mantine-Skeleton-root").wait_for(state="detached", timeout=60_000)  # what it asks for is answered
    for answer in ("dismiss", "accept"):
        page.once("dialog", lambda dialog, answer=answer: getattr(dialog, answer)())
        entry.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Remove").click()
    entry.wait_for(state="detached")


def test_a_viewer_makes_none(page: Page, studio: Served) -> None:
    studio.come(page, person=studio.invite("Vic", "viewer"))
    page.get_by_role("article").first.wait_for()
    assert page.get_by_role("link", name="New journey").count() == 0
    page.get_by_role("button", name="More").first.click()
    page.get_by_role("menuitem", name="YAML").wait_for()
    assert page.get_by_role("menuitem", name="Remove").count() == 0
