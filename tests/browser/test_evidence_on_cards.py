"""What cards rest on, by hand: words, findings and metrics attached and taken away, themes put on the map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.looking import violations
from tests.browser.serving import Served
from tests.browser.test_editing import cell, come, drag, now, saved, stage

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from desirepath.journey.model import Card

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def listening(shared_studio: Served) -> Served:
    """Ada's studio; the voice is listened to before a page waits for it."""
    shared_studio.studio.voices.get().overview()
    shared_studio.studio.voices.get("coffee").themes_json()
    return shared_studio


@pytest.fixture
def studio(listening: Served) -> Iterator[Served]:
    """The same for each test, with the journey as it was drawn."""
    yield listening
    listening.workspace.journeys.restore("coffee", 1)


@pytest.fixture
def begun(studio: Served) -> int:
    """How many edits there were before the test."""
    return studio.workspace.journeys.head("coffee").seq


@pytest.fixture
def living_map(studio: Served, page: Page) -> Page:
    return come(studio, page)


def card(studio: Served, id_: str) -> Card:
    return next(card for each in now(studio).stages for card in each.cards if card.id == id_)


def open_card(page: Page, id_: str) -> Locator:
    page.locator(f"[data-item={id_}] button").click()
    panel = page.get_by_role("complementary")
    panel.get_by_role("button", name="Attach evidence", exact=True).click()
    panel.get_by_role("searchbox", name="Search among them").wait_for()
    return panel


def offer(panel: Locator, said: str = "") -> Locator:
    return panel.locator(".offers").get_by_role("button").filter(has_text=said).first


def test_words_are_sought_attached_opened_and_taken_away(living_map: Page, studio: Served) -> None:
    panel = open_card(living_map, "c1")
    field = panel.get_by_role("searchbox", name="Search among them")
    field.fill("payment")
    found = offer(panel, "payment")
    found.wait_for()
    said = found.locator("[dir=auto]").inner_text()
    found.click()
    panel.locator("blockquote", has_text=said).wait_for()
    assert field.evaluate("e => e === document.activeElement")  # the next one is sought at once
    saved(living_map)
    (piece,) = card(studio, "c1").evidence
    (verbatim,) = studio.studio.voices.get().shown(studio.studio.voices.get().rows(ids=[str(piece["verbatim"])]))
    assert verbatim["text"] == said
    judged = "[data-item=c1] .verdict:is(.supported, .stale)"  # as old as the words are
    living_map.locator(judged).wait_for(timeout=120_000)
    assert violations(living_map) == []
    edit = studio.workspace.journeys.edits("coffee")[-1]
    assert edit.author == "Ada"
    panel.get_by_role("link", name="Open among the words").click()
    living_map.locator(".quote blockquote").wait_for()
    assert living_map.locator(".quote blockquote").all_inner_texts() == [said]
    living_map.get_by_role("button", name="All words").click()
    living_map.locator(".quote").nth(1).wait_for()
    living_map.goto(f"{studio.address}/journeys/coffee?open=card:c1")
    panel.locator("blockquote", has_text=said).wait_for()
    panel.get_by_role("button", name=f"Take away: {piece['verbatim']}").click()
    panel.get_by_text("No evidence attached").wait_for()
    saved(living_map)
    assert card(studio, "c1").evidence == ()


def test_a_finding_is_attached_by_keyboard_and_the_edit_undone(living_map: Page, studio: Served) -> None:
    panel = open_card(living_map, "c2")
    panel.get_by_role("radio", name="Finding").focus()
    living_map.keyboard.press("Space")
    first = offer(panel)
    title = first.locator("[dir=auto]").inner_text()
    panel.get_by_role("searchbox", name="Search among them").focus()
    living_map.keyboard.press("Tab")
    assert first.evaluate("e => e === document.activeElement")
    living_map.keyboard.press("Enter")
    link = panel.get_by_role("button", name=title, exact=True)
    link.wait_for()
    assert panel.locator(".offers").get_by_text(title, exact=True).count() == 0  # not twice
    saved(living_map)
    assert [list(piece) for piece in card(studio, "c2").evidence] == [["finding"]]
    link.click()
    living_map.get_by_role("complementary", name=title).wait_for()
    living_map.get_by_role("heading", level=2).first.click()
    living_map.keyboard.press("Control+z")
    saved(living_map)
    assert card(studio, "c2").evidence == ()


