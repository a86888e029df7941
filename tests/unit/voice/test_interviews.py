"""Of an interview that was read by turns, what the company said is no customer's emotion."""

from pathlib import Path

import pytest

import desirepath as dp

EXAMPLES = Path(__file__).parents[3] / "examples"
TALKS = {
    "en": (
        "Interviewer: {glad}\nAnna: {sore}\n",
        "Our wonderful, friendly and lovely shop!",
        "The queue was terrible.",
    ),
    "zh-Hans": ("访谈者：{glad}\n王女士：{sore}\n", "我们的服务非常好，太棒了，很满意！", "太差了，服务员态度很差。"),
    "zh-Hant": ("訪談者：{glad}\n王小姐：{sore}\n", "我們的服務非常好，太棒了，很滿意！", "太差了，服務員態度很差。"),
    "ru": ("Интервьюер: {glad}\nАнна: {sore}\n", "У нас отличный, прекрасный магазин!", "Ужасная очередь, всё плохо."),
    "pt": (
        "Entrevistador: {glad}\nAna: {sore}\n",
        "A nossa loja é ótima e maravilhosa!",
        "A fila foi péssima e horrível.",
    ),
}


@pytest.mark.parametrize("language", TALKS)
@pytest.mark.parametrize("name", ["talk.txt", "talk.md"])
def test_the_companys_turns_are_no_emotion_of_customers(tmp_path: Path, language: str, name: str) -> None:
    form, glad, sore = TALKS[language]
    (tmp_path / name).write_text(form.format(glad=glad, sore=sore) * 2, encoding="utf-8")
    ws = dp.init(tmp_path / "ws")
    ws.ingest(tmp_path / name)
    found = ws.voice().overview()
    assert (found["feedback"], found["about_us"], found["company_words"]) == (4, 2, 2)
    assert found["emotion"] < -0.3
    assert {v["text"] for v in ws.voice().verbatims()} == {sore.replace("，", ",")}


def test_by_turns_it_is_as_in_one_text(tmp_path: Path) -> None:
    """A chat in one cell is cut by the voice; the same chat as a file of its own is cut by intake."""
    chat = "Agent: What a wonderful day!\nCustomer: My card was charged twice, terrible!\n"
    (tmp_path / "chat.txt").write_text(chat)
    one = chat.replace("\n", "\\n")
    (tmp_path / "chat.ndjson").write_text(f'{{"id": 1, "message": "{one}"}}\n{{"id": 2, "message": "ok"}}\n')
    (tmp_path / "m.yaml").write_text(
        "source: chats\nkind: feedback\nfeedback: {id: id, text: message, kind: chat}\nfiles: [chat.ndjson]\n"
    )
    emotions = []
    for name, mapping in (("chat.txt", None), ("chat.ndjson", tmp_path / "m.yaml")):
        ws = dp.init(tmp_path / f"ws-{name}")
        ws.ingest(tmp_path / name, mapping=mapping)
        emotions.append(ws.voice().overview()["emotion"])
    assert emotions[0] == emotions[1] < 0


def test_the_example(tmp_path: Path) -> None:
    (tmp_path / "anna.md").write_text(
        "# Anna\n\ndate: 2025-03-01\n\n## Till\n\n**Researcher:** How was it?\n**Anna:** Terrible, a slow queue.\n"
    )
    (tmp_path / "notes.txt").write_text("- The size table is terrible\n- The staff was rude\n")
    ws = dp.init(tmp_path / "ws")
    done = ws.ingest(tmp_path / "anna.md", tmp_path / "notes.txt", mapping=EXAMPLES / "interviews.yaml")
    assert (done.feedback, done.quarantined, done.source) == (4, 0, "interviews")
    rows = ws.lake.arrow("feedback", ["row", "kind", "author", "at", "d_section"]).read_all().sort_by("row").to_pylist()
    assert [r["author"] for r in rows] == ["company", "customer", "customer", "customer"]
    assert [r["at"] is not None for r in rows] == [True, True, False, False]
    assert [r["d_section"] for r in rows] == ["Till", "Till", None, None]
