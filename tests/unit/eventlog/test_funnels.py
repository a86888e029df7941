"""Funnels: the longest chain of steps within a window. Events are single letters a minute apart."""

from __future__ import annotations

import itertools
import math
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desirepath.errors import DesirepathError
from desirepath.eventlog import blocks, chains
from desirepath.eventlog.chains import MODES
from desirepath.eventlog.model import Funnel, Scope
from desirepath.eventlog.runner import funnel

SECOND = 1_000_000


@pytest.fixture
def reach(make: Any) -> Any:
    """How far a single case gets; steps are separated by commas, the names of a step are letters."""

    def reach(walk: str, steps: str, minutes: float = math.inf, mode: Any = "any", start: int = 0) -> int:
        log = make.log(make.walk("u", walk, start=start))
        codes = [{log.event_names.index(n) for n in step if n in log.event_names} for step in steps.split(",")]
        return int(funnel(log, codes, minutes * 60, Scope(), mode=mode).reached.sum())

    return reach


def test_steps_in_order_with_anything_between(reach: Any) -> None:
    assert reach("axbxc", "a,b,c") == 3
    assert reach("cba", "a,b,c") == 1
    assert reach("xyz", "a,b,c") == 0


def test_the_window_runs_from_the_first_step_and_includes_its_end(reach: Any) -> None:
    assert reach("a b c", "a,b,c", 4) == 3
    assert reach("a b c", "a,b,c", 3.9) == 2
    assert reach("ab", "a,b", 0) == 1


def test_the_longest_chain_counts_from_whichever_first_step(reach: Any) -> None:
    assert reach("ab      abc", "a,b,c", 2) == 3, "the second try"
    assert reach("abc    a", "a,b,c", 2) == 3, "a later first step takes nothing back"
    assert reach("aab", "a,b", 1) == 2, "the later of two first steps"
    assert reach("ab a c", "a,b,c", 4) == 2, "a first step that came after step 2 cannot start its chain"


def test_any_name_of_a_step_fills_it(reach: Any) -> None:
    assert reach("axc", "ab,c") == reach("bxc", "ab,c") == 2


def test_one_event_may_fill_several_steps(reach: Any) -> None:
    assert reach("a", "a,a,ab") == 3
    assert reach("ba", "a,b") == 1


def test_events_at_the_same_time_follow_each_other_as_they_arrived(make: Any) -> None:
    events = [{"customer": "u", "event": "b", "at": 0}, {"customer": "u", "event": "a", "at": 0}]
    log = make.log(events)
    assert funnel(log, [{1}, {0}], 60, Scope()).reached.tolist() == [[1, 1]]
    assert funnel(log, [{0}, {1}], 60, Scope()).reached.tolist() == [[1, 0]]


def test_increase_asks_for_each_step_at_a_later_time(make: Any) -> None:
    def reach(times: list[int], mode: Any) -> int:
        log = make.log([{"customer": "u", "event": "abc"[k], "at": at} for k, at in enumerate(times)])
        return int(funnel(log, [{0}, {1}, {2}], 60, Scope(), mode=mode).reached.sum())

    assert (reach([1, 1, 2], "any"), reach([1, 1, 2], "increase")) == (3, 1)
    assert (reach([1, 2, 2], "any"), reach([1, 2, 2], "increase")) == (3, 2)
    assert reach([1, 2, 3], "increase") == 3


def test_once_an_event_fills_one_step_only(reach: Any) -> None:
    assert (reach("a", "a,a,a"), reach("a", "a,a,a", mode="once")) == (3, 1)
    assert reach("aa", "a,a,a", mode="once") == 2
    assert reach("xaxaxa", "a,a,a", mode="once") == 3


def test_funnels_of_many_steps(reach: Any) -> None:
    for n in range(1, 10):
        steps = ",".join("abcdefghi"[:n])
        assert reach("abcdefghi", steps) == reach("aabbccddeeffgghhii", steps) == n
        assert reach("abcdefghi", steps, 4) == min(n, 5), "five of them lie within four minutes"
        assert reach("bcdefghia", steps) == 1


