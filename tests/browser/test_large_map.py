"""A map of 12 stages × 15 lanes × 600 cards: how soon it is drawn, and how smoothly a card is dragged across it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.serving import PASSWORD, Served, copied, serving

from desirepath.journey.model import Journey

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
LANES = ("actions", "thoughts", "needs", "emotions", "pain_points", "opportunities", "metrics", "backstage")
FRAMES = """
() => { window.frames_ = []; const tick = (at) => { frames_.push(at); window.beat = requestAnimationFrame(tick); };
        requestAnimationFrame(tick); }
"""


def large() -> Journey:
    """As large as a map in a war room: 12 stages, 15 lanes, 600 cards."""
    own = [{"id": f"own{i}", "name": f"Lane {i}"} for i in range(7)]
    lanes = [*LANES, *(lane["id"] for lane in own)]
    stages = [
        {
            "id": f"s{s}",
            "name": f"Stage {s}",
            "owner": "Team",
            "touchpoints": [{"id": f"t{s}-{i}", "name": f"Touchpoint {s}.{i}"} for i in range(4)],
            "cards": [
                {"id": f"c{s}-{i}", "lane": lanes[i % len(lanes)], "text": f"What {i} customers of stage {s} want"}
                for i in range(50)
            ],
        }
        for s in range(12)
    ]
    return Journey.model_validate({"id": "large", "title": "Large", "stages": stages, "lanes": own})


@pytest.fixture
def studio(cafe: Path, tmp_path: Path) -> Iterator[Served]:
    workspace = copied(cafe, tmp_path)
    workspace.add_journey(large())
    workspace.map("large")  # computed once: what is measured is the page
    with serving(workspace) as served:
        served.studio.accounts.first("Ada", PASSWORD)
        yield served


@pytest.fixture
def large_map(studio: Served, page: Page) -> Page:
    studio.come(page, "/journeys/large")
    page.locator("[data-item=c11-49]").wait_for()
    page.get_by_role("status").get_by_text("Saved").wait_for()
    return page


def test_a_large_map_is_drawn_soon(large_map: Page, record_property: pytest.RecordProperty) -> None:
    large_map.reload()
    large_map.evaluate("performance.clearResourceTimings()")
    large_map.locator("[data-item=c11-49]").wait_for()
    drawn = large_map.evaluate("""
        () => new Promise(done => requestAnimationFrame(() => done({
          paint: performance.getEntriesByName("first-contentful-paint")[0].startTime, now: performance.now(),
        })))
    """)
    print("large map:", drawn)
    assert large_map.locator("[data-item][data-kind=card]").count() == 600
    assert large_map.locator("[data-lane-row]").count() == 17
    assert drawn["now"] < 5000  # 1.7 s where eight others were at work; a test may share its machine with more


def test_a_card_is_dragged_smoothly_across_a_large_map(large_map: Page, studio: Served) -> None:
    large_map.get_by_role("table").evaluate("e => e.parentElement.scrollIntoView()")
    large_map.locator("[data-item=c0-1]").scroll_into_view_if_needed()
    box = large_map.locator("[data-item=c0-1] button").bounding_box()
    assert box
    large_map.mouse.move(box["x"] + 20, box["y"] + 8)
    large_map.mouse.down()
    large_map.mouse.move(box["x"] + 40, box["y"] + 10, steps=3)
    large_map.evaluate(FRAMES)
    for step in range(60):
        large_map.mouse.move(box["x"] + 40 + step * 8, box["y"] + 10 + (step % 20) * 6)
    frames = large_map.evaluate("cancelAnimationFrame(beat), frames_.slice(1).map((at, i) => at - frames_[i])")
    large_map.mouse.up()
    large_map.get_by_role("status").get_by_text("Saved").wait_for()
    slow = sorted(frames)[int(len(frames) * 0.95)]
    print(f"drag: {len(frames)} frames, median {sorted(frames)[len(frames) // 2]:.1f} ms, p95 {slow:.1f} ms")
    assert sorted(frames)[len(frames) // 2] < 34
    moved = next(card for stage in studio.workspace.journeys.get("large").stages for card in stage.cards
                 if card.id == "c0-1")  # fmt: skip
    assert moved not in studio.workspace.journeys.get("large").stages[0].cards
