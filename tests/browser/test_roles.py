"""Every role at every action of the studio: what each sees, that it works, and that nobody else gets at it."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from tests.browser.actions import BY_ITSELF, COMMANDS, STOPS, WITHOUT_A_ROLE, Action, Stop
from tests.browser.conftest import begun
from tests.browser.furnishing import furnish
from tests.browser.looking import go, settled, watched
from tests.browser.serving import PASSWORD, Served

from desirepath.server.accounts import Person
from desirepath.server.roles import ANYONE, ROLES, ROUTES, Role, reaches

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
NAMES: dict[Role, str] = {"viewer": "Vera", "commenter": "Cem", "editor": "Ed", "owner": "Olga", "admin": "Ada"}
CHANGING = {f"{method} {path}" for method, path in ROUTES if method != "GET"}
PATTERNS = {f"{method} {path}": re.compile(method + " " + re.sub(r"\{\w+\}", "[^/]+", path)) for method, path in ROUTES}

UNLISTED = """
within => [...document.querySelectorAll(within)].flatMap(box => [...box.querySelectorAll(
    "button, a[href], input, select, textarea, summary, [role=slider], [role=menuitem]")])
  .filter(each => each.checkVisibility() && !each.closest("[data-listed]"))
  .map(each => each.ariaLabel || each.labels?.[0]?.innerText || each.innerText || each.outerHTML)
"""


# The table and the routes


def test_every_route_that_changes_something_is_named_by_an_action() -> None:
    named = {route for stop in STOPS for action in stop.actions for route in action.routes}
    assert named | set(WITHOUT_A_ROLE) | set(BY_ITSELF) == CHANGING
    assert {f"{method} {path}" for (method, path), need in ROUTES.items() if need == ANYONE} & named == {
        "DELETE /api/session"
    }


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
def test_an_action_needs_what_its_routes_need(stop: Stop) -> None:
    for action in stop.actions:
        assert reaches(action.need, stop.needs), action
        for route in action.routes:
            method, path = route.split(" ")
            assert reaches(action.need, ROUTES[method, path]), action


# The studio and its people


@pytest.fixture(scope="module")
def studio(cafe: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A studio with something of every kind to act on, and a queue that is held."""
    free = threading.Event()
    with begun(cafe, tmp_path_factory.mktemp("roles")) as served:
        furnish(served, tmp_path_factory.mktemp("inbox"))
        served.studio.jobs.works["note"] = lambda task: {"free": free.wait(600)}
        served.studio.jobs.add("note", {})
        yield served
        for job in served.studio.jobs.list():
            served.studio.jobs.cancel(job.id)
        free.set()


class Visitor:
    """Somebody of a role with a page of their own; every answer to what the page asks is written down."""

    def __init__(self, page: Page, studio: Served, role: Role, person: Person) -> None:
        self.page, self.studio, self.role, self.person = page, studio, role, person
        self.answers: list[tuple[str, int]] = []
        page.set_default_timeout(15_000)
        page.on("response", lambda answer: self.answers.append((self.route(answer), answer.status)))

    def route(self, answer: Any) -> str:
        path = answer.url.removeprefix(self.studio.address).partition("?")[0]
        return next((n for n, p in PATTERNS.items() if p.fullmatch(f"{answer.request.method} {path}")), path)

    def come(self, stop: Stop) -> None:
        """To the page, and opens what is shut there."""
        path = stop.path
        if "{finding}" in path:
            path = path.format(finding=self.studio.workspace.map("coffee").findings[0].id)
        if not self.page.context.cookies():
            self.studio.come(self.page, path, self.person)
        elif stop.anew or self.page.get_by_text("is not for your role").count():
            self.page.goto(self.studio.address + path)
        else:
            go(self.page, path)
        self.page.get_by_role("heading").first.wait_for()
        settled(self.page)
        if stop.opens and reaches(self.role, stop.needs):
            stop.opens(self.page)
            settled(self.page)
            self.page.locator(stop.within).wait_for()

    def refused(self) -> list[str]:
        return [route for route, status in self.answers if status == 403]

    def act(self, stop: Stop, action: Action) -> None:
        """Does it, and waits until the server has answered."""
        control = action.control(self.page)
        if action.later:
            control.first.wait_for()
        elif stop.anew or not control.first.is_visible():
            self.come(stop)
        assert action.do
        del self.answers[:]
        try:
            if action.routes:
                with self.page.expect_response(lambda answer: self.route(answer) == action.routes[-1]):
                    action.do(self.page, control)
            else:
                action.do(self.page, control)
        except PlaywrightError as error:
            raise AssertionError(f"{stop.name}: {action.name}, by the {self.role}: {error} {self.answers}") from None
        settled(self.page)
        done = {route for route, status in self.answers if status < 400}
        assert done >= set(action.routes), (stop.name, action.name, self.role, self.answers)
        assert self.refused() == []
        if "DELETE /api/session" in done:
            self.page.context.clear_cookies()


