"""What points to a person is masked; what does not stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desirepath.voice.privacy import mask, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Write to anna.b@example.co.uk please", "Write to [email] please"),
        ("Call +7 (916) 123-45-67 now", "Call [phone] now"),
        ("card 4111 1111 1111 1111 was charged", "card [card] was charged"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [account]"),
        ("CPF 123.456.789-09", "CPF [document]"),
        ("passport AB1234567", "passport [document]"),
        ("My name is Maria Silva and", "My name is [name] and"),
        ("Меня зовут Иван Петров", "Меня зовут [name]"),
        ("我叫王小明，", "我叫[name]，"),
        ("王先生很好", "[name]先生很好"),
        ("I live at 221 Baker Street", "I live at [address]"),
        ("moro na Rua das Flores, 123", "moro na [address]"),
        ("中山路123号", "[address]"),
        ("@acme hello", "[handle] hello"),
        ("waited 45 minutes on 2024-03-05", "waited 45 minutes on 2024-03-05"),
        ("I am Happy with it", "I am Happy with it"),
        ("Order at 10:30, 5 stars", "Order at 10:30, 5 stars"),
    ],
)
def test_masking(text: str, shown: str) -> None:
    assert mask(text) == shown


def test_masks_are_counted() -> None:
    assert masked("a@b.co and c@d.co, 4111111111111111").found == {"card": 1, "email": 2}


@given(st.text())
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@given(st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.com", fullmatch=True), st.text("abc ,.", max_size=20))
def test_no_address_survives(address: str, around: str) -> None:
    assert address not in mask(f"{around} {address} {around}")
