"""The local pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import desirepath as dp
from desirepath.server.app import create_app


@pytest.fixture
def client(shop: Path) -> TestClient:
    return TestClient(create_app(dp.open(shop)))


def test_it_is_well(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"


def test_one_journey_is_the_home_page(client: TestClient) -> None:
    page = client.get("/")
    assert page.url.path == "/journeys/buying"
    assert "Buying" in page.text and page.headers["content-security-policy"]


def test_filters_come_with_the_address(client: TestClient) -> None:
    found = client.get("/journeys/buying/map.json", params={"where": "platform=mobile", "from": "2026-03-02"}).json()
    assert found["cases"] == 1


@pytest.mark.parametrize("ending", ["svg", "pdf", "pptx", "xlsx", "png", "md"])
def test_the_map_can_be_taken_along(client: TestClient, ending: str) -> None:
    assert client.get(f"/journeys/buying/map.{ending}").status_code == 200


@pytest.mark.parametrize("path", ["/journeys/nothing", "/journeys/buying/map.exe", "/journeys/buying?from=never"])
def test_what_is_not_there_is_said(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (404, 422) and answer.json()["detail"]


def test_new_evidence_shows_at_once(client: TestClient, shop: Path, tmp_path: Path) -> None:
    assert client.get("/journeys/buying/map.json").json()["cases"] == 3
    (tmp_path / "more.csv").write_text(
        "user_id,session_id,event,timestamp,platform\nu9,s9,home,2026-03-03 10:00:00,mobile\n"
    )
    dp.open(shop).ingest(tmp_path / "more.csv")
    assert client.get("/journeys/buying/map.json").json()["cases"] == 4


def test_a_merge_shows_at_once(client: TestClient, shop: Path) -> None:
    assert client.get("/journeys/buying/map.json").json()["customers"] == 3
    decision = dp.open(shop).merge("u1", "u2")
    assert client.get("/journeys/buying/map.json").json()["customers"] == 2
    dp.open(shop).undo(decision)
    assert client.get("/journeys/buying/map.json").json()["customers"] == 3


def test_half_a_condition_is_refused(client: TestClient) -> None:
    answer = client.get("/journeys/buying/map.json", params={"where": "platform"})
    assert answer.status_code == 422 and "market=Lisbon" in answer.json()["detail"]