@pytest.fixture(scope="module")
def visitors(browser: Any, studio: Served) -> Iterator[list[Visitor]]:
    """One of each role, the lowest first."""
    ada = studio.studio.accounts.any_admin()
    with contextlib.ExitStack() as later:
        made = []
        for role in ROLES:
            context = watched(later.enter_context(browser.new_context(viewport={"width": 1440, "height": 900})))
            somebody = ada if role == "admin" else studio.invite(NAMES[role], role)
            made.append(Visitor(context.new_page(), studio, role, somebody))
        yield made


# What each sees and does


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
def test_an_action_is_there_for_those_who_may_works_and_is_nowhere_for_others(
    visitors: list[Visitor], stop: Stop
) -> None:
    unlisted: dict[Role, set[str]] = {}
    for visitor in visitors:
        del visitor.answers[:]
        visitor.come(stop)
        for action in stop.actions:
            control = action.control(visitor.page)
            if not reaches(visitor.role, action.need):
                assert control.count() == 0, (action.name, visitor.role, control.first.evaluate("e => e.outerHTML"))
            else:
                assert control.count() > 0 or action.later, (action.name, visitor.role)
                control.evaluate_all("all => all.forEach(each => each.setAttribute('data-listed', ''))")
        told = visitor.page.get_by_text(f"yours is {visitor.role.capitalize()}").count()
        assert told == (not reaches(visitor.role, stop.needs)), visitor.role
        assert visitor.refused() == [], visitor.role
        unlisted[visitor.role] = set(visitor.page.evaluate(UNLISTED, stop.within)) if not told else set()
        assert unlisted[visitor.role] - unlisted["viewer"] == set(), visitor.role  # all that is more is in the table
    doing = [action for action in stop.actions if action.do]
    for visitor in visitors:
        for action in doing:
            if visitor.role == action.need or (action is doing[0] and reaches(visitor.role, action.need)):
                visitor.act(stop, action)


# What is reached without a control: the bar, the command menu, the keyboard


def test_the_bar_and_the_command_menu_lead_where_a_role_may_go(visitors: list[Visitor]) -> None:
    for visitor in visitors:
        visitor.come(STOPS[0])
        page = visitor.page
        page.keyboard.press("Control+k")
        options = page.get_by_role("listbox").get_by_role("option").filter(has_text=re.compile("Page$"))
        options.first.wait_for()
        shown = [option.split("\n")[0] for option in options.all_inner_texts()]
        assert sorted(shown) == sorted(name for name, need in COMMANDS.items() if reaches(visitor.role, need))
        page.keyboard.press("Escape")
        assert set(page.get_by_role("banner").get_by_role("link").all_inner_texts()) <= {"Desirepath", *shown}


