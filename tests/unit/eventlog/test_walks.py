"""Cutting cases into walks.

Events are letters, a second apart but for blanks: s starts, e ends, b does both, k fulfils a condition.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from desirepath.eventlog.pad import Pad
from desirepath.eventlog.walks import Cut, cut, whole, within

START, END, CONDITION = 1, 2, 4
FLAGS = {"s": START, "e": END, "k": CONDITION, "b": START | END}
WHOLE = Cut(gap=-1, trim_start=False, trim_end=False, nth=0, needed=0, start=-(1 << 62), end=1 << 62)


def readonly(*values: Any) -> Any:
    array = np.array(values, np.int64)
    array.setflags(write=False)
    return array


def walks(*cases: str, **how: Any) -> list[tuple[int, str, int]]:
    """Of each walk in scope: its case, its events, and which of them reaches the end (−1: none)."""
    letters = "".join(case.replace(" ", "") for case in cases)
    times = readonly(*(second for case in cases for second, letter in enumerate(case) if letter != " "))
    bounds = readonly(0, *np.cumsum([len(case.replace(" ", "")) for case in cases]))
    flags = readonly(*(FLAGS.get(letter, 0) for letter in letters))
    found = within(cut(bounds, times, flags, WHOLE._replace(**how), Pad()))
    return [
        (c, letters[b:e], f if f < 0 else f - b)
        for b, e, c, f in zip(*(column.tolist() for column in found[:4]), strict=True)
    ]


def test_a_case_is_a_walk() -> None:
    assert walks("ab", "c") == [(0, "ab", -1), (1, "c", -1)]
    assert walks() == []


def test_an_idle_time_longer_than_the_gap_cuts() -> None:
    assert walks("ab  c   d", gap=3) == [(0, "abc", -1), (0, "d", -1)]
    assert walks("ab", gap=0) == [(0, "a", -1), (0, "b", -1)]
    assert walks("ab", "c", gap=99) == [(0, "ab", -1), (1, "c", -1)]


def test_the_end_is_reached_the_nth_time() -> None:
    assert walks("aeae", nth=1) == [(0, "aeae", 1)]
    assert walks("aeae", nth=2) == [(0, "aeae", 3)]
    assert walks("aeae", nth=3) == [(0, "aeae", -1)]
    assert walks("aeae", nth=0) == [(0, "aeae", -1)]


def test_trimming() -> None:
    assert walks("asxs", "ax", trim_start=True) == [(0, "sxs", -1)]
    assert walks("aexec", nth=1, trim_end=True) == [(0, "ae", 1)]
    assert walks("aexec", nth=2, trim_end=True) == [(0, "aexe", 3)]
    assert walks("easxec", nth=1, trim_start=True, trim_end=True) == [(0, "sxe", 2)]
    assert walks("ax", nth=1, trim_end=True) == [(0, "ax", -1)]
    assert walks("abc", nth=1, trim_start=True, trim_end=True) == [(0, "b", 0)]


def test_each_session_is_trimmed_for_itself() -> None:
    assert walks("ase  as  e", gap=1, nth=1, trim_start=True, trim_end=True) == [(0, "se", 1), (0, "s", -1)]


def test_what_is_cut_off_at_the_end_begins_no_other_walk() -> None:
    assert walks("aexxa", gap=1, nth=1, trim_end=True) == [(0, "ae", 1)]


@pytest.mark.parametrize(("start", "end", "expected"), [(0, 1, "ab"), (1, 2, "cd"), (1, 9, "cd"), (2, 9, "")])
def test_scope_asks_when_the_first_event_is(start: int, end: int, expected: str) -> None:
    assert "".join(events for _, events, _ in walks("ab", " cd", start=start, end=end)) == expected


def test_scope_judges_what_is_left_of_a_case() -> None:
    assert walks("  as", trim_start=True, start=3) == [(0, "s", -1)]
    assert walks("a  b", gap=1, start=1) == [(0, "b", -1)]


def test_conditions_are_fulfilled_by_a_walk_as_a_whole() -> None:
    assert walks("ak", "a", needed=CONDITION) == [(0, "ak", -1)]
    assert walks("a  k", gap=1, needed=CONDITION) == [(0, "k", -1)]
    assert walks("ae", "ake", nth=1, needed=CONDITION) == [(1, "ake", 2)]
    assert walks("aek", nth=1, trim_end=True, needed=CONDITION) == [], "its events are a and e"
    assert walks("aek", nth=1, needed=CONDITION) == [(0, "aek", 1)], "the end is found, and yet all events looked at"


def test_whole_cases_need_not_be_cut() -> None:
    found = whole(readonly(0, 2, 3))
    same = cut(readonly(0, 2, 3), readonly(5, 6, 7), readonly(), WHOLE, Pad())
    for one, other in zip(found, same, strict=True):
        assert one.tolist() == other.tolist()
        assert not one.flags.writeable
