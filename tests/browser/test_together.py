"""Several people on one map at once: who is where, one text changed by two, a server that starts anew, random edits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.serving import PASSWORD, Served, copied, serving

from desirepath.journey.ops import Set, dump

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
RANDOM = (Path(__file__).parent / "random_edits.js").read_text(encoding="utf-8")
NEED = "[data-item=c1] button"


@contextlib.contextmanager
def on_the_map(browser: Any, studio: Served, name: str | None = None) -> Iterator[Page]:
    """Ada, or somebody else, in a browser of their own."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.set_default_timeout(15_000)
        studio.come(page, "/journeys/coffee", person=studio.invite(name) if name else None)
        saved(page)
        yield page


def saved(page: Page, within_s: float = 30) -> None:
    page.locator(".saved").get_by_text("Saved", exact=True).wait_for(timeout=within_s * 1000)


def retype(page: Page, item: str, text: str) -> None:
    page.locator(item).focus()
    page.keyboard.press("F2")
    page.get_by_role("textbox", name="Text of the card").fill(text)


@pytest.fixture
def ada(browser: Any, studio: Served) -> Iterator[Page]:
    with on_the_map(browser, studio) as page:
        yield page


@pytest.fixture
def ben(browser: Any, studio: Served) -> Iterator[Page]:
    with on_the_map(browser, studio, "Ben") as page:
        yield page


def need(studio: Served) -> Any:
    text = studio.workspace.journeys.get("coffee").stages[1].cards[0].text
    return text["en"] if isinstance(text, dict) else text


def test_what_one_changes_the_other_sees_within_a_second(ada: Page, ben: Page) -> None:
    retype(ada, NEED, "To see at once what suits me")
    ada.keyboard.press("Enter")
    ben.locator(NEED).get_by_text("To see at once what suits me").wait_for(timeout=1000)
    ben.locator("[data-stage-head=pay] button").focus()
    ben.keyboard.press("Delete")
    ada.locator("[data-stage-head=pay]").wait_for(state="detached", timeout=1000)


def test_everybody_sees_who_is_where(ada: Page, ben: Page) -> None:
    here = ada.get_by_role("list", name="Also here")
    assert here.inner_text().split()[-1] == "Ben"
    ben.locator("[data-item=till] button").click()
    ada.locator("[data-item=till] .here").get_by_text("Ben").wait_for(timeout=1000)
    retype(ben, NEED, "half a text")
    ada.locator("[data-item=c1] .here").get_by_text("Ben").wait_for(timeout=1000)
    ben.keyboard.press("Escape")
    ada.locator("[data-item=c1] .here").wait_for(state="detached", timeout=1000)
    ben.goto("about:blank")
    here.wait_for(state="detached")


def test_one_text_changed_by_two_is_shown_to_the_second_and_settled(ada: Page, ben: Page, studio: Served) -> None:
    retype(ada, NEED, "What Ada wants")
    retype(ben, NEED, "What Ben wants")  # both began from the same text
    ben.keyboard.press("Enter")
    saved(ben)
    ada.keyboard.press("Enter")
    question = ada.get_by_role("region", name="Not done")
    question.get_by_text("Ben changed this at the same time").wait_for()
    assert "What Ada wants" in question.inner_text() and "What Ben wants" in question.inner_text()
    assert need(studio) == "What Ben wants"
    ada.reload()  # it is still asked
    question.get_by_role("button", name="Use mine").click()
    saved(ada)
    assert need(studio) == "What Ada wants"
    assert question.count() == 0


def test_a_text_that_is_being_edited_stays_when_its_card_is_removed(ada: Page, ben: Page, studio: Served) -> None:
    retype(ada, NEED, "Typed for a long time")
    ben.locator(NEED).focus()
    ben.keyboard.press("Delete")
    question = ada.get_by_role("region", name="Not done")
    question.get_by_text("What you changed is not there any more").wait_for()
    assert "Typed for a long time" in question.inner_text()
    question.get_by_role("button", name="Understood").click()
    assert question.count() == 0


