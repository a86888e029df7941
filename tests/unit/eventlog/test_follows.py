"""What directly follows what: with one name or 70,000, and by the values of a column."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.eventlog.test_reference import SECOND, all_rules, assert_same, transitions

from desirepath.eventlog import blocks
from desirepath.eventlog import log as log_
from desirepath.eventlog.model import Rules, Scope, Transitions
from desirepath.eventlog.runner import follows, follows_by, stages, summaries, summarise, variants

NO_RULES = Rules((), (), 0)


def shown(found: Transitions, names: tuple[str, ...]) -> dict[str, tuple[int, int, float]]:
    return {
        names[s] + names[t]: (n, cases, wait)
        for s, t, n, cases, wait in zip(
            found.source, found.target, found.count, found.cases, found.wait.median, strict=True
        )
    }


def test_pairs_with_their_count_cases_and_wait(make: Any) -> None:
    log = make.log([*make.walk("u", "aab  ab"), *make.walk("v", "ab")])
    assert shown(follows(log, Scope()), log.event_names) == {
        "aa": (1, 1, 60.0),
        "ab": (3, 2, 60.0),
        "ba": (1, 1, 180.0),
    }


def test_events_at_the_same_time_follow_each_other_without_waiting(make: Any) -> None:
    log = make.log([{"customer": "u", "event": e, "at": 7} for e in "abba"])
    assert shown(follows(log, Scope()), log.event_names) == {"ab": (1, 1, 0.0), "bb": (1, 1, 0.0), "ba": (1, 1, 0.0)}


def test_a_wait_is_never_negative_however_events_arrive(make: Any) -> None:
    log = make.log([{"customer": "u", "event": "a", "at": at * SECOND} for at in (9, 1, 5, -4, 1)])
    assert shown(follows(log, Scope()), log.event_names) == {"aa": (4, 1, 4.0)}, "of 5, 0, 4, 4 seconds"


@pytest.mark.parametrize("dense", [0, 256])
def test_where_nothing_follows_anything(make: Any, monkeypatch: Any, dense: int) -> None:
    monkeypatch.setattr(log_, "DENSE", dense)
    for rows in ([], make.walk("u", "a"), [*make.walk("u", "a"), *make.walk("v", "b")]):
        log = make.log(rows)
        assert follows(log, Scope()).count.size == 0
        assert summarise(log, NO_RULES, Scope()).transitions.count.size == 0
    log = make.log(make.walk("u", "ab"))
    for where in ({"event": ()}, {"channel": ("web",)}, {"nothing": ("1",)}):
        assert follows(log, Scope(where=where)).count.size == 0
    assert follows(log, Scope(end=0)).count.size == 0


@pytest.mark.parametrize("names", [1, 256, 257, 300, 70_000])
def test_any_number_of_event_names(make: Any, names: int) -> None:
    """Of many names only the pairs that occur have a row."""
    draw = np.random.default_rng(names)
    rows = [{"customer": "all", "event": f"{k:05d}", "at": k} for k in range(names)]
    rows += [
        {
            "customer": f"c{draw.integers(9)}",
            "event": f"{draw.integers(min(names, 400)):05d}",
            "at": int(draw.integers(50)),
        }
        for _ in range(900)
    ]
    log = make.log(rows)
    cases: dict[str, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["at"]):
        cases[row["customer"]].append(row)
    waits: dict[Any, list[int]] = defaultdict(list)
    of_cases: Counter[Any] = Counter()
    for case in cases.values():
        pairs = [((int(x["event"]), int(y["event"])), y["at"] - x["at"]) for x, y in pairwise(case)]
        of_cases.update({pair for pair, _ in pairs})
        for pair, wait in pairs:
            waits[pair].append(wait)
    assert len(log.event_names) == names
    assert_same(follows(log, Scope(), 2), transitions(waits, of_cases))
    assert log.pairs.count == (names**2 if names <= 256 else len(waits))


def test_paths_of_many_names(make: Any) -> None:
    log = make.log([{"customer": "u", "event": f"{k // 2:05d}", "at": k} for k in range(140_000)])
    assert variants(log, Scope()) == ((tuple(range(20)), 1),)


MARKETS = {"u": "DE", "v": "FR", "w": None, "x": "DE"}
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "at": st.integers(0, 20).map(lambda s: s * SECOND),
            "customer": st.sampled_from("uvwx"),
            "event": st.sampled_from("abcd"),
            "channel": st.sampled_from(["web", "shop", None]),
            "d_page": st.sampled_from(["1", "2", None]),
        }
    ).map(lambda row: {**row, "case": row["customer"], "d_market": MARKETS[row["customer"]]}),
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    rows=ROWS,
    rules=all_rules(),
    notion=st.sampled_from(["customer", "case"]),
    hashed=st.booleans(),
    threads=st.integers(1, 2),
)
def test_a_group_is_what_a_condition_selects(
    make: Any, rows: Any, rules: Any, notion: str, hashed: bool, threads: int
) -> None:
    """For a dimension that never changes within a case; who has no value is a group, too."""
    with patch.object(log_, "DENSE", 0 if hashed else 256), patch.object(blocks, "BLOCK", 5):
        log = make.log(rows, notion, dims=("market", "page"))
        whole = summarise(log, rules, Scope(), threads)
        grouped = summaries(log, rules, Scope(), "market", threads)
        followed = follows_by(log, Scope(), "market", threads)
        flow = stages(log, rules, Scope(), "market", threads)
        assert list(grouped) == list(followed) == list(flow.groups) == [*log.dimensions["market"], None]
        for market in log.dimensions["market"]:
            scope = Scope(where={"market": (market,)})
            assert_same(grouped[market], summarise(log, rules, scope, threads))
            assert_same(followed[market], follows(log, scope, threads))
            alone, g = stages(log, rules, scope, None, threads), flow.groups.index(market)
            for name in ("entered", "in_order", "continued", "last"):
                assert getattr(flow, name)[g].tolist() == getattr(alone, name)[0].tolist(), name
            assert_same(flow.dwell[g], alone.dwell[0])
    for name in ("cases", "events", "customers", "completed", "matched_cases", "backtracking_cases"):
        assert sum(getattr(of, name) for of in grouped.values()) == getattr(whole, name), name
    assert sum(of.stage_entered for of in grouped.values()).tolist() == whole.stage_entered.tolist()
    assert sum(of.transitions.count.sum() for of in grouped.values()) == whole.transitions.count.sum()


def test_a_case_belongs_to_the_group_of_its_first_event(make: Any) -> None:
    log = make.log([*make.walk("u", "ab", channel="web"), *make.walk("u", "  c", channel="app"), *make.walk("v", "b")])
    found = follows_by(log, Scope(), "channel")
    assert {group: shown(of, log.event_names) for group, of in found.items()} == {
        "app": {},
        "web": {"ab": (1, 1, 60.0), "bc": (1, 1, 60.0)},
        None: {},
    }
    assert {group: of.cases for group, of in summaries(log, NO_RULES, Scope(), "event").items()} == {
        "a": 1,
        "b": 1,
        "c": 0,
        None: 0,
    }


def test_steps_in_the_order_drawn_whatever_happens_in_between(make: Any) -> None:
    rules = Rules(tuple((Rules.Match(event=(e,)),) for e in "abc"), (0, 1, 2), 3)
    log = make.log(
        [row for k, steps in enumerate(["abc", "acxb", "bc", "ba", "cabxc"]) for row in make.walk(f"{k}", steps)]
    )
    found = stages(log, rules, Scope())
    assert found.entered.tolist() == [[4, 5, 4]]
    assert found.in_order.tolist() == [[4, 3, 2]]
