"""Texts are cleaned of noise and judged; nothing that is odd is silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desirepath.voice.texts import LONGEST, clean, condition, folded, identical, state


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("<p>Great <b>coffee</b>!</p>", "Great coffee !"),
        ("a &amp; b", "a & b"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("see https://example.com/x?y=1 now", "see now"),
        ("\u202eabc\u202c\x00def", "abc def"),
        ("ＡＢＣ　１２", "ABC 12"),
        (None, ""),
    ],
)
def test_clean(raw: str | None, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("Good", "words"), ("好", "words"), ("", "empty"), ("  \n", "empty"), (None, "empty"), ("...", "empty"),
        ("😀👍", "emoji"), ("12345", "numbers"), ("\x00\x01\x02\x03abc", "binary"), ("����� x", "binary"),
    ],
)  # fmt: skip
def test_state(text: str | None, is_: str) -> None:
    assert state(text) == is_


def test_a_set_of_texts_is_described() -> None:
    found = condition(["ok", None, "x" * (LONGEST + 1), "<b>hi</b>", "hello שלום", "😀"])
    assert found.texts == 6
    assert found.states == {"emoji": 1, "empty": 1, "words": 4}
    assert (found.cut, found.markup, found.mixed_direction) == (1, 1, 1)


def test_folding_makes_digits_and_shouting_alike() -> None:
    assert folded("Sooooo LATE at 10:45") == "sooo late at 00:00"


def test_texts_that_say_the_same_share_a_number() -> None:
    assert identical(["Very good!", "very  good", "bad", "!!!", "???"]) == [0, 0, 1, 2, 3]


@given(st.text())
def test_cleaning_twice_changes_nothing_and_leaves_no_control_characters(text: str) -> None:
    once = clean(text.replace("<", "").replace("&", "").replace("www", ""))
    assert "\x00" not in once and "  " not in once and once == once.strip()
    assert clean(once) == once or any(ord(c) > 0x2000 for c in text)
