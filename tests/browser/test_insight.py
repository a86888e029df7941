"""Insight by hand: findings down to the customers behind them, paths, funnels, who comes back, what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.serving import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def studio(shared_studio: Served) -> Served:
    """Ada's studio; nothing is changed in it."""
    return shared_studio


def test_a_finding_opens_down_to_the_walks_behind_it(page: Page, studio: Served) -> None:
    studio.come(page, "/insight")
    finding = studio.workspace.map("coffee").findings[0]
    row = page.locator(".rows > li").filter(has_text=finding.title)
    row.get_by_role("button", name="Who is behind it").click()
    walk = row.locator(".walks details").first
    walk.locator("summary").click()
    steps = walk.locator("ol").inner_text()
    document = studio.workspace.journeys.get("coffee")
    names = {touchpoint.id: touchpoint.name for touchpoint in document.touchpoints}
    place = names[finding.touchpoint or ""]
    assert (place if isinstance(place, str) else place["en"]) in steps


def test_paths_are_those_of_the_map(page: Page, studio: Served) -> None:
    studio.come(page, "/insight/paths")
    first = studio.workspace.map("coffee").data.variants[0]
    page.locator(".path").first.wait_for()
    assert page.locator(".path").first.locator("li").all_inner_texts() == list(first.path)


def test_a_funnel_is_built_and_split(page: Page, studio: Served) -> None:
    studio.come(page, "/insight/funnels")
    page.locator(".funnel").wait_for()
    before = page.locator(".path.steps > li").count()
    page.get_by_label("Add a step").select_option("in-the-queue")
    assert page.locator(".path.steps > li").count() == before + 1
    page.get_by_label("By dimension").fill("market")
    page.get_by_role("region", name="lisbon").wait_for()
    page.get_by_role("button", name="Clear all").click()
    page.get_by_text("A funnel needs two steps").wait_for()


def test_who_comes_back_is_shown_by_cohort(page: Page, studio: Served) -> None:
    studio.come(page, "/insight/retention")
    page.get_by_role("row", name="All").wait_for()
    expected = studio.workspace.retention("coffee", "four_weeks")
    assert page.locator("tbody tr").count() == 1 + len(expected.cohorts)
    assert page.locator("tbody tr").first.locator(".kept").first.inner_text() == "100%"


def test_segments_and_periods_are_compared(page: Page, studio: Served) -> None:
    studio.come(page, "/insight/compare")
    page.get_by_label("By dimension").fill("market")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_text("lisbon:").wait_for(timeout=60_000)
    found = studio.workspace.compare("coffee", by="market")
    differing = sum(each.differs for each in found.contrasts)
    assert f"{differing} of {len(found.contrasts)} measures" in page.get_by_role("status").inner_text()
    page.get_by_text("Two periods").click()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator(".segments").filter(has_text="2025-").wait_for(timeout=60_000)


def test_a_dimension_that_is_not_there_is_said(browser: Any, studio: Served) -> None:
    with browser.new_page() as page:  # of its own: the browser itself reports the refusal as an error
        studio.come(page, "/insight/compare")
        page.get_by_label("By dimension").fill("shoe size")
        page.get_by_role("button", name="Compare", exact=True).click()
        assert "shoe size" in page.get_by_role("alert").inner_text()
