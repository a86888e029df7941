"""The compiled n-grams hold what an obvious reference in Python finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.voice import grams
from desirepath.voice.grams import CHARACTERS, RUNS, count

HALF = 1 << (grams.BITS - 1)


def characters(word: str) -> set[str]:
    """The n-grams of a word with its borders, 2 … CHARACTERS long."""
    edged = f"\x01{word}\x01"
    return {edged[a : a + n] for a in range(len(edged)) for n in range(2, CHARACTERS + 1) if a + n <= len(edged)}


def test_one_word_has_its_character_ngrams_and_itself() -> None:
    found = count(["abc"])
    assert (found.columns < HALF).sum() == len(characters("abc"))
    assert (found.columns >= HALF).sum() == 1


def test_han_runs_and_words() -> None:
    found = count(["好吃"])
    assert (found.columns < HALF).sum() == 3  # 好, 吃, 好吃
    assert (found.columns >= HALF).sum() == 1  # the word


def test_counts_and_order() -> None:
    found = count(["a a", "", "a"])
    assert found.starts[1] == found.starts[2]
    assert (np.diff(found.columns[: found.starts[1]]) > 0).all()
    own = set(found.columns[found.starts[2] :].tolist())
    assert own < set(found.columns[: found.starts[1]].tolist())  # the first has "a a" besides
    assert found.counts[: found.starts[1]].max() == 2


def test_equal_texts_have_equal_rows_wherever_they_stand() -> None:
    texts = ["Very slow delivery", "很好吃，下次再来", "Very slow delivery"]
    found = count(texts)
    one, three = found.rows(np.array([0])), found.rows(np.array([2]))
    assert (one.columns == three.columns).all() and (one.counts == three.counts).all()


@settings(max_examples=40)
@given(st.lists(st.text("ab cé好的!？ж", max_size=30), max_size=6))
def test_any_text_alone_or_among_others_is_the_same(texts: list[str]) -> None:
    together = count(texts)
    for i, text in enumerate(texts):
        alone, own = count([text]), together.rows(np.array([i]))
        assert (alone.columns == own.columns).all() and (alone.counts == own.counts).all()
    assert len(together) == len(texts)


def test_a_long_text_does_not_overflow() -> None:
    assert len(count(["好" * 30_000]).columns) >= RUNS
