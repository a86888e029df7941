"""What the words of event names say, in three languages."""

from __future__ import annotations

import pytest

from desirepath.insight.phases import PHASES, phase, readable


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HomePage", "discover"),
        ("product_view", "browse"),
        ("review_page", "browse"),  # to read a review is to choose
        ("review_posted", "return"),  # to write one is to recommend
        ("add_to_cart", "cart"),
        ("order_placed", "cart"),
        ("order_delivered", "receive"),
        ("shipping_details", "checkout"),
        ("payment-failed", "checkout"),
        ("purchase", "purchase"),
        ("support_chat", "support"),
        ("加入购物车", "cart"),
        ("提交評價", "return"),
        ("Оплата картой", "checkout"),
        ("Обращение в поддержку", "support"),
        ("page_view", "browse"),
        ("error_page", None),
        ("event_07", None),
        ("W_Nabellen offertes", None),
    ],
)
def test_phase_of_a_name(name: str, expected: str | None) -> None:
    found = phase(name)
    assert (None if found is None else PHASES[found].id) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("product_view", "Product view"),
        ("addToCart", "Add to cart"),
        ("NPS_survey", "NPS survey"),
        ("加入购物车", "加入购物车"),
        ("оформление_заказа", "Оформление заказа"),
        ("***", "***"),
    ],
)
def test_names_become_readable(name: str, expected: str) -> None:
    assert readable(name) == expected


def test_every_phase_is_named_in_the_languages_of_the_interface() -> None:
    for known in PHASES:
        assert isinstance(known.name, dict)
        assert set(known.name) == {"en", "zh-Hans", "zh-Hant", "ru"}
