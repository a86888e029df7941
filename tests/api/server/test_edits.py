"""Editing by the API: nothing is done twice, nothing is lost, everything can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import desirepath as dp

EDITS = "/api/journeys/buying/edits"
RENAME = {"op": "set", "part": "stage", "id": "look", "field": "name", "value": "Browsing", "was": "Looking"}


def edit(browser: Any, *ops: dict[str, Any], id_: str | None = None) -> Any:
    return browser.post(EDITS, json={"edit_id": id_ or str(uuid4()), "ops": list(ops)})


def names(browser: Any) -> list[str]:
    return [stage["name"] for stage in browser.get("/api/journeys/buying").json()["document"]["stages"]]


def test_an_edit_is_done_and_numbered(ada: Any) -> None:
    done = edit(ada, RENAME).json()
    assert (done["seq"], done["author"], done["ops"]) == (1, "Ada", [RENAME])
    assert names(ada) == ["Browsing", "Buying"]
    now = ada.get("/api/journeys/buying").json()
    assert (now["seq"], now["author"], now["role"]) == (1, "Ada", "admin")
    assert [stage["name"] for stage in ada.get("/api/journeys/buying/map").json()["stages"]] == ["Browsing", "Buying"]


def test_undo_and_redo_are_the_inverse_posted(ada: Any) -> None:
    done = edit(ada, RENAME, {"op": "move", "part": "stage", "id": "look", "after": "buy"}).json()
    undone = edit(ada, *done["inverse"]).json()
    assert names(ada) == ["Looking", "Buying"]
    edit(ada, *undone["inverse"])
    assert names(ada) == ["Buying", "Browsing"]


def test_an_edit_sent_twice_is_done_once(ada: Any) -> None:
    add = {"op": "add", "part": "stage", "value": {"id": "return", "name": "Returning"}, "after": None}
    first, again = (edit(ada, add, id_="the-same-one") for _ in range(2))
    assert first.json() == again.json()
    assert names(ada) == ["Returning", "Looking", "Buying"]


def test_a_conflict_shows_both_texts_and_who_was_first(ada: Any, come: Callable[[str, str], Any]) -> None:
    ben = come("Ben", "editor")
    edit(ben, RENAME)
    answer = edit(ada, {**RENAME, "value": "Window shopping"})
    assert answer.status_code == 409
    said = answer.json()
    assert (said["now"], said["wanted"], said["by"], said["op"]["id"]) == ("Browsing", "Window shopping", "Ben", "look")
    assert names(ada) == ["Browsing", "Buying"]


def test_evidence_that_two_attach_at_once_is_both_kept(ada: Any, come: Callable[[str, str], Any]) -> None:
    ben = come("Ben", "editor")
    card = {"id": "c1", "lane": "needs", "text": "Wants it soon", "evidence": [{"verbatim": "seen by both"}]}
    edit(ada, {"op": "add", "part": "card", "stage": "buy", "value": card})
    seen = {"op": "set", "part": "card", "id": "c1", "field": "evidence", "was": card["evidence"]}
    edit(ben, {**seen, "value": [*card["evidence"], {"verbatim": "Ben's"}]})
    done = edit(ada, {**seen, "value": [{"metric": "Ada's"}]})  # who took away the one and attached another

    def rests() -> list[str]:
        (stage,) = [
            each for each in ada.get("/api/journeys/buying").json()["document"]["stages"] if each["id"] == "buy"
        ]
        return [said for piece in stage["cards"][-1].get("evidence", []) for said in piece.values()]

    assert (done.status_code, rests()) == (200, ["Ben's", "Ada's"])
    edit(ada, *done.json()["inverse"])
    assert rests() == ["seen by both", "Ben's"]


def test_two_edits_of_different_things_both_win(ada: Any, come: Callable[[str, str], Any]) -> None:
    ben = come("Ben", "editor")
    edit(ben, RENAME)
    other = {"op": "set", "part": "stage", "id": "buy", "field": "name", "value": "Paying", "was": "Buying"}
    assert edit(ada, other).json()["seq"] == 2
    assert names(ben) == ["Browsing", "Paying"]


def test_edits_can_be_followed_from_any_of_them(ada: Any) -> None:
    edit(ada, RENAME)
    edit(ada, {**RENAME, "value": "Looking", "was": "Browsing"})
    assert [e["seq"] for e in ada.get(EDITS).json()] == [1, 2]
    assert [e["seq"] for e in ada.get(EDITS, params={"after": 1}).json()] == [2]


@pytest.mark.parametrize(
    ("ops", "hint"),
    [
        ([{**RENAME, "field": "nmae"}], "did you mean 'name'"),
        ([{"op": "add", "part": "card", "stage": "lok", "value": {"id": "c"}}], "did you mean 'look'"),
    ],
)
def test_what_cannot_be_done_is_said(ada: Any, ops: list[Any], hint: str) -> None:
    answer = edit(ada, *ops)
    assert answer.status_code == 422 and hint in answer.json()["hint"]


@pytest.mark.parametrize("ops", [[], [{"op": "explode"}], [{**RENAME, "extra": 1}], "all"])
def test_what_is_no_operation_is_refused(ada: Any, ops: Any) -> None:
    answer = ada.post(EDITS, json={"edit_id": str(uuid4()), "ops": ops})
    assert answer.status_code == 422 and answer.json()["where"]


def test_another_document_does_not_take_the_place_of_this_one(ada: Any) -> None:
    for value in ({}, {"id": "selling"}):
        refused = edit(ada, {"op": "replace", "value": value, "was": {}})
        assert refused.status_code == 422 and "for good: buying" in refused.json()["detail"]


def test_an_edit_of_rules_shows_first_what_it_does_to_the_numbers(ada: Any) -> None:
    rule = {"op": "set", "part": "touchpoint", "id": "hotline", "field": "match", "value": [{"event": ["search"]}],
            "was": [{"event": ["call_*"]}]}  # fmt: skip
    changed = ada.post("/api/journeys/buying/preview", json={"ops": [rule]}).json()
    found = {(c["part"], c["place"], c["measure"]): (c["before"], c["after"]) for c in changed}
    assert found["touchpoint", "hotline", "events"] == (0, 1)
    assert found["map", None, "unmatched_events"] == (1, 0)
    assert ("touchpoint", "home", "events") not in found
    assert ada.get("/api/journeys/buying").json()["seq"] == 0


def test_the_history_keeps_restores_and_compares(ada: Any) -> None:
    edit(ada, RENAME)
    assert ada.post("/api/journeys/buying/versions", json={"note": "for the board"}).json()["number"] == 2
    assert [v["note"] for v in ada.get("/api/journeys/buying/versions").json()] == [None, "for the board"]
    difference = ada.get("/api/journeys/buying/diff", params={"before": 1}).json()
    assert difference["changes"] == 1 and "'Looking' → 'Browsing'" in difference["text"]
    restored = ada.post("/api/journeys/buying/versions/1/restore").json()
    assert names(ada) == ["Looking", "Buying"]
    edit(ada, *restored["inverse"])
    assert names(ada) == ["Browsing", "Buying"]
    assert ada.get("/api/journeys/buying/versions/1").json()["stages"][0]["name"] == "Looking"
    assert ada.post("/api/journeys/buying/versions/9/restore").status_code == 422


def test_the_map_after_an_edit_is_the_one_that_the_library_computes(ada: Any, shop: Path) -> None:
    before = ada.get("/api/journeys/buying/map")
    card = {"id": "c1", "lane": "pain_points", "text": "Slow", "touchpoint": "home"}
    ops = [
        {"op": "add", "part": "card", "stage": "look", "value": card},
        {"op": "set", "part": "stage", "id": "buy", "field": "owner", "value": "Sales", "was": None},
        {"op": "set", "part": "stage", "id": "buy", "field": "name", "value": "Paying", "was": "Buying"},
    ]
    for number, op in enumerate(ops):
        done = ada.post("/api/journeys/buying/edits", json={"edit_id": f"edit number {number}", "ops": [op]})
        assert done.status_code == 200, done.text
        now = ada.get("/api/journeys/buying/map", headers={"If-None-Match": before.headers["etag"]})
        with closing(dp.open(shop)) as library:
            assert now.json() == library.map("buying").to_json()
    assert now.json()["stages"][1]["name"] == "Paying" and now.json()["cards"][0]["id"] == "c1"
