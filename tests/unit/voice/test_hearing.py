"""Each piece of feedback is heard by the best layer there is, and says which."""

import numpy as np
import pytest

from desirepath.voice.feelings import feeling
from desirepath.voice.hearing import hear
from desirepath.voice.said import Said
from desirepath.voice.scores import bounds, emotions
from desirepath.voice.states import state

GLAD = "The coffee was wonderful and the staff friendly, number {}."
SORE = "The queue was terrible and the staff rude, number {}."


def said(*rows: dict) -> Said:
    def column(name: str, default: object = None) -> np.ndarray:
        out = np.empty(len(rows), object)
        out[:] = [r.get(name, default) for r in rows]
        return out

    score = np.array([r.get("score", np.nan) for r in rows], float)
    scale = column("scale")
    return Said(
        id=np.array([str(i) for i in range(len(rows))], object),
        at=np.zeros(len(rows), np.int64),
        dated=np.zeros(len(rows), bool),
        touchpoint=column("touchpoint"),
        kind=column("kind", "review"),
        text=column("text"),
        score=score,
        scale=scale,
        language=column("language"),
        about=column("about"),
        company=np.array([r.get("company", False) for r in rows], bool),
        source=column("source", "s"),
        emotion=emotions(score, scale),
    )


def rated(n: int = 60) -> list[dict]:
    return [
        {"text": (GLAD if i % 2 else SORE).format(i), "score": 5 if i % 2 else 1, "scale": "stars"} for i in range(n)
    ]


def test_layers() -> None:
    found = hear(said(*rated(), {"text": "Wonderful coffee, friendly staff"}, {"score": 3, "scale": "stars"}, {})).heard
    assert found.layer[0] == "score" and found.emotion[0] == -2
    assert found.layer[60] == "model" and found.emotion[60] > 1 and 0.5 < found.confidence[60] <= 1
    assert found.low[60] <= found.emotion[60] <= found.high[60]
    assert found.layer[61] == "score" and found.emotion[61] == 0
    assert found.layer[62] == "none" and np.isnan(found.emotion[62]) and found.state[62] == -1


def test_a_label_counts_before_the_score_and_few_texts_are_read_by_the_lexicon() -> None:
    found = hear(
        said({"text": "Fine", "score": 5, "scale": "stars"}, {"text": "The service was terrible and slow"}), {"0": -1.0}
    ).heard
    assert (found.layer[0], found.emotion[0]) == ("label", -1.0)
    assert found.layer[1] == "lexicon" and found.emotion[1] < 0 and found.error[1] > 0


def test_a_language_without_lexicon_and_ratings_stays_unread() -> None:
    found = hear(said({"text": "Die Lieferung kam leider viel zu spät und niemand hat mir etwas gesagt."})).heard
    assert (found.language[0], found.layer[0]) == ("de", "none")


def test_company_words_never_become_the_customers_emotion() -> None:
    chat = "Agent: This is terrible and awful, sorry.\nCustomer: Thanks, great and friendly help!"
    found = hear(said({"text": chat, "kind": "chat"}, {"text": "We are delighted to help.", "company": True})).heard
    assert found.emotion[0] > 0 > found.tone[0]
    assert found.layer[1] == "none" and found.tone[1] > 0


def test_odd_texts_are_heard_without_harm() -> None:
    odd = ["", " ", "\x00\x01\x02", "😡😡", "<p></p>", "a" * 1_000_000, "שלום hello", "?" * 500, "12345"]
    found = hear(said(*[{"text": t} for t in odd])).heard
    assert len(found.layer) == len(odd)
    assert found.language[0] == "unknown" and found.layer[2] == "none"


def test_unknown_scales_have_no_emotion() -> None:
    assert bounds("smiles") is None and bounds("0..100") == (0, 100) and bounds("5..5") is None
    found = emotions(np.array([50.0, 3.0, 9.0]), np.array(["0..100", "smiles", "stars"], object))
    assert found[0] == 0 and np.isnan(found[1:]).all()


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("I am so angry, this is outrageous", "en", "anger"),
        ("a bit confusing, I had no idea where to tap", "en", "confusion"),
        ("не понимаю, как это работает, запутано", "ru", "confusion"),
        ("fiquei decepcionado", "pt", "disappointment"),
        ("太失望了", "zh-Hans", "disappointment"),
        ("很擔心", "zh-Hant", "anxiety"),
        ("the cup is blue", "en", None),
        ("not happy", "en", None),
        ("I am not sure", "xx", None),
    ],
)
def test_a_feeling_is_named_or_none(text: str, language: str, named: str | None) -> None:
    assert feeling(text, language) == named


def test_a_feeling_does_not_contradict_the_emotion() -> None:
    assert feeling("so angry", "en", 1.8) is None and feeling("so happy", "en", -1.8) is None


def test_states() -> None:
    assert [state(e) for e in (-2, -0.5, 0.7, None)] == ["frustration", "indifference", "delight", None]
