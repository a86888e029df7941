"""Intervals and tests against published values, slow references and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from desirepath.insight.intervals import (
    benjamini_hochberg,
    clustered_mean,
    difference,
    p_differs,
    p_more,
    p_not_zero,
    wilson,
)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998a, table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson_equals_published_intervals(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-5)


def test_newcombes_difference_equals_the_published_one() -> None:
    assert difference(56, 70, 48, 80) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)  # Newcombe 1998b, table II (a)


def test_one_sided_p_of_two_shares() -> None:
    assert p_more(60, 100, 40, 100) == pytest.approx(0.00234, abs=5e-6)  # z = 0.2/√(0.25·0.02) = 2.828
    assert p_more(40, 100, 40, 100) == 0.5
    assert p_more(0, 10, 0, 10) == 1.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg_as_scipy_has_it(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p).tolist())


def test_a_mean_of_one_answer_each() -> None:
    mean = clustered_mean(np.array([-1.0, 0.0, 1.0]), np.arange(3), -2, 2)
    assert (mean.value, mean.n, mean.n_eff) == (0, 3, 3)
    assert mean.se**2 == pytest.approx(3 / 2 * 2 / 9 + (16 / 12) / 9)  # K/(K−1)·Σe²/n² + s₀²/(K·n_eff)
    assert clustered_mean(np.array([-1.0, 1.0]), np.arange(2), -50, 50).high == 50  # t(1) is wide
    wide = clustered_mean(np.array([-1.0, 0.0, 1.0]), np.arange(3), -20, 20)
    assert wide.high == pytest.approx(4.302653 * wide.se)  # t, 2 degrees of freedom


def test_one_answer_could_be_anything_and_few_unanimous_ones_are_not_certain() -> None:
    one = clustered_mean(np.array([2.0]), np.zeros(1, int), -2, 2)
    assert (one.low, one.high) == (-2, 2)
    five = clustered_mean(np.full(5, 2.0), np.arange(5), -2, 2)
    assert five.high == 2
    assert 1 < five.low < 1.5  # a plain t interval would be [2, 2]


@given(st.lists(st.integers(1, 5), min_size=2, max_size=12), st.integers(2, 4))
def test_saying_it_again_adds_nothing(stars: list[int], times: int) -> None:
    values, customers = np.array(stars, float), np.arange(len(stars))
    once = clustered_mean(values, customers, 1, 5)
    again = clustered_mean(np.repeat(values, times), np.repeat(customers, times), 1, 5)
    assert again.n == times * once.n
    assert (again.value, again.low, again.high, again.n_eff) == pytest.approx(
        (once.value, once.low, once.high, once.n_eff)
    )


@pytest.mark.parametrize("n", [5, 30])
def test_the_interval_of_a_mean_covers_the_truth_about_19_times_in_20(n: int) -> None:
    random = np.random.default_rng(7)
    answers = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    shares = [0.1, 0.1, 0.1, 0.3, 0.4]
    hits = 0
    for _ in range(4000):
        mean = clustered_mean(random.choice(answers, n, p=shares), np.arange(n), -2, 2)
        hits += mean.low <= answers @ shares <= mean.high
    assert 0.935 <= hits / 4000 <= 0.96  # a plain t interval: 0.885 of five


def test_means_are_told_apart_only_when_they_differ() -> None:
    low = clustered_mean(np.tile([-1.0, 0.0], 20), np.arange(40), -2, 2)
    high = clustered_mean(np.tile([0.0, 1.0], 20), np.arange(40), -2, 2)
    assert p_differs(low, high) < 1e-9
    assert p_differs(low, low) == 1.0
    assert p_not_zero(high) < 1e-4
