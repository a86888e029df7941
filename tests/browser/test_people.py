"""People of a workspace and their roles, invitations, keys for programs and the audit log, by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.browser.looking import WEB
from tests.browser.serving import PASSWORD, Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def role_of(studio: Served, name: str) -> str:
    return next(user.role for user in studio.studio.accounts.users() if user.name == name)


def test_an_admin_invites_and_the_link_lets_in(page: Page, studio: Served) -> None:
    studio.come(page, "/people")
    page.get_by_label("Name").fill("Bo")
    page.get_by_label("Role", exact=True).select_option("editor")
    page.get_by_role("button", name="Invite").click()
    link = page.get_by_label("Send this link to Bo").input_value()
    assert link.startswith(studio.address + "/?setup=")
    bo = page.get_by_role("listitem").filter(has_text="Bo")
    assert "has not come yet" in bo.inner_text()
    page.context.clear_cookies()
    page.goto(link)
    page.get_by_label("Name").fill("Bo")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="People").click()
    page.get_by_role("heading", name="People", level=1).wait_for()
    assert page.get_by_role("button", name="Invite").count() == 0  # Bo is no admin


def test_roles_are_given_and_accounts_shut(page: Page, studio: Served) -> None:
    studio.invite("Bo", "viewer")
    studio.come(page, "/people")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_label("Role of Bo").select_option("owner")
    assert role_of(studio, "Bo") == "owner"
    page.get_by_role("button", name="Shut the account: Bo").click()
    page.get_by_role("button", name="Sure? Shut the account: Bo").click()
    page.get_by_text("shut", exact=True).wait_for()
    page.get_by_role("button", name="Open it again: Bo").wait_for()


def test_the_last_admin_stays_one_and_the_page_says_so(browser: object, studio: Served) -> None:
    with browser.new_page() as page:  # type: ignore[attr-defined]  # the browser itself reports the refusal as an error
        studio.come(page, "/people")
        page.get_by_label("Role of Ada").select_option("viewer")
        assert "only admin" in page.get_by_role("alert").inner_text()
        assert page.get_by_label("Role of Ada").input_value() == "admin"


def test_a_role_in_one_journey_stands_before_that_of_the_workspace(page: Page, studio: Served) -> None:
    bo = studio.invite("Bo", "viewer")
    studio.come(page, "/journeys/coffee/people")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_label("Role of Bo").select_option("editor")
    assert studio.studio.accounts.role_in(bo, "coffee") == "editor"
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_label("Role of Bo").select_option("")
    assert studio.studio.accounts.role_in(bo, "coffee") == "viewer"


def test_a_key_is_shown_once_works_and_is_removed(page: Page, studio: Served) -> None:
    studio.come(page, "/settings")
    page.get_by_label("What it is for").fill("Nightly report")
    page.get_by_role("button", name="Make a token").click()
    key = page.get_by_label("Key: Nightly report").input_value()
    person = studio.studio.accounts.by_token(key)
    assert person and (person.name, person.cap) == ("Ada", "viewer")
    page.reload()
    assert page.get_by_label("Key: Nightly report").count() == 0
    page.get_by_role("button", name="Remove: Nightly report").click()
    page.get_by_role("button", name="Sure? Remove: Nightly report").click()
    page.get_by_text("No token yet").wait_for()
    assert studio.studio.accounts.by_token(key) is None


def test_a_password_is_changed_and_one_stays_in(page: Page, studio: Served) -> None:
    studio.come(page, "/settings")
    page.goto(studio.address)
    page.context.clear_cookies()
    page.goto(studio.address)
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Account").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password").fill("another long password")
    page.get_by_role("button", name="Change the password").click()
    page.get_by_role("status").filter(has_text="changed").wait_for()
    assert studio.studio.accounts.check("Ada", "another long password")
    page.get_by_label("What it is for").fill("Still in")  # with the new CSRF token
    page.get_by_role("button", name="Make a token").click()
    page.get_by_label("Key: Still in").wait_for()


def test_the_audit_log_tells_who_did_what(page: Page, studio: Served) -> None:
    for n in range(55):
        studio.studio.audit(None, "user_invited", f"Guest {n}")
    studio.come(page, "/people")
    page.get_by_role("link", name="Audit log").click()
    entries = page.locator("main ol > li")
    entries.first.wait_for()
    assert entries.count() == 50 and "invited Guest 54" in page.locator("main").inner_text()
    page.get_by_role("button", name="Earlier").click()
    entries.nth(50).wait_for()
    assert "invited Guest 0" in page.locator("main").inner_text()


def test_whatever_the_server_writes_down_has_words() -> None:
    server = WEB.parent / "src" / "desirepath" / "server"
    code = "".join(path.read_text(encoding="utf-8") for path in server.rglob("*.py"))
    calls = re.findall(r'\.audit\(\s*[\w.]+,\s*"([a-z_]+)"(?: if \w+ else "([a-z_]+)")?', code)
    actions = {action for call in calls for action in call if action}
    words = (WEB / "src" / "i18n" / "together" / "en.json").read_text(encoding="utf-8")
    assert len(actions) > 10 and [action for action in actions if f'"audit.{action}"' not in words] == []
