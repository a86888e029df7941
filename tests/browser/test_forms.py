"""The forms of the map, two maps side by side, views to come back to, on paper."""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from tests.browser.serving import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def studio(shared_studio: Served) -> Served:
    """The tests below change nothing in it."""
    return shared_studio


def test_the_timeline_says_when_each_stage_begins_and_how_long_it_lasts(living_map: Page) -> None:
    living_map.get_by_text("Timeline", exact=True).click()
    line = living_map.get_by_role("region", name="Timeline")
    line.locator(".stop").last.wait_for()
    assert line.locator(".stage-stop").count() == 7 and line.locator(".stop").count() == 7 + 27
    assert "at the start" in line.locator(".stage-stop").first.inner_text()
    line.get_by_role("button", name="Till").click()
    living_map.get_by_role("complementary", name="Till").wait_for()
    living_map.reload()
    line.wait_for()  # the form stands in the address


def test_the_flow_shows_frequent_steps_first_and_more_when_asked(living_map: Page) -> None:
    living_map.get_by_text("Flow", exact=True).click()
    living_map.locator(".node").last.wait_for()
    assert living_map.locator(".node").count() == 27
    few = living_map.locator(".edge").count()
    living_map.get_by_label("Steps shown").fill("60")
    assert living_map.locator(".edge").count() == 60 > few
    assert "of cases, median" in (living_map.locator(".edge title").first.text_content() or "")
    living_map.get_by_role("button", name="Till").click()
    living_map.locator(".edge.faint").first.wait_for(state="attached")
    assert 0 < living_map.locator(".edge:not(.faint)").count() < 60


def test_two_parts_of_the_evidence_stand_side_by_side(living_map: Page) -> None:
    living_map.get_by_role("button", name="Compare").click()
    beside = living_map.get_by_role("region", name="Map beside it")
    beside.get_by_role("table").wait_for()
    everybody = beside.locator(".facts dd").first.inner_text()
    beside.get_by_role("button", name="Filter").click()
    living_map.get_by_label("Persona").select_option(index=1)
    living_map.get_by_role("button", name="Apply").click()
    beside.locator(".mantine-Pill-root").wait_for()
    living_map.wait_for_function(
        "before => [...document.querySelectorAll('.compare .facts')][1].querySelector('dd').innerText !== before",
        arg=everybody,
        timeout=120_000,  # other kernels may be compiled
    )
    assert living_map.locator(".compare .facts").first.locator("dd").first.inner_text() == everybody
    assert living_map.get_by_role("textbox").count() == 0  # looked at, not edited
    living_map.get_by_role("button", name="Stop comparing").click()
    beside.wait_for(state="detached")
    assert living_map.get_by_role("table").count() == 1


HELD = """
box => ({ over: box.scrollHeight - box.clientHeight, beside: box.scrollWidth - box.clientWidth,
          zoom: Number(box.style.getPropertyValue("--zoom") || 1), top: box.getBoundingClientRect().top,
          bottom: box.getBoundingClientRect().bottom })
"""


@pytest.mark.parametrize("form", ["matrix", "timeline", "flow"])
def test_the_whole_map_is_seen_at_once_by_one_key(studio: Served, page: Page, form: str) -> None:
    page.set_viewport_size({"width": 1100, "height": 600})
    studio.come(page, f"/journeys/coffee?form={form}")
    box = page.locator(".zoomed")
    box.wait_for()
    page.get_by_role("status").get_by_text("Saved").wait_for()
    page.keyboard.press("f")
    whole = page.get_by_role("button", name="Fit the whole")
    expect(whole).to_have_attribute("aria-pressed", "true")
    held = box.evaluate(HELD)
    assert held["over"] <= 1 and held["beside"] <= 1
    assert 0.2 < held["zoom"] < 1  # no smaller than it has to be: a little larger does not fit
    larger = "(box, zoom) => { box.style.setProperty('--zoom', zoom); return box.scrollHeight - box.clientHeight }"
    assert box.evaluate(larger, held["zoom"] * 1.03) > 1 or box.evaluate(HELD)["beside"] > 1
    assert held["top"] >= 0 and held["bottom"] <= 601  # and it is in sight
    page.reload()
    box.wait_for()
    assert box.evaluate(HELD)["zoom"] < 1  # as it was left
    page.keyboard.press("F")
    expect(whole).to_have_attribute("aria-pressed", "false")
    assert box.evaluate(HELD)["zoom"] == 1


