"""Themes are found, named by their own words, the same from run to run, and keep what a person decided."""

import numpy as np
import pytest

from desirepath.voice.placing import by_talk
from desirepath.voice.themes import Edit, Theme, cosine, themes
from desirepath.voice.words import stem, words

TOPICS = {
    "queue": "waiting queue line slow counter crowd barista morning",
    "delivery": "parcel courier box damaged arrived shipping tracking doorstep",
    "payment": "card payment declined charged checkout refund twice bank",
}


def texts(n: int = 240, seed: int = 0) -> tuple[list[str], list[str]]:
    rng = np.random.default_rng(seed)
    names = [list(TOPICS)[i % 3] for i in range(n)]
    return [" ".join(rng.choice(TOPICS[t].split(), 5)) for t in names], names


def found(said: list[str], edits: tuple[Edit, ...] = (), late: frozenset[int] = frozenset()) -> list[Theme]:
    n = len(said)
    at = np.array([900_000_000 + i if i in late else i * 1_000 for i in range(n)], np.int64)
    return themes(said, ["en"] * n, np.full(n, -1.0), at, np.ones(n, bool), ["x"] * n, edits, k=3)


def test_topics_become_themes_with_names_of_their_own_words() -> None:
    said, names = texts()
    made = found(said)
    assert len(made) == 3 and sum(len(t.rows) for t in made) == len(said)
    for theme in made:
        topic = {names[i] for i in theme.rows}
        assert len(topic) == 1
        own = TOPICS[topic.pop()].split()
        assert all(word in own for word in theme.name.split(", "))
        assert theme.emotion == -1 and theme.touchpoints == {"x": len(theme.rows)}


def test_the_same_texts_give_the_same_themes() -> None:
    said, _ = texts()
    assert found(said) == found(said)


def test_decisions_survive_new_texts() -> None:
    first = found(texts(seed=0)[0])
    queue = next(t for t in first if "queue" in t.terms or "wait" in t.terms)
    other = next(t for t in first if t is not queue)
    edits = (
        Edit("rename", "en", queue.terms, name="The queue"),
        Edit("pin", "en", queue.terms),
        Edit("merge", "en", other.terms, into=queue.terms),
    )
    later = found(texts(seed=1)[0], edits)
    assert len(later) == 2
    kept = next(t for t in later if t.name == "The queue")
    assert kept.pinned and len(kept.rows) == 160


def test_a_theme_that_grows_is_flagged() -> None:
    said, names = texts()
    late = frozenset(i for i, n in enumerate(names) if n == "payment")
    flagged = {t.growing: t for t in found(said, late=late)}
    assert (flagged[True].new and "card" in flagged[True].terms) or "payment" in flagged[True].terms


def test_few_texts_have_no_themes() -> None:
    assert found(texts(12)[0]) == []


def test_cosine() -> None:
    assert cosine({"a": 1.0}, {"a": 2.0}) == pytest.approx(1) and cosine({"a": 1.0}, {"b": 1.0}) == 0


def test_words() -> None:
    assert words("The queues were NOT moving", "en")[-1] == "moving"
    assert stem("waiting", "en") == stem("waits", "en") == "wait"
    assert words("房间很干净", "zh-Hans") == ["房间", "干净"]


def test_texts_without_a_place_go_where_texts_like_them_belong() -> None:
    said, names = texts(180)
    place = np.array([list(TOPICS).index(n) for n in names])
    asked = ["courier left the damaged parcel box", "hello there my friend"]
    got = by_talk([*said, *asked], np.append(place, [-1, -1]))
    assert got[-2] == 1 and got[-1] == -1
    assert (got[:-2] == place).all()
    assert by_talk(asked, np.array([0, -1])).tolist() == [0, -1]  # too few teach nothing


def test_few_texts_that_repeat_each_other_are_themes_too() -> None:
    late = ["the delivery was late and the parcel damaged", "delivery came late again, nobody answered", "late parcel"]
    glad = ["great coffee, friendly staff, lovely shop", "friendly staff and great coffee", "lovely shop, great coffee"]
    made = themes([*late, *glad] * 8, ["en"] * 48, np.zeros(48), np.arange(48), np.ones(48, bool), [None] * 48)
    assert made and all(len({i % 6 // 3 for i in theme.rows}) == 1 for theme in made)
