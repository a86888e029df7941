"""Where somebody stood at a time, and who is behind a number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from desirepath.eventlog.locate import locate
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Rules, Scope

MINUTE = 60_000_000
M = Rules.Match


def rules(**more: Any) -> Rules:
    return Rules(touchpoints=((M(event=("a",)),), (M(event=("b",)),)), stage=(0, 1), stages=2, **more)


def ask(
    log: Log, asked: list[tuple[str | None, float]], by: Any = "customer", *, window: float = 1e9,
    scope: Scope | None = None, **more: Any,
) -> list[tuple[int, bool]]:  # fmt: skip
    ids, minutes = zip(*asked, strict=True)
    times = np.array([int(m * MINUTE) for m in minutes])
    touch, inside = locate(log, rules(**more), scope or Scope(), pa.array(ids, pa.string()), by, times, window)
    return list(zip(touch.tolist(), inside.tolist(), strict=True))


def test_the_last_matched_event_at_or_before_the_time(make: Any) -> None:
    log = make.log([*make.walk("u", "axb"), *make.walk("v", "x")])
    assert ask(log, [("u", 0), ("u", 1.5), ("u", 2), ("u", 99)]) == [(0, True), (0, True), (1, True), (1, True)]
    assert ask(log, [("u", -1), ("v", 5)]) == [(-1, True), (-1, True)]


def test_an_unknown_or_missing_id_is_nowhere_and_not_in_scope(make: Any) -> None:
    log = make.log(make.walk("u", "a"))
    assert ask(log, [("w", 5), (None, 5), ("u", 5)]) == [(-1, False), (-1, False), (0, True)]
    assert ask(make.log([]), [("w", 5)]) == [(-1, False)]


def test_ids_as_a_numpy_array(make: Any) -> None:
    log = make.log(make.walk("u", "a"))
    touch, inside = locate(log, rules(), Scope(), np.array(["u", None], object), "customer", np.array([1, 1]), 60.0)
    assert (touch.tolist(), inside.tolist()) == ([0, -1], [True, False])


def test_no_further_back_than_the_window(make: Any) -> None:
    log = make.log(make.walk("u", "a  x"))
    assert ask(log, [("u", 1), ("u", 1.5), ("u", 4)], window=60) == [(0, True), (-1, True), (-1, True)]


def test_scope_is_that_of_the_walk_meant(make: Any) -> None:
    log = make.log([*make.walk("u", "a"), *make.walk("v", " a")])
    assert ask(log, [("u", 9), ("v", 9)], scope=Scope(start=MINUTE)) == [(0, False), (0, True)]


def test_in_sessions_the_last_one_begun_by_then(make: Any) -> None:
    log = make.log(make.walk("u", "a     b"))
    asked = [("u", -1), ("u", 3), ("u", 7)]
    assert ask(log, asked, session_gap=60.0, scope=Scope(start=MINUTE)) == [(-1, False), (0, False), (1, True)]


def test_a_customer_of_several_cases_is_in_the_one_with_the_latest_event(make: Any) -> None:
    rows = [*make.walk("u", "a", case="1"), *make.walk("u", "b", case="2", start=5), *make.walk("v", "a", case="3")]
    log = make.log(rows, "case")
    assert ask(log, [("u", 1), ("u", 6), ("v", 9)]) == [(0, True), (1, True), (0, True)]
    assert ask(log, [("1", 9), ("2", 9)], "case") == [(0, True), (1, True)]
    assert ask(log, [("u", -9), ("u", 9)], scope=Scope(start=MINUTE)) == [(-1, False), (1, True)]


def test_a_source_case_leads_to_its_customer(make: Any) -> None:
    log = make.log([*make.walk("u", "a", case="1"), *make.walk(None, "b", case="2")])
    assert ask(log, [("1", 5), ("2", 5), ("3", 5)], "case") == [(0, True), (1, True), (-1, False)]


def test_many_at_once_over_many_blocks(make: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("desirepath.eventlog.blocks.BLOCK", 7)
    log = make.log([row for k in range(40) for row in make.walk(f"c{k}", "a  b" if k % 2 else "b")])
    assert ask(log, [(f"c{k}", 2) for k in range(40)]) == [(1 - k % 2, True) for k in range(40)]
