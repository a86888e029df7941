"""Links for people without an account: they open one journey and nothing else, until they are revoked or expire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from desirepath.database import tables
from desirepath.server import shares
from desirepath.server.limits import Limiter
from desirepath.server.studio import Studio

SHARES = "/api/journeys/buying/shares"
NOTES = "/api/journeys/buying/sticky-notes"


def given(ada: Any, **more: Any) -> str:
    """The address below /api of what a new link opens."""
    made = ada.post(SHARES, json={"name": "the board"} | more)
    assert made.status_code == 201, made.text
    return "/api" + str(made.json()["link"])


@pytest.fixture
def guest(visit: Callable[[], Any], ada: Any) -> Any:
    browser = visit()
    browser.get("/api/session")
    return browser


def test_a_link_opens_one_journey_to_look_at(ada: Any, guest: Any) -> None:
    link = given(ada)
    opened = guest.get(link).json()
    assert (opened["kind"], opened["locked"], opened["title"]) == ("map", False, "Buying")
    assert [stage["id"] for stage in opened["stages"]] == ["look", "buy"]
    assert guest.get(f"{link}/map").json()["cases"] == 3
    assert guest.get(f"{link}/map", params={"where": "platform=mobile"}).json()["cases"] == 2
    assert guest.get(f"{link}/journey").json()["document"]["id"] == "buying"
    for path in ("/api/journeys", "/api/journeys/buying/map", "/api/journeys/buying/customers", "/api/voice"):
        assert guest.get(path).status_code == 401
    assert guest.post(f"{link}/notes", json={"text": "Hi"}).status_code == 404
    (share,) = ada.get(SHARES).json()
    assert share["used"] and share["name"] == "the board" and "link" not in share


def test_a_password_keeps_it_locked(ada: Any, guest: Any, visit: Callable[[], Any]) -> None:
    link = given(ada, password="mint tea")
    locked = guest.get(link).json()
    assert (locked["locked"], locked["title"], locked["stages"]) == (True, None, [])
    assert guest.get(f"{link}/map").status_code == guest.get(f"{link}/journey").status_code == 401
    assert guest.post(f"{link}/unlock", json={"password": "black tea"}).status_code == 401
    assert guest.post(f"{link}/unlock", json={"password": "mint tea"}).status_code == 204
    assert guest.get(link).json()["title"] == "Buying" and guest.get(f"{link}/map").status_code == 200
    assert visit().get(f"{link}/map").status_code == 401  # another browser


def test_the_key_of_one_link_opens_no_other(ada: Any, guest: Any) -> None:
    first, second = given(ada, password="mint tea"), given(ada, password="mint tea")
    guest.post(f"{first}/unlock", json={"password": "mint tea"})
    assert guest.get(f"{second}/map").status_code == 401
    for name, value in list(guest.cookies.items()):
        if "_share_" in name:
            number = int(name.rpartition("_")[2])
            guest.cookies.set(name.replace(f"_{number}", f"_{number + 1}"), value)
    assert guest.get(f"{second}/map").status_code == 401


def test_who_tries_passwords_out_waits(ada: Any, guest: Any, studio: Studio) -> None:
    link = given(ada, password="mint tea")
    for _ in range(10):
        assert guest.post(f"{link}/unlock", json={"password": "no"}).status_code == 401
    answer = guest.post(f"{link}/unlock", json={"password": "mint tea"})
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0


def test_who_tries_links_out_waits(ada: Any, guest: Any, studio: Studio) -> None:
    link = given(ada)
    studio.by_address = Limiter(3, 900)
    for i in range(3):
        assert guest.get(f"/api/shared/no-such-link-{i}").status_code == 404
    assert guest.get(link).status_code == 429


def test_a_link_ends_when_it_is_revoked_expires_or_its_journey_goes(ada: Any, guest: Any, studio: Studio) -> None:
    revoked, expired, gone = given(ada), given(ada, expires="2099-01-01T00:00:00Z"), given(ada)
    ids = [share["id"] for share in ada.get(SHARES).json()]  # the newest first
    assert ada.delete(f"{SHARES}/{ids[2]}").status_code == 204
    with studio.workspace.database.begin() as session:
        late = tables.now() - timedelta(seconds=1)
        session.execute(update(tables.Share).where(tables.Share.id == ids[1]).values(expires=late))
    for link in (revoked, expired):
        assert guest.get(link).status_code == guest.get(f"{link}/map").status_code == 404
    assert guest.get(gone).status_code == 200
    ada.delete("/api/journeys/buying")
    assert guest.get(gone).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [{"name": ""}, {"kind": "all"}, {"password": "abc"}, {"expires": "2020-01-01T00:00:00Z"}, {"expires": "soon"}],
)
def test_what_cannot_be_a_link_is_refused(ada: Any, bad: dict[str, Any]) -> None:
    assert ada.post(SHARES, json={"name": "x"} | bad).status_code == 422


# A workshop


def test_notes_come_from_phones_and_become_cards(ada: Any, guest: Any) -> None:
    wall = given(ada, kind="notes")
    stuck = guest.post(f"{wall}/notes", json={"text": " I never find it ", "name": "Eve", "stage": "look"}).json()
    guest.post(f"{wall}/notes", json={"text": "Blah", "lane": "pain_points"})
    assert (stuck["text"], stuck["name"], stuck["stage"], stuck["card"]) == ("I never find it", "Eve", "look", None)
    first, second = ada.get(NOTES).json()
    card = {"id": "c1", "lane": "pain_points", "text": first["text"]}
    op = {"op": "add", "part": "card", "stage": "look", "value": card}
    assert ada.patch(f"{NOTES}/{first['id']}", json={"card": "c1"}).status_code == 422  # there is no such card yet
    ada.post("/api/journeys/buying/edits", json={"edit_id": str(uuid4()), "ops": [op]})
    assert ada.patch(f"{NOTES}/{first['id']}", json={"card": "c1"}).json()["card"] == "c1"
    assert ada.patch(f"{NOTES}/{second['id']}", json={"dismissed": True}).json()["dismissed"]
    assert ada.patch(f"{NOTES}/{second['id']}", json={}).json()["dismissed"] is None
    assert guest.get(f"{wall}/map").status_code == 404  # and no look at the numbers


@pytest.mark.parametrize(
    "bad", [{"text": ""}, {"text": " "}, {"text": "x" * 501}, {"stage": "no"}, {"lane": "no"}, {"name": "x" * 81}]
)
def test_what_cannot_be_a_note_is_refused(ada: Any, guest: Any, bad: dict[str, Any]) -> None:
    wall = given(ada, kind="notes")
    assert guest.post(f"{wall}/notes", json={"text": "x"} | bad).status_code == 422
    assert ada.get(NOTES).json() == []


def test_a_wall_takes_so_many_notes_and_not_too_fast(
    ada: Any, guest: Any, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = given(ada, kind="notes")
    studio.notes = Limiter(2, 60)
    assert [guest.post(f"{wall}/notes", json={"text": "x"}).status_code for _ in range(3)] == [201, 201, 429]
    studio.notes = Limiter(100, 60)
    monkeypatch.setattr(shares, "MOST_NOTES", 2)
    assert guest.post(f"{wall}/notes", json={"text": "x"}).status_code == 413


def test_a_note_needs_the_csrf_token(ada: Any, visit: Callable[[], Any]) -> None:
    wall = given(ada, kind="notes")
    stranger = visit()
    assert stranger.post(f"{wall}/notes", json={"text": "x"}).status_code == 403


def test_only_owners_give_links_and_editors_settle_notes(ada: Any, guest: Any, come: Callable[[str, str], Any]) -> None:
    wall = given(ada, kind="notes")
    note = guest.post(f"{wall}/notes", json={"text": "x"}).json()
    editor, commenter = come("Ben", "editor"), come("Cleo", "commenter")
    assert editor.post(SHARES, json={"name": "x"}).status_code == editor.get(SHARES).status_code == 403
    assert commenter.get(NOTES).status_code == 200
    assert commenter.patch(f"{NOTES}/{note['id']}", json={"dismissed": True}).status_code == 403
    assert editor.patch(f"{NOTES}/{note['id']}", json={"dismissed": True}).status_code == 200
