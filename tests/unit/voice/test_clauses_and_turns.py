"""Clauses part praise from complaint; conversations keep their turns."""

from hypothesis import given
from hypothesis import strategies as st

from desirepath.voice.clauses import clauses
from desirepath.voice.turns import Turn, customers_words, turns


def parts(text: str) -> list[str]:
    return [c.text.strip() for c in clauses(text)]


def test_praise_and_complaint_part() -> None:
    assert parts("The coffee was great but the queue took ages.") == [
        "The coffee was great",
        "but the queue took ages.",
    ]
    assert parts("味道不错，但是送餐太慢。") == ["味道不错，", "但是送餐太慢。"]
    assert parts("Кофе отличный, но очередь огромная") == ["Кофе отличный,", "но очередь огромная"]


def test_short_parts_stay_with_their_neighbours() -> None:
    assert parts("Well, I liked it. Yes.") == ["Well, I liked it. Yes."]


@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    kept = "".join(c.text for c in clauses(text))
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


def test_a_chat_has_turns() -> None:
    chat = "Agent: Hello, how can I help?\nCustomer: My card was charged twice!\nAgent: Sorry about that."
    assert turns(chat)[1] == Turn("customer", "My card was charged twice!")
    assert customers_words(chat) == ("My card was charged twice!", "Hello, how can I help?\nSorry about that.")


def test_labels_in_other_languages_and_times() -> None:
    assert [t.speaker for t in turns("客服：您好\n客户：太慢了")] == ["company", "customer"]
    assert [t.speaker for t in turns("[10:02] Оператор: Добрый день\n[10:03] Анна: Где заказ?")] == [
        "company",
        "customer",
    ]


def test_a_text_without_speakers_is_its_authors() -> None:
    text = "Three things: price, speed.\nNote: I liked it"
    assert customers_words(text) == (text, "")
