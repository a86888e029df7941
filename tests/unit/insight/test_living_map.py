"""Six customers of a shop, whose figures can be worked out in the head."""

from __future__ import annotations

import json
from typing import Any

import pytest

from desirepath.errors import DesirepathError
from desirepath.insight.settings import Settings

JOURNEY = """
journey: shop
title: Shop
end: {event: pay}
kpis: [conversion, repeat_purchase, nps, footfall, goodwill]
personas:
  - {id: mobile, name: On the phone, rule: {device: phone}}
  - {id: anyone, name: Anyone}
stages:
  - id: look
    name: Look
    touchpoints:
      - {id: home, name: Home page, channel: web, match: [{event: visit}]}
      - {id: advert, name: Advert, channel: poster, match: [{event: poster_*}]}
  - id: buy
    name: Buy
    touchpoints:
      - {id: cart, name: Cart, channel: web, match: [{event: cart}], assumed_emotion: 1}
      - {id: till, name: Till, channel: web, match: [{event: pay}]}
      - {id: voucher, name: Voucher, channel: web, match: [{event: voucher}]}
    cards:
      - {id: hurts, lane: pain_points, text: The cart forgets, touchpoint: cart}
      - {id: said, lane: thoughts, text: Where is my cart?, evidence: [{verbatim: f1}]}
      - {id: unsaid, lane: thoughts, text: Nice shop}
"""

EVENTS = [
    ("a", 0, "visit"), ("a", 1, "cart"), ("a", 2, "pay"),
    ("b", 0, "visit"), ("b", 3, "cart"), ("b", 4, "pay"),
    ("c", 0, "visit"), ("c", 5, "cart"),
    ("d", 0, "visit"), ("d", 1, "help"), ("d", 2, "cart"),
    ("e", 0, "visit"), ("e", 1, "help"),
    ("f", 0, "visit"),
]  # fmt: skip


def device(customer: str) -> str:
    return "phone" if customer in "abc" else "desk"


@pytest.fixture(scope="module")
def shop(company: Any) -> Any:
    rows = [
        {"customer": c, "at": at, "event": e, "channel": "web", "case": f"order-{c}", "d_device": device(c)}
        for c, at, e in EVENTS
    ]
    said = [
        {"customer": "a", "at": 1.5, "score": 2, "scale": "0..10"},  # at the cart, by the path
        {"customer": "b", "at": 3.5, "score": 0, "scale": "0..10"},  # at the cart, by the path
        {"customer": "c", "at": 6, "score": 0, "scale": "nps", "touchpoint": "cart"},
        {"customer": "d", "at": 6, "score": 1, "scale": "nps", "touchpoint": "cart"},
        {"customer": "a", "at": 2, "score": 10, "scale": "nps", "touchpoint": "till"},
    ]
    return company(rows, said)


def small() -> Settings:
    return Settings(min_n=1)


def test_stages_count_who_entered_went_on_and_dropped(shop: Any) -> None:
    look, buy = shop.map(JOURNEY, settings=small()).stages
    assert (look.entered, look.continued, look.dropped) == (6, 4, 2)
    assert (buy.entered, buy.continued, buy.dropped) == (4, 2, 2)  # two paid: the journey's end
    assert look.drop_rate.value == pytest.approx(2 / 6)
    assert buy.drop_rate.value == 0.5
    assert (look.dwell.median_s, look.dwell.n) == (2.5 * 3600, 4)  # 1, 2, 3, 5 hours


def test_the_last_stage_of_a_journey_without_an_end_has_no_drop_off(shop: Any) -> None:
    buy = shop.map(JOURNEY.replace("end: {event: pay}\n", ""), settings=small()).stages[1]
    assert (buy.continued, buy.dropped, buy.drop_rate.value) == (4, 0, None)
    earlier = shop.map(JOURNEY.replace("event: pay}\nk", "event: visit}\nk"), settings=small()).stages
    assert [(s.continued, s.dropped) for s in earlier] == [(6, 0), (4, 0)]  # it ends in the first


def test_touchpoints_count_customers_and_waits(shop: Any) -> None:
    home, advert, cart, till, _ = shop.map(JOURNEY, settings=small()).touchpoints
    assert (home.customers, home.cases, home.events) == (6, 6, 6)
    assert advert.events == 0
    assert (cart.wait_before.median_s, cart.wait_before.n) == (2.5 * 3600, 4)
    assert (till.first_seen, till.last_seen) == ("2026-01-01T02:00:00Z", "2026-01-01T04:00:00Z")
    assert till.repeat_rate.value == 0