def test_no_key_changes_anything_for_those_who_may_not(visitors: list[Visitor], studio: Served) -> None:
    before = studio.workspace.journeys.head("coffee").seq
    for visitor in visitors:
        if reaches(visitor.role, "editor"):
            continue
        visitor.come(next(stop for stop in STOPS if stop.name == "map"))
        page = visitor.page
        del visitor.answers[:]
        for part in ("[data-item=c2] button", "[data-item=cart] button", "[data-stage-head=pay] button", ".tile"):
            page.locator(part).first.focus()
            for key in (
                "F2",
                "Delete",
                "Backspace",
                "Space",
                "ArrowRight",
                "Space",
                "Escape",
                "Control+z",
                "Control+y",
            ):
                page.keyboard.press(key)
        page.locator("[data-item=c2] button").dblclick()
        page.locator("h1").dblclick()
        settled(page)
        assert page.locator("textarea.inline-editor, .held").count() == 0
        page.goto(f"{studio.address}/voice/teach")
        settled(page)
        for key in ("1", "5", "s", "z"):
            page.keyboard.press(key)
        settled(page)
        changing = {route for route, _ in visitor.answers if route in CHANGING} - set(BY_ITSELF)
        assert changing == set(), visitor.role
    assert studio.workspace.journeys.head("coffee").seq == before


def test_on_a_map_the_role_in_its_journey_counts(visitors: list[Visitor], studio: Served) -> None:
    viewer, editor = visitors[0], visitors[2]
    studio.studio.accounts.give_role("coffee", viewer.person.id, "editor")
    studio.studio.accounts.give_role("coffee", editor.person.id, "viewer")
    there = next(stop for stop in STOPS if stop.name == "map")
    for visitor, edits in ((viewer, True), (editor, False)):
        visitor.come(there)
        for action in there.actions[:7]:
            assert (action.control(visitor.page).count() > 0) == edits, (visitor.role, action.name)
        visitor.page.goto(f"{studio.address}/journeys/new")
        settled(visitor.page)
        assert visitor.page.get_by_role("button", name="Let the data draw it").count() == (not edits)
        studio.studio.accounts.give_role("coffee", visitor.person.id, None)


def test_who_has_no_account_has_the_door_and_their_link(browser: Any, studio: Served) -> None:
    shares = studio.studio.shares
    _, opened = shares.add("coffee", "map", "Guest", password="espresso", expires=None, author="Ada")
    _, wall = shares.add("coffee", "notes", "Guest", password=None, expires=None, author="Ada")
    _, invitation = studio.studio.accounts.invite("Gerda", "viewer")
    done: set[str] = set()
    with watched(browser.new_context()) as context:
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("response", lambda answer: done.add(f"{answer.request.method} {answer.url}"))
        for stop in STOPS:
            page.goto(studio.address + stop.path)
            page.get_by_role("button", name="Sign in").wait_for()
            assert page.get_by_role("link").count() == 0 and page.get_by_role("heading").all_inner_texts() == [
                "Sign in"
            ]
        page.goto(f"{studio.address}/shared/{wall}")
        page.get_by_label("Your note").fill("Said by a guest")
        page.get_by_role("button", name="Put it on the wall").click()
        page.get_by_role("list", name="On the wall").get_by_text("Said by a guest").wait_for()
        page.goto(f"{studio.address}/shared/{opened}")
        page.get_by_role("textbox", name="Password").fill("espresso")
        page.get_by_role("button", name="Open").click()
        page.get_by_role("table").wait_for()
        settled(page)
        for stop in STOPS:
            for action in stop.actions if stop.name in ("map", "views", "share") else ():
                assert action.control(page).count() == 0, action
        page.goto(f"{studio.address}/?setup={invitation}")
        page.get_by_label("Name").fill("Gerda")
        page.get_by_label("Choose a password").fill(PASSWORD)
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("button", name="Account").click()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_label("Name").fill("Gerda")
        page.get_by_role("textbox", name="Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Journeys").wait_for()
    for route in WITHOUT_A_ROLE:
        method, path = route.split(" ")
        wanted = re.compile(f"{method} {studio.address}{re.sub('{token}', '[^/]+', path)}")
        assert any(wanted.fullmatch(each) for each in done), route