def test_a_metric_is_attached_and_shows_its_values(living_map: Page, studio: Served) -> None:
    panel = open_card(living_map, "c1")
    panel.get_by_text("Metric", exact=True).click()
    panel.get_by_role("searchbox", name="Search among them").fill("footfall")
    offer(panel, "footfall").click()
    panel.locator(".evidence summary", has_text="footfall").click()
    months = len(studio.workspace.map("coffee").data.metrics) // 2  # footfall, and impressions of advertisements
    panel.locator(".series dd").nth(months - 1).wait_for()
    assert panel.locator(".series dd").count() == months > 1
    saved(living_map)
    assert card(studio, "c1").evidence == ({"metric": "footfall", "stage": "choose", "source": "monthly"},)


def test_a_viewer_sees_what_a_card_rests_on_and_changes_nothing(browser: Any, page: Page, studio: Served) -> None:
    panel = open_card(come(studio, page), "c1")
    offer(panel).click()
    panel.locator("blockquote").wait_for()
    saved(page)
    with browser.new_page() as other:
        studio.come(other, "/journeys/coffee?open=card:c1", studio.invite("Vic", "viewer"))
        panel = other.get_by_role("complementary")
        panel.locator("blockquote").wait_for()
        assert (
            panel.get_by_role("button", name="Attach").count() == panel.get_by_role("button", name="Take").count() == 0
        )


# Themes


def test_a_theme_is_put_on_the_map_from_the_voice_and_taken_back(page: Page, studio: Served) -> None:
    studio.come(page, "/voice/themes")
    row = page.locator(".rows > li").first
    name = row.locator("strong").inner_text()
    row.get_by_role("button", name=f"Put on the map: {name}").click()
    row.get_by_role("link", name="On the map as a card").wait_for()
    themed = [
        (each, card) for each in now(studio).stages for card in each.cards if "theme" in (card.evidence or [{}])[0]
    ]
    ((where, made),) = themed
    theme = studio.studio.voices.get("coffee").theme(name)
    assert made.text == {theme.language: name} and made.evidence[0] == {"theme": theme.id}
    assert len(made.evidence) == 4 and all("verbatim" in piece for piece in made.evidence[1:])
    placed = [place.id for place in where.touchpoints]
    assert made.touchpoint == next(
        id_ for id_ in theme.touchpoints or {} if id_ in {t.id for t in now(studio).touchpoints}
    )
    assert made.touchpoint in placed
    row.get_by_role("link", name="On the map as a card").click()
    page.get_by_role("complementary").get_by_role("link", name=f"Theme: {name}").wait_for()
    page.get_by_role("complementary").locator("blockquote").nth(2).wait_for()
    page.go_back()
    row.get_by_role("link", name="On the map as a card").wait_for()


def test_a_theme_put_on_the_map_is_taken_back(page: Page, studio: Served, begun: int) -> None:
    before = now(studio)
    studio.come(page, "/voice/themes")
    row = page.locator(".rows > li").first
    row.get_by_role("button", name="Put on the map").click()
    row.get_by_role("button", name="Take it back").click()
    row.get_by_role("button", name="Put on the map").wait_for()
    assert now(studio) == before and studio.workspace.journeys.head("coffee").seq == begun + 2


def test_what_customers_talk_about_is_suggested_below_the_map(living_map: Page, studio: Served) -> None:
    talked = living_map.locator(".talked")
    talked.scroll_into_view_if_needed()
    first = talked.get_by_role("listitem").first
    name = first.get_by_role("button").first.inner_text()
    first.get_by_role("button", name=f"{name}: Add to").click()
    talked.get_by_role("button", name=name, exact=True).wait_for(state="detached")
    saved(living_map)
    theme = studio.studio.voices.get("coffee").theme(name)
    made = next(card for each in now(studio).stages for card in each.cards if {"theme": theme.id} in card.evidence)
    feels_bad = theme.emotion is not None and theme.emotion <= -0.25
    assert (made.lane == "pain_points") == feels_bad
    living_map.keyboard.press("Control+z")
    talked.get_by_role("button", name=name, exact=True).wait_for()


def test_a_theme_is_dragged_to_where_it_belongs(begun: int, living_map: Page, studio: Served) -> None:
    living_map.set_viewport_size({"width": 1440, "height": 2600})  # nothing scrolls by itself
    handle = living_map.locator(".talked .item.card").first
    handle.wait_for()
    drag(living_map, handle, cell(living_map, "choose", "pain_points"))
    living_map.locator(f".edit-bar[data-seq='{begun + 1}']").wait_for()
    assert "theme" in stage(studio, "choose").cards[-1].evidence[0]
    assert stage(studio, "choose").cards[-1].lane == "pain_points"
