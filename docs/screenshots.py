"""Draws every page of the studio, wide and narrow, light and dark, to be looked at. `make screenshots`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import desirepath as dp
from desirepath.simulate import simulate

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
from stand_in import PASSWORD, serving  # noqa: E402

from conftest import chromium, flags  # noqa: E402

SIZES = ((1440, 900), (390, 844))
PAGES = {
    "journeys": "/journeys",
    "map": "/journeys/coffee",
    "touchpoint": "/journeys/coffee?open=touchpoint:in-the-queue",
    "persona": "/journeys/coffee?persona=commuter",
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
        program, environment = chromium()
        with serving(workspace) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program, args=flags(program), env={**os.environ, **environment}
            )
            _begin(browser, address, folder)
            for width, height in SIZES:
                for scheme in ("light", "dark"):
                    context = browser.new_context(
                        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
                    )
                    page = context.new_page()
                    for what, path in PAGES.items():
                        page.goto(address + path, wait_until="networkidle")
                        page.screenshot(path=folder / f"{what}-{width}-{scheme}.png")
                    context.close()
            browser.close()


def _begin(browser: Browser, address: str, folder: Path) -> None:
    """The first start, for whoever comes first."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/?setup=once", wait_until="networkidle")
    page.screenshot(path=folder / "first-start-1440-light.png")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="Journeys").wait_for()
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
