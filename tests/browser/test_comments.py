"""Comments on a part of the map: two people talk, one is named and told, a discussion is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.looking import violations
from tests.browser.serving import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_two_talk_about_a_touchpoint_and_settle_it(page: Page, browser: Any, studio: Served) -> None:
    ben = studio.invite("Ben", "commenter")
    page.set_default_timeout(60_000)
    studio.come(page, "/journeys/coffee?open=touchpoint:till")
    ada = page.get_by_role("region", name="Comments")
    ada.get_by_role("textbox", name="Comment").fill("Is the till the same in every shop, @Ben?")
    ada.get_by_role("button", name="Send").click()
    ada.get_by_text("Is the till the same in every shop, @Ben?").wait_for()
    with browser.new_context() as context:
        other = context.new_page()
        other.set_default_timeout(60_000)
        studio.come(other, "/mentions", person=ben)
        other.get_by_text("Is the till the same in every shop, @Ben?").wait_for()
        other.goto(f"{studio.address}/journeys/coffee?open=touchpoint:till")
        there = other.get_by_role("region", name="Comments")
        there.get_by_role("textbox", name="Reply: Ada").fill("In all but two.")
        there.get_by_role("button", name="Send").click()
    ada.get_by_text("In all but two.").wait_for()
    ada.get_by_role("button", name="Settle").click()
    ada.get_by_text("settled").wait_for()
    assert violations(page) == []
    (first, reply) = studio.studio.comments.list("coffee")
    assert (first.at, first.resolved is not None, reply.reply_to) == ("till", True, first.id)
    assert all(mention.seen for mention in studio.studio.comments.mentions(ben, 5))


def test_a_viewer_reads_comments_and_writes_none(page: Page, studio: Served) -> None:
    studio.studio.comments.add("coffee", studio.studio.accounts.any_admin(), "Look here", at="till")
    studio.come(page, "/journeys/coffee?open=touchpoint:till", person=studio.invite("Cem", "viewer"))
    comments = page.get_by_role("region", name="Comments")
    comments.get_by_text("Look here").wait_for(timeout=60_000)
    assert comments.get_by_role("textbox").count() == 0
    assert comments.get_by_role("button").count() == 0