def test_evidence_that_two_attach_at_once_is_both_kept(ada: Page, ben: Page, studio: Served) -> None:
    def attach(page: Page, number: int) -> str:
        page.locator("[data-item=c2] button").click()
        panel = page.get_by_role("complementary")
        panel.get_by_role("button", name="Attach evidence", exact=True).click()
        panel.get_by_text("Finding", exact=True).click()
        offer = panel.locator(".offers button").nth(number)
        said = offer.locator("[dir=auto]").inner_text()
        offer.click()
        return said

    held: list[Any] = []
    ada.route("**/edits", lambda route: held.append(route))  # on its way, while Ben's comes in
    first, second = attach(ada, 0), attach(ben, 1)
    saved(ben)
    for page in (ada, ben):
        page.locator(".evidence", has_text=second).wait_for()
    for route in held:
        route.continue_()
    ada.unroute("**/edits")
    for page in (ada, ben):
        page.locator(".evidence", has_text=first).wait_for()
        saved(page)
        assert page.locator(".evidence").count() == 2
        assert page.get_by_role("region", name="Not done").count() == 0
    assert len(studio.workspace.journeys.get("coffee").stages[1].cards[1].evidence) == 2
    ada.get_by_role("heading", level=2).first.click()
    ada.keyboard.press("Control+z")  # takes back what was one's own
    for page in (ada, ben):
        page.locator(".evidence", has_text=first).wait_for(state="detached")
        page.locator(".evidence", has_text=second).wait_for()


def test_an_edit_survives_a_server_that_starts_anew(browser: Any, cafe: Path, tmp_path: Path) -> None:
    workspace = copied(cafe, tmp_path)
    with contextlib.ExitStack() as later:
        with serving(workspace) as studio:
            studio.studio.accounts.first("Ada", PASSWORD)
            ada = later.enter_context(on_the_map(browser, studio))
            retype(ada, NEED, "Typed while the server went away")
        ada.keyboard.press("Enter")
        ada.get_by_text("No connection – 1 change waits").wait_for()
        assert ada.locator(NEED).inner_text() == "Typed while the server went away"
        ada.locator("[data-item=cart] button").focus()
        ada.keyboard.press("Delete")
        with serving(workspace, int(studio.address.rsplit(":", 1)[1])) as studio:
            saved(ada)
            assert need(studio) == "Typed while the server went away"
            assert studio.workspace.journeys.get("coffee").stages[2].touchpoints[0].id == "checkout"
            again = Set(
                op="set", part="card", id="c1", field="text", key="en", value="Live again", was=need(studio)
            )  # fmt: skip
            studio.workspace.journeys.edit("coffee", [again], edit_id="from-elsewhere")
            ada.locator(NEED).get_by_text("Live again").wait_for(timeout=5000)


def test_two_who_edit_at_random_end_with_what_the_server_has(ada: Page, ben: Page, studio: Served) -> None:
    for page, seed in ((ada, 1), (ben, 2)):
        page.evaluate(f"{RANDOM}; window.finished = edits(200, {seed}); 0")
    for page in (ada, ben):
        page.evaluate("finished")
        saved(page, within_s=180)
    sent = [page.evaluate("sent.size") for page in (ada, ben)]
    edits = studio.workspace.journeys.edits("coffee")
    refused = [page.locator(".refusal").count() for page in (ada, ben)]
    assert sum(sent) == len(edits) + sum(refused)  # nothing is lost: done, or asked about
    assert len(edits) > 300
    head = studio.workspace.journeys.head("coffee")
    for page in (ada, ben):
        page.locator(f".edit-bar[data-seq='{head.seq}']").wait_for()
        assert page.evaluate("drawn()") == server_says(dump(head.journey))


def server_says(document: Any) -> Any:
    """What the map draws of the document."""

    def text(said: Any) -> str:
        return str(said["en"] if isinstance(said, dict) else said)

    def cards(stage: Any) -> dict[str, list[list[str]]]:
        lanes: dict[str, list[list[str]]] = {}
        for card in stage.get("cards", []):
            lanes.setdefault(card["lane"], []).append([card["id"], text(card["text"])])
        return lanes

    return [
        {
            "id": stage["id"],
            "name": text(stage["name"]),
            "touchpoints": [[each["id"], text(each["name"])] for each in stage.get("touchpoints", [])],
            "cards": cards(stage),
        }
        for stage in document["stages"]
    ]
