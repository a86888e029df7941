"""Draws the README's picture anew: the simulated café chain's map as a browser shows it. `make picture`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
from conftest import chromium, flags  # noqa: E402

PROGRAM = Path(sys.executable).parent / "desirepath"


def main() -> None:
    """Simulate, import, map, photograph."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for command in (
            ["simulate", folder / "data", "--customers", "3000"],
            ["init", folder / "cafe"],
            ["ingest", folder / "cafe", folder / "data", "--mapping", folder / "data" / "mapping.yaml"],
            ["journey", folder / "cafe", "add", folder / "data" / "journey.yaml"],
            ["map", folder / "cafe", "coffee", "--out", folder / "map.html"],
        ):
            subprocess.run([PROGRAM, *command], check=True, stdout=subprocess.DEVNULL)
        program, environment = chromium()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program, args=flags(program), env={**os.environ, **environment}
            )
            page = browser.new_page(viewport={"width": 1440, "height": 1280})
            page.goto((folder / "map.html").as_uri())
            page.wait_for_timeout(500)
            page.screenshot(path=str(ROOT / "docs" / "map.png"))
            browser.close()


if __name__ == "__main__":
    main()
