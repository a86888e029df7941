"""The HTML map in a real browser, opened from a file: forms, languages, panel, keyboard, phone, dark, paper."""

from __future__ import annotations

import io
from dataclasses import replace
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from desirepath.insight.model import MapData
from desirepath.render import html
from desirepath.render.build import build_view
from desirepath.texts import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
CAFE = Path(__file__).parents[1] / "unit" / "render" / "conftest.py"


@pytest.fixture(scope="session")
def cafe() -> MapData:
    spec = util.spec_from_file_location("cafe", CAFE)
    assert spec and spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    data: MapData = module.cafe_map()
    return data


@pytest.fixture(scope="session")
def file(cafe: MapData, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("map") / "map.html"
    html.write({tag: build_view(cafe, tag) for tag in LANGUAGES}, path)
    return path.as_uri()


@pytest.fixture
def map_page(page: Page, file: str) -> Page:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(file)
    assert fetched == [file]
    return page


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def test_the_matrix_is_a_table_with_a_head_for_each_stage_and_lane(map_page: Page) -> None:
    table = map_page.get_by_role("table", name="Buying coffee – Matrix")
    assert table.get_by_role("columnheader").count() == 1 + 7
    names = [head.inner_text() for head in table.get_by_role("rowheader").all()]
    assert names[2:5] == ["Actions", "Touchpoints", "Thoughts"]
    assert overflow(map_page) == 0


def test_the_curve_bends_through_its_points_and_breaks_where_nothing_is_known(map_page: Page) -> None:
    curve = map_page.locator(".curve")
    assert curve.locator(".line").count() == 1  # one run, then the stage that nobody speaks of
    assert curve.locator(".mark").count() == 16
    assert curve.locator(".point.star").count() == 2
    assert "Nothing known" in (curve.locator(".gap-label").text_content() or "")


def test_anything_opens_beside_the_map_and_closes_again_with_escape(map_page: Page) -> None:
    finding = map_page.locator(".tile").first
    finding.click()
    panel = map_page.get_by_role("complementary")
    assert "Customers feel worse at “Menu board”" in panel.inner_text()
    assert finding.get_attribute("aria-expanded") == "true"
    map_page.get_by_role("button", name="Till").first.click()  # the map goes on working beside it
    assert panel.get_by_role("heading", name="Till").is_visible()
    map_page.keyboard.press("Escape")
    assert panel.count() == 0


def test_a_point_of_the_curve_answers_the_keyboard(map_page: Page) -> None:
    point = map_page.locator(".mark[data-open=queue]")
    map_page.keyboard.press("Tab")  # the keyboard is in use: focus is visible
    point.focus()
    assert "n = 512" in map_page.get_by_role("tooltip").inner_text()
    map_page.keyboard.press("Enter")
    assert map_page.get_by_role("heading", name="Queue at the door").is_visible()
    map_page.keyboard.press("Escape")
    assert point.evaluate("e => e === document.activeElement")


def test_a_touchpoint_of_the_flow_opens_to_its_steps_and_gives_the_keyboard_back(map_page: Page) -> None:
    map_page.locator("[data-form=flow]").click()
    node = map_page.get_by_role("button", name="Menu board: 61% of cases")
    node.focus()
    map_page.keyboard.press("Space")
    steps = map_page.get_by_role("complementary").locator(".steps").inner_text()
    assert "Menu board → Till: 32% of cases, median 2 min 20 s" in steps.replace("\xa0", " ")
    map_page.keyboard.press("Escape")
    map_page.wait_for_timeout(100)  # the flow is drawn anew in its old width
    assert node.evaluate("e => e === document.activeElement")


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Кривая эмоций"), ("zh-Hans", "情绪曲线"), ("zh-Hant", "情緒曲線")]
)
def test_the_language_changes_in_the_page(map_page: Page, language: str, words: str) -> None:
    map_page.get_by_label("Language").focus()
    map_page.get_by_label("Language").select_option(language)
    assert map_page.locator("html").get_attribute("lang") == language
    assert words in map_page.locator("table.matrix").inner_text()
    assert map_page.get_by_role("heading", level=1).inner_text() != "Buying coffee"
    assert map_page.locator("#language").evaluate("e => e === document.activeElement")


