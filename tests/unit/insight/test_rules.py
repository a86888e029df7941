"""The document's rules for the event log, and filters as conditions."""

from __future__ import annotations

import pytest

from desirepath.errors import DesirepathError
from desirepath.eventlog.model import Rules, Scope
from desirepath.insight.rules import case_notion, conditions, dimension_values, to_rules
from desirepath.journey.model import Journey
from desirepath.journey.yaml import load

JOURNEY = load("""
journey: j
title: J
case: {session: 30m}
start: {event: open}
end: {event: pay, nth: 2}
trim: true
personas:
  - {id: young, name: Young, rule: {age: [18-24, 25-34], market: tw}}
  - {id: old, name: Old}
stages:
  - id: one
    name: One
    touchpoints:
      - {id: menu-board, name: Menu board, match: [{event: [menu_*, board]}, {channel: store, where: {kind: big}}]}
      - {id: queue, name: {en: The queue, ru: Очередь}}
  - id: two
    name: Two
    touchpoints: [{id: till, name: Till, match: [{event: pay, where: {ghost: x}}]}]
""")


def narrowed(filters: dict[str, list[str]], persona: str | None = None, journey: Journey = JOURNEY) -> object:
    return conditions(journey, Scope(where={"market": ("tw", "uk")}), filters, persona, ["age", "market", "kind"])[0]


def test_rules_are_free_of_yaml() -> None:
    rules = to_rules(JOURNEY, ["menu_open", "the_QUEUE", "очередь", "queue up"], ["kind"])
    assert rules.touchpoints[0] == (
        Rules.Match(event=("menu_*", "board")),
        Rules.Match(channel=("store",), where={"kind": ("big",)}),
    )
    assert (rules.stage, rules.stages) == ((0, 0, 1), 2)
    assert (rules.start, rules.end, rules.end_nth) == (Rules.Match(event=("open",)), Rules.Match(event=("pay",)), 2)
    assert (rules.trim, rules.session_gap) == (True, 1800)
    assert case_notion(JOURNEY)[0] == "customer"


def test_a_touchpoint_without_a_rule_claims_events_of_its_name() -> None:
    rules = to_rules(JOURNEY, ["the_QUEUE", "ОЧЕРЕДЬ", "queue up"], [])
    assert rules.touchpoints[1] == (Rules.Match(event=("the_QUEUE", "ОЧЕРЕДЬ")),)
    assert to_rules(JOURNEY, ["other"], []).touchpoints[1] == ()


def test_a_name_with_glob_characters_means_itself() -> None:
    journey = load("{journey: j, title: J, stages: [{id: s, name: S, touchpoints: [{id: t, name: 'really?'}]}]}")
    assert to_rules(journey, ["really?"], []).touchpoints == ((Rules.Match(event=("really[?]",)),),)


def test_a_rule_for_a_dimension_that_no_source_has_matches_nothing() -> None:
    assert to_rules(JOURNEY, [], ["kind"]).touchpoints[2] == ()


def test_the_dimensions_that_rules_ask_for() -> None:
    assert dimension_values(JOURNEY) == {"ghost": ("x",), "kind": ("big",)}


def test_scope_filters_and_persona_all_narrow() -> None:
    assert narrowed({}) == {"market": ("tw", "uk")}
    assert narrowed({"kind": ["b", "a"]}) == {"market": ("tw", "uk"), "kind": ("a", "b")}
    assert narrowed({"market": ["uk", "ru"]}) == {"market": ("uk",)}
    assert narrowed({}, "young") == {"market": ("tw",), "age": ("18-24", "25-34")}
    assert narrowed({"market": ["uk"]}, "young") == {"market": (), "age": ("18-24", "25-34")}
    assert narrowed({"channel": ["web"], "event": ["pay"]}, "old") == {
        "market": ("tw", "uk"), "channel": ("web",), "event": ("pay",),
    }  # fmt: skip


def test_a_persona_without_a_rule_goes_by_the_dimension_persona() -> None:
    where, notes = conditions(JOURNEY, Scope(), {}, "old", ["persona"])
    assert (where, notes) == ({"persona": ("old",)}, [])
    where, notes = conditions(JOURNEY, Scope(), {}, "old", [])
    assert (where, [n.key for n in notes]) == ({}, ["note.persona_without_rule"])


def test_unknown_names_are_errors() -> None:
    with pytest.raises(DesirepathError, match="did you mean 'market'"):
        narrowed({"markt": ["x"]})
    with pytest.raises(DesirepathError, match="known here: old, young"):
        narrowed({}, "zzz")
