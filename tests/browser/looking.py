"""What every page is looked at for: it fits, those who cannot see well can use it, and no word of it is left unsaid."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

WEB = Path(__file__).parents[2] / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
LANGUAGES = ("en", "ru", "zh-Hans", "zh-Hant")
PAGES = {
    "journeys": "/journeys",
    "new-journey": "/journeys/new",
    "journey-people": "/journeys/coffee/people",
    "share": "/journeys/coffee/share",
    "data": "/data",
    "quarantine": "/data/quarantine?source=pos_moscow",
    "note": "/data/note",
    "voice": "/voice",
    "themes": "/voice/themes",
    "words": "/voice/words",
    "teach": "/voice/teach",
    "heard": "/voice/heard",
    "insight": "/insight",
    "paths": "/insight/paths",
    "funnels": "/insight/funnels",
    "retention": "/insight/retention",
    "compare": "/insight/compare",
    "people": "/people",
    "mentions": "/mentions",
    "audit": "/audit",
    "backups": "/backups",
    "glossary": "/glossary",
    "settings": "/settings",
}
"""The pages beside the map, as an admin of the café sees them."""


ASKS = """
(() => {
  let open = 0;
  const counted = (from, name) => {
    const asks = from[name];
    from[name] = function (...given) {
      open += 1;
      return asks.apply(this, given).finally(() => { open -= 1; });
    };
  };
  counted(window, "fetch");
  counted(Response.prototype, "json");
  counted(Response.prototype, "text");
  window.asking = () => open;
})()
"""
CALM = """
() => {
  const busy = document.querySelector(
    "[aria-busy=true], .mantine-Loader-root, .mantine-Skeleton-root, aside.panel:empty, #root:empty");
  window.calm = asking() || busy ? 0 : (window.calm ?? 0) + 1;
  return window.calm > 3;
}
"""


def watched(context: BrowserContext) -> BrowserContext:
    """Its pages count what they ask the server for, so that `settled` knows."""
    context.add_init_script(ASKS)
    return context


def settled(page: Page) -> None:
    """Waits until all that the page asked for has come and is drawn; its live stream stays open."""
    page.evaluate("window.calm = 0")
    page.wait_for_function(CALM, timeout=60_000)


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def violations(page: Page) -> list[str]:
    """What axe-core finds serious or critical."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [
        f"{each['id']}: {each['nodes'][0]['html']} {each['nodes'][0]['failureSummary']}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def catalogues() -> list[Path]:
    """The folders of words, one for each area of the studio."""
    return sorted({path.parent for path in (WEB / "src" / "i18n").rglob("en.json")})


@cache
def _areas() -> tuple[str, ...]:
    shared = WEB.parent / "src" / "desirepath" / "locale" / "en.json"
    files = [shared, *(folder / "en.json" for folder in catalogues())]
    keys = {key for file in files for key in json.loads(file.read_text(encoding="utf-8"))}
    return tuple(sorted({key.split(".")[0] + "." for key in keys}))


def unsaid(page: Page) -> list[str]:
    """Keys and places of messages that stand on the page instead of their words."""
    said = page.locator("body").inner_text()
    names = page.evaluate("[...document.querySelectorAll('[aria-label]')].map(e => e.ariaLabel).join(' ')")
    words = f"{said} {names}".split()
    keys = [word for word in words if word.startswith(_areas()) and re.fullmatch(r"[a-z_]+(\.[\w-]+)+", word)]
    return keys + re.findall(r"\{\w+(?::\w+)?\}", said)
