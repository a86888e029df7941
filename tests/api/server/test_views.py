"""Ways to look at a map, kept on the server: one's own, shared, and who may take them away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desirepath.server import views as module

LOOKS = {"hidden": ["needs"], "stages": [], "asked": ["metrics"], "fit": "whole", "verdict": "stale"}
VIEW = {"name": "Lisbon", "search": "where=market%3DLisbon&form=flow", "looks": LOOKS}


def keep(browser: Any, **more: Any) -> Any:
    return browser.post("/api/journeys/buying/views", json=VIEW | more)


def names(browser: Any) -> list[tuple[str, str, bool]]:
    found = browser.get("/api/journeys/buying/views").json()
    return [(view["name"], view["author"], view["mine"]) for view in found]


def test_a_view_comes_back_as_it_was_kept(ada: Any) -> None:
    kept = keep(ada)
    assert kept.status_code == 201
    (view,) = ada.get("/api/journeys/buying/views").json()
    assert view == kept.json()
    assert view.pop("updated") and view == {**VIEW, "id": view["id"], "shared": False, "author": "Ada", "mine": True}


def test_ones_own_of_the_same_name_is_replaced(ada: Any, come: Callable[[str, str], Any]) -> None:
    first = keep(ada).json()
    again = keep(ada, search="", shared=True).json()
    assert (again["id"], again["search"], again["shared"]) == (first["id"], "", True)
    bo = come("Bo", "viewer")
    assert keep(bo).json()["id"] != first["id"]
    assert names(ada) == [("Lisbon", "Ada", True)] and names(bo) == [("Lisbon", "Ada", False), ("Lisbon", "Bo", True)]


def test_others_see_what_is_shared_and_nothing_else(ada: Any, come: Callable[[str, str], Any]) -> None:
    keep(ada, name="mine")
    keep(ada, name="ours", shared=True)
    assert names(ada) == [("mine", "Ada", True), ("ours", "Ada", True)]
    assert names(come("Bo", "viewer")) == [("ours", "Ada", False)]
    ada.post("/api/journeys", json={"source": "template", "template": "cafe"})
    assert ada.get("/api/journeys/cafe/views").json() == []


def test_who_shares_and_who_takes_away(ada: Any, come: Callable[[str, str], Any]) -> None:
    cleo, bo, dan = come("Cleo", "commenter"), come("Bo", "editor"), come("Dan", "owner")
    assert keep(cleo, shared=True).status_code == 403
    own = keep(cleo).json()["id"]
    shared = keep(bo, shared=True).json()["id"]

    def remove(browser: Any, view: int) -> int:
        return int(browser.delete(f"/api/journeys/buying/views/{view}").status_code)

    assert remove(dan, own) == 404  # nobody else's business
    assert remove(cleo, shared) == 403
    assert remove(dan, shared) == remove(cleo, own) == 204
    assert names(dan) == names(bo) == names(cleo) == []
    log = ada.get("/api/audit").json()
    acts = [(e["user"], e["action"], e["target"]) for e in log if e["action"].startswith("view_")]
    assert acts == [("Dan", "view_removed", "buying"), ("Bo", "view_shared", "buying")]


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": ""}, {"looks": {"fit": "height"}}, {"search": "x" * 4001}])
def test_what_is_no_view_is_refused(ada: Any, wrong: dict[str, Any]) -> None:
    assert keep(ada, **wrong).status_code == 422
    assert ada.post("/api/journeys/none/views", json=VIEW).status_code == 404


def test_nobody_keeps_them_without_end(ada: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    assert [keep(ada, name=name).status_code for name in ("a", "b", "c", "a")] == [201, 201, 422, 201]
