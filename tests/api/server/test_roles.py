"""Every role at every route: the table is the law, and every route stands in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from desirepath.server.roles import ANYONE, ROLES, ROUTES, reaches

NAMES = dict.fromkeys(("user", "token", "watch", "job", "number", "comment", "share", "note", "view"), "9999") | {
    "journey": "buying", "version": "1", "ending": "json", "upload": "0" * 16, "theme": "none", "feedback": "none",
    "backup": "none",
}  # fmt: skip
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/api/journeys/{journey}/edits"): lambda: {
        "edit_id": str(uuid4()),
        "ops": [{"op": "remove", "part": "card", "id": "none"}],
    },
    ("POST", "/api/journeys/{journey}/preview"): lambda: {"ops": [{"op": "remove", "part": "card", "id": "none"}]},
    ("POST", "/api/journeys/{journey}/versions"): dict,
}


def test_every_route_stands_in_the_table(app: FastAPI) -> None:
    offered = {(method.upper(), path) for path, item in app.openapi()["paths"].items() for method in item}
    assert offered == set(ROUTES)


@pytest.mark.parametrize("role", ROLES)
def test_every_route_refuses_the_roles_below_and_serves_the_others(
    ada: Any, come: Callable[[str, str], Any], role: str
) -> None:
    somebody = come("Somebody", role)
    for (method, path), need in ROUTES.items():
        if path in ("/api/session", "/api/setup", "/api/live", "/api/journeys/{journey}") and method != "GET":
            continue  # signs out, or takes away what the next ones need: tried out below
        if path == "/api/live":
            continue  # never ends
        answer = ask(somebody, method, path)
        refused = answer.status_code == 403
        assert refused != reaches(role, need), (method, path, role, answer.text)
        assert answer.status_code < 500, (method, path, answer.text)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_remove_a_journey(ada: Any, come: Callable[[str, str], Any], role: str) -> None:
    answer = come("Somebody", role).delete("/api/journeys/buying")
    assert answer.status_code == (204 if reaches(role, "owner") else 403)
    assert len(ada.get("/api/journeys").json()) == (0 if reaches(role, "owner") else 1)


def test_without_an_account_there_is_nothing(visit: Callable[[], Any]) -> None:
    stranger = visit()
    stranger.get("/api/session")
    for (method, path), need in ROUTES.items():
        if need != ANYONE:
            assert ask(stranger, method, path).status_code == 401, (method, path)


def ask(browser: Any, method: str, path: str) -> Any:
    body = BODIES.get((method, path), dict)()
    return browser.request(method, path.format(**NAMES), **({} if method == "GET" else {"json": body}))


# Roles in one journey


def test_a_role_for_a_journey_holds_there_and_nowhere_else(ada: Any, come: Callable[[str, str], Any]) -> None:
    ada.post("/api/journeys", json={"source": "template", "template": "cafe"})
    ben = come("Ben", "viewer")
    id_ = ben.get("/api/session").json()["user"]["id"]
    edit = {"edit_id": "an edit of Ben's", "ops": [{"op": "remove", "part": "card", "id": "none"}]}
    assert ben.post("/api/journeys/cafe/edits", json=edit).status_code == 403
    assert ada.put(f"/api/journeys/cafe/roles/{id_}", json={"role": "editor"}).status_code == 204
    assert ben.post("/api/journeys/cafe/edits", json=edit).status_code == 200
    assert ben.post("/api/journeys/buying/edits", json=edit).status_code == 403
    assert {e["id"]: e["role"] for e in ben.get("/api/journeys").json()} == {"buying": "viewer", "cafe": "editor"}
    assert ada.get("/api/journeys/cafe/roles").json() == [{"user": id_, "name": "Ben", "role": "editor"}]
    ada.delete(f"/api/journeys/cafe/roles/{id_}")
    assert ben.post("/api/journeys/cafe/edits", json=edit).status_code == 403


def test_a_role_for_a_journey_may_be_lower(ada: Any, come: Callable[[str, str], Any]) -> None:
    ben = come("Ben", "owner")
    id_ = ben.get("/api/session").json()["user"]["id"]
    ada.put(f"/api/journeys/buying/roles/{id_}", json={"role": "viewer"})
    assert ben.delete("/api/journeys/buying").status_code == 403


def test_nobody_gives_more_than_they_have(ada: Any, come: Callable[[str, str], Any]) -> None:
    ben = come("Ben", "owner")
    id_ = ben.get("/api/session").json()["user"]["id"]
    assert ben.put(f"/api/journeys/buying/roles/{id_}", json={"role": "admin"}).status_code == 403


def test_what_was_done_stands_in_the_audit_log(ada: Any, come: Callable[[str, str], Any]) -> None:
    come("Ben", "viewer")
    ada.delete("/api/journeys/buying")
    log = ada.get("/api/audit").json()
    assert [(e["user"], e["action"], e["target"]) for e in log] == [
        ("Ada", "journey_removed", "buying"),
        ("Ben", "sign_in", None),
        ("Ben", "invitation_accepted", None),
        ("Ada", "user_invited", "Ben"),
        ("Ada", "sign_in", None),
        ("Ada", "first_account", None),
    ]
    assert [e["id"] for e in ada.get("/api/audit", params={"before": log[3]["id"], "limit": 1}).json()] == [2]
