"""Living maps by the API."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import desirepath as dp

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
