"""Medians and ninetieth percentiles are numpy's, however many durations there are and however they come."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desirepath.eventlog.jit import frozen, wrapping
from desirepath.eventlog.measures import durations
from desirepath.eventlog.measures.durations import (
    BUCKETS,
    SHIFTS,
    Durations,
    Kept,
    Parts,
    Ranges,
    bucket,
    edges,
    joined,
    ranges,
    waits,
)
from desirepath.eventlog.model import Waits

SECOND = 1_000_000
HOUR = 3600 * SECOND
SETS = st.lists(
    st.lists(
        st.one_of(st.integers(0, 3), st.integers(0, 5000), st.integers(0, 1 << 30), st.integers(0, 1 << 62)),
        max_size=40,
    )
    | st.lists(st.sampled_from([0, 7, 1024, 1 << 46, 1 << 62]), max_size=60),
    min_size=1,
    max_size=5,
)


def histogram(sets: list[list[int]], shift: int = 0) -> Any:
    counts = np.zeros((len(sets), edges(shift).size - 1), np.uint32)
    for row, values in enumerate(sets):
        for value in values:
            counts[row, bucket(value, shift)] += 1
    return counts


def keep(found: Ranges, sets: list[list[int]], buckets: int = BUCKETS, most: int = 7) -> Parts:
    """The second pass, in blocks of a few durations."""
    kept = Kept()
    kept._piece = 10
    marks = found.marks(buckets, np.arange(len(sets), dtype=np.int32)[:, None])
    pairs = [(row, value) for row, values in enumerate(sets) for value in values]
    with wrapping():
        for a in range(0, len(pairs), most):
            kept.keep(marks, listed(pairs[a : a + most]))
    return kept.parts


def test_a_duration_is_kept_for_every_row_it_belongs_to() -> None:
    counts = histogram([[SECOND, HOUR], [HOUR], [SECOND]])
    rows = np.array([[0, 1], [2, 0]], np.int32)  # what the first row counts belongs to rows 0 and 1
    kept = Kept()
    with wrapping():
        kept.keep(ranges(counts).marks(BUCKETS, rows), listed([(0, HOUR), (1, SECOND), (0, 7 * HOUR)]))
    ((slots, values),) = kept.parts
    assert sorted(zip((slots >> 1).tolist(), values.tolist(), strict=True)) == [
        (0, SECOND), (0, HOUR), (1, HOUR), (2, SECOND),
    ]  # fmt: skip


def listed(pairs: list[tuple[int, int]]) -> Durations:
    """Durations with their rows."""
    return frozen(Durations(np.array([r for r, _ in pairs], np.int32), np.array([d for _, d in pairs], np.int64)))


def ask(sets: list[list[int]], slack: float = 0.0, shift: int = 0) -> Waits:
    counts = histogram(sets, shift)
    found = ranges(counts, slack)
    return waits(counts, ranges(counts), keep(found, sets, counts.shape[1]))


def check(got: Waits, sets: list[list[int]]) -> None:
    assert got.n.tolist() == [len(values) for values in sets]
    for q, found in ((0.5, got.median), (0.9, got.p90)):
        expected = [np.quantile(np.array(v), q) / 1e6 if v else np.nan for v in sets]
        np.testing.assert_allclose(found, expected, rtol=1e-15)


def test_by_hand() -> None:
    got = ask([[4 * SECOND, SECOND, 2 * SECOND], [5 * SECOND], []])
    assert got.median[:2].tolist() == [2.0, 5.0]
    assert got.p90[:2].tolist() == [3.6, 5.0]
    assert np.isnan(got.median[2]) and np.isnan(got.p90[2])


def test_only_what_lies_near_the_quantiles_is_kept() -> None:
    sets = [[k * SECOND for k in range(1, 10_001)]]
    counts = histogram(sets)
    found = ranges(counts)
    assert joined(keep(found, sets))[0].size == found.size.sum() < 4000
    low = found.bounds[0, :, 0].tolist()
    assert low[0] <= 5000 * SECOND < low[0] + found.bounds[0, 0, 1] <= low[1] <= 9000 * SECOND


def test_quantiles_in_one_bucket_share_a_range() -> None:
    found = ranges(histogram([[7] * 10]))
    assert found.run.tolist() == [[0, 0]]
    assert found.size.tolist() == [[10, 0]]


@pytest.mark.parametrize("values", [[7] * 3000, [0] * 3000, [1] * 1500 + [10**12] * 1500, [0, 1 << 62]])
def test_ties_and_gaps(values: list[int]) -> None:
    check(ask([values, []]), [values, []])


def test_many_durations_shared_out_among_threads() -> None:
    draw = np.random.default_rng(1)
    sets = [draw.lognormal(18, 3, n).astype(np.int64).tolist() for n in (3000, 0, 1, 2000)]
    with patch.object(durations, "_AT_ONCE", 1):
        check(ask(sets), sets)


@settings(max_examples=100)
@given(sets=SETS, slack=st.sampled_from([0.0, 0.02, 0.5]), shift=st.sampled_from(SHIFTS))
@example([[1 << 62]], 0.0, 0)
def test_as_numpy_has_them(sets: list[list[int]], slack: float, shift: int) -> None:
    """Also where more was kept than is needed, and where buckets are coarse."""
    check(ask(sets, slack, shift), sets)


@settings(max_examples=100)
@given(sets=SETS, share=st.integers(1, 9))
def test_what_a_sample_foresees_serves_where_it_holds_the_quantiles(sets: list[list[int]], share: int) -> None:
    """A set that the sample met nothing of is kept whole."""
    sample = ranges(histogram([values[::share] for values in sets]), 0.0, 6.0)
    counts = histogram(sets)
    found, wanted = sample.of(counts), ranges(counts)
    kept = keep(found, sets)
    assert found.size.sum() == joined(kept)[0].size
    if found.hold(wanted):
        check(waits(counts, wanted, kept), sets)
    if share == 1:
        assert found.hold(wanted), "a sample of all is never wrong"


@settings(max_examples=100)
@given(sets=SETS, more=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1 << 40)), max_size=6))
def test_with_slack_ranks_may_move_and_exact_quantiles_still_follow(sets: Any, more: Any) -> None:
    """What was kept for a histogram serves the next one, with what came since; a few more never lead out of it."""
    before = ranges(histogram(sets), 0.02)
    grown = [values + [d for row, d in more if row == k] for k, values in enumerate(sets)]
    counts = histogram(grown)
    found = before.of(counts)
    wanted = ranges(counts)
    assert found.hold(wanted)
    check(waits(counts, wanted, keep(found, grown)), grown)


def test_without_slack_ranks_that_moved_may_lie_elsewhere() -> None:
    before = ranges(histogram([[SECOND, SECOND, SECOND]]))
    later = ranges(histogram([[SECOND, SECOND, SECOND, *[60 * SECOND] * 9]]))
    assert before.hold(before) and later.hold(later)
    assert not before.hold(later)
    assert before.holds(later).tolist() == [False]


def test_rows_of_two_ranges() -> None:
    near, far = (ranges(histogram([[d], [d], []])) for d in (SECOND, 3600 * SECOND))
    mixed = near.where(np.array([True, False, True]), far)
    assert mixed.holds(near).tolist() == [True, False, True]
    assert mixed.holds(far).tolist() == [False, True, True]
    only = far.only(np.array([False, True, False]))
    assert joined(keep(only, [[3600 * SECOND], [3600 * SECOND, SECOND], [5]]))[0].tolist() == [2]
    assert only.size.sum() == 1


@pytest.mark.parametrize("shift", SHIFTS)
def test_buckets_ascend_and_begin_at_their_edges(shift: int) -> None:
    values = np.unique(np.concatenate([np.arange(5000), 2 ** np.arange(63), 2 ** np.arange(1, 63) - 1])).tolist()
    of = np.array([bucket(value, shift) for value in values])
    edge = edges(shift)
    assert edge.size == (BUCKETS >> shift) + 1 + (BUCKETS % (1 << shift) > 0)
    assert (np.diff(edge) > 0).all()
    assert (of[0], of[-1]) == (0, edge.size - 2)
    assert of.tolist() == (np.searchsorted(edge, values, side="right") - 1).tolist()
    for k in range(1, edge.size - 1):
        assert (bucket(int(edge[k]), shift), bucket(int(edge[k]) - 1, shift)) == (k, k - 1)


@pytest.mark.parametrize(("shift", "an_octave"), [(0, 32), (2, 8), (3, 4)])
def test_so_many_buckets_an_octave_from_a_fifteenth_of_a_second_up(shift: int, an_octave: int) -> None:
    first = 1 << 16
    step = first // an_octave
    assert [
        bucket(d, shift)
        for d in (0, first - 1, first + step - 1, first + step, 2 * first - 1, 2 * first, 4 * first)
    ] == [0, 0, 0, 1, an_octave - 1, an_octave, 2 * an_octave]  # fmt: skip
    assert bucket(1 << 46, shift) == bucket(1 << 62, shift) == (BUCKETS >> shift) - 1


def test_buckets_grow_coarser_where_sets_are_many() -> None:
    rows = (0, 64, 65, 1024, 1025, 1 << 16, (1 << 16) + 1, 1 << 20, (1 << 20) + 1)
    assert [durations.shift_of(n) for n in rows] == [0, 0, 2, 2, 3, 3, 6, 6, 8]
    assert [durations.buckets_of(n) for n in (2, 1 << 17)] == [BUCKETS, BUCKETS >> 6]


def test_counts_run_over_sixteen_bits() -> None:
    histogram = durations.blank(1, BUCKETS)
    with wrapping():
        durations.add(histogram, listed([(0, SECOND)] * (3 * 2**16 + 7) + [(1, SECOND)] * 5))
    total = durations.added([histogram, histogram])
    assert total[0, bucket(SECOND, 0)] == total.sum() == 2 * (3 * 2**16 + 7), (
        "those in the row after the last are left out"
    )
