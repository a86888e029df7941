"""What every page is looked at for: it fits, those who cannot see well can use it, and no word of it is left unsaid."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
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
    "nowhere": "/nowhere",
}
"""The pages beside the map, as an admin of the café sees them."""

MAPS = {
    "map": "/journeys/coffee",
    "timeline": "/journeys/coffee?form=timeline",
    "flow": "/journeys/coffee?form=flow",
    "beside": "/journeys/coffee?beside=coffee&b.persona=commuter",
    "persona-only": "/journeys/coffee?persona=commuter",
    "nobody": "/journeys/coffee?where=market%3DAtlantis",
    "stage": "/journeys/coffee?open=stage:order",
    "touchpoint": "/journeys/coffee?open=touchpoint:till",
    "card": "/journeys/coffee?open=card:c1",
    "finding": "/journeys/coffee?open=finding:{finding}",
    "personas": "/journeys/coffee?open=personas:all",
    "persona": "/journeys/coffee?open=persona:commuter",
    "history": "/journeys/coffee?open=history:all",
}
"""The map in its forms, and all that opens beside it."""

SHARED = {"shared-map": "/shared/{the board}", "locked": "/shared/{the partners}", "wall": "/shared/{the workshop}"}
"""What links open, to those who have no account too."""

Open = Callable[["Page"], None]
VISITS = b"user_id,timestamp,event\n" + b"".join(b"u%d,2026-03-%02dT10:00:00Z,visit\n" % (n, n) for n in range(1, 20))
"""A file to bring in."""


def _clicks(*selectors: str) -> Open:
    def opens(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).first.click()

    return opens


def _presses(key: str) -> Open:
    def opens(page: Page) -> None:
        page.keyboard.press(key)
        page.get_by_role("dialog").wait_for()

    return opens


def _edits(page: Page) -> None:
    page.locator("[data-item=c2] button").focus()
    page.keyboard.press("F2")


def _uploads(page: Page) -> None:
    file = {"name": "visits.csv", "mimeType": "text/csv", "buffer": VISITS}
    page.locator(".drop input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator(".meaning").first.wait_for()


OPENED: dict[str, tuple[str, Open]] = {
    "account": ("/glossary", _clicks("header button:has(.account-name)")),
    "command-menu": ("/glossary", _presses("Control+k")),
    "shortcuts": ("/glossary", _presses("?")),
    "journey-menu": ("/journeys", _clicks(".entry .mantine-ActionIcon-root")),
    "details": ("/journeys", _clicks(".entry .mantine-ActionIcon-root", "[role=menuitem]")),
    "filter": ("/journeys/coffee", _clicks(".map-tools > :nth-child(1) button, .map-tools > button")),
    "export": ("/journeys/coffee", _clicks(".map-tools > [aria-haspopup=menu]")),
    "shown": ("/journeys/coffee", _clicks(".view-bar > [aria-haspopup=dialog]")),
    "views": ("/journeys/coffee", _clicks(".view-bar > [aria-haspopup=dialog] ~ [aria-haspopup=dialog]")),
    "text": ("/journeys/coffee", _edits),
    "attach": ("/journeys/coffee?open=card:c1", _clicks(".panel .mantine-Button-root[aria-expanded]")),
    "rules": ("/journeys/coffee?open=touchpoint:till", _clicks(".panel section:has(code) .mantine-Button-root")),
    "changes": ("/journeys/coffee?open=history:all", _clicks(".versions [aria-expanded]")),
    "mapping": ("/data", _uploads),
    "theme": ("/voice/themes", _clicks(".rows [aria-expanded]")),
    "walks": ("/insight", _clicks(".rows button")),
    "compared": ("/insight/compare", _clicks("main form [type=submit]")),
}
"""Menus, dialogs and boxes that open on a page, and how."""

PLACES: dict[str, tuple[str, Open | None]] = {
    **{name: (path, None) for name, path in (PAGES | MAPS | SHARED).items()},
    **OPENED,
}
"""All there is to look at."""


def come_to(page: Page, name: str, at: dict[str, str], *, anew: bool = False) -> None:
    """Goes to a place as a link of the studio does, or `anew`, waits until it is drawn, opens what opens there.

    `at` says what stands in the place of `{…}`: the address of the studio, a finding, the secrets of links.
    """
    path, opens = PLACES[name]
    path = re.sub(r"{([^}]+)}", lambda found: at[found[1]], path)
    if anew or not page.url.startswith(at["address"]) or page.locator(".not-yours").count():
        page.goto(at["address"] + path)
    else:
        go(page, path)
    page.locator("h1, h2").first.wait_for()
    settled(page)
    if opens:
        opens(page)
        settled(page)


GO = """
path => {
  const page = (at) => at.replace(/[?].*/, "").replace(/^.(voice|insight).*/, "$1");
  const open = (at) => /[?&]open=(\\w+)/.exec(at)?.[1];
  const left = page(location.pathname) !== page(path) ? "main > *" : "aside.panel";
  if (left === "main > *" || open(location.search) !== open(path))
    document.querySelector(left)?.setAttribute("data-left", "");
  history.pushState({}, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}
"""
"""As a link of the studio does: nothing is loaded twice. What is left is marked until it goes."""


def go(page: Page, path: str) -> None:
    """As a link of the studio does, and waits until what was there has gone and what opens has come."""
    page.evaluate(GO, path)
    page.locator("[data-left]").wait_for(state="detached")
    if "open=" in path:
        page.locator(".panel").wait_for()


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
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({ resultTypes: ['violations'] }).then(result => result.violations)")
    return [
        f"{each['id']}: {each['nodes'][0]['html']} {each['nodes'][0]['failureSummary']}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


REACHED = """
() => {
  const dialogs = [...document.querySelectorAll("[role=dialog], [role=menu]")];
  const dialog = dialogs.findLast((each) => each.checkVisibility());
  const inside = dialog ?? document.body;
  const name = (each) => `<${each.localName}> ` + (each.ariaLabel || each.innerText || each.outerHTML).slice(0, 80);
  const choice = "[role=option], [type=radio]";
  const usable = "a[href], button, input, select, textarea, summary";
  const all = [...inside.querySelectorAll(`${usable}, [tabindex]`)];
  const shown = all.filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled
    && !each.matches(choice) && !each.closest("[aria-hidden=true], [inert]")
    && (each.tabIndex >= 0 || each.matches(usable) || each.role === "menuitem"));
  for (const each of document.querySelectorAll("[data-reach]")) each.removeAttribute("data-reach");
  shown.forEach((each, at) => each.setAttribute("data-reach", at));
  if (!dialog) {
    const top = document.createElement("span");
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus();
    top.remove();
  }
  const focusable = "a[href], button, input, select, textarea, summary, label, [tabindex], [role=option]";
  const mute = [...inside.querySelectorAll("*")].filter((each) => getComputedStyle(each).cursor === "pointer"
    && !each.closest(focusable) && !each.closest("fieldset:disabled")).map(name);
  return { names: shown.map(name), mute, key: dialog?.role === "menu" ? "ArrowDown" : "Tab" };
}
"""
"""What can be used on the page or in the dialog on top, by name; what only the mouse finds; the key that goes on."""


def unreached(page: Page) -> list[str]:
    """What can be used on the page and is not reached by going on from the top with the keyboard."""
    found = page.evaluate(REACHED)
    left = dict(enumerate(found["names"]))
    for _ in range(3 * len(left) + 9):  # a date takes several
        page.keyboard.press(found["key"])
        at = page.evaluate("document.activeElement?.getAttribute('data-reach')")
        left.pop(-1 if at is None else int(at), None)
        if not left:
            break
    return [*left.values(), *found["mute"]]


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
