"""The forms of the map, two maps side by side, views to come back to, on paper, and for those who cannot see well."""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader
from tests.browser.serving import Served
from tests.browser.test_studio import overflow, violations

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_form_has_a_serious_fault_for_those_who_cannot_see_well(
    studio: Served, page: Page, scheme: Any, width: int
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844})
    studio.come(page, "/journeys/coffee?open=history:all")
    for view in ("open=history:all", "open=persona:commuter", "open=card:c2", "form=timeline", "form=flow",
                 "beside=coffee"):  # fmt: skip
        page.goto(f"{studio.address}/journeys/coffee?{view}")
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_timeout(400)  # what comes in softly is there
        assert violations(page) == [], view
        assert overflow(page) == 0, view
