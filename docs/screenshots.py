"""Draws every page of the studio, wide and narrow, light and dark, to be looked at. `make screenshots`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

import desirepath as dp
from desirepath.simulate import simulate

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tests.browser.conftest import chromium, flags  # noqa: E402
from tests.browser.furnishing import furnish  # noqa: E402
from tests.browser.looking import PLACES, come_to, watched  # noqa: E402
from tests.browser.serving import PASSWORD, Served, serving  # noqa: E402

SIZES = ((1440, 900), (390, 844))


def main(folder: Path) -> None:
    """Simulate, furnish, serve, photograph."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        company = simulate(Path(name) / "data", customers=1500, seed=1)
        workspace = dp.init(Path(name) / "cafe")
        workspace.ingest(Path(name) / "data", mapping=company.mapping)
        workspace.add_journey(company.journey)
        finding = workspace.map("coffee").findings[0].id  # the kernels are compiled here, not while a page waits
        program, environment = chromium()
        with serving(workspace) as served, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program, args=flags(program), env={**os.environ, **environment}
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(served.first)
            page.get_by_role("heading").wait_for()
            page.screenshot(path=folder / "first-start-1440-light.png")
            served.studio.accounts.first("Ada", PASSWORD)
            (inbox := Path(name) / "inbox").mkdir()
            at = {"address": served.address, "finding": finding, **furnish(served, inbox)}
            for width, height in SIZES:
                for scheme in ("light", "dark"):
                    _each(browser, served, folder, {"width": width, "height": height}, scheme, at)
            browser.close()


def _each(browser: Browser, served: Served, folder: Path, size: Any, scheme: Any, at: dict[str, str]) -> None:
    context = watched(browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce"))
    page = context.new_page()
    served.come(page)
    for place in PLACES:
        come_to(page, place, at, anew=True)
        page.screenshot(path=folder / f"{place}-{size['width']}-{scheme}.png")
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
