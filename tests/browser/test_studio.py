"""The studio's pages in a real browser: who may come in, the portfolio, the living map and what opens beside it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.looking import LANGUAGES, catalogues, overflow, unsaid, violations
from tests.browser.serving import PASSWORD, Served, copied, serving

from desirepath.journey.ops import Set, dump

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src" / "desirepath" / "server" / "static"


@pytest.fixture
def new(cafe: Path, tmp_path: Path) -> Iterator[Served]:
    """The studio at its first start."""
    with serving(copied(cafe, tmp_path)) as served:
        yield served


@pytest.fixture(scope="module")
def studio(shared_studio: Served) -> Served:
    """A studio that Ada has begun; the tests below change nothing in it."""
    return shared_studio


def begin(page: Page, served: Served) -> None:
    """The first start."""
    page.goto(served.first)
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="Journeys").wait_for()


def sign_in(page: Page) -> None:
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_the_first_one_makes_an_account_and_comes_in_again_with_it(page: Page, new: Served) -> None:
    begin(page, new)
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    page.get_by_role("heading", name="Journeys").wait_for()


def test_who_is_invited_chooses_a_password_and_comes_in(page: Page, studio: Served) -> None:
    _, token = studio.studio.accounts.invite("Cleo", "viewer")
    page.goto(f"{studio.address}/?setup={token}")
    assert "You are invited" in page.get_by_role("main").inner_text()
    page.get_by_label("Name").fill("Cleo")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="Journeys").wait_for()


def test_a_session_that_ended_elsewhere_signs_in_again_where_it_was(browser: Any, studio: Served) -> None:
    with browser.new_page() as page:  # of its own: the browser itself reports the refusal as an error
        studio.come(page)
        journey = page.get_by_role("link", name="Coffee at Ember & Fold")
        journey.wait_for()
        page.context.clear_cookies()
        journey.click()
        sign_in(page)
        page.get_by_role("table").wait_for()


def test_a_wrong_password_is_said(browser: Any, studio: Served) -> None:
    with browser.new_page() as page:
        page.goto(studio.address)
        page.get_by_label("Name").fill("Ada")
        page.get_by_role("textbox", name="Password").fill("not hers at all")
        page.get_by_role("button", name="Sign in").click()
        assert "name and password do not fit" in page.get_by_role("alert").inner_text()


def test_without_the_link_nobody_makes_the_first_account(page: Page, new: Served) -> None:
    page.goto(new.address)
    assert "one-time link" in page.get_by_role("main").inner_text()
    assert page.get_by_role("textbox").count() == 0


def test_the_portfolio_says_how_large_a_journey_is_and_whose(page: Page, studio: Served) -> None:
    studio.come(page)
    entry = page.get_by_role("article").filter(has_text="Coffee at Ember & Fold").inner_text()
    assert "7 stages · 27 touchpoints" in entry and "Customer experience" in entry


def test_the_matrix_has_a_head_for_each_stage_and_lane_and_each_card_its_verdict(living_map: Page) -> None:
    table = living_map.get_by_role("table")
    heads = [head.inner_text().split("\n")[0] for head in table.get_by_role("columnheader").all()]
    assert heads[1:3] == ["Discover", "Choose"] and len(heads) == 1 + 7
    lanes = [head.inner_text() for head in table.get_by_role("rowheader").all()]
    assert lanes[:4] == ["Emotion curve", "Numbers", "Touchpoints", "Thoughts"]
    assert table.locator(".item.touchpoint").count() == 27
    assert table.locator(".item.touchpoint .verdict").count() == 27
    assert overflow(living_map) == 0


def test_the_numbers_are_those_of_the_library(living_map: Page, studio: Served) -> None:
    made = studio.workspace.map("coffee").data
    facts = living_map.locator(".facts").inner_text()
    assert f"{made.customers}\n" in facts
    marks = living_map.locator(".mark")
    known = [t for t in made.touchpoints if t.emotion.score is not None]
    silent = [s for s in made.stages if not any(t.stage == s.id for t in known) and s.emotion.score is not None]
    assert marks.count() == len(known) + len(silent)


def test_a_point_of_the_curve_answers_the_keyboard_and_gives_the_focus_back(living_map: Page) -> None:
    point = living_map.locator(".mark").first
    living_map.keyboard.press("Tab")  # the keyboard is in use: focus is visible
    point.focus()
    assert "n = " in living_map.get_by_role("tooltip").inner_text()
    living_map.keyboard.press("Enter")
    panel = living_map.get_by_role("complementary")
    panel.wait_for()
    living_map.keyboard.press("Escape")
    panel.wait_for(state="detached")
    assert point.evaluate("e => e === document.activeElement")


def test_a_finding_leads_to_its_touchpoint_and_the_words_behind_it(living_map: Page) -> None:
    tile = living_map.locator(".tile").first
    tile.click()
    panel = living_map.get_by_role("complementary")
    assert panel.get_by_role("heading", level=2).inner_text() in tile.inner_text()
    panel.locator("dt", has_text="Touchpoint").locator("xpath=..").get_by_role("button").click()
    panel.locator("dt", has_text="Wait before").wait_for()
    assert panel.locator("blockquote").count() > 0


def test_what_is_open_and_filtered_stands_in_the_address(living_map: Page) -> None:
    everybody = living_map.locator(".facts dd").first.inner_text()
    living_map.get_by_role("button", name="Filter").click()
    living_map.get_by_label("Persona").select_option(index=1)
    living_map.get_by_role("button", name="Apply").click()
    living_map.locator(".mantine-Pill-root").wait_for()
    living_map.wait_for_function("before => document.querySelector('.facts dd').innerText !== before", arg=everybody)
    some = living_map.locator(".facts dd").first.inner_text()
    living_map.get_by_role("button", name="In the queue").first.click()
    living_map.goto(living_map.url)
    living_map.get_by_role("complementary", name="In the queue").wait_for()
    assert living_map.locator(".facts dd").first.inner_text() == some
    living_map.get_by_role("button", name="Remove").first.click()
    living_map.wait_for_function("all => document.querySelector('.facts dd').innerText === all", arg=everybody)


def test_a_condition_that_leaves_nobody_is_said_and_half_a_one_refused(living_map: Page) -> None:
    living_map.get_by_role("button", name="Filter").click()
    living_map.get_by_label("Condition").fill("market")
    living_map.get_by_role("button", name="Apply").click()
    assert "dimension=value" in living_map.get_by_role("dialog").inner_text()
    living_map.get_by_label("Condition").fill("market=Atlantis")
    living_map.get_by_role("button", name="Apply").click()
    living_map.get_by_role("alert").wait_for()


def test_a_verdict_dims_the_rest_and_a_lane_hides(living_map: Page) -> None:
    chip = living_map.get_by_role("button", name="Supported").first
    chip.click()
    assert living_map.locator(".item.dim .verdict.supported").count() == 0
    assert living_map.locator(".item.dim").count() > 0
    chip.click()
    living_map.get_by_role("button", name="Shown").click()
    living_map.get_by_role("checkbox", name="Touchpoints").uncheck()
    assert living_map.locator(".item.touchpoint").count() == 0
    living_map.reload()
    living_map.get_by_role("table").wait_for()
    assert living_map.locator(".item.touchpoint").count() == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Emotion curve"), ("ru", "Кривая эмоций"), ("zh-Hans", "情绪曲线"), ("zh-Hant", "情緒曲線")],
)
def test_every_page_speaks_four_languages(living_map: Page, language: str, words: str) -> None:
    living_map.get_by_role("button", name="Account").click()
    living_map.get_by_label("Language").select_option(language)
    living_map.wait_for_function("tag => document.documentElement.lang === tag", arg=language)
    living_map.get_by_role("rowheader", name=words).wait_for()
    living_map.locator(".tile").first.click()
    for page in (f"{living_map.url}", living_map.url.split("/journeys/")[0] + "/journeys"):
        living_map.goto(page)
        living_map.get_by_role("heading", level=1).wait_for()
        assert unsaid(living_map) == []


def test_the_first_start_has_no_serious_fault_for_those_who_cannot_see_well(page: Page, new: Served) -> None:
    page.goto(new.first)
    for scheme, width in (("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 844})
        page.get_by_label("Name").wait_for()
        assert violations(page) == [] and overflow(page) <= 0


def test_a_place_that_is_not_there_is_said(page: Page, studio: Served) -> None:
    studio.come(page, "/nowhere")
    page.get_by_role("heading", name="There is nothing at this address").wait_for()
    page.get_by_role("link", name="To the journeys").click()
    page.get_by_role("heading", name="Journeys").wait_for()


def test_the_first_load_stays_under_250_kb(living_map: Page) -> None:
    """All code that came for a map in one language, compressed as a server would send it."""
    loaded = living_map.evaluate("performance.getEntriesByType('resource').map(e => e.name.split('/').pop())")
    scripts = [STATIC / "assets" / name for name in loaded if name.endswith(".js")]
    assert len(scripts) > 2 and sum(len(gzip.compress(path.read_bytes(), 6)) for path in scripts) < 250_000


def test_a_source_that_brought_nothing_for_long_is_said_to_be_stale(page: Page, studio: Served) -> None:
    studio.come(page, "/data")
    page.get_by_role("row", name="pos_lisbon").get_by_text("stale").wait_for()
    stale = studio.workspace.stale_sources()
    assert page.locator("tbody .tag.warn").count() == len(stale) > 3


FIRST_AND_LAST = """
element => {
  const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
  const left = (at) => { const range = new Range(); range.setStart(text, at); range.setEnd(text, at + 1);
                         return range.getBoundingClientRect().left; };
  return [left(0), left(text.data.length - 1)];
}
"""


def test_a_journey_speaks_its_readers_language_and_one_from_right_to_left_breaks_nothing(
    page: Page, new: Served
) -> None:
    begin(page, new)
    said = {"title": "رحلة القهوة!", "card": "أين أجد القائمة؟", "stage": "الدفع!"}
    ops: list[Any] = [
        {"op": "set", "part": "journey", "id": "coffee", "field": "goal", "value": said["title"]},
        {"op": "set", "part": "card", "id": "c1", "field": "text", "value": said["card"]},
        {"op": "set", "part": "stage", "id": "pay", "field": "name", "value": said["stage"]},
    ]
    document = dump(new.workspace.journeys.get("coffee"))
    parts = {"coffee": document} | {p["id"]: p for s in document["stages"] for p in (s, *s.get("cards", []))}
    ops = [{**op, "was": parts[op["id"]][op["field"]]} for op in ops]
    new.workspace.journeys.edit("coffee", [Set.model_validate(op) for op in ops], edit_id="from right to left")
    page.goto(f"{new.address}/journeys/coffee?open=card:c1")
    panel = page.get_by_role("complementary", name=said["card"])
    card, stage = page.locator("[data-item=c1] .item-text"), page.locator("[data-stage-head=pay] .stage-name")
    for place in (card, stage, panel.get_by_role("heading").first, page.locator(".map-titles p").first):
        place.wait_for()
        first, last = place.evaluate(FIRST_AND_LAST)
        assert first > last, place  # read from the right, its last mark on the left
    assert overflow(page) == 0
    page.get_by_role("button", name="Account").click()
    page.get_by_label("Language").select_option("ru")
    page.get_by_role("heading", level=1, name="Кофе").wait_for()
    assert card.inner_text() == said["card"]  # said in one language only


@pytest.mark.parametrize("folder", catalogues(), ids=lambda folder: folder.name)
def test_the_catalogues_say_the_same_things(folder: Path) -> None:
    english = json.loads((folder / "en.json").read_text(encoding="utf-8"))
    for language in LANGUAGES:
        words = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
        assert list(words) == list(english), language
        assert all(words.values()), language
