"""Editing on the map in a real browser: text, adding, moving by mouse and keyboard, undo, two who edit at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.serving import Served

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from desirepath.journey.model import Journey, Stage

pytestmark = pytest.mark.browser


@pytest.fixture
def living_map(studio: Served, page: Page) -> Page:
    return come(studio, page)


def come(studio: Served, page: Page, **who: Any) -> Page:
    studio.come(page, "/journeys/coffee", **who)
    page.get_by_role("table").wait_for()
    page.get_by_role("status").get_by_text("Saved").wait_for()
    return page


def saved(page: Page) -> None:
    """Waits until the server has everything."""
    page.get_by_role("status").get_by_text("Saved").wait_for()


def pick_up(page: Page) -> None:
    """By keyboard what has the focus; waits until it is said to be held and the next key is listened to."""
    page.keyboard.press("Space")
    page.locator("[aria-live=assertive]").filter(has_text="picked up").wait_for(state="attached")
    page.evaluate("new Promise((done) => setTimeout(done))")


def now(studio: Served) -> Journey:
    return studio.workspace.journeys.get("coffee")


def stage(studio: Served, id_: str) -> Stage:
    return next(stage for stage in now(studio).stages if stage.id == id_)


def cell(page: Page, stage: str, lane: str) -> Locator:
    return page.locator(f"[data-cell][data-stage={stage}][data-lane={lane}]")


def texts(page: Page, stage: str, lane: str) -> list[str]:
    return [each.inner_text() for each in cell(page, stage, lane).locator(".item-text").all()]


def test_a_text_is_edited_where_it_stands(living_map: Page, studio: Served) -> None:
    living_map.locator("[data-item=c1] button").dblclick()
    living_map.get_by_role("textbox", name="Text of the card").fill("Wants to know what is in it")
    living_map.keyboard.press("Enter")
    assert texts(living_map, "choose", "needs") == ["Wants to know what is in it"]
    saved(living_map)
    said = now(studio).stages[1].cards[0].text
    assert isinstance(said, dict) and said["en"] == "Wants to know what is in it"
    assert said["ru"] == "Сразу видеть, что мне подходит"  # what it says in other languages stays


def test_escape_leaves_a_text_as_it_was(living_map: Page, studio: Served) -> None:
    before = texts(living_map, "choose", "needs")
    living_map.locator("[data-item=c1] button").focus()
    living_map.keyboard.press("F2")
    living_map.get_by_role("textbox", name="Text of the card").fill("No")
    living_map.keyboard.press("Escape")
    assert texts(living_map, "choose", "needs") == before
    assert living_map.locator("[data-item=c1] button").evaluate("e => e === document.activeElement")
    assert studio.workspace.journeys.head("coffee").seq == 0


def test_the_goal_and_the_title_are_edited_in_the_readers_language(living_map: Page, studio: Served) -> None:
    title = now(studio).title
    assert isinstance(title, dict)
    living_map.get_by_role("heading", level=1).get_by_role("button").click()
    living_map.get_by_role("textbox", name="Title").fill("Coffee, again")
    living_map.keyboard.press("Enter")
    saved(living_map)
    assert now(studio).title == {**title, "en": "Coffee, again"}


def test_cards_touchpoints_stages_and_lanes_are_added_and_removed(living_map: Page, studio: Served) -> None:
    def add(button: str, text: str) -> None:
        living_map.get_by_role("button", name=button, exact=True).click()
        living_map.get_by_role("textbox", name=button, exact=True).fill(text)
        living_map.keyboard.press("Enter")

    add("Add to Pain points, Pay", "The till is slow")
    add("Add to Touchpoints, Pay", "Gift card")
    add("Stage", "Recommend")
    add("Lane", "Partners")
    add("Add to Partners, Pay", "The bank")
    saved(living_map)
    pay = stage(studio, "pay")
    assert pay.touchpoints[-1].name == "Gift card"
    assert [card.text for card in pay.cards] == ["The till is slow", "The bank"]
    assert now(studio).stages[-1].name == "Recommend" and now(studio).lanes[-1].name == "Partners"
    for name in ("The bank", "The till is slow", "Gift card", "Recommend", "Partners"):
        living_map.get_by_role("button").get_by_text(name, exact=True).locator("xpath=ancestor-or-self::button").focus()
        living_map.keyboard.press("Delete")
    saved(living_map)
    assert stage(studio, "pay").cards == () and stage(studio, "pay").touchpoints[-1].id == "invoice"
    assert now(studio).stages[-1].id == "return" and now(studio).lanes == ()


def drag(page: Page, item: Locator, to: Locator, below: bool = True) -> None:
    """Picks up, moves in steps as a hand does, and puts down."""
    item.scroll_into_view_if_needed()
    start, end = item.bounding_box(), to.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 20, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] + 14, steps=3)
    page.mouse.move(end["x"] + 40, end["y"] + (end["height"] - 3 if below else 3), steps=6)
    page.mouse.up()


def test_a_card_is_dragged_to_another_lane_and_stage(living_map: Page, studio: Served) -> None:
    living_map.get_by_role("table").evaluate("e => e.parentElement.scrollIntoView()")
    living_map.locator("[data-item=r1]").scroll_into_view_if_needed()
    drag(living_map, living_map.locator("[data-item=c2] button"), cell(living_map, "order", "needs"))
    saved(living_map)
    moved = next(card for card in stage(studio, "order").cards if card.id == "c2")
    assert moved.lane == "needs"
    assert [card.id for card in stage(studio, "choose").cards] == ["c1"]
    assert living_map.get_by_role("complementary").count() == 0  # a drag is no click


def test_a_card_is_dragged_where_the_whole_map_is_in_sight(living_map: Page, studio: Served) -> None:
    living_map.keyboard.press("f")
    living_map.get_by_role("button", name="Fit the whole", pressed=True).wait_for()
    drag(living_map, living_map.locator("[data-item=c2] button"), cell(living_map, "order", "opportunities"))
    saved(living_map)
    moved = next(card for card in stage(studio, "order").cards if card.id == "c2")
    assert moved.lane == "opportunities"
    over = "box => [box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth]"
    assert max(living_map.locator(".zoomed").evaluate(over)) <= 1  # and it still is
    assert float(living_map.locator(".zoomed").evaluate("box => box.style.getPropertyValue('--zoom')")) > 0.3


def test_touchpoints_and_stages_are_dragged(living_map: Page, studio: Served) -> None:
    living_map.get_by_role("table").evaluate("e => e.parentElement.scrollIntoView()")
    drag(living_map, living_map.locator("[data-item=till] button"), living_map.locator("[data-item=cart]"), below=False)
    saved(living_map)
    assert [place.id for place in stage(studio, "order").touchpoints][:2] == ["till", "cart"]
    pay = living_map.locator("[data-stage-head=pay]").bounding_box()
    discover = living_map.locator("[data-stage-head=discover]").bounding_box()
    assert pay and discover
    living_map.mouse.move(pay["x"] + 20, pay["y"] + 14)
    living_map.mouse.down()
    living_map.mouse.move(pay["x"] - 20, pay["y"] + 14, steps=3)
    living_map.mouse.move(discover["x"] + 5, discover["y"] + 14, steps=3)
    living_map.mouse.up()
    saved(living_map)
    assert [each.id for each in now(studio).stages][:2] == ["pay", "discover"]


def test_a_finger_drags_too(browser: Any, studio: Served) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        studio.come(page, "/journeys/coffee")
        item = page.locator("[data-item=cart] button")
        item.scroll_into_view_if_needed()
        start, end = item.bounding_box(), page.locator("[data-item=app-order]").bounding_box()
        touch = context.new_cdp_session(page)

        def send(kind: str, *points: tuple[float, float]) -> None:
            at = [{"x": x, "y": y} for x, y in points]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        send("touchStart", (start["x"] + 30, start["y"] + 20))
        page.locator(".held").wait_for()  # held, not swept
        for part in (0.3, 0.7, 1):
            y = start["y"] + 20 + part * (end["y"] + end["height"] - 3 - start["y"] - 20)
            send("touchMove", (start["x"] + 30, y))
        send("touchEnd")
        page.locator(".edit-bar[data-seq='1']").wait_for()
        assert [place.id for place in stage(studio, "order").touchpoints][:3] == ["checkout", "app-order", "cart"]


def test_the_keyboard_moves_what_the_mouse_moves(living_map: Page, studio: Served) -> None:
    card = living_map.locator("[data-item=c2] button")
    card.focus()
    pick_up(living_map)
    living_map.keyboard.press("ArrowRight")
    said = living_map.locator("[aria-live=assertive]").filter(has_text="Order").inner_text()
    assert said == "Order, Pain points: first"
    living_map.keyboard.press("Space")
    saved(living_map)
    assert [each.id for each in stage(studio, "order").cards if each.lane == "pain_points"] == ["c2"]
    living_map.locator("[data-stage-head=pay] button").focus()
    pick_up(living_map)
    for key in ("ArrowLeft", "ArrowLeft", "Enter"):
        living_map.keyboard.press(key)
    saved(living_map)
    assert [each.id for each in now(studio).stages][:3] == ["discover", "pay", "choose"]
    living_map.locator("[data-item=cart] button").focus()
    pick_up(living_map)
    for key in ("ArrowDown", "Escape"):
        living_map.keyboard.press(key)
    saved(living_map)
    assert stage(studio, "order").touchpoints[0].id == "cart"


def test_everything_is_undone_and_done_again(living_map: Page, studio: Served) -> None:
    first = now(studio)
    living_map.locator("[data-item=cart] button").focus()
    living_map.keyboard.press("Delete")
    living_map.locator("[data-stage-head=pay] button").focus()
    living_map.keyboard.press("Delete")
    living_map.locator("[data-item=c1] button").dblclick()
    living_map.get_by_role("textbox", name="Text of the card").fill("Another need")
    living_map.keyboard.press("Enter")
    saved(living_map)
    last = now(studio)
    assert len(last.stages) == len(first.stages) - 1
    for _ in range(3):
        living_map.keyboard.press("Control+z")
    saved(living_map)
    assert now(studio) == first
    for _ in range(2):
        living_map.keyboard.press("Control+Shift+z")
    living_map.get_by_role("button", name="Redo").click()
    saved(living_map)
    assert now(studio) == last


def test_a_finding_becomes_a_card_that_rests_on_it(living_map: Page, studio: Served) -> None:
    tile = living_map.locator(".tile").first
    title = tile.locator(".tile-text").inner_text()
    tile.click()
    panel = living_map.get_by_role("complementary")
    panel.get_by_role("button", name="Put on the map").first.click()
    panel.get_by_role("button", name="On the map as a card").click()
    panel.get_by_role("heading", name="Evidence").wait_for()
    saved(living_map)
    cards = [card for each in now(studio).stages for card in each.cards if card.evidence]
    assert [(card.lane, card.text) for card in cards] == [("pain_points", {"en": title})]
    assert list(cards[0].evidence[0]) == ["finding"]


def test_a_finding_is_dragged_onto_the_map(living_map: Page, studio: Served) -> None:
    living_map.set_viewport_size({"width": 1440, "height": 2200})  # nothing scrolls by itself
    drag(living_map, living_map.locator(".tile").nth(1), cell(living_map, "choose", "pain_points"))
    living_map.locator(".edit-bar[data-seq='1']").wait_for()
    assert [card.lane for card in stage(studio, "choose").cards] == ["needs", "pain_points", "pain_points"]
    assert stage(studio, "choose").cards[-1].evidence


def test_rules_show_what_they_do_before_they_are_kept(living_map: Page, studio: Served) -> None:
    living_map.locator("[data-item=cart] button").click()
    panel = living_map.get_by_role("complementary")
    panel.get_by_role("button", name="Change the rules").click()
    panel.get_by_label("Events, any of").fill("no_such_event")
    preview = panel.get_by_role("status")
    preview.get_by_text("Cart · customers").wait_for(timeout=240_000)  # other kernels may be compiled
    assert preview.get_by_role("listitem").first.inner_text().endswith("0")
    assert studio.workspace.journeys.head("coffee").seq == 0
    panel.get_by_role("button", name="Keep these rules").click()
    saved(living_map)
    assert stage(studio, "order").touchpoints[0].match[0].event == ("no_such_event",)
    living_map.locator("[data-item=cart] .verdict.contradicted").wait_for(timeout=240_000)  # the map is computed anew


def test_the_teams_assumption_is_moved_beside_what_is_measured(living_map: Page, studio: Served) -> None:
    handle = living_map.get_by_role("slider", name="Assumed by the team: Cart")
    box, curve = handle.bounding_box(), living_map.locator(".curve").bounding_box()
    assert box and curve
    living_map.mouse.move(box["x"] + 5, box["y"] + 5)
    living_map.mouse.down()
    living_map.mouse.move(box["x"] + 5, curve["y"] + curve["height"] * (2.2 + 1.5) / 4.4, steps=4)
    living_map.mouse.up()
    saved(living_map)
    assert stage(studio, "order").touchpoints[0].assumed_emotion["all"] == pytest.approx(-1.5, abs=0.1)
    handle.focus()
    living_map.keyboard.press("PageUp")
    living_map.keyboard.press("ArrowUp")
    living_map.keyboard.press("Tab")
    saved(living_map)
    assert stage(studio, "order").touchpoints[0].assumed_emotion["all"] == pytest.approx(-0.9, abs=0.1)
    living_map.keyboard.press("Control+z")
    living_map.keyboard.press("Control+z")
    saved(living_map)
    assert studio.workspace.journeys.head("coffee").seq == 4


def test_the_history_compares_and_restores(living_map: Page, studio: Served) -> None:
    first = now(studio)
    living_map.locator("[data-item=c1] button").focus()
    living_map.keyboard.press("Delete")
    living_map.locator("[data-stage-head=pay] button").dblclick()
    living_map.get_by_role("textbox", name="Name of the stage").fill("Paying")
    living_map.keyboard.press("Enter")
    saved(living_map)
    living_map.get_by_role("button", name="History").click()
    panel = living_map.get_by_role("complementary")
    panel.get_by_label("What this version is").fill("for the board")
    panel.get_by_role("button", name="Keep a version").click()
    panel.get_by_text("Version 2 – for the board").wait_for()
    panel.get_by_role("button", name="What changed since: Version 1").click()
    changes = panel.locator(".changes")
    changes.get_by_text("Removed card “See at a glance what suits me”").wait_for()
    assert "Pay Paying" in changes.inner_text()
    panel.get_by_role("button", name="Restore: Version 1").click()
    changes.wait_for(state="detached")
    panel.get_by_text("Nothing has changed").wait_for()
    assert now(studio) == first


def test_personas_and_owners_are_edited(living_map: Page, studio: Served) -> None:
    living_map.get_by_role("button", name="Personas", exact=True).click()
    panel = living_map.get_by_role("complementary")
    panel.get_by_role("button", name="Persona", exact=True).click()
    panel.get_by_role("textbox", name="Persona").fill("Tourist")
    living_map.keyboard.press("Enter")
    panel.get_by_role("button", name="Tourist", exact=True).click()
    panel.get_by_role("button", name="Add: Goals").click()
    panel.get_by_role("textbox", name="Goals").fill("Taste the town\nSit down")
    living_map.keyboard.press("Control+Enter")
    panel.get_by_role("button", name="Add: Which customers").click()
    panel.get_by_role("textbox", name="Which customers").fill("segment=tourist")
    living_map.keyboard.press("Control+Enter")
    living_map.locator("[data-stage-head=pay] button").click()
    panel.locator("dt", has_text="Owner").locator("xpath=..").get_by_role("button").click()
    panel.get_by_role("textbox", name="Owner").fill("Finance")
    living_map.keyboard.press("Enter")
    living_map.locator("[data-item=till] button").click()
    panel.locator("dt", has_text="Owner").locator("xpath=..").get_by_role("button").click()
    panel.get_by_role("textbox", name="Owner").fill("Tills and kiosks")
    living_map.keyboard.press("Enter")
    cell(living_map, "pay", "owners").get_by_text("Tills and kiosks").wait_for()
    assert "Finance" in cell(living_map, "pay", "owners").inner_text()
    saved(living_map)
    assert next(place for place in stage(studio, "pay").touchpoints if place.id == "till").owner == "Tills and kiosks"
    tourist = now(studio).personas[-1]
    assert (tourist.name, tourist.goals, tourist.rule) == (
        "Tourist", ("Taste the town", "Sit down"), {"segment": ("tourist",)}
    )  # fmt: skip
    assert stage(studio, "pay").owner == "Finance"


def test_a_viewer_sees_no_editing(studio: Served, page: Page) -> None:
    studio.come(page, "/journeys/coffee", person=studio.invite("Vera", "viewer"))
    page.get_by_role("table").wait_for()
    page.locator("[data-item=c1] button").click()
    page.get_by_role("complementary").wait_for()
    page.locator("[data-item=c1] button").dblclick()
    page.keyboard.press("F2")
    page.keyboard.press("Delete")
    assert page.get_by_role("textbox").count() == 0
    for name in ("Undo", "Stage", "Lane", "Add to Needs and expectations, Choose", "Remove from the map"):
        assert page.get_by_role("button", name=name, exact=True).count() == 0, name
    assert studio.workspace.journeys.head("coffee").seq == 0