def test_in_order_each_step_is_filled_by_the_very_next_event(reach: Any) -> None:
    assert reach("abc", "a,b,c", mode="order") == 3
    assert reach("abxc", "a,b,c", mode="order") == 2
    assert reach("axbc", "a,b,c", mode="order") == 1
    assert reach("aabc", "a,b,c", mode="order") == 3, "the second try"
    assert reach("aaab", "a,a,b", mode="order") == 3, "tries overlap"
    assert reach("a", "a,a", mode="order") == 1


def test_deduplication_ends_a_chain_with_an_event_of_a_step_that_it_passed(reach: Any) -> None:
    assert (reach("abac", "a,b,c"), reach("abac", "a,b,c", mode="deduplication")) == (3, 2)
    assert reach("abxc", "a,b,c", mode="deduplication") == 3
    assert reach("aabc", "a,b,c", mode="deduplication") == 3, "from the second a on"
    assert reach("abbc", "a,b,c", mode="deduplication") == 3, "a chain takes the second b: it had not passed b before"
    assert reach("abcbd", "a,b,c,d", mode="deduplication") == 3
    assert reach("abcabcd", "a,b,c,d", mode="deduplication") == 4


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("start", [0, -40_000_000, 90_000_000])
def test_a_window_may_be_endless_and_times_lie_before_1970(reach: Any, mode: str, start: int) -> None:
    """From 1893 to 2141."""
    assert reach("abc", "a,b,c", math.inf, mode, start) == 3
    assert reach("ab", "a,b", 1e300, mode, start) == 2
    assert reach("abc", "a,b,c", 1, mode, start) == 2
    assert reach("bca", "a,b,c", math.inf, mode, start) == 1
    assert reach("bc", "a,b,c", math.inf, mode, start) == 0


@pytest.mark.parametrize("mode", MODES)
def test_the_window_holds_centuries(make: Any, mode: Any) -> None:
    century = 36_525 * 86_400 * SECOND
    log = make.log([{"customer": "u", "event": "ab"[k], "at": at} for k, at in enumerate((-century, 2 * century + 1))])
    asked = [funnel(log, [{0}, {1}], window, Scope(), mode=mode) for window in (math.inf, 3 * century / 1e6)]
    assert [found.reached.tolist() for found in asked] == [[[1, 1]], [[1, 0]]]


def test_a_case_belongs_to_the_group_of_its_first_event(make: Any) -> None:
    walks = [("u", "ab", "DE"), ("v", "a", "DE"), ("w", "b", "FR"), ("x", "ab", None)]
    log = make.log([e for name, steps, m in walks for e in make.walk(name, steps, d_market=m)], dims=("market",))
    found = funnel(log, [{0}, {1}], 60, Scope(), by="market")
    assert found.groups == ("DE", "FR", None)
    assert found.cases.tolist() == [2, 1, 1]
    assert found.reached.tolist() == [[2, 1], [0, 0], [1, 1]]
    assert funnel(log, [{0}], 60, Scope(), by="event").reached.tolist() == [[3], [0], [0]]


def test_only_cases_in_scope_count(make: Any) -> None:
    log = make.log([*make.walk("u", "ab"), *make.walk("v", "ab", start=5)])
    assert funnel(log, [{0}, {1}], 60, Scope(start=make.MINUTE)).reached.tolist() == [[1, 1]]
    assert funnel(log, [{0}, {1}], 60, Scope(where={"event": ()})).cases.tolist() == [0]


def test_questions_without_an_answer(make: Any) -> None:
    log = make.log(make.walk("u", "ab"))
    for steps, window, by, words in (
        ([], 60, None, "a funnel of 0 steps"),
        ([{0}] * 61, 60, None, "a funnel of 61 steps"),
        ([{0}, {2}], 60, None, "step 2 asks for event 2"),
        ([{0}], -1, None, "a window of -1 seconds"),
        ([{0}], math.nan, None, "a window of nan seconds"),
        ([{0}], 60, "market", "no dimension 'market'"),
    ):
        for mode in MODES:
            with pytest.raises(DesirepathError, match=words):
                funnel(log, steps, window, Scope(), by=by, mode=mode)
    with pytest.raises(DesirepathError, match="mode 'strict'"):
        funnel(log, [{0}], 60, Scope(), mode="strict")  # type: ignore[arg-type]