def test_the_whole_journey(shop: Any) -> None:
    found = shop.map(JOURNEY, settings=small())
    assert (found.customers, found.cases, found.events) == (6, 6, 14)
    assert found.completed.value == found.kpis["conversion"].value == pytest.approx(2 / 6)
    assert found.kpis["repeat_purchase"].value == 0
    assert found.kpis["nps"].value == pytest.approx(-100 / 3)  # one promoter, two detractors
    assert found.period == {
        "from": None, "to": None, "data_from": "2026-01-01T00:00:00Z", "data_to": "2026-01-01T05:00:00Z",
    }  # fmt: skip
    assert any("goodwill" in note for note in found.notes)


def test_event_transitions_add_up_to_events_less_cases(shop: Any) -> None:
    found = shop.map(JOURNEY, settings=small())
    assert sum(t.count for t in found.transitions) == 14 - 6
    first = found.transitions[0]
    assert (first.source, first.target, first.count, first.median_s) == ("visit", "cart", 3, 3 * 3600)
    steps = {(t.source, t.target): t.count for t in found.touchpoint_transitions}
    assert steps == {("home", "cart"): 4, ("cart", "till"): 2}


def test_variants_and_the_rest_make_up_all_cases(shop: Any) -> None:
    found = shop.map(JOURNEY, settings=Settings(min_n=1, variants=2))
    assert [(v.path, v.cases) for v in found.variants] == [
        (("visit", "cart", "pay"), 2),
        (("visit",), 1),
    ]
    assert (found.variants_rest.variants, found.variants_rest.cases) == (3, 3)
    assert sum(v.share for v in found.variants) + found.variants_rest.share == pytest.approx(1)


def test_what_the_map_lacks_and_where_it_belongs(shop: Any) -> None:
    found = shop.map(JOURNEY, settings=small())
    assert found.unmatched.events == 2
    assert found.unmatched.share == pytest.approx(2 / 14)
    (missing,) = found.conformance.missing_from_map
    assert missing == {"event": "help", "cases": 2, "share": 2 / 6, "count": 2, "suggested_stage": "look"}


def test_fitting_and_never_walked(shop: Any) -> None:
    fit = shop.map(JOURNEY, settings=small()).conformance
    assert fit.fitting_share.value == 1
    assert fit.never_walked == ("advert", "voucher")
    assert sum(fit.verdicts.values()) == 5


def test_verdicts(shop: Any) -> None:
    found = shop.map(JOURNEY, settings=small())
    assert {t.id: (t.verdict, t.verdict_reason) for t in found.touchpoints} == {
        "home": ("supported", "verdict.walked"),
        "advert": ("no_data", "verdict.not_covered"),  # no source knows posters
        "cart": ("contradicted", "verdict.feels_opposite"),  # assumed +1, measured about −1.7
        "till": ("supported", "verdict.walked"),
        "voucher": ("contradicted", "verdict.nobody_walks"),  # the web is covered
    }
    assert {c.id: c.verdict for c in found.cards} == {"hurts": "supported", "said": "supported", "unsaid": "no_data"}


def test_feedback_lies_at_the_last_touchpoint_before_it(shop: Any) -> None:
    touchpoints = {t.id: t for t in shop.map(JOURNEY, settings=small()).touchpoints}
    assert (touchpoints["cart"].emotion.n, touchpoints["till"].emotion.n) == (4, 1)
    assert touchpoints["cart"].emotion.score == pytest.approx(-2 + 4 * 0.075)  # 2, 0, 0, 1 of 10
    assert touchpoints["cart"].emotion.sources == {"survey": 4}
    assert touchpoints["cart"].emotion.assumed == {"all": 1}


def test_a_filter_selects_cases_and_their_feedback(shop: Any) -> None:
    found = shop.map(JOURNEY, filters={"device": ["phone"]}, settings=small())
    assert (found.cases, found.feedback["in_scope"], found.feedback["total"]) == (3, 4, 5)
    assert found.filters == {"device": ["phone"]}
    same = shop.map(JOURNEY, persona="mobile", settings=small())
    assert (same.cases, same.feedback["in_scope"]) == (3, 4)


def test_an_unknown_dimension_or_persona_is_an_error_that_helps(shop: Any) -> None:
    with pytest.raises(DesirepathError, match="did you mean 'device'"):
        shop.map(JOURNEY, filters={"devise": ["phone"]})
    with pytest.raises(DesirepathError, match="did you mean 'mobile'"):
        shop.map(JOURNEY, persona="mobil")
    with pytest.raises(DesirepathError, match="before it begins"):
        shop.map(JOURNEY, start=5, end=5)


def test_a_persona_without_a_rule_is_said_to_be_everybody(shop: Any) -> None:
    found = shop.map(JOURNEY, persona="anyone", settings=small())
    assert found.cases == 6
    assert any("“anyone”" in note for note in found.notes)


