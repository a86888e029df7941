from __future__ import annotations

from typing import Any

import pytest

from desirepath.errors import DesirepathError
from desirepath.insight.accepting import accepted
from desirepath.insight.words import lane_of
from desirepath.journey.yaml import dump, load
from desirepath.workspace import Workspace

JOURNEY = """
journey: shop
title: Shop
stages:
  - {id: look, name: Look, touchpoints: [{id: home, name: Home, match: [{event: visit}]}]}
  - {id: buy, name: Buy, touchpoints: [{id: till, name: Till, match: [{event: pay}]}]}
"""
SAID = [
    {"id": "7", "touchpoint": "till", "lane": "needs", "text": "I wish you took cards"},
    {"id": "8", "touchpoint": "home", "lane": "thoughts", "text": "So many kinds"},
]


def test_an_accepted_verbatim_is_a_card_with_evidence_and_author() -> None:
    look, buy = accepted(load(JOURNEY), SAID, ["7"], author="Ann").stages
    (card,) = buy.cards
    assert not look.cards
    assert (card.lane, card.text, card.touchpoint, card.author) == ("needs", "“I wish you took cards”", "till", "Ann")
    assert card.evidence == ({"verbatim": "7"},)


def test_a_person_may_choose_the_lane_and_the_words() -> None:
    (card,) = accepted(load(JOURNEY), SAID, ["8"], lane="needs", text="A shorter menu").stages[0].cards
    assert (card.lane, card.text) == ("needs", "A shorter menu")


def test_cards_survive_the_document() -> None:
    journey = accepted(load(JOURNEY), SAID, ["7", "8"], author="Ann")
    assert load(dump(journey)) == journey


@pytest.mark.parametrize(
    ("ids", "options", "message"),
    [
        (["9"], {}, "is not suggested"),
        (["7"], {"lane": "actions"}, "do not go into the lane"),
        (["7", "8"], {"text": "both"}, "for one verbatim"),
    ],
)
def test_what_cannot_be_accepted_is_said(ids: list[str], options: dict[str, Any], message: str) -> None:
    with pytest.raises(DesirepathError, match=message):
        accepted(load(JOURNEY), SAID, ids, **options)


def test_nothing_is_accepted_twice() -> None:
    with pytest.raises(DesirepathError, match="already"):
        accepted(accepted(load(JOURNEY), SAID, ["7"]), SAID, ["7"])


@pytest.mark.parametrize(
    ("text", "lane"),
    [
        ("I wish there were a lid for the cup, it would help on the train", "needs"),
        ("The coffee was wonderful and the staff were friendly this morning", "thoughts"),
        ("Хотелось бы видеть цены сразу, а не в конце заказа", "needs"),
        ("希望可以提前下单，不用排队", "needs"),
        ("Gostaria de poder pagar com cartão na entrega do pedido", "needs"),
    ],
)
def test_what_words_a_wish_is_a_need(text: str, lane: str) -> None:
    assert lane_of(text) == lane


def test_from_suggestion_to_card(tmp_path: Any) -> None:
    import desirepath as dp

    ws: Workspace = dp.init(tmp_path / "w")
    csv = tmp_path / "events.csv"
    csv.write_text("customer,at,event\n" + "".join(f"c{k},2026-01-0{k + 1}T08:00:00Z,visit\n" for k in range(6)))
    ws.ingest(csv)
    ws.add_journey(load(JOURNEY))
    id_ = ws.note("I wish there were fewer kinds on this page", touchpoint="home", score=2, scale="stars")
    assert [s["id"] for s in ws.suggestions("shop")] == [id_]
    ws.accept("shop", id_, author="Ann")
    assert ws.journeys.versions("shop")[-1].author == "Ann"
    assert [c.evidence for c in ws.journeys.get("shop").stages[0].cards] == [({"verbatim": id_},)]
    assert ws.suggestions("shop") == ()
    (card,) = ws.map("shop").data.cards
    assert card.verdict == "supported"
