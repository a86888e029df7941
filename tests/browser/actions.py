"""Everything that can be done in the studio, page by page: who may do it, where its control is, which routes it calls.

A control is there for the roles that reach what the action needs and for nobody else (tests/browser/test_roles.py walks
through all of it); an action that is not in this table fails there.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.looking import VISITS
from tests.browser.serving import PASSWORD

from desirepath.server.roles import Role

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Find = Callable[["Page"], "Locator"]
Do = Callable[["Page", "Locator"], None]
FOLDER = str(Path(__file__).parent)
"""On the server; nothing is read in it while the queue is held."""
COUNT = itertools.count()
"""What is typed is another text each time."""
MERMAID = "journey\n  title Booking a table\n  section Book\n    Pay: 1: Guest\n"


@dataclass(frozen=True)
class Action:
    """What people of a role do. Without `do` it is only looked for; what is `later` shows after the others."""

    name: str
    need: Role
    control: Find
    do: Do | None = None
    routes: tuple[str, ...] = ()
    later: bool = False


@dataclass(frozen=True)
class Stop:
    """A page, or what opens on it (`within`); who does not reach `needs` is told so.

    `opens` opens what is shut; `anew`: one comes once more for each action.
    """

    name: str
    path: str
    actions: tuple[Action, ...]
    needs: Role = "viewer"
    within: str = "main"
    anew: bool = False
    opens: Callable[[Page], None] | None = None


# Finding


def button(name: str | re.Pattern[str], exact: bool = True) -> Find:
    """A button of this name."""
    return lambda page: page.get_by_role("button", name=name, exact=exact)


def link(name: str) -> Find:
    """A link on the page itself, not in the bar."""
    return lambda page: page.get_by_role("main").get_by_role("link", name=name)


def label(name: str | re.Pattern[str]) -> Find:
    """A field of this name."""
    return lambda page: page.get_by_label(name)


def css(selector: str) -> Find:
    """Whatever this selects."""
    return lambda page: page.locator(selector)


def item(name: str) -> Find:
    """An entry of the menu that is open."""
    return lambda page: page.get_by_role("menuitem", name=name, exact=True)


# Doing


def click(page: Page, control: Locator) -> None:
    """Once."""
    control.first.click()


def nothing(page: Page, control: Locator) -> None:
    """The page does it by itself."""


def makes(do: Do) -> Do:
    """A journey, which opens."""

    def then(page: Page, control: Locator) -> None:
        do(page, control)
        page.get_by_role("table").wait_for()

    return then


def sure(page: Page, control: Locator) -> None:
    """Twice: the button asks once more."""
    control.first.click()
    page.get_by_role("button", name=re.compile("^Sure?")).first.click()


def types(text: str, key: str = "Enter", field: str = "textarea.inline-editor") -> Do:
    """Opens the control, types over what it holds, and takes it."""

    def do(page: Page, control: Locator) -> None:
        control.first.click()
        page.locator(field).fill(f"{text} {next(COUNT)}")
        page.keyboard.press(key)

    return do


def fills(fields: dict[str, str], then: str) -> Do:
    """Fills the fields, presses a button."""

    def do(page: Page, control: Locator) -> None:
        for name, text in fields.items():
            page.get_by_role("textbox", name=name).first.fill(text)
        page.get_by_role("button", name=then, exact=True).first.click()

    return do


def chooses(value: str | None = None, index: int | None = None) -> Do:
    """One of several."""
    return lambda page, control: control.first.select_option(value, index=index) and None  # type: ignore[func-returns-value]


def accepts(page: Page, control: Locator) -> None:
    """Says yes to the browser's own question."""
    page.once("dialog", lambda dialog: dialog.accept())
    control.click()


def by_key(key: str) -> Do:
    """With the focus on it."""

    def do(page: Page, control: Locator) -> None:
        control.first.focus()
        page.keyboard.press(key)

    return do


def opens(name: str) -> Callable[[Page], None]:
    """The first menu or box whose button begins with this."""
    return lambda page: page.get_by_role("button", name=name).first.click()


def _draws(page: Page, control: Locator) -> None:
    control.click()
    page.get_by_role("button", name="Stop").click()


