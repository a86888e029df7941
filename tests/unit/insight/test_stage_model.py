"""The search for the most probable ordered partition, against trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.insight.precedence import Precedence
from desirepath.insight.stage_model import Tables, _climb, _cut, _event_moves, stages

WORDLESS = -1


def tables(seed: int, n: int) -> Tables:
    rng = np.random.default_rng(seed)
    same = rng.normal(0, 3, (n, n))
    return Tables(same + same.T, rng.normal(0, 3, (n, n)))


def partitions(n: int, fewest: int, most: int) -> list[np.ndarray]:
    every = [np.array(p) for p in product(range(most), repeat=n)]
    return [p for p in every if fewest <= len(set(p.tolist())) == p.max() + 1]


@given(st.integers(0, 10_000))
def test_the_first_cut_is_the_best_of_all_contiguous_ones(seed: int) -> None:
    given_tables, order = tables(seed, 5), np.random.default_rng(seed).permutation(5)
    contiguous = [p for p in partitions(5, 2, 4) if (np.diff(p[order]) >= 0).all()]
    best = max(given_tables.value(p) for p in contiguous)
    assert given_tables.value(_cut(given_tables, order, 2, 4)) == pytest.approx(best)


@given(st.integers(0, 10_000))
def test_each_event_is_offered_its_best_other_place(seed: int) -> None:
    given_tables = tables(seed, 5)
    stage = np.array([0, 0, 1, 2, 2])
    offered = [given_tables.value(p) for p in _event_moves(given_tables, stage, 2, 4)]
    for event, best in enumerate(offered):
        tried = []
        for place in range(7):
            if place != 2 * stage[event] + 1:
                moved = 2 * stage + 1
                moved[event] = place
                tried.append(given_tables.value(np.unique(moved, return_inverse=True)[1]))
        assert best == pytest.approx(max(tried))


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_climbing_never_loses_and_keeps_the_bounds(seed: int) -> None:
    given_tables, begin = tables(seed, 6), np.array([0, 0, 1, 1, 2, 2])
    end = _climb(given_tables, begin, 3, 4)
    assert given_tables.value(end) >= given_tables.value(begin)
    assert 3 <= len(set(end.tolist())) == end.max() + 1 <= 4


def test_events_that_come_in_any_order_share_a_stage() -> None:
    """Three pairs; inside a pair either comes first, every pair comes before the next."""
    first = np.full((6, 6), 5.0)
    for a, b in product(range(6), repeat=2):
        if a // 2 < b // 2:
            first[a, b] = 195.0
        elif a // 2 == b // 2:
            first[a, b] = 100.0
    np.fill_diagonal(first, 0)
    none = np.zeros(6, np.int64)
    found, place = stages(Precedence(first, np.zeros((6, 6)), none, none, none, none, 200, None), np.full(6, WORDLESS))
    assert found.tolist() == [0, 0, 1, 1, 2, 2]
    assert place[0] < place[2] < place[4]
