"""Partial pooling, trend, and who is not heard."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desirepath.voice.coverage import coverage
from desirepath.voice.curve import pool, trend


def test_three_angry_people_make_no_canyon() -> None:
    points = pool([1.0, 1.1, 0.9, 1.0, 0.95, 1.05, 1.1, 0.9, -1.5], [*[0.1] * 8, 1.2])
    assert points[8].score > 0 and points[8].borrowed > 0.5
    assert points[0].score == pytest.approx(1.0, abs=0.05)


def test_where_all_is_chance_all_meet_in_the_middle() -> None:
    points = pool([0.0, 0.2] * 4, [0.5] * 8)
    assert all(p.borrowed == pytest.approx(5 / 7) for p in points)
    assert [p.score for p in pool([0.0, 0.2], [0.5, 0.5])] == [0.0, 0.2]  # two points say nothing of each other


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(0.05, 2)), min_size=1, max_size=12))
def test_pooled_points_lie_between_their_mean_and_the_others(points: list[tuple[float, float]]) -> None:
    means = [m for m, _ in points]
    for after in pool(means, [s for _, s in points]):
        assert min(means) - 1e-9 <= after.score <= max(means) + 1e-9
        assert after.low <= after.score <= after.high and after.low >= -2 and after.high <= 2


def test_pooled_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng, inside, total = np.random.default_rng(0), 0, 0
    for _ in range(200):
        true = rng.normal(0.3, 0.5, 10)
        error = rng.uniform(0.1, 0.6, 10)
        seen = true + rng.normal(0, error)
        for t, p in zip(true, pool(seen.tolist(), error.tolist()), strict=True):
            inside += p.low <= t <= p.high
            total += 1
    assert 0.92 <= inside / total <= 0.98


def test_trend() -> None:
    at = np.arange(100)
    rising = trend(at / 50 - 1, at)
    assert rising is not None and rising[0] == pytest.approx(1.98)
    assert trend(np.zeros(5), np.arange(5)) is None
    flat = trend(np.tile([1.0, -1.0], 50), at)
    assert flat is not None and flat[1] < 0 < flat[2]


def test_answers_of_one_customer_make_a_trend_less_sure() -> None:
    rng = np.random.default_rng(0)
    at = np.arange(60.0)
    moods = np.repeat(rng.normal(0, 1, 12), 5)  # five answers of each customer, one after the other
    apart, together = trend(moods, at), trend(moods, at, np.repeat(np.arange(12), 5))
    assert apart is not None and together is not None
    assert apart[0] == together[0]
    assert together[2] - together[1] > 1.5 * (apart[2] - apart[1])


def test_a_group_that_says_little_weighs_as_much_as_it_is() -> None:
    emotion = np.array([1.0] * 40 + [-1.0] * 10)
    group = ["north"] * 40 + ["south"] * 10
    found = coverage("market", group, {"north": 100, "south": 100, "west": 50}, list(range(50)), emotion)
    assert found.plain == pytest.approx(0.6) and found.reweighted == pytest.approx(0.0)
    assert found.turns and found.unheard == 50
    assert [(g.name, g.heard, g.rate) for g in found.groups] == [
        ("north", 40, 0.4),
        ("south", 10, 0.1),
        ("west", 0, 0.0),
    ]


def test_nothing_heard() -> None:
    found = coverage("market", [], {"north": 3}, [], np.array([]))
    assert found.plain is None and not found.turns