def _markets(page: Page, control: Locator) -> None:
    control.click()
    page.get_by_role("textbox", name="Market").fill(f"Market {next(COUNT)}")
    page.get_by_role("button", name="Keep").click()


def _sends(page: Page, control: Locator) -> None:
    page.get_by_label("Choose files").set_input_files({"name": "visits.csv", "mimeType": "text/csv", "buffer": VISITS})
    page.get_by_role("heading", name="What the columns mean").wait_for()


def _rules(page: Page, control: Locator) -> None:
    control.click()
    with page.expect_response("**/preview*"):
        page.get_by_label("Events, any of").first.fill("cart_*")
    page.get_by_role("button", name="Keep these rules").click()


def _attaches(page: Page, control: Locator) -> None:
    control.click()
    page.locator(".offers button").first.click()


def _renames(page: Page, control: Locator) -> None:
    control.first.click()
    page.get_by_role("textbox", name="Name").fill("Paying")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("button", name="Take it back").wait_for()


WORDS = css(".panel blockquote + p button:has-text('Put on the map')")
EDIT = ("POST /api/journeys/{journey}/edits",)
COMMENT = "/api/journeys/{journey}/comments"


def edits(name: str, control: Find, do: Do | None = None, later: bool = False) -> Action:
    """An action that changes the journey's document."""
    return Action(name, "editor", control, do, EDIT if do else (), later)


