"""Living maps by the API."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import desirepath as dp
from desirepath.server import maps
from desirepath.server.studio import Studio

MAP = "/api/journeys/buying/map"


def test_filters_come_with_the_address(ada: Any) -> None:
    found = ada.get(MAP, params={"where": "platform=mobile", "from": "2026-03-02"}).json()
    assert found["cases"] == 1


def test_it_is_the_map_that_the_library_computes(ada: Any, shop: Path) -> None:
    with closing(dp.open(shop)) as library:
        assert ada.get(MAP, params={"language": "ru"}).json() == library.map("buying", language="ru").to_json()


@pytest.mark.parametrize("ending", ["json", "html", "svg", "pdf", "pptx", "xlsx", "png", "md", "mmd"])
def test_the_map_can_be_taken_along_and_never_runs_as_a_page_of_the_studio(ada: Any, ending: str) -> None:
    answer = ada.get(f"{MAP}.{ending}")
    assert answer.status_code == 200 and answer.content
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/journeys/nothing/map", 404),
        (f"{MAP}.exe", 422),
        (f"{MAP}?from=never", 422),
        (f"{MAP}?persona=nobody", 422),
        (f"{MAP}?language=tlh", 422),
    ],
)
def test_what_is_not_there_is_said(ada: Any, path: str, status: int) -> None:
    answer = ada.get(path)
    assert answer.status_code == status and answer.json()["detail"]


def test_half_a_condition_is_refused(ada: Any) -> None:
    answer = ada.get(MAP, params={"where": "platform"})
    assert answer.status_code == 422 and "market=Lisbon" in answer.json()["hint"]


def test_new_evidence_shows_at_once(ada: Any, shop: Path, tmp_path: Path) -> None:
    assert ada.get(MAP).json()["cases"] == 3
    (tmp_path / "more.csv").write_text(
        "user_id,session_id,event,timestamp,platform\nu9,s9,home,2026-03-03 10:00:00,mobile\n"
    )
    with closing(dp.open(shop)) as elsewhere:
        elsewhere.ingest(tmp_path / "more.csv")
    assert ada.get(MAP).json()["cases"] == 4


def test_a_merge_shows_at_once(ada: Any, shop: Path) -> None:
    assert ada.get(MAP).json()["customers"] == 3
    with closing(dp.open(shop)) as elsewhere:
        decision = elsewhere.merge("u1", "u2")
        assert ada.get(MAP).json()["customers"] == 2
        elsewhere.undo(decision)
        assert ada.get(MAP).json()["customers"] == 3


def test_what_has_not_changed_is_not_sent_again(ada: Any, shop: Path) -> None:
    tag = ada.get(MAP).headers["etag"]
    again = ada.get(MAP, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert ada.get(MAP, params={"where": "platform=mobile"}, headers={"If-None-Match": tag}).status_code == 200
    with closing(dp.open(shop)) as elsewhere:
        elsewhere.merge("u1", "u2")
    assert ada.get(MAP, headers={"If-None-Match": tag}).status_code == 200


def test_who_comes_while_a_map_is_made_shares_the_next_one(
    studio: Studio, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    looks: list[str] = []
    compute, fingerprint = maps.compute, studio.workspace.fingerprint

    def slowly(*given: Any) -> Any:
        begun.set()
        assert go_on.wait(60)
        return compute(*given)

    monkeypatch.setattr(maps, "compute", slowly)
    monkeypatch.setattr(studio.workspace, "fingerprint", lambda: looks.append("") or fingerprint())
    with ThreadPoolExecutor(9) as people:
        first = people.submit(studio.maps.get, "buying", maps.Question())
        assert begun.wait(60)
        rename = {"op": "set", "part": "stage", "id": "look", "field": "name", "value": "Browsing", "was": "Looking"}
        assert ada.post("/api/journeys/buying/edits", json={"edit_id": "a new name", "ops": [rename]}).is_success
        coming = [threading.Event() for _ in range(8)]

        def come(there: threading.Event) -> maps.Answer:
            there.set()
            return studio.maps.get("buying", maps.Question())

        others = [people.submit(come, there) for there in coming]
        assert all(there.wait(60) for there in coming)
        threading.Event().wait(0.2)  # from being there to asking
        go_on.set()
        names = {other.result().living_map.stages[0].name for other in others}
    assert first.result().living_map.stages[0].name == "Looking"
    assert names == {"Browsing"} and len(looks) == 2


@pytest.mark.parametrize("path", ["/api/journeys", "/api/journeys/buying", MAP])
def test_answers_are_compressed_for_who_can_read_it_and_not_sent_twice(ada: Any, path: str) -> None:
    for number in range(20):  # long enough to be worth it
        journey = f"journey: tea-{number}\ntitle: Tea\nstages: [{{id: pour, name: Pouring}}]"
        assert ada.post("/api/journeys", json={"source": "yaml", "text": journey}).status_code == 201
    plain = ada.get(path, headers={"Accept-Encoding": "identity"})
    packed = ada.get(path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2 and packed.json() == plain.json()
    assert "Accept-Encoding" in plain.headers["vary"] and plain.headers["cache-control"] == "private, no-cache"
    tag = packed.headers["etag"]
    assert ada.get(path, headers={"If-None-Match": tag}).status_code == 304
    rename = {"op": "set", "part": "journey", "id": "buying", "field": "owner", "value": "Sales", "was": None}
    assert ada.post("/api/journeys/buying/edits", json={"edit_id": "a new owner", "ops": [rename]}).is_success
    assert ada.get(path, headers={"If-None-Match": tag}).status_code == 200
