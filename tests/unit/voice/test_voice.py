"""The voice of a workspace, through the Python door and the command line."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import desirepath as dp
from desirepath.cli.app import app
from desirepath.errors import DesirepathError

GLAD = ["wonderful", "friendly", "lovely", "quick", "warm", "kind", "cheerful", "polite"]
SORE = ["terrible", "rude", "awful", "slow", "endless", "chaotic", "noisy", "dirty"]
DRINKS, THINGS = ["coffee", "tea", "cake", "mocha", "latte"], ["waiter", "register", "till", "cashier", "line"]
MAPPING = """\
source: reviews
files: [reviews.csv]
kind: feedback
feedback: {id: id, text: text, score: {column: stars, scale: stars}, kind: review, touchpoint: place}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("voice")
    rows = [("id", "text", "stars", "place")]
    rng = np.random.default_rng(0)
    for i in range(60):
        glad, sore = " ".join(rng.choice(GLAD, 3)), " ".join(rng.choice(SORE, 3))
        rows.append((f"a{i}", f"The staff was {glad} and so was the {rng.choice(DRINKS)}", "5", "counter"))
        rows.append((f"b{i}", f"The queue was {sore} and so was the {rng.choice(THINGS)}", "1", "till"))
    rows.append(("open", "The terrible slow queue, write to me at anna@example.com", "", ""))
    rows.append(("mixed", "x" * 30, "9", ""))
    with (base / "reviews.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    (base / "m.yaml").write_text(MAPPING)
    ws = dp.init(base / "ws")
    ws.ingest(base / "reviews.csv", mapping=base / "m.yaml")
    ws.close()
    return base / "ws"


def run(*words: str) -> object:
    done = CliRunner().invoke(app, ["voice", *words, "--json"])
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.stdout)


def test_overview(folder: Path) -> None:
    found = dp.open(folder).voice().overview()
    assert found["feedback"] == 122 and found["layers"]["score"] == 120 and found["layers"]["model"] >= 1
    assert found["states"]["delight"] == 60 and found["languages"]["en"] >= 120


def test_score_writes_one_row_a_feedback(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "v.csv"
    assert run(str(folder), "score", "--out", str(out)) == {"rows": 122, "file": str(out)}
    with out.open(newline="") as file:
        rows = {r["id"]: r for r in csv.DictReader(file)}
    assert list(rows["open"]) == [
        "id", "language", "emotion", "low", "high", "layer", "confidence", "feeling", "touchpoint", "themes",
    ]  # fmt: skip
    assert rows["open"]["layer"] == "model" and float(rows["open"]["emotion"]) < -1
    assert rows["open"]["touchpoint"] == "till"  # by what it talks about
    assert rows["a1"]["emotion"] == "2"


def test_verbatims_are_masked(folder: Path) -> None:
    found = run(str(folder), "verbatims", "--state", "frustration", "--limit", "200")
    assert isinstance(found, list)
    own = next(v for v in found if v["id"] == "open")
    assert own["text"].endswith("[email]")
    assert {v["touchpoint"] for v in found} == {"till"}


def test_a_review_that_praises_and_complains_has_two_aspects(folder: Path, tmp_path: Path) -> None:
    ws = dp.open(shutil.copytree(folder, tmp_path / "ws"))
    ws.note("The staff was wonderful and friendly, but the queue was terrible and endless.", kind="review")
    found = ws.voice().verbatims(limit=200, aspects=True)
    own = next(v for v in found if v["text"].endswith("endless."))
    praise, complaint = own["aspects"]
    assert praise["emotion"] > 0 > complaint["emotion"]
    assert (praise["touchpoint"], complaint["touchpoint"]) == ("counter", "till")


def test_quality_and_themes(folder: Path) -> None:
    quality = run(str(folder), "quality")
    assert isinstance(quality, list) and quality[0]["language"] == "en"
    assert quality[0]["model"]["macro_f1"] == 1.0
    themes = run(str(folder), "themes")
    assert isinstance(themes, list) and sum(t["size"] for t in themes) >= 100


def test_teaching_and_decisions_are_kept(folder: Path, tmp_path: Path) -> None:
    place = shutil.copytree(folder, tmp_path / "ws")
    asked = run(str(place), "teach", "--limit", "5")
    assert isinstance(asked, list) and "open" in {a["id"] for a in asked}
    labels = tmp_path / "l.csv"
    labels.write_text("id,label\nopen,-1\n")
    assert run(str(place), "teach", "--labels", str(labels)) == {"labels": 1}
    voice = dp.open(place).voice()
    row = list(voice.said.id).index("open")
    assert voice.hearing.heard.layer[row] == "label" and voice.hearing.heard.emotion[row] == -1
    theme = voice.themes[0]
    voice.edit_theme("rename", theme.id, name="What people love")
    assert "What people love" in [t.name for t in dp.open(place).voice().themes]


@pytest.mark.parametrize("words", [("sing",), ("score",), ("themes", "--rename", "x"), ("verbatims", "--state", "sad")])
def test_wrong_words_are_answered(folder: Path, words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["voice", str(folder), *words])
    assert isinstance(done.exception, DesirepathError)


def test_labels_out_of_range_and_unknown(folder: Path) -> None:
    voice = dp.open(folder).voice()
    with pytest.raises(DesirepathError, match="no feedback"):
        voice.label({"nobody": 1.0})
    with pytest.raises(DesirepathError, match="−2 … \\+2"):
        voice.label({"a1": 7.0})


def test_decisions_about_themes_are_kept_and_taken_back(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "ws")
    voice = dp.open(tmp_path / "ws").voice()
    first, second = voice.themes[:2]
    assert first.language == second.language
    numbers = [
        voice.edit_theme("rename", first.id, name="The staff"),
        voice.edit_theme("pin", "The staff"),
        voice.edit_theme("merge", second.id, into="The staff"),
    ]
    again = dp.open(tmp_path / "ws").voice()  # as another session finds them
    kept = again.theme("The staff")
    assert kept.pinned and len(kept.rows) == len(first.rows) + len(second.rows)
    again.undo_theme_edit(numbers[2])
    assert len(again.theme("The staff").rows) == len(first.rows)
    again.undo_theme_edit(numbers[1])
    again.undo_theme_edit(numbers[0])
    assert [(t.name, t.pinned) for t in again.themes] == [(t.name, t.pinned) for t in dp.open(folder).voice().themes]
    with pytest.raises(DesirepathError, match="no decision"):
        again.undo_theme_edit(numbers[0])


def test_a_theme_decision_is_taken_back_on_the_command_line(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "ws")
    place = str(tmp_path / "ws")
    before = run(place, "themes")
    assert isinstance(before, list)
    assert "renamed" in [t["name"] for t in run(place, "themes", "--theme", before[0]["id"], "--rename", "renamed")]  # type: ignore[attr-defined]
    assert run(place, "themes", "--undo", "1") == before
