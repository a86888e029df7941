"""What a summary says, on walks so short that every number can be checked in the head.

Events are single letters a minute apart. The journey has three stages: choosing (touchpoints a, b), buying (c), using
(d); `x` and `y` match nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from desirepath.errors import DesirepathError
from desirepath.eventlog.model import Rules, Scope, Summary
from desirepath.eventlog.runner import summarise

M = Rules.Match
MINUTE = 60_000_000


def rules(**more: Any) -> Rules:
    touchpoints = tuple((M(event=(letter,)),) for letter in "abcd")
    return Rules(touchpoints=touchpoints, stage=(0, 0, 1, 2), stages=3, **more)


@pytest.fixture
def ask(make: Any) -> Any:
    def ask(*walks: str, scope: Scope | None = None, **more: Any) -> Summary:
        rows = [row for k, steps in enumerate(walks) for row in make.walk(f"c{k}", steps)]
        return summarise(make.log(rows), rules(**more), scope or Scope())

    return ask


def links(found: Any, names: Any) -> dict[str, tuple[int, int]]:
    return {
        names[s] + names[t]: (int(n), int(c))
        for s, t, n, c in zip(found.source, found.target, found.count, found.cases, strict=True)
    }


def test_customers_cases_events_and_times(ask: Any) -> None:
    s = ask("ab", "x", " a")
    assert (s.customers, s.cases, s.events) == (3, 3, 4)
    assert (s.first_time, s.last_time) == (0, 1 * MINUTE)


def test_event_names_count_events_cases_and_those_a_touchpoint_claims(ask: Any) -> None:
    s = ask("aax", "xb")
    assert s.event_names == ("a", "b", "x")
    assert s.event_count.tolist() == [2, 1, 2]
    assert s.event_cases.tolist() == [1, 1, 2]
    assert s.event_touchpoint_count.tolist() == [2, 1, 0]


def test_transitions_join_consecutive_event_names_repeats_included(ask: Any) -> None:
    s = ask("aab", "ab", "a")
    assert links(s.transitions, s.event_names) == {"aa": (1, 1), "ab": (2, 2)}
    assert s.transitions.count.sum() == s.events - s.cases


def test_a_transition_made_twice_by_a_case_is_one_case(ask: Any) -> None:
    s = ask("abab")
    assert links(s.transitions, s.event_names) == {"ab": (2, 1), "ba": (1, 1)}


def test_waits_are_exact_medians_and_ninetieth_percentiles(ask: Any) -> None:
    s = ask("ab", "a b", "a   b", "a   b")
    assert s.transitions.wait.n.tolist() == [4]
    assert s.transitions.wait.median.tolist() == [180.0]  # of 1, 2, 4, 4 minutes
    assert s.transitions.wait.p90.tolist() == [240.0]


def test_stages_count_the_cases_that_enter_them(ask: Any) -> None:
    s = ask("abc", "c", "x")
    assert s.stage_entered.tolist() == [1, 2, 0]
    assert s.stage_customers.tolist() == [1, 2, 0]


def test_a_stage_is_continued_by_a_later_event_in_a_later_stage(ask: Any) -> None:
    assert ask("ac", "ca", "a").stage_continued.tolist() == [1, 0, 0]
    assert ask("aad", "aca").stage_continued.tolist() == [2, 0, 0]


def test_a_stage_is_continued_by_reaching_the_end_from_its_first_event_on(ask: Any) -> None:
    end = M(event=("c",))
    assert ask("ac", end=end).stage_continued.tolist() == [1, 1, 0]  # buying is entered by the end itself
    assert ask("ca", end=end).stage_continued.tolist() == [0, 1, 0]  # choosing comes after the end


def test_where_a_case_was_last_seen_and_bounces(ask: Any) -> None:
    s = ask("acx", "xdx", "aa")
    assert s.stage_last.tolist() == [1, 1, 1]
    assert s.stage_single.tolist() == [0, 0, 1]  # its only matched event
    assert s.touch_last.tolist() == [1, 0, 1, 1]


def test_backtracking_enters_a_stage_from_a_later_one(ask: Any) -> None:
    s = ask("acaca", "adc", "acd")
    assert s.stage_backtrack.tolist() == [1, 1, 0]
    assert s.backtracking_cases == 2


def test_dwell_runs_from_the_first_event_of_a_visit_to_the_next_visit_elsewhere(ask: Any) -> None:
    s = ask("axbxxc d")
    assert s.stage_dwell.n.tolist() == [1, 1, 0]
    assert s.stage_dwell.median[:2].tolist() == [300.0, 120.0]
    assert np.isnan(s.stage_dwell.median[2])  # the last visit has no dwell


def test_touchpoints_count_cases_events_and_repeats(ask: Any) -> None:
    s = ask("aaxa", "aba", "b")
    assert s.touch_events.tolist() == [5, 2, 0, 0]
    assert s.touch_cases.tolist() == [2, 2, 0, 0]
    assert s.touch_customers.tolist() == [2, 2, 0, 0]
    assert s.touch_repeat_cases.tolist() == [2, 0, 0, 0]
    assert s.touch_loops.tolist() == [1, 0, 0, 0]  # an unmatched event between does not make it a return


def test_first_and_last_time_of_a_touchpoint(ask: Any) -> None:
    s = ask("xa a", "  a")
    assert s.touch_first_time.tolist() == [1 * MINUTE, 0, 0, 0]
    assert s.touch_last_time.tolist() == [3 * MINUTE, 0, 0, 0]


def test_touchpoint_waits_run_from_the_last_matched_event_elsewhere(ask: Any) -> None:
    s = ask("aaxb b", "c b")
    assert s.touch_wait.n.tolist() == [0, 2, 0, 0]
    assert s.touch_wait.median[1] == 120.0
    assert links(s.touch_transitions, "abcd") == {"ab": (1, 1), "cb": (1, 1)}


def test_variants_collapse_repeats_and_stop_after_twenty_steps(ask: Any) -> None:
    s = ask("aab", "ab", "ba", "ab" * 15, "ab" * 20)
    assert s.variants == (((0, 1), 2), ((0, 1) * 10, 2), ((1, 0), 1))
    assert s.variants_total == 3


@pytest.mark.parametrize(
    ("walks", "fitting", "skipping", "back", "late"),
    [
        (["acd"], 1, 0, 0, 0),
        (["abxccd"], 1, 0, 0, 0),
        (["acd", "ad"], 1, 1, 0, 0),
        (["ad"], 1, 0, 0, 0),  # nobody was in the stage between
        (["acd", "cd"], 1, 0, 0, 1),
        (["cd"], 1, 0, 0, 0),  # the first stage with data is where journeys start
        (["acd", "aca"], 1, 0, 1, 0),
        (["acd", "adc"], 1, 0, 1, 0),  # made up for later: back, but nothing skipped
        (["acd", "x"], 1, 0, 0, 0),
        (["x"], 0, 0, 0, 0),
    ],
)
def test_conformance(ask: Any, walks: list[str], fitting: int, skipping: int, back: int, late: int) -> None:
    s = ask(*walks)
    assert (s.fitting_cases, s.skipping_cases, s.backtracking_cases, s.late_start_cases) == (
        fitting,
        skipping,
        back,
        late,
    )
    assert s.matched_cases == len([w for w in walks if set(w) & set("abcd")])


def test_the_end_is_reached_the_nth_time(ask: Any) -> None:
    assert ask("cc", "c", "aacac", end=M(event=("c",)), end_nth=2).completed == 2
    assert ask("cc").completed == 0


def test_start_and_end_cut_nothing_unless_the_journey_trims(ask: Any) -> None:
    asked = {"start": M(event=("b",)), "end": M(event=("c",))}
    assert ask("abxcd", "acd", **asked).events == 8
    s = ask("abxcd", "acd", "xbab", trim=True, **asked)
    assert (s.cases, s.events, s.completed) == (2, 6, 1)  # b x c, and b a b; without a start there is no case
    assert s.event_cases.tolist() == [1, 2, 1, 0, 1]


def test_a_trimmed_end_counts_from_the_start_on(ask: Any) -> None:
    s = ask("cacbc", trim=True, start=M(event=("a",)), end=M(event=("c",)), end_nth=2)
    assert (s.events, s.completed) == (4, 1)


def test_sessions_are_cases_cut_where_the_idle_time_is_longer_than_the_gap(ask: Any) -> None:
    s = ask("ab  c   d", session_gap=180.0)
    assert (s.customers, s.cases, s.events) == (1, 2, 4)  # three minutes do not cut, four do
    assert links(s.transitions, s.event_names) == {"ab": (1, 1), "bc": (1, 1)}
    assert s.stage_entered.tolist() == [1, 1, 1]
    s = ask("a a a", session_gap=60.0)
    assert (s.cases, s.touch_cases[0], s.touch_customers[0], s.stage_customers[0]) == (3, 3, 1, 1)


def test_the_period_selects_by_the_first_event_and_cuts_nothing(ask: Any) -> None:
    scope = Scope(start=1 * MINUTE, end=2 * MINUTE)
    s = ask("abc", " abc", "  abc", scope=scope)
    assert (s.cases, s.events, s.first_time, s.last_time) == (1, 3, MINUTE, 3 * MINUTE)


def test_the_period_judges_sessions_one_by_one(ask: Any) -> None:
    s = ask("a   b", session_gap=60.0, scope=Scope(start=1))
    assert (s.cases, s.touch_events.tolist()) == (1, [0, 1, 0, 0])


def test_an_empty_scope_is_all_zeros(ask: Any) -> None:
    s = ask("abc", scope=Scope(end=0))
    assert (s.customers, s.cases, s.events, s.first_time, s.last_time) == (0, 0, 0, None, None)
    assert s.variants == () and s.transitions.count.size == 0 and s.stage_entered.sum() == 0


def test_no_events_at_all(make: Any) -> None:
    s = summarise(make.log([]), rules(), Scope())
    assert (s.cases, s.event_names, s.touch_events.tolist()) == (0, (), [0, 0, 0, 0])


def test_conditions_on_dimensions_channels_and_event_names(make: Any) -> None:
    rows = [
        *make.walk("u", "a", d_market="DE", channel="web"),
        *make.walk("u", " b", d_market="DE", channel="shop", d_device="phone"),
        *make.walk("v", "c", d_market="FR", channel="web", d_device="desk"),
    ]
    log = make.log(rows, dims=("market", "device"))

    def cases(**where: str) -> int:
        return summarise(log, rules(), Scope(where={k: tuple(v.split()) for k, v in where.items()})).cases

    assert cases(market="DE") == 1
    assert cases(market="DE FR") == 2
    assert cases(channel="web") == 2
    assert cases(channel="shop", device="phone") == 1
    assert cases(event="a", device="phone") == 1  # each fulfilled by some event, not both by one
    assert cases(device="phone desk", market="FR") == 1
    assert cases(market="XX") == 0
    assert cases(unheard="of") == 0


def test_ties_in_time_go_by_import_then_row(make: Any) -> None:
    at = {"customer": "u", "at": 0}
    rows = [
        {**at, "event": "c", "import": 2, "row": 0},
        {**at, "event": "b", "import": 1, "row": 7},
        {**at, "event": "a", "import": 1, "row": 3},
    ]
    s = summarise(make.log(rows), rules(), Scope())
    assert s.variants == (((0, 1, 2), 1),)
    assert s.transitions.wait.median.tolist() == [0.0, 0.0]


def test_the_first_touchpoint_in_drawn_order_wins(make: Any) -> None:
    overlapping = Rules(touchpoints=((M(event=("a*",)),), (M(event=("ab",)),)), stage=(0, 0), stages=1)
    log = make.log([{"customer": "u", "event": "ab", "at": 0}])
    assert summarise(log, overlapping, Scope()).touch_events.tolist() == [1, 0]


def test_globs_know_upper_from_lower_case_and_a_missing_channel_matches_none(make: Any) -> None:
    asked = Rules(touchpoints=((M(event=("Menu_*",)),), (M(channel=("*",)),)), stage=(0, 0), stages=1)
    rows = [
        {"customer": "u", "event": "Menu_open", "at": 0},
        {"customer": "u", "event": "menu_open", "at": 1},
        {"customer": "u", "event": "menu_open", "at": 2, "channel": "web"},
    ]
    assert summarise(make.log(rows), asked, Scope()).touch_events.tolist() == [1, 1]


def test_alternatives_ask_for_event_channel_and_dimensions_together(make: Any) -> None:
    asked = Rules(
        touchpoints=((M(event=("view",), channel=("store",), where={"page": ("1", "2")}), M(event=("buy",))),),
        stage=(0,),
        stages=1,
    )
    rows = [
        {"customer": "u", "event": "view", "at": 0, "channel": "store", "d_page": "2"},
        {"customer": "u", "event": "view", "at": 1, "channel": "store", "d_page": "3"},
        {"customer": "u", "event": "view", "at": 2, "channel": "web", "d_page": "2"},
        {"customer": "u", "event": "buy", "at": 3},
    ]
    assert summarise(make.log(rows, dims=("page",)), asked, Scope()).touch_events.tolist() == [2]


def test_one_person_with_several_cases_is_one_customer(make: Any) -> None:
    rows = [
        *make.walk("u", "ab", case="1"),
        *make.walk("u", "a", case="2"),
        *make.walk("v", "c", case="3"),
        *make.walk(None, "a", case="4"),
        *make.walk(None, "a", case="5"),
    ]
    s = summarise(make.log(rows, "case"), rules(), Scope())
    assert (s.cases, s.customers) == (5, 4)  # who has no name is a customer of their own
    assert s.stage_entered.tolist() == [4, 1, 0]
    assert s.stage_customers.tolist() == [3, 1, 0]
    assert s.touch_cases.tolist() == [4, 1, 1, 0]
    assert s.touch_customers.tolist() == [3, 1, 1, 0]


def test_nobody_named_at_all(make: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("desirepath.eventlog.staging.ROWS_A_PARTITION", 1)  # many partitions of few cases
    rows = [row for k in range(9) for row in make.walk(None, "a", case=f"k{k}")]
    s = summarise(make.log(rows, "case"), rules(), Scope())
    assert (s.cases, s.customers, s.touch_customers[0]) == (9, 9, 9)


def test_seventy_thousand_event_names(make: Any) -> None:
    names = [f"e{i:05d}" for i in range(70_000)]
    rows = [{"customer": "u", "event": name, "at": i} for i, name in enumerate(names)]
    rows += [{"customer": "v", "event": name, "at": i} for i, name in enumerate(names[:3])]
    last = Rules(touchpoints=((M(event=("e6999?",)),),), stage=(0,), stages=1)
    s = summarise(make.log(rows), last, Scope())
    assert len(s.event_names) == 70_000
    assert s.transitions.count.size == 69_999
    assert s.transitions.count[:3].tolist() == [2, 2, 1]
    assert s.transitions.cases[:3].tolist() == [2, 2, 1]
    assert (s.transitions.target - s.transitions.source == 1).all()
    assert s.touch_events.tolist() == [10]


def test_more_stages_than_can_be_counted_are_refused(make: Any) -> None:
    with pytest.raises(DesirepathError, match="61 stages"):
        summarise(make.log([]), Rules((), (), 61), Scope())
