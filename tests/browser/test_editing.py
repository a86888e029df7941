"""Editing on the map in a real browser: text, adding, moving by mouse and keyboard, undo, two who edit at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.serving import PASSWORD, Served, copied, serving

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from desirepath.journey.model import Journey, Stage

pytestmark = pytest.mark.browser


@pytest.fixture
def studio(cafe: Path, tmp_path: Path) -> Iterator[Served]:
    with serving(copied(cafe, tmp_path)) as served:
        served.studio.accounts.first("Ada", PASSWORD)
        yield served


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


def now(studio: Served) -> Journey:
    return studio.workspace.journeys.get("coffee")


def stage(studio: Served, id_: str) -> Stage:
    return next(stage for stage in now(studio).stages if stage.id == id_)


def cell(page: Page, stage: str, lane: str) -> Locator:
    return page.locator(f"[data-cell][data-stage={stage}][data-lane={lane}]")


def texts(page: Page, stage: str, lane: str) -> list[str]:
    return [each.inner_text() for each in cell(page, stage, lane).locator(".item-text").all()]


def test_smoke(living_map: Page, studio: Served) -> None:
    living_map.screenshot(path="/tmp/edit_words/a.png")
    for s in now(studio).stages:
        print(s.id, [t.id for t in s.touchpoints], [(c.id, c.lane) for c in s.cards])
