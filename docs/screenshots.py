"""Draws every page of the studio, wide and narrow, light and dark, to be looked at. `make screenshots`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

import desirepath as dp
from desirepath.simulate import simulate

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tests.browser.conftest import chromium, flags  # noqa: E402
from tests.browser.looking import PAGES  # noqa: E402
from tests.browser.serving import PASSWORD, Served, serving  # noqa: E402

SIZES = ((1440, 900), (390, 844))
MAP = {
    "map": "/journeys/coffee",
    "touchpoint": "/journeys/coffee?open=touchpoint:in-the-queue",
    "persona": "/journeys/coffee?persona=commuter",
    "timeline": "/journeys/coffee?form=timeline",
    "flow": "/journeys/coffee?form=flow",
    "card": "/journeys/coffee?open=card:c1",
    "beside": "/journeys/coffee?beside=coffee&b.persona=commuter",
    "history": "/journeys/coffee?open=history:all",
    "personas": "/journeys/coffee?open=persona:commuter",
    "nobody": "/journeys/coffee?where=market%3DAtlantis",
    "nowhere": "/nowhere",
}


def main(folder: Path) -> None:
    """Simulate, serve, photograph."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        company = simulate(Path(name) / "data", customers=1500, seed=1)
        workspace = dp.init(Path(name) / "cafe")
        workspace.ingest(Path(name) / "data", mapping=company.mapping)
        workspace.add_journey(company.journey)
        workspace.map("coffee")  # the kernels are compiled here, not while a page waits
        program, environment = chromium()
        with serving(workspace) as served, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program, args=flags(program), env={**os.environ, **environment}
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            _draw(page, served.first, folder / "first-start-1440-light.png")
            served.studio.accounts.first("Ada", PASSWORD)
            for width, height in SIZES:
                for scheme in ("light", "dark"):
                    _each(browser, served, folder, {"width": width, "height": height}, scheme)
            browser.close()


def _each(browser: Browser, served: Served, folder: Path, size: Any, scheme: Any) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    served.come(page)
    for what, path in (PAGES | MAP).items():
        _draw(page, served.address + path, folder / f"{what}-{size['width']}-{scheme}.png")
    context.close()


def _draw(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    page.locator("h1, main h2").first.wait_for(timeout=120_000)
    page.wait_for_timeout(300)  # what comes in softly is there
    page.screenshot(path=file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