@pytest.mark.parametrize("form", ["matrix", "timeline", "flow"])
def test_every_form_can_be_chosen_and_asked_for(map_page: Page, file: str, form: str) -> None:
    map_page.locator(f"[data-form={form}]").click()
    inside = {"matrix": "table.matrix", "timeline": ".timeline .stop", "flow": ".flow-picture .node"}[form]
    drawn = map_page.locator(inside).count()
    assert drawn == {"matrix": 1, "timeline": 7 + 24, "flow": 24 + 4}[form]
    map_page.goto("about:blank")
    map_page.goto(f"{file}#form={form}")
    assert map_page.locator(inside).count() == drawn


def test_the_flow_shows_the_frequent_steps_first_and_all_when_asked(map_page: Page) -> None:
    map_page.locator("[data-form=flow]").click()
    frequent = map_page.locator(".edge:not(.rare)").count()
    assert 0 < frequent < 32
    map_page.get_by_label("Steps shown").fill("32")
    assert map_page.locator(".edge:not(.rare)").count() == 32


def test_a_verdict_dims_everything_else(map_page: Page) -> None:
    map_page.get_by_role("button", name="Stale 2").click()
    items = map_page.locator(".item.touchpoint")
    assert items.filter(has_text="Reviews by others").evaluate("e => e.classList.contains('dim')") is False
    assert map_page.locator(".item.touchpoint:not(.dim)").count() == 2
    map_page.get_by_role("button", name="Stale 2").click()
    assert map_page.locator(".item.dim").count() == 0


def test_a_lane_folds(map_page: Page) -> None:
    map_page.get_by_role("button", name="Touchpoints", exact=True).click()
    assert map_page.locator(".item.touchpoint").count() == 0
    assert map_page.locator(".fold[aria-expanded=false]").inner_text().split() == ["Touchpoints", "24"]


@pytest.mark.parametrize("form", ["matrix", "timeline", "flow"])
def test_on_a_phone_nothing_is_wider_than_the_screen(page: Page, file: str, form: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{file}#form={form}")
    for language in LANGUAGES:
        page.locator("#language").select_option(language)
        assert overflow(page) == 0, language
    page.locator(".tile").first.click()
    assert overflow(page) == 0


def test_on_a_phone_the_stages_follow_one_another(page: Page, file: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(file)
    assert page.locator(".stage-section").count() == 7
    assert page.locator("table.matrix").count() == 0
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("table.matrix").wait_for()


def test_dark_follows_the_system_and_the_switch(page: Page, file: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(file)
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(21, 22, 26)"
    page.get_by_label("Light or dark").click()
    assert page.evaluate(paper) == "rgb(250, 248, 244)"


@pytest.mark.parametrize(("form", "last"), [("matrix", "Backstage"), ("timeline", "Helpline"), ("flow", "Wi-Fi")])
def test_on_paper_the_whole_map_stands_on_one_sheet(page: Page, file: str, form: str, last: str) -> None:
    page.goto(f"{file}#form={form}")
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "8mm")
    pdf = page.pdf(format="A4", landscape=True, margin=margin, print_background=True)
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages]
    assert len(sheets) == 2
    assert "Buying coffee" in sheets[0] and last in sheets[0]
    assert "Walked but not on the map" in sheets[1]


@pytest.mark.parametrize("form", ["matrix", "timeline", "flow"])
def test_what_people_wrote_is_shown_and_never_run(page: Page, cafe: MapData, tmp_path: Path, form: html.Form) -> None:
    hostile = "</script><script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"
    stages = tuple(
        stage.model_copy(
            update={
                "name": hostile,
                "touchpoints": tuple(t.model_copy(update={"name": hostile}) for t in stage.touchpoints),
                "cards": tuple(c.model_copy(update={"text": hostile}) for c in stage.cards),
            }
        )
        for stage in cafe.journey.stages
    )
    journey = cafe.journey.model_copy(update={"title": hostile, "stages": stages})
    html.write(build_view(replace(cafe, journey=journey), "en"), tmp_path / "map.html", form=form)
    page.goto((tmp_path / "map.html").as_uri())
    assert page.get_by_role("heading", level=1).inner_text() == hostile
    page.locator("#map [data-open]").last.dispatch_event("click")
    assert page.locator("img").count() == 0
    assert page.title() == hostile
