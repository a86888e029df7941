"""What customers say, by the API: their words by filters, themes and what is decided about them, labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TEXTS = {
    "The delivery was late and the parcel damaged": 1,
    "Delivery came late again, nobody answered the phone": 1,
    "Late delivery, the parcel was damaged, terrible": 2,
    "Great coffee, friendly staff, lovely shop": 5,
    "Friendly staff and great coffee every time": 5,
    "Lovely shop, the coffee is great": 4,
}
LINES = [
    f"f{i};u{i % 3 + 1};2026-03-{1 + i % 20:02d} 12:00:00;{text} ({i});{stars}"
    for i, (text, stars) in enumerate(list(TEXTS.items()) * 8)
]
MAPPING = """\
source: reviews
kind: feedback
feedback: {id: id, at: at, customer: customer, text: text, score: {column: stars, scale: stars}, kind: review}
"""


@pytest.fixture
def heard(ada: Any, studio: Any, tmp_path: Path) -> Any:
    """Ada in a shop with 48 reviews, and a text that nobody rated."""
    file = tmp_path / "reviews.csv"
    file.write_text("\n".join(["id;customer;at;text;stars", *LINES]), "utf-8")
    studio.workspace.ingest(file, mapping=MAPPING)
    studio.workspace.note("Where is my parcel? mail me at eve@example.com", kind="chat", touchpoint="product")
    return ada


def test_the_overview(heard: Any) -> None:
    found = heard.get("/api/voice").json()
    assert (found["feedback"], found["kinds"]) == (49, {"review": 48, "chat": 1})
    assert found["languages"]["en"] >= 48 and found["layers"]["score"] == 48


def test_words_are_found_by_what_is_asked(heard: Any) -> None:
    def total(**asked: Any) -> int:
        return int(heard.get("/api/voice/verbatims", params={"limit": 1} | asked).json()["total"])

    assert total() == 49
    assert total(search="COFFEE") == 24
    assert total(state="frustration") == 24 and total(state="delight") == 24
    assert total(kind="chat") == total(source="notes") == total(touchpoint="product") == 1
    assert total(**{"from": "2026-03-01", "to": "2026-03-02", "kind": "review"}) == 3
    assert total(language="ru") == 0
    assert total(journey="buying", stage="look", kind="chat") == 1


def test_pages_follow_each_other(heard: Any) -> None:
    def page(offset: int) -> list[str]:
        asked = {"limit": 20, "offset": offset}
        return [text["id"] for text in heard.get("/api/voice/verbatims", params=asked).json()["verbatims"]]

    ids = [*page(0), *page(20), *page(40)]
    assert len(ids) == 49 == len(set(ids)) and page(60) == []


def test_words_are_masked(heard: Any) -> None:
    (text,) = heard.get("/api/voice/verbatims", params={"kind": "chat"}).json()["verbatims"]
    assert "eve@example.com" not in text["text"] and "parcel" in text["text"]
    assert heard.get("/api/voice/verbatims", params={"search": "eve@example"}).json()["total"] == 0


def test_words_are_found_by_their_ids(heard: Any) -> None:
    def found(*ids: str, **more: Any) -> list[str]:
        answer = heard.get("/api/voice/verbatims", params={"id": ids} | more).json()
        assert answer["total"] == len(answer["verbatims"])
        return sorted(text["id"] for text in answer["verbatims"])

    assert found("f3", "f42", "none") == ["f3", "f42"]
    assert found("f3", "f42", state="frustration") == ["f42"]
    assert found("none") == []


def test_a_theme_says_what_it_quotes_and_where_a_card_of_it_belongs(heard: Any) -> None:
    themes = heard.get("/api/voice/themes").json()
    lanes = {theme["emotion"] < 0: theme["lane"] for theme in themes}
    assert lanes == {True: "pain_points", False: "thoughts"}
    for theme in themes:
        quoted = heard.get("/api/voice/verbatims", params={"id": theme["quoted"]}).json()["verbatims"]
        assert {text["text"] for text in quoted} == set(theme["verbatims"])


def test_the_words_of_a_map_do_not_make_its_voice_anew(heard: Any, studio: Any) -> None:
    first = studio.voices.get("buying")
    card = {"op": "add", "part": "card", "stage": "look", "value": {"id": "c", "lane": "needs", "text": "Light"}}
    rule = {"op": "set", "part": "touchpoint", "id": "home", "field": "match", "value": [{"event": ["start"]}],
            "was": [{"event": ["home"]}]}  # fmt: skip
    for op, same in ((card, True), (rule, False)):
        assert heard.post("/api/journeys/buying/edits", json={"edit_id": str(op)[:80], "ops": [op]}).is_success
        assert (studio.voices.get("buying") is first) == same


def test_a_theme_is_renamed_and_the_name_taken_back(heard: Any) -> None:
    themes = heard.get("/api/voice/themes").json()
    assert len(themes) >= 2
    first = themes[0]
    made = heard.post(f"/api/voice/themes/{first['id']}", json={"action": "rename", "name": "The parcel"})
    assert made.status_code == 201, made.text
    assert "The parcel" in [theme["name"] for theme in heard.get("/api/voice/themes").json()]
    (decision,) = heard.get("/api/voice/decisions").json()
    assert (decision["action"], decision["author"], decision["undone"]) == ("rename", "Ada", None)
    assert heard.delete(f"/api/voice/decisions/{decision['number']}").status_code == 204
    assert "The parcel" not in [theme["name"] for theme in heard.get("/api/voice/themes").json()]
    assert heard.delete(f"/api/voice/decisions/{decision['number']}").status_code == 422


@pytest.mark.parametrize("change", [{"action": "rename"}, {"action": "merge"}, {"action": "merge", "into": "none"}])
def test_half_a_decision_is_refused(heard: Any, change: dict[str, Any]) -> None:
    theme = heard.get("/api/voice/themes").json()[0]["id"]
    assert heard.post(f"/api/voice/themes/{theme}", json=change).status_code == 422


def test_a_label_holds_until_it_is_taken_back(heard: Any) -> None:
    (asked,) = heard.get("/api/voice/teach").json()
    assert asked["kind"] == "chat"
    kept = heard.post("/api/voice/labels", json={"labels": [{"id": asked["id"], "emotion": -2}]})
    assert kept.json() == {"labels": 1}

    def now() -> tuple[float, str]:
        (text,) = heard.get("/api/voice/verbatims", params={"kind": "chat"}).json()["verbatims"]
        return text["emotion"], text["layer"]

    assert now() == (-2, "label") and heard.get("/api/voice/teach").json() == []
    assert heard.delete(f"/api/voice/labels/{asked['id']}").status_code == 204
    assert now()[1] != "label"


def test_what_was_taught_shows_on_the_map_at_once(ada: Any, studio: Any) -> None:
    said = [studio.workspace.note(f"It is what it is ({i})", kind="interview", touchpoint="product") for i in range(6)]
    path = "/api/journeys/buying/map"
    before = ada.get(path).json()
    labels = [{"id": id_, "emotion": 2} for id_ in said]
    assert ada.post("/api/voice/labels", json={"labels": labels}).json() == {"labels": 6}
    after = ada.get(path).json()
    assert before["emotion"]["score"] != 2 and after["emotion"]["score"] == 2
    assert after == studio.workspace.map("buying").to_json()


@pytest.mark.parametrize("label", [{"id": "nothing", "emotion": 1}, {"id": "f1", "emotion": 3}])
def test_what_cannot_be_a_label_is_refused(heard: Any, label: dict[str, Any]) -> None:
    assert heard.post("/api/voice/labels", json={"labels": [label]}).status_code == 422


def test_how_well_it_is_read_and_who_is_not_heard(heard: Any) -> None:
    assert [known["language"] for known in heard.get("/api/voice/quality").json()] == ["en"]
    covered = heard.get("/api/voice/coverage", params={"by": "platform"}).json()
    assert {group["name"]: group["customers"] for group in covered["groups"]} == {"mobile": 2, "desktop": 1}
    assert heard.get("/api/voice/coverage", params={"by": "shoe size"}).status_code == 422


def test_nothing_was_said_yet(ada: Any) -> None:
    assert ada.get("/api/voice").json()["feedback"] == 0
    assert ada.get("/api/voice/themes").json() == ada.get("/api/voice/teach").json() == []
    assert ada.get("/api/voice/verbatims").json() == {"total": 0, "verbatims": []}


def test_only_editors_teach(heard: Any, come: Callable[[str, str], Any]) -> None:
    commenter = come("Ben", "commenter")
    assert commenter.post("/api/voice/labels", json={"labels": [{"id": "f1", "emotion": 1}]}).status_code == 403
