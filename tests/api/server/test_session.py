"""Coming in: the first account, invitations, passwords, tokens, and what keeps others out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from desirepath.server.limits import Limiter
from desirepath.server.problems import RefusedError
from desirepath.server.studio import Studio

from .conftest import PASSWORD

Visit = Callable[[], Any]
Come = Callable[[str, str], Any]


def test_nobody_has_an_account_at_first(visit: Visit) -> None:
    said = visit().get("/api/session").json()
    assert (said["user"], said["setup"]) == (None, True) and len(said["csrf"]) == 64


def test_the_first_account_needs_the_link_that_the_server_prints(visit: Visit) -> None:
    browser = visit()
    browser.get("/api/session")
    answer = browser.post("/api/setup", json={"token": "guessed", "name": "Eve", "password": PASSWORD})
    assert answer.status_code == 403
    assert browser.get("/api/session").json()["setup"]


def test_the_first_account_is_an_admin_and_the_link_is_spent(ada: Any, visit: Visit, studio: Studio) -> None:
    assert ada.get("/api/session").json()["user"] == {"id": "1", "name": "Ada", "role": "admin"}
    eve = visit()
    eve.get("/api/session")
    assert eve.post("/api/setup", json={"token": studio.setup, "name": "Eve", "password": PASSWORD}).status_code == 403


def test_out_and_in_again(ada: Any, visit: Visit) -> None:
    assert ada.delete("/api/session").json()["user"] is None
    assert ada.get("/api/journeys").status_code == 401
    assert ada.sign_in("  ADA ").json()["user"]["name"] == "Ada"
    assert ada.get("/api/journeys").status_code == 200


def test_a_cookie_that_was_signed_out_is_worthless(ada: Any, visit: Visit, studio: Studio) -> None:
    cookie = ada.cookies[studio.cookie]
    ada.delete("/api/session")
    thief = visit()
    thief.cookies.set(studio.cookie, cookie)
    assert thief.get("/api/journeys").status_code == 401


def test_signing_in_gives_a_new_cookie(ada: Any, visit: Visit, studio: Studio) -> None:
    browser = visit()
    browser.get("/api/session")
    before = browser.cookies[studio.cookie]
    browser.sign_in("Ada")
    assert browser.cookies[studio.cookie] != before


@pytest.mark.parametrize(("name", "password"), [("Ada", "another long password"), ("Nobody", PASSWORD), ("Ada", "")])
def test_a_wrong_password_says_no_more_than_that(ada: Any, visit: Visit, name: str, password: str) -> None:
    answer = visit().sign_in(name, password)
    assert (answer.status_code, answer.json()["detail"]) == (401, "name and password do not fit")


def test_who_fails_ten_times_waits(ada: Any, visit: Visit) -> None:
    browser = visit()
    assert [browser.sign_in("Ada", f"guess {i}").status_code for i in range(11)] == [401] * 10 + [429]
    answer = browser.sign_in("Ada")
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0


def test_the_window_slides() -> None:
    now = [0.0]
    limiter = Limiter(2, 10, clock=lambda: now[0])
    limiter.fail("a")
    now[0] = 5
    limiter.fail("a")
    with pytest.raises(RefusedError):
        limiter.check("a")
    limiter.check("b")
    now[0] = 10
    limiter.check("a")


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(visit: Visit) -> None:
    cookie = visit().get("/api/session").headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie


def test_behind_https_the_cookie_is_only_sent_there(app: Any) -> None:
    with TestClient(app, base_url="https://studio.example") as browser:
        assert "Secure" in browser.get("/api/session").headers["set-cookie"]


@pytest.mark.parametrize(
    "headers", [{"X-CSRF-Token": ""}, {"X-CSRF-Token": "é".encode()}, {"Origin": "https://evil.example"}]
)
def test_another_site_changes_nothing(ada: Any, headers: dict[str, Any]) -> None:
    answer = ada.post("/api/users", json={"name": "Eve", "role": "admin"}, headers=headers)
    assert answer.status_code == 403
    assert [user["name"] for user in ada.get("/api/users").json()] == ["Ada"]


def test_the_studios_own_origin_is_not_another_site(ada: Any) -> None:
    answer = ada.post("/api/users", json={"name": "Ben"}, headers={"Origin": "http://testserver"})
    assert answer.status_code == 201


def test_an_invitation_is_good_once(ada: Any, visit: Visit) -> None:
    link = ada.post("/api/users", json={"name": "Ben", "role": "editor"}).json()["link"]
    given = {"token": link.partition("=")[2], "name": "Benjamin", "password": PASSWORD}
    ben = visit()
    ben.get("/api/session")
    assert ben.post("/api/setup", json=given).json()["user"]["role"] == "editor"
    assert [user["name"] for user in ada.get("/api/users").json()] == ["Ada", "Benjamin"]
    eve = visit()
    eve.get("/api/session")
    assert eve.post("/api/setup", json=given).status_code == 403


def test_a_forgotten_password_is_set_anew_by_a_link(ada: Any, come: Come, visit: Visit) -> None:
    ben = come("Ben", "viewer")
    id_ = ben.get("/api/session").json()["user"]["id"]
    link = ada.post(f"/api/users/{id_}/invitation").json()["link"]
    again = visit()
    again.get("/api/session")
    given = {"token": link.partition("=")[2], "name": "Ben", "password": "quite another password"}
    assert again.post("/api/setup", json=given).status_code == 200
    assert ben.get("/api/journeys").status_code == 401
    assert visit().sign_in("Ben").status_code == 401
    assert visit().sign_in("Ben", "quite another password").status_code == 200


def test_a_changed_password_signs_out_everywhere_else(ada: Any, visit: Visit) -> None:
    phone = visit()
    phone.sign_in("Ada")
    given = {"present": PASSWORD, "new": "quite another password"}
    assert ada.put("/api/me/password", json={**given, "present": "wrong"}).status_code == 403
    assert ada.put("/api/me/password", json=given).status_code == 204
    assert (ada.get("/api/users").status_code, phone.get("/api/users").status_code) == (200, 401)


@pytest.mark.parametrize("password", ["short", "x" * 1001])
def test_a_password_has_a_fitting_length(visit: Visit, studio: Studio, password: str) -> None:
    browser = visit()
    browser.get("/api/session")
    given = {"token": studio.setup, "name": "Ada", "password": password}
    assert browser.post("/api/setup", json=given).status_code == 422


def test_whose_account_is_shut_is_out_at_once(ada: Any, come: Come, visit: Visit) -> None:
    ben = come("Ben", "owner")
    key = ben.post("/api/tokens", json={"name": "script", "role": "viewer"}).json()["key"]
    id_ = ben.get("/api/session").json()["user"]["id"]
    assert ada.patch(f"/api/users/{id_}", json={"disabled": True}).json()["disabled"]
    assert ben.get("/api/journeys").status_code == 401
    assert visit().get("/api/journeys", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert visit().sign_in("Ben").status_code == 401
    ada.patch(f"/api/users/{id_}", json={"disabled": False})
    assert visit().sign_in("Ben").status_code == 200


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"disabled": True}])
def test_the_last_admin_stays_one(ada: Any, change: dict[str, Any]) -> None:
    answer = ada.patch("/api/users/1", json=change)
    assert answer.status_code == 422 and "only admin" in answer.json()["detail"]
    assert ada.get("/api/session").json()["user"]["role"] == "admin"


def test_a_name_is_one_persons(ada: Any) -> None:
    answer = ada.post("/api/users", json={"name": "ａｄａ"})
    assert answer.status_code == 422 and "already" in answer.json()["detail"]


# Tokens


def test_a_token_acts_for_its_owner_within_its_role(ada: Any, visit: Visit) -> None:
    made = ada.post("/api/tokens", json={"name": "dashboard", "role": "viewer"}).json()
    program = visit()
    program.headers["Authorization"] = f"Bearer {made['key']}"
    assert program.get("/api/journeys").json()[0]["role"] == "viewer"
    assert program.post("/api/journeys", json={"source": "template", "template": "cafe"}).status_code == 403
    assert program.get("/api/audit").status_code == 403
    assert ada.get("/api/tokens").json()[0]["used"] is not None
    ada.delete(f"/api/tokens/{made['token']['id']}")
    assert program.get("/api/journeys").status_code == 401


def test_a_token_needs_no_csrf_token(ada: Any, visit: Visit) -> None:
    made = ada.post("/api/tokens", json={"name": "writer", "role": "editor"}).json()
    answer = visit().post(
        "/api/journeys", json={"source": "template", "template": "cafe"},
        headers={"Authorization": f"Bearer {made['key']}"},
    )  # fmt: skip
    assert answer.status_code == 201 and answer.json()["author"] == "Ada"


def test_a_token_makes_no_tokens_and_changes_no_password(ada: Any, visit: Visit) -> None:
    key = ada.post("/api/tokens", json={"name": "all", "role": "admin"}).json()["key"]
    program = visit()
    program.headers["Authorization"] = f"Bearer {key}"
    assert program.post("/api/tokens", json={"name": "more", "role": "admin"}).status_code == 403
    given = {"present": PASSWORD, "new": "quite another password"}
    assert program.put("/api/me/password", json=given).status_code == 403


def test_an_expired_token_is_worthless(ada: Any, visit: Visit) -> None:
    key = ada.post("/api/tokens", json={"name": "old", "expires": "2026-01-01T00:00:00Z"}).json()["key"]
    assert visit().get("/api/journeys", headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_nobody_sees_or_removes_the_tokens_of_others(ada: Any, come: Come) -> None:
    id_ = ada.post("/api/tokens", json={"name": "mine"}).json()["token"]["id"]
    ben = come("Ben", "owner")
    assert ben.get("/api/tokens").json() == []
    assert ben.delete(f"/api/tokens/{id_}").status_code == 404


def test_no_secret_stands_in_the_database(ada: Any, studio: Studio) -> None:
    key = ada.post("/api/tokens", json={"name": "mine"}).json()["key"]
    ada.post("/api/users", json={"name": "Ben"})
    with studio.workspace.database.engine.connect() as connection:
        kept = str([connection.execute(text(f"SELECT * FROM {t}")).all() for t in ("users", "sign_ins", "api_tokens")])
    assert PASSWORD not in kept and key not in kept and ada.cookies[studio.cookie] not in kept
    assert "argon2" in kept


# The link of the demo


def test_a_one_time_link_of_this_machine_signs_in_once(app: Any, studio: Studio) -> None:
    person = studio.accounts.nameless("Demo")
    secret = studio.entrance(person)
    with TestClient(app, client=("127.0.0.1", 5000), follow_redirects=False) as browser:
        answer = browser.get("/api/enter", params={"token": secret, "to": "/journeys/buying"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/journeys/buying")
        assert browser.get("/api/session").json()["user"]["role"] == "admin"
        assert browser.get("/api/enter", params={"token": secret}).status_code == 303  # signed in already
    with TestClient(app, client=("127.0.0.1", 5000), follow_redirects=False) as other:
        assert other.get("/api/enter", params={"token": secret}).status_code == 403


def test_a_one_time_link_is_nothing_from_another_machine(app: Any, studio: Studio) -> None:
    secret = studio.entrance(studio.accounts.nameless("Demo"))
    with TestClient(app, client=("192.0.2.7", 5000), follow_redirects=False) as browser:
        assert browser.get("/api/enter", params={"token": secret}).status_code == 403


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "evil"])
def test_a_one_time_link_leads_nowhere_else(app: Any, studio: Studio, to: str) -> None:
    secret = studio.entrance(studio.accounts.nameless("Demo"))
    with TestClient(app, client=("127.0.0.1", 5000), follow_redirects=False) as browser:
        assert browser.get("/api/enter", params={"token": secret, "to": to}).headers["location"] == "/"