def level(case: list[tuple[int, str]], steps: list[set[str]], window: float, mode: str = "any") -> int:
    """By trying all chains: the places of their events."""
    best = 0
    for depth in range(1, len(steps) + 1):
        for chain in itertools.combinations_with_replacement(range(len(case)), depth):
            filled = all(case[i][1] in step for i, step in zip(chain, steps, strict=False))
            if filled and case[chain[-1]][0] - case[chain[0]][0] <= window and allowed(case, chain, steps, mode):
                best = depth
    return best


def allowed(case: list[tuple[int, str]], chain: tuple[int, ...], steps: list[set[str]], mode: str) -> bool:
    """Whether a strict mode allows the chain."""
    hops = list(itertools.pairwise(chain))
    if mode == "increase":
        return all(case[i][0] < case[j][0] for i, j in hops)
    if mode == "once":
        return all(i < j for i, j in hops)
    if mode == "order":
        return all(j == i + 1 for i, j in hops)
    if mode == "deduplication":
        return all(i < j for i, j in hops) and not any(
            case[k][1] in step
            for passed, (i, j) in enumerate(hops, 1)
            for k in range(i + 1, j if passed == len(hops) else j + 1)
            for step in steps[:passed]
        )
    return True


def reference(
    cases: dict[str, list[Any]], steps: Any, window: float, start: int, end: int, by: bool, mode: str
) -> Funnel:
    groups: tuple[str | None, ...] = ("1", "2", None) if by else (None,)
    found = np.zeros((len(groups), 1 + len(steps)), np.int64)
    for events in cases.values():
        case = sorted(events, key=lambda e: e["at"])
        if start <= case[0]["at"] < end:
            reached = level([(e["at"], e["event"]) for e in case], steps, window, mode)
            found[groups.index(case[0]["d_page"]) if by else 0, : 1 + reached] += 1
    return Funnel(groups, found[:, 0], found[:, 1:])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    events=st.lists(
        st.fixed_dictionaries(
            {
                "at": st.integers(0, 12).map(lambda s: s * SECOND),
                "customer": st.sampled_from("uvw"),
                "event": st.sampled_from("abcd"),
                "d_page": st.sampled_from(["1", "2", None]),
            }
        ),
        max_size=18,
    ),
    steps=st.lists(st.sets(st.sampled_from("abcd"), max_size=2), min_size=1, max_size=4),
    window=st.sampled_from([0, 2, 5, math.inf]),
    start=st.integers(0, 4).map(lambda s: s * SECOND),
    end=st.integers(2, 13).map(lambda s: s * SECOND),
    by=st.booleans(),
    threads=st.integers(1, 3),
    block=st.sampled_from([5, 1 << 16]),
    mode=st.sampled_from(MODES),
    few=st.sampled_from([0, chains.FEW]),
)
def test_the_longest_of_all_chains_counts(
    make: Any, events: Any, steps: Any, window: float, start: int, end: int, by: bool, threads: int, block: int,
    mode: Any, few: int,
) -> None:  # fmt: skip
    every = [
        *events,
        *({"at": -SECOND, "customer": f"x{p}", "event": "abcd"[p], "d_page": "12"[p % 2]} for p in range(4)),
    ]
    log = make.log(every, dims=("page",))
    codes = [{log.event_names.index(n) for n in step} for step in steps]
    with patch.object(blocks, "BLOCK", block), patch.object(chains, "FEW", few):
        got = funnel(log, codes, window, Scope(start=start, end=end), "page" if by else None, threads, mode=mode)
    cases: dict[str, list[Any]] = {}
    for event in every:
        cases.setdefault(event["customer"], []).append(event)
    expected = reference(cases, steps, window * SECOND, start, end, by, mode)
    assert got.groups == expected.groups
    assert got.cases.tolist() == expected.cases.tolist()
    assert got.reached.tolist() == expected.reached.tolist()
