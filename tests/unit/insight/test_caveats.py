"""A map that rests on broken rules says so, and is drawn all the same."""

from __future__ import annotations

from typing import Any

import pytest

from desirepath.insight.settings import Settings

WALKS = [(c, at, e) for c in "abcdef" for at, e in enumerate(("visit", "cart", "pay"))]
SMALL = Settings(min_n=1)


@pytest.fixture(scope="module")
def shop(company: Any) -> Any:
    return company([{"customer": c, "at": at, "event": e, "channel": "web", "d_kind": "x"} for c, at, e in WALKS])


def journey(*touchpoints: str, more: str = "") -> str:
    inner = ", ".join(touchpoints)
    return f"{{journey: j, title: J, {more} stages: [{{id: s, name: S, touchpoints: [{inner}]}}]}}"


VISIT = "{id: v, name: Visit it, match: [{event: visit}]}"


def test_a_map_without_faults_has_no_notes(shop: Any) -> None:
    assert shop.map(journey(VISIT)).notes == ()


def test_a_rule_that_matches_nothing_is_named_with_what_it_could_mean(shop: Any) -> None:
    found = shop.map(journey(VISIT, "{id: c, name: Basket, match: [{event: cartt, channel: web}]}"))
    assert found.notes == ("“Basket”: the rule {event: cartt, channel: web} matches no event (cart?).",)


def test_nothing_matches_at_all(shop: Any) -> None:
    found = shop.map(journey("{id: c, name: Basket, match: [{event: zzz}]}"))
    assert found.cases == 6
    assert found.unmatched.share == 1
    assert found.touchpoints[0].verdict == "no_data"
    assert any("No event in scope matches any touchpoint" in note for note in found.notes)


def test_overlapping_rules_are_counted_and_the_first_one_wins(shop: Any) -> None:
    found = shop.map(journey("{id: a, name: A, match: [{event: '*a*'}]}", "{id: b, name: B, match: [{event: cart}]}"))
    (note,) = found.notes
    assert note.startswith("“A” and “B” claim the same events (for example cart): 6. They count for “A”")
    assert [t.events for t in found.touchpoints] == [12, 0]


def test_rules_told_apart_by_a_dimension_do_not_overlap(shop: Any) -> None:
    one = "{id: a, name: A, match: [{event: visit, where: {kind: x}}]}"
    two = "{id: b, name: B, match: [{event: visit, where: {kind: y}}]}"
    assert [n for n in shop.map(journey(one, two)).notes if "claim" in n] == []


def test_a_dimension_may_be_the_channel(shop: Any) -> None:
    found = shop.map(journey("{id: a, name: A, match: [{event: visit, where: {channel: web}}]}"))
    assert (found.touchpoints[0].events, found.notes) == (6, ())


def test_a_rule_on_an_unknown_dimension(shop: Any) -> None:
    (note,) = shop.map(journey(VISIT, "{id: b, name: B, match: [{event: cart, where: {colour: red}}]}")).notes
    assert note == "“B”: a rule asks for “colour”, which no source has."


def test_an_end_that_nothing_fulfils(shop: Any) -> None:
    found = shop.map(journey(VISIT, more="end: {event: payed},"))
    assert found.notes == ("The end {event: payed} matches no event (pay?), so no case can complete.",)
    assert found.completed.value == 0
    assert found.stages[0].drop_rate.value is None


def test_an_end_that_comes_before_its_start_in_the_data(shop: Any) -> None:
    found = shop.map(journey(VISIT, more="start: {event: pay}, end: {event: visit},"), settings=SMALL)
    assert any("only before its start: 6 of 6" in note for note in found.notes)
    right = shop.map(journey(VISIT, more="start: {event: visit}, end: {event: pay},"), settings=SMALL)
    assert right.notes == ()


def test_touchpoints_without_a_rule(shop: Any) -> None:
    found = shop.map(journey(VISIT, "{id: cart, name: Basket}", "{id: poster, name: Poster}"), settings=SMALL)
    assert len(found.notes) == 2
    assert {t.id: (t.events, t.verdict) for t in found.touchpoints} == {
        "v": (6, "supported"), "cart": (6, "supported"), "poster": (0, "no_data"),
    }  # fmt: skip


def test_no_evidence_at_all(company: Any) -> None:
    found = company().map(journey(VISIT))
    assert (found.cases, found.touchpoints[0].verdict) == (0, "no_data")
    assert any("There are no events yet" in note for note in found.notes)


def test_metrics_of_the_period_stand_beside_the_map(company: Any) -> None:
    footfall = {"metric": "footfall", "value": 120.0, "touchpoint": "v"}
    shop = company(WALKS, metrics=[{**footfall, "from": 0, "to": 24}, {**footfall, "from": 24, "to": 48}])
    assert len(shop.map(journey(VISIT)).metrics) == 2
    (first,) = shop.map(journey(VISIT), start=0, end=24).metrics
    assert first == {
        "metric": "footfall", "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z", "stage": None,
        "touchpoint": "v", "value": 120.0, "n": None, "source": "shop",
    }  # fmt: skip
    assert shop.map(journey(VISIT, more="kpis: [footfall],")).notes == ()


COUNTED = """
journey: j
title: J
stages:
  - id: s
    name: S
    touchpoints: [{id: v, name: V, match: [{event: visit}]}]
    cards:
      - {id: any, lane: metrics, text: Busy, evidence: [{metric: footfall}]}
      - {id: place, lane: metrics, text: Busy, evidence: [{metric: footfall, touchpoint: v, source: shop}]}
      - {id: other, lane: metrics, text: Busy, evidence: [{metric: footfall, touchpoint: v, source: door}]}
"""


def test_a_card_rests_on_the_metrics_that_it_names(company: Any) -> None:
    footfall = {"metric": "footfall", "value": 120.0, "touchpoint": "v", "from": 0, "to": 24}
    shop = company([("a", 0, "visit"), ("a", 24, "visit"), ("a", 24 * 400, "visit")], metrics=[footfall])

    def verdicts(**scope: Any) -> dict[str, str]:
        return {card.id: card.reason for card in shop.map(COUNTED, **scope).cards}

    found, old, missing = (f"verdict.metric_{how}" for how in ("found", "old", "missing"))
    assert verdicts(end=48) == {"any": found, "place": found, "other": missing}
    assert verdicts() == {"any": old, "place": old, "other": missing}
    assert verdicts(start=24) == {"any": missing, "place": missing, "other": missing}


def test_feedback_that_cannot_be_used_is_said(company: Any) -> None:
    said = [{"touchpoint": "moon"}, {"score": 9, "scale": "stars"}, {"about": "Rival"}, {"author": "company"}]
    shop = company([{"customer": c, "at": at, "event": e, "d_kind": "x"} for c, at, e in WALKS], said)
    assert len(shop.map(journey(VISIT)).notes) == 5  # place, score, rival, own words, nobody's path
    assert any("without a date" in n for n in shop.map(journey(VISIT), start=0).notes)
    assert any("without a customer" in n for n in shop.map(journey(VISIT), filters={"kind": ["x"]}).notes)