STOPS = (
    Stop("journeys", "/journeys", (Action("new journey", "editor", link("New journey")),)),
    Stop(
        "a journey's menu", "/journeys",
        (
            edits("set whose it is", item("Owner, market, part of …"), _markets),
            Action("draw how it should be", "editor", item("Draw how it should be"), makes(click),
                   ("POST /api/journeys",)),
            Action("remove a journey", "owner", item("Remove"), accepts, ("DELETE /api/journeys/{journey}",)),
        ),
        within="[role=menu]",
        anew=True,
        opens=opens("More about “To go"),
    ),
    Stop(
        "new journey", "/journeys/new",
        (
            Action("let the data draw it", "editor", button("Let the data draw it"), _draws,
                   ("POST /api/discoveries", "POST /api/jobs/{job}/cancel")),
            Action("from a template", "editor", css(".template"), makes(click), ("POST /api/journeys",)),
            Action("choose a file", "editor", button("Choose a file")),
            Action("from a text", "editor", lambda page: page.get_by_role("textbox", name="Text"),
                   makes(fills({"Text": MERMAID}, "Make the journey")),
                   ("POST /api/journeys",)),
            Action("its format", "editor", label("Format")),
            Action("make it", "editor", button("Make the journey")),
        ),
        needs="editor",
    ),
    Stop(
        "map", "/journeys/coffee",
        (
            edits("title", css("h1 .editable"), types("Coffee, again")),
            edits("goal", css(".map-titles p .editable"), types("Who comes back")),
            edits("undo", button("Undo"), click),
            edits("redo", button("Redo"), click),
            edits("add a card or touchpoint", button(re.compile("^Add to (?!“)")), types("Said by hand")),
            edits("add a stage", button("Stage"), types("Recommend")),
            edits("add a lane", button("Lane"), types("Partners")),
            edits("rename or remove a lane of one's own", css(".own-lane button")),
            edits("move the parts", css("[aria-describedby^=DndDescribedBy]")),
            edits("assumed emotion", lambda page: page.get_by_role("slider"), by_key("PageUp")),
            edits("take what nobody drew onto the map", button(re.compile("Add to “"))),
            edits("take a theme onto the map", css(".talked li button"), lambda page, control: control.nth(1).click()),
            Action("share", "editor", link("Share")),
        ),
        opens=lambda page: page.locator(".talked").scroll_into_view_if_needed(),
    ),
    Stop(
        "stage", "/journeys/coffee?open=stage:order",
        (
            edits("its texts", css(".panel .editable"), types("Order and wait")),
            edits("take words onto the map", WORDS),
            Action("comment", "commenter", label("Comment")),
            edits("remove it", css(".panel button:has-text('Remove from the map')")),
        ),
        within=".panel",
    ),
    Stop(
        "touchpoint", "/journeys/coffee?open=touchpoint:till",
        (
            edits("its texts", css(".panel .editable"), types("Till or kiosk")),
            edits("its choices", css(".panel select"), chooses(index=1)),
            edits("moment of truth", css(".panel input[type=checkbox]"), click),
            Action("its rules", "editor", button("Change the rules"), _rules,
                   ("POST /api/journeys/{journey}/preview", *EDIT)),
            edits("take words onto the map", WORDS, click),
            edits("take it off the map", css(".panel button:has-text('Remove from the map')")),
            Action("comment", "commenter", css(".comments > form textarea"), lambda page, control: (
                control.fill("Said by hand"), page.locator(".comments > form").get_by_role("button").click())[1],
                (f"POST {COMMENT}",)),
            Action("reply", "commenter", css(".comments li > form textarea")),
            Action("settle", "commenter", button(re.compile("^(Settle|Open again)$")), click,
                   (f"PATCH {COMMENT}/{{comment}}",)),
            Action("remove one's own comment", "commenter",
                   lambda page: page.locator(".comments > ul > li").filter(has_text="Said by hand")
                   .get_by_role("button", name="Remove").last, click, (f"DELETE {COMMENT}/{{comment}}",), later=True),
            Action("remove another's comment", "owner",
                   lambda page: page.locator(".comments > ul > li").filter(has_text="Look here")
                   .get_by_role("button", name="Remove"), click, (f"DELETE {COMMENT}/{{comment}}",)),
        ),
        within=".panel",
    ),
    Stop(
        "card", "/journeys/coffee?open=card:c1",
        (
            edits("its text", css(".panel .editable"), types("See at once")),
            edits("its choices", css(".panel select"), chooses(index=1)),
            edits("attach evidence", button("Attach evidence"), _attaches),
            edits("take evidence away", button(re.compile("^Take away")), click),
            edits("remove it", css(".panel button:has-text('Remove from the map')")),
            Action("comment", "commenter", label("Comment")),
        ),
        within=".panel",
    ),
    Stop(
        "finding", "/journeys/coffee?open=finding:{finding}",
        (
            edits("take it or words about it onto the map",
                  lambda page: page.locator(".panel").get_by_role("button", name="Put on the map")),
            Action("comment", "commenter", label("Comment")),
        ),
        within=".panel",
    ),
    Stop(
        "personas", "/journeys/coffee?open=personas:all",
        (edits("add a persona", css(".panel .add"), types("Tourists")),),
        within=".panel",
    ),
    Stop(
        "persona", "/journeys/coffee?open=persona:commuter",
        (
            edits("its texts", css(".panel .editable"), types("Commuters")),
            edits("remove it", button("Remove this persona")),
            Action("comment", "commenter", label("Comment")),
        ),
        within=".panel",
    ),
    Stop(
        "history", "/journeys/coffee?open=history:all",
        (
            Action("what a version is", "editor", label("What this version is")),
            Action("keep a version", "editor", button("Keep a version"), click,
                   ("POST /api/journeys/{journey}/versions",)),
            Action("restore one", "editor", button(re.compile("^Restore")),
                   lambda page, control: control.last.click(),
                   ("POST /api/journeys/{journey}/versions/{version}/restore",)),
        ),
        within=".panel",
    ),
    Stop(
        "views", "/journeys/coffee?where=market%3Dlisbon",
        (
            Action("share a view", "editor", label("Share it with everybody")),
            Action("keep a view", "viewer", label("Keep this view as"), fills({"Keep this view as": "Mine"}, "Keep"),
                   ("POST /api/journeys/{journey}/views",)),
            Action("remove one's own", "viewer", button("Remove Mine"), click,
                   ("DELETE /api/journeys/{journey}/views/{view}",), later=True),
            Action("remove another's", "owner", button(re.compile("^Remove By Ada")), click,
                   ("DELETE /api/journeys/{journey}/views/{view}",)),
        ),
        within="[role=dialog]",
        opens=opens("Views"),
    ),
    Stop(
        "people of a journey", "/journeys/coffee/people",
        (
            Action("give a role", "owner", label(re.compile("^Role of Bo")), chooses("editor"),
                   ("PUT /api/journeys/{journey}/roles/{user}",)),
            Action("take it back", "owner", label(re.compile("^Role of Bo")), chooses(""),
                   ("DELETE /api/journeys/{journey}/roles/{user}",)),
            Action("the others' roles", "owner", label(re.compile("^Role of "))),
        ),
    ),
    Stop(
        "share", "/journeys/coffee/share",
        (
            Action("make a link", "owner", button("Make a link"), fills({"For whom": "The board"}, "Make a link"),
                   ("POST /api/journeys/{journey}/shares",)),
            Action("what it is to be", "owner", css("form.box-body :is(input, select, button)")),
            Action("revoke a link", "owner", button(re.compile("^Revoke")), sure,
                   ("DELETE /api/journeys/{journey}/shares/{share}",)),
            Action("make a note a card", "editor", button(re.compile("^Make it a card")), click,
                   (*EDIT, "PATCH /api/journeys/{journey}/sticky-notes/{note}")),
            Action("put a note aside", "editor", button(re.compile("^Put aside")), click,
                   ("PATCH /api/journeys/{journey}/sticky-notes/{note}",)),
            Action("where it goes", "editor", label(re.compile("^Stage: "))),
        ),
        anew=True,
    ),
    Stop(
        "data", "/data",
        (
            Action("note", "editor", link("Add a note")),
            Action("quarantine", "editor", css("table a[href*=quarantine]")),
            Action("send files", "editor", button("Choose files"), _sends,
                   ("POST /api/uploads", "PUT /api/uploads/{upload}/file", "POST /api/uploads/{upload}/preview")),
            Action("try them out", "editor", button("Try it out"), click,
                   ("POST /api/uploads/{upload}/check",), later=True),
            Action("give them up", "editor", button("Give it up"), click,
                   ("DELETE /api/uploads/{upload}",), later=True),
            Action("look into a folder now", "editor", button("Look now"), click,
                   ("POST /api/watches/{watch}/run",)),
            Action("watch a folder", "admin", button("Watch it"),
                   fills({"Folder on the server": FOLDER}, "Watch it"), ("POST /api/watches",)),
            Action("how often", "admin", label(re.compile("^(Look every|Folder on the server)"))),
            Action("pause a folder", "admin", button("Pause"), click, ("PATCH /api/watches/{watch}",)),
            Action("watch it no longer", "admin", button(re.compile("^Remove")), sure,
                   ("DELETE /api/watches/{watch}",)),
        ),
    ),
    Stop(
        "files on their way in", "/data",
        (
            Action("send files", "editor", button("Choose files"), _sends),
            Action("import them", "editor", button("Import"), click,
                   ("POST /api/uploads/{upload}/import",), later=True),
            Action("stop it", "editor", button("Stop"), click, ("POST /api/jobs/{job}/cancel",), later=True),
        ),
        within=".drop",
    ),
    Stop(
        "quarantine", "/data/quarantine?source=pos_moscow",
        (
            Action("read it again", "editor", button("Read them again"), click, ("POST /api/replays",)),
            Action("with another mapping", "editor", label("Corrected mapping of")),
            Action("as a file", "editor", link("As a file (CSV)")),
            Action("of a source", "editor", label("Source")),
        ),
        needs="editor",
    ),
    Stop(
        "note", "/data/note",
        (
            Action("keep a note", "editor", button("Keep it"),
                   fills({"What was said or seen": "The queue reached the door"}, "Keep it"), ("POST /api/notes",)),
            Action("where it belongs", "editor", css("form.note :is(input, select, textarea)")),
        ),
        needs="editor",
    ),
    Stop(
        "themes", "/voice/themes",
        (
            Action("change a theme", "editor", button(re.compile("^Change: ")), _renames,
                   ("POST /api/voice/themes/{theme}",)),
            Action("take it back", "editor", button("Take it back"), click,
                   ("DELETE /api/voice/decisions/{number}",), later=True),
            edits("put it on the map", button(re.compile("^Put on the map: ")), click),
            Action("of which journey", "editor", label("Put on the map of")),
            Action("teach", "editor", link("Teach")),
        ),
    ),
    Stop(
        "teach", "/voice/teach",
        (
            Action("say what a text expresses", "editor", css(".answers button"), click, ("POST /api/voice/labels",)),
            Action("take it back", "editor", css(".teach .page-tools button >> nth=0"),
                   lambda page, control: (page.get_by_text("1 of 20").wait_for(), page.keyboard.press("z"))[1],
                   ("DELETE /api/voice/labels/{feedback}",)),
            Action("skip it", "editor", css(".teach .page-tools button >> nth=1")),
            Action("teach", "editor", link("Teach")),
        ),
    ),
    Stop(
        "people", "/people",
        (
            Action("audit log", "admin", link("Audit log")),
            Action("invite", "admin", button("Invite"), fills({"Name": "Gus"}, "Invite"), ("POST /api/users",)),
            Action("whom, as what", "admin", css("form.box-body :is(input, select)")),
            Action("give a role", "admin", label("Role of Bo"), chooses("commenter"), ("PATCH /api/users/{user}",)),
            Action("the others' roles", "admin", label(re.compile("^Role of "))),
            Action("new link", "admin", button(re.compile("^New link")), lambda page, control: control.last.click(),
                   ("POST /api/users/{user}/invitation",)),
            Action("shut an account", "admin", button(re.compile("^Shut the account")), lambda page, control: sure(
                page, page.get_by_role("button", name="Shut the account: Bo")), ("PATCH /api/users/{user}",)),
        ),
    ),
    Stop("audit", "/audit", (Action("earlier entries", "admin", button("Earlier"), later=True),), needs="admin"),
    Stop(
        "backups", "/backups",
        (
            Action("make one", "admin", button("Make a backup"), click, ("POST /api/backups",)),
            Action("take it along", "admin", link("Download")),
            Action("remove one", "admin", button(re.compile("^Remove")), sure, ("DELETE /api/backups/{backup}",)),
        ),
        needs="admin",
    ),
    Stop(
        "settings", "/settings",
        (
            Action("make a token", "viewer", button("Make a token"),
                   fills({"What it is for": "A script"}, "Make a token"), ("POST /api/tokens",)),
            Action("remove it", "viewer", button(re.compile("^Remove")), sure, ("DELETE /api/tokens/{token}",),
                   later=True),
            Action("change the password", "viewer", button("Change the password"),
                   fills({"Present password": PASSWORD, "New password": PASSWORD + "!"}, "Change the password"),
                   ("PUT /api/me/password",)),
        ),
    ),
    Stop(
        "account", "/glossary",
        (
            Action("backups", "admin", lambda page: page.get_by_role("dialog").get_by_role("link", name="Backups")),
            Action("sign out", "viewer", button("Sign out"), click, ("DELETE /api/session",)),
        ),
        within="[role=dialog]",
        opens=opens("Account: "),
    ),
)  # fmt: skip
"""In this order; signing out comes last."""

WITHOUT_A_ROLE = {
    "POST /api/session": "signing in",
    "POST /api/setup": "the first account, and taking up an invitation",
    "POST /api/shared/{token}/unlock": "opening a link that has a password",
    "POST /api/shared/{token}/notes": "putting a note on the wall of a workshop",
}
"""What somebody does who has no account: `test_who_has_no_account_has_the_door_and_their_link`."""

BY_ITSELF = {
    "POST /api/mentions/seen": "the page that lists them says that they were seen",
    "PUT /api/live/presence": "the map says who looks at what",
}
"""Routes that no control calls, and who does."""

COMMANDS: dict[str, Role] = {
    "Journeys": "viewer", "New journey": "editor", "Data": "viewer", "What could not be read": "editor",
    "Add a note": "editor", "Voice": "viewer", "Teach": "editor", "Insight": "viewer", "People": "viewer",
    "Mentions": "viewer", "Audit log": "admin", "Backups": "admin", "Glossary": "viewer", "Settings": "viewer",
}  # fmt: skip
"""The pages that the command menu leads to, and from which role on."""