def test_the_flow_fits_the_width_and_a_letter_in_a_text_zooms_nothing(studio: Served, page: Page) -> None:
    page.set_viewport_size({"width": 1000, "height": 600})
    studio.come(page, "/journeys/coffee?form=flow")
    page.locator(".node").first.wait_for()
    assert page.locator(".flow-scroll").evaluate(HELD)["beside"] > 1
    page.keyboard.press("w")
    expect(page.get_by_role("button", name="Fit the width")).to_have_attribute("aria-pressed", "true")
    assert page.locator(".flow-scroll").evaluate(HELD)["beside"] <= 1
    page.get_by_role("button", name="Views").click()
    page.get_by_label("Keep this view as").press_sequentially("wf")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Fit the width")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Fit the whole")).to_have_attribute("aria-pressed", "false")


def test_a_view_that_is_shared_is_everybodys_and_ones_own_is_not(
    living_map: Page, studio: Served, browser: Any
) -> None:
    def keep(name: str) -> None:
        living_map.get_by_label("Keep this view as").fill(name)
        living_map.get_by_role("button", name="Keep", exact=True).click()
        living_map.get_by_role("button", name=name, exact=True).wait_for()

    living_map.goto(f"{studio.address}/journeys/coffee?where=market%3Dlisbon&form=timeline")
    living_map.get_by_role("region", name="Timeline").wait_for()
    living_map.get_by_role("button", name="Views").click()
    keep("For me alone")
    living_map.get_by_label("Share it with everybody").check()
    keep("Lisbon in time")
    with browser.new_page() as other:
        studio.come(other, "/journeys/coffee", studio.invite("Vic", "viewer"))
        other.get_by_role("button", name="Views").click()
        other.get_by_text("by Ada").wait_for()
        assert other.get_by_role("button", name="For me alone").count() == 0
        assert other.get_by_label("Share it with everybody").count() == 0
        assert other.get_by_role("button", name="Remove Lisbon in time").count() == 0
        other.get_by_role("button", name="Lisbon in time", exact=True).click()
        other.get_by_role("region", name="Timeline").wait_for()
        assert "where=market%3Dlisbon" in other.url
    living_map.get_by_role("button", name="Remove Lisbon in time").click()
    living_map.get_by_role("button", name="Lisbon in time", exact=True).wait_for(state="detached")
    living_map.get_by_role("button", name="Remove For me alone").click()
    living_map.get_by_role("button", name="For me alone", exact=True).wait_for(state="detached")


def test_a_view_is_kept_under_a_name(living_map: Page) -> None:
    living_map.get_by_role("button", name="Shown").click()
    living_map.get_by_role("checkbox", name="Touchpoints").uncheck()
    living_map.keyboard.press("Escape")
    living_map.get_by_role("button", name="Views").click()
    living_map.get_by_label("Keep this view as").fill("Without touchpoints")
    living_map.get_by_role("button", name="Keep", exact=True).click()
    living_map.keyboard.press("Escape")
    living_map.get_by_role("button", name="Shown").click()
    living_map.get_by_role("checkbox", name="Touchpoints").check()
    living_map.keyboard.press("Escape")
    living_map.reload()
    living_map.locator(".item.touchpoint").first.wait_for()
    living_map.get_by_role("button", name="Views").click()
    living_map.get_by_role("button", name="Without touchpoints", exact=True).click()
    living_map.locator(".item.touchpoint").first.wait_for(state="detached")


def test_a_stage_is_hidden_and_the_curve_closes_over_it(living_map: Page) -> None:
    living_map.get_by_role("button", name="Shown").click()
    living_map.get_by_role("checkbox", name="Get help").uncheck()
    living_map.keyboard.press("Escape")
    assert living_map.locator("[data-stage-head]").count() == 6
    assert living_map.get_by_role("button", name="Hotline", exact=True).count() == 0
    living_map.reload()
    living_map.locator("[data-stage-head]").first.wait_for()
    assert living_map.locator("[data-stage-head]").count() == 6


def test_on_paper_the_map_has_no_buttons(living_map: Page) -> None:
    pdf = living_map.pdf(format="A3", landscape=True, print_background=True)
    said = unicodedata.normalize("NFKC", " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages))
    assert "Coffee at Ember & Fold" in said and "Emotion curve" in said and "Till" in said
    for word in ("Saved", "History", "Filter", "Export", "+ Lane"):
        assert word not in said
