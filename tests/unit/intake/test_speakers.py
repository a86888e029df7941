"""Whose a turn is, by the words of its label."""

import pytest

from desirepath.intake.speakers import is_topic, role, roles


@pytest.mark.parametrize(
    ("label", "who"),
    [
        ("Interviewer", "company"),
        ("Anna (Support)", "company"),
        ("Researcher 2", "company"),
        ("Участница 3", "customer"),
        ("Интервьюер", "company"),
        ("Entrevistadora", "company"),
        ("Cliente", "customer"),
        ("访谈者", "company"),
        ("受访者A", "customer"),
        ("訪談者", "company"),
        ("受訪者", "customer"),
        ("客服小王", "company"),
        ("Anna", None),
        ("Q", None),
    ],
)
def test_a_word_tells(label, who):
    assert role(label) == who


@pytest.mark.parametrize(
    ("labels", "company", "customers"),
    [
        (["Q1", "A1", "Q2"], {"Q1", "Q2"}, {"A1"}),
        (["I", "P1", "P2"], {"I"}, {"P1", "P2"}),
        (["P", "R"], {"P"}, {"R"}),
        (["В", "О"], {"В"}, {"О"}),
        (["问", "答"], {"问"}, {"答"}),
        (["Question", "Answer"], {"Question"}, {"Answer"}),
        (["Q"], {"Q"}, set()),
        (["P1", "P2"], set(), set()),
        (["Question", "Order"], set(), set()),
    ],
)
def test_letters_tell_in_pairs(labels, company, customers):
    found = roles(labels)
    assert {label for label, who in found.items() if who == "company"} == company
    assert {label for label, who in found.items() if who == "customer"} == customers


def test_topics_are_words_alone():
    assert is_topic("Service") and is_topic("客服") and not is_topic("Anna (Support)")