def test_small_groups_are_withheld_but_counted(shop: Any) -> None:
    found = shop.map(JOURNEY)
    look, buy = found.stages
    assert look.drop_rate.value is not None  # six
    assert (buy.entered, buy.drop_rate.value, buy.drop_rate.withheld) == (4, None, "n<5")
    cart = found.touchpoints[2]
    assert (cart.emotion.score, cart.emotion.withheld, cart.emotion.n) == (None, "n<5", 4)
    assert cart.kpis["nps"].withheld == "n<5"
    assert (cart.wait_before.median_s, cart.wait_before.withheld) == (None, "n<5")
    assert found.transitions[0].withheld == "n<5"
    assert found.transitions[0].count == 3


def test_a_period_without_cases_gives_an_empty_map_that_says_so(shop: Any) -> None:
    found = shop.map(JOURNEY, start=100, end=200)
    assert (found.cases, found.events) == (0, 0)
    assert {t.verdict for t in found.touchpoints} <= {"no_data", "stale"}
    assert any("No case is in scope" in note for note in found.notes)


def test_the_same_question_gives_the_same_bytes(shop: Any) -> None:
    first, second = (json.dumps(shop.map(JOURNEY).to_json(), allow_nan=False) for _ in range(2))
    assert first == second


def test_json_has_the_keys_that_others_rely_on(shop: Any) -> None:
    found = shop.map(JOURNEY, settings=small()).to_json()
    assert found["journey"]["id"] == "shop"
    assert set(found["transitions"][0]) == {"from", "to", "count", "cases", "median_s", "p90_s"}
    assert set(found["stages"][0]["drop_rate"]) == {"value", "low", "high", "n", "unit"}
    for key in ("period", "filters", "customers", "unmatched", "kpis", "variants", "conformance", "findings", "cards"):
        assert key in found


def test_the_words_come_in_the_readers_language(shop: Any) -> None:
    assert any("показатель «goodwill»" in note for note in shop.map(JOURNEY, language="ru").notes)


def test_new_evidence_shows_at_once(company: Any) -> None:
    shop = company([("a", 0, "visit")])
    assert shop.map(JOURNEY).cases == 1
    shop.add([("b", 0, "visit"), ("b", 1, "voucher")])
    found = shop.map(JOURNEY)
    assert (found.cases, found.touchpoints[4].events, len(found.sources)) == (2, 1, 2)


def test_sessions_are_cases_and_take_the_feedback_of_their_time(company: Any) -> None:
    visits = [{"customer": "a", "at": at, "event": e, "d_day": d} for at, e, d in (
        (0, "visit", "1"), (0.2, "cart", "1"), (24, "visit", "2"), (24.2, "cart", "2"), (24.3, "pay", "2"),
    )]  # fmt: skip
    said = [
        {"customer": "a", "at": 0.3, "score": 1, "scale": "stars"},
        {"customer": "a", "at": 25, "score": 5, "scale": "stars"},
    ]
    shop = company(visits, said)
    sessions = JOURNEY.replace("end:", "case: {session: 30m}\nend:")
    found = shop.map(sessions, settings=small())
    assert (found.customers, found.cases, found.completed.value) == (1, 2, 0.5)
    assert [t.emotion.score for t in found.touchpoints] == [None, None, -2, 2, None]
    second = shop.map(sessions, filters={"day": ["2"]}, settings=small())
    assert (second.cases, second.feedback["in_scope"], second.kpis["stars_mean"].value) == (1, 1, 5)


def test_two_ids_of_one_person_are_one_customer(company: Any) -> None:
    rows = [("a", 0, "visit"), ("email:a", 1, "cart"), ("b", 0, "visit")]
    said = [{"customer": "email:a", "at": 2, "score": 5, "scale": "stars"}]
    found = company(rows, said, links={"email:a": "a"}).map(JOURNEY, settings=small())
    assert (found.customers, found.stages[1].entered) == (2, 1)
    assert found.touchpoints[2].emotion.n == 1


def test_a_question_about_the_company_as_such_belongs_to_no_touchpoint_unless_it_says_so(company: Any) -> None:
    said = [
        {"customer": "a", "at": 1.5, "score": 10, "scale": "nps"},
        {"customer": "a", "at": 1.5, "score": 4, "scale": "stars"},
    ]
    found = company(EVENTS, said).map(JOURNEY, settings=small())
    cart = next(t for t in found.touchpoints if t.id == "cart")
    assert (cart.emotion.n, cart.emotion.score) == (1, 1.0)
    assert (found.emotion.n, found.feedback["journey_level"]) == (2, 1)
