"""Medians and ninetieth percentiles are numpy's, however many durations there are and however they come."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.eventlog import quantiles
from desirepath.eventlog.model import Ints, Waits

DURATIONS = st.one_of(st.integers(0, 3), st.integers(0, 5000), st.integers(0, 2**62))


def ask(sets: list[list[int]], pieces: int = 3, threads: int = 2) -> Waits:
    item = np.concatenate([np.full(len(values), i) for i, values in enumerate(sets)]).astype(np.int64)
    duration = np.array([d for values in sets for d in values], np.int64)
    order = np.random.default_rng(0).permutation(item.size)
    parts = np.array_split(order, pieces)

    def stream(new: Any, add: Any) -> list[Any]:
        states = [new() for _ in range(threads)]
        for k, part in enumerate(parts):
            states[k % threads] = add(states[k % threads], (item[part], duration[part]))
        return states

    n: Ints = np.array([len(values) for values in sets], np.int64)
    return quantiles.exact(n, stream, threads)


@settings(max_examples=100, deadline=None)
@given(sets=st.lists(st.lists(DURATIONS, max_size=40), min_size=1, max_size=5), small=st.sampled_from([0, 1, 5, 1024]))
def test_as_numpy_has_them(sets: list[list[int]], small: int) -> None:
    with patch.object(quantiles, "SMALL", small):
        found = ask(sets)
    for q, got in ((0.5, found.median), (0.9, found.p90)):
        expected = [np.quantile(np.array(v), q) / 1e6 if v else np.nan for v in sets]
        np.testing.assert_allclose(got, expected, rtol=1e-15)


def test_many_durations_of_which_few_are_kept() -> None:
    values = np.random.default_rng(1).lognormal(18, 3, 50_000).astype(np.int64)
    found = ask([values.tolist(), [5]])
    assert found.n.tolist() == [50_000, 1]
    assert found.median[0] == np.quantile(values, 0.5) / 1e6
    assert found.p90[0] == np.quantile(values, 0.9) / 1e6
    assert found.median[1] == 5e-6


@pytest.mark.parametrize("values", [[7] * 3000, [0] * 3000, [1] * 1500 + [10**12] * 1500])
def test_ties_and_gaps(values: list[int]) -> None:
    found = ask([values])
    assert found.median[0] == np.quantile(values, 0.5) / 1e6
    assert found.p90[0] == np.quantile(values, 0.9) / 1e6


def test_buckets_ascend_with_the_durations() -> None:
    durations = np.unique(np.concatenate([np.arange(5000), 2 ** np.arange(63), 2 ** np.arange(1, 63) - 1]))
    of = quantiles.bucket(durations)
    assert (np.diff(of) >= 0).all()
    assert of[0] == 0 and of[-1] < quantiles.BUCKETS
