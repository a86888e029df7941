"""The portfolio, and where new journeys come from."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from desirepath.insight import discover
from desirepath.journey import yaml

from .test_evidence import ended

YAML = "journey: tea\ntitle: {en: Tea, ru: Чай}\nmarket: Kyoto\nstages:\n  - {id: pour, name: Pouring}\n"


def make(browser: Any, **given: Any) -> Any:
    return browser.post("/api/journeys", json=given)


def test_the_portfolio(ada: Any) -> None:
    (entry,) = ada.get("/api/journeys").json()
    assert entry.pop("updated")
    assert entry == {
        "id": "buying", "title": "Buying", "owner": None, "market": None, "parent": None, "state": "as_is",
        "personas": 0, "stages": 2, "touchpoints": 4, "seq": 0, "author": None, "role": "admin",
    }  # fmt: skip


def test_a_journey_from_a_template_gets_a_free_id(ada: Any) -> None:
    known = [template["id"] for template in ada.get("/api/templates").json()]
    assert "cafe" in known
    made = [make(ada, source="template", template="cafe").json()["id"] for _ in range(2)]
    assert made == ["cafe", "cafe-2"]
    ada.delete("/api/journeys/cafe-2")
    assert make(ada, source="template", template="cafe").json()["id"] == "cafe-3"


def test_a_journey_from_yaml_and_back(ada: Any) -> None:
    made = make(ada, source="yaml", text=YAML).json()
    assert (made["id"], made["title"]) == ("tea", {"en": "Tea", "ru": "Чай"})
    assert (made["market"], made["author"]) == ("Kyoto", "Ada")
    text = ada.get("/api/journeys/tea/document.yaml").text
    assert yaml.load(text) == yaml.load(YAML)


def test_a_journey_from_mermaid_and_back(ada: Any) -> None:
    assert make(ada, source="mermaid", text="journey\n title Tea\n section Pour\n  Wait: 2: Me").json()["stages"] == 1
    assert "section Looking" in ada.get("/api/journeys/buying/document.md").text


def test_a_journey_as_it_should_be_begins_from_how_it_is(ada: Any) -> None:
    made = make(ada, source="journey", journey="buying").json()
    assert (made["id"], made["state"], made["stages"], made["author"]) == ("buying-to-be", "to_be", 2, "Ada")
    assert make(ada, source="journey", journey="buying").json()["id"] == "buying-to-be-2"
    assert ada.get("/api/journeys/buying").json()["document"].get("state", "as_is") == "as_is"
    assert make(ada, source="journey", journey="nowhere").status_code == 404
    assert "which journey" in make(ada, source="journey").json()["detail"]


def test_a_journey_from_the_data_alone_is_a_job(ada: Any) -> None:
    for id_ in ("discovered", "discovered-2"):
        asked = ada.post("/api/discoveries")
        assert asked.status_code == 202
        job = ended(ada, asked.json())
        assert (job["kind"], job["state"], job["result"]) == ("discover", "done", {"journey": id_})
        made = next(entry for entry in ada.get("/api/journeys").json() if entry["id"] == id_)
        assert made["touchpoints"] >= 1 and made["author"] == "Ada"
    assert ada.get("/api/audit").json()[0]["action"] == "discovery_asked"


def test_a_discovery_that_is_stopped_makes_no_journey(ada: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go = threading.Event(), threading.Event()
    counted = discover.precedence

    def slow(*given: Any) -> Any:
        reached.set()
        go.wait(120)
        return counted(*given)

    monkeypatch.setattr(discover, "precedence", slow)
    job = ada.post("/api/discoveries").json()
    assert reached.wait(120)
    now = ada.get(f"/api/jobs/{job['id']}").json()
    assert (now["state"], now["what"], now["done"], now["total"]) == ("running", "comparing events", 0, 2)
    ada.post(f"/api/jobs/{job['id']}/cancel")
    go.set()
    assert ended(ada, job)["state"] == "cancelled"
    assert [entry["id"] for entry in ada.get("/api/journeys").json()] == ["buying"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"source": "template", "template": "caffe"}, "did you mean 'cafe'"),
        ({"source": "yaml"}, "no text"),
        ({"source": "yaml", "text": YAML.replace("market", "markt")}, "did you mean 'market'"),
        ({"source": "mermaid", "text": "graph TD"}, "journey"),
    ],
)
def test_what_makes_no_journey_is_said(ada: Any, given: dict[str, Any], said: str) -> None:
    answer = make(ada, **given)
    assert answer.status_code == 422 and said in str(answer.json())
    assert len(ada.get("/api/journeys").json()) == 1


def test_a_files_name_is_not_its_text(ada: Any, tmp_path: Path) -> None:
    (tmp_path / "tea.yaml").write_text(YAML)
    assert make(ada, source="yaml", text=str(tmp_path / "tea.yaml")).status_code == 422
    assert make(ada, source="mermaid", text=str(tmp_path / "tea.yaml")).status_code == 422


def test_a_removed_journey_is_out_of_sight(ada: Any) -> None:
    assert ada.delete("/api/journeys/buying").status_code == 204
    assert ada.get("/api/journeys").json() == []
    for path in ("", "/map", "/edits", "/versions", "/document.yaml", "/roles"):
        answer = ada.get(f"/api/journeys/buying{path}")
        assert answer.status_code == 404, path
        assert answer.json()["detail"] == "there is no journey 'buying'"


def test_a_journey_at_a_glance(ada: Any) -> None:
    health = ada.get("/api/journeys/buying/health").json()
    assert (health["customers"], health["cases"], health["data_to"]) == (3, 3, "2026-03-02T09:30:00Z")
    assert health["stale"] and health["emotion"]["n"] == 0 and health["emotion_before"] is None
    assert {"sampling_low", "sampling_high"} <= health["emotion"].keys()  # the portfolio's arrow rests on them


def test_a_journey_may_be_part_of_another(ada: Any) -> None:
    ada.post("/api/journeys", json={"source": "template", "template": "cafe"})
    op = {"op": "set", "part": "journey", "id": "buying", "field": "parent", "value": "cafe", "was": None}
    assert ada.post("/api/journeys/buying/edits", json={"edit_id": "a new parent", "ops": [op]}).status_code == 200
    assert {e["id"]: e["parent"] for e in ada.get("/api/journeys").json()} == {"buying": "cafe", "cafe": None}
    itself = {**op, "value": "buying", "was": "cafe"}
    refused = ada.post("/api/journeys/buying/edits", json={"edit_id": "its own parent", "ops": [itself]})
    assert refused.status_code == 422 and "part of itself" in refused.json()["detail"]
