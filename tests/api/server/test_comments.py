"""Comments on anything, with replies and mentions, told as they are written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from desirepath.server.studio import Studio

COMMENTS = "/api/journeys/buying/comments"


def test_a_comment_is_replied_to_and_settled(ada: Any, come: Callable[[str, str], Any]) -> None:
    ben = come("Ben", "commenter")
    first = ada.post(COMMENTS, json={"text": " Too many steps? ", "at": "checkout"}).json()
    reply = ben.post(COMMENTS, json={"text": "Yes", "reply_to": first["id"]}).json()
    again = ada.post(COMMENTS, json={"text": "Let us drop one", "reply_to": reply["id"]}).json()
    assert (first["text"], first["author"], first["at"]) == ("Too many steps?", "Ada", "checkout")
    assert (reply["at"], reply["author"], again["reply_to"]) == ("checkout", "Ben", first["id"])
    settled = ben.patch(f"{COMMENTS}/{first['id']}", json={"resolved": True}).json()
    assert settled["resolved"] and not settled["edited"]
    assert not ben.patch(f"{COMMENTS}/{first['id']}", json={"resolved": False}).json()["resolved"]
    assert [c["text"] for c in ben.get(COMMENTS).json()] == ["Too many steps?", "Yes", "Let us drop one"]


def test_who_is_named_is_told_until_they_have_seen_it(ada: Any, come: Callable[[str, str], Any]) -> None:
    ben = come("Ben", "viewer")
    id_ = int(ben.get("/api/session").json()["user"]["id"])
    made = ada.post(COMMENTS, json={"text": "@Ben, look", "mentions": [id_]}).json()
    assert made["mentions"] == [id_]
    (mention,) = ben.get("/api/mentions").json()
    assert (mention["comment"]["text"], mention["seen"]) == ("@Ben, look", None)
    assert ben.post("/api/mentions/seen", json={"comments": [made["id"], 9999]}).status_code == 204
    assert ben.get("/api/mentions").json()[0]["seen"]
    ada.patch(f"{COMMENTS}/{made['id']}", json={"text": "@Ben, look here"})
    assert ben.get("/api/mentions").json()[0]["seen"]  # is not told again
    ada.patch(f"{COMMENTS}/{made['id']}", json={"mentions": []})
    assert ben.get("/api/mentions").json() == ada.get("/api/mentions").json() == []


def test_only_who_wrote_it_changes_it_and_owners_may_remove_it(ada: Any, come: Callable[[str, str], Any]) -> None:
    ben, cleo = come("Ben", "commenter"), come("Cleo", "editor")
    made = ben.post(COMMENTS, json={"text": "Hm"}).json()
    reply = cleo.post(COMMENTS, json={"text": "What?", "reply_to": made["id"]}).json()
    one = f"{COMMENTS}/{made['id']}"
    assert cleo.patch(one, json={"text": "Ha"}).status_code == 403
    assert cleo.delete(one).status_code == 403
    assert ben.patch(one, json={"text": "Hmm"}).json()["edited"]
    assert ada.delete(one).status_code == 204
    gone, kept = ben.get(COMMENTS).json()
    assert (gone["text"], bool(gone["removed"]), kept["id"]) == ("", True, reply["id"])
    assert ben.patch(one, json={"text": "Back"}).status_code == 404
    assert ada.get("/api/audit").json()[0]["action"] == "comment_removed"


@pytest.mark.parametrize(
    "given", [{}, {"text": ""}, {"text": "  "}, {"text": "x", "mentions": [9999]}, {"text": "x" * 10_001}]
)
def test_half_a_comment_is_refused(ada: Any, given: dict[str, Any]) -> None:
    assert ada.post(COMMENTS, json=given).status_code == 422
    assert ada.get(COMMENTS).json() == []


def test_a_comment_stays_in_its_journey(ada: Any) -> None:
    made = ada.post(COMMENTS, json={"text": "Here"}).json()
    ada.post("/api/journeys", json={"source": "template", "template": "cafe"})
    there = "/api/journeys/cafe/comments"
    assert ada.patch(f"{there}/{made['id']}", json={"resolved": True}).status_code == 404
    assert ada.delete(f"{there}/{made['id']}").status_code == 404
    assert ada.post(there, json={"text": "Re", "reply_to": made["id"]}).status_code == 404
    assert ada.get("/api/journeys/nothing/comments").status_code == 404


def test_it_is_told_at_once(ada: Any, studio: Studio) -> None:
    from tests.api.server.test_live import Looking

    async def run() -> None:
        async with Looking(studio.live) as looking:
            await asyncio.to_thread(ada.post, COMMENTS, json={"text": "Look"})
            told = await looking.next("comment")
            assert (told["text"], told["journey"], told["author"]) == ("Look", "buying", "Ada")

    asyncio.run(run())
