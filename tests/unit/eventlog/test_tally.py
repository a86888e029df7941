"""Tallies: whoever counted which part, in whatever order the parts come together, the whole is the same."""

from __future__ import annotations

from collections import Counter
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.eventlog.measures import tally
from desirepath.eventlog.measures.tally import Kinds, Sightings, Tally, joined, pack, unpack

KEYS = st.sampled_from([1, 2, 3, 1 << 40, (1 << 63) - 1]) | st.integers(1, (1 << 63) - 1)
WALKS = st.lists(st.tuples(KEYS, st.integers(0, 99)), max_size=12)


def kinds(*walks: tuple[int, int, int]) -> Kinds:
    return Kinds(*np.array(walks, np.int64).reshape(-1, 3).T.copy())


def as_dict(found: Kinds) -> dict[int, tuple[int, int]]:
    key, n, example = (column.tolist() for column in found)
    assert len(set(key)) == len(key)
    return {k: (m, e) for k, m, e in zip(key, n, example, strict=True)}


def shown(found: Tally) -> Any:
    groups = [{k: v.tolist() for k, v in named.items()} for named in (found.sums, found.least, found.greatest)]
    return groups, {name: as_dict(of) for name, of in found.kinds.items()}


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    counts = st.lists(st.integers(0, 5), min_size=3, max_size=3).map(lambda n: np.array(n, np.int64))
    seen = draw(WALKS)
    return Tally(
        {"n": draw(counts)},
        {"first": draw(counts)},
        {"last": draw(counts)},
        {"paths": joined([kinds(*((key, 1, example) for key, example in seen))])},
    )


def test_by_hand() -> None:
    a = Tally({"n": np.array([1, 2])}, {"first": np.array([5])}, {"last": np.array([5])}, {"p": kinds((7, 2, 30))})
    b = Tally(
        {"n": np.array([3, 0])}, {"first": np.array([4])}, {"last": np.array([4])}, {"p": kinds((7, 1, 10), (9, 1, 5))}
    )
    assert shown(a + b) == ([{"n": [4, 2]}, {"first": [4]}, {"last": [5]}], {"p": {7: (3, 10), 9: (1, 5)}})


@settings(max_examples=100)
@given(tallies(), tallies(), tallies())
def test_merging_is_associative_and_commutative(a: Tally, b: Tally, c: Tally) -> None:
    assert shown(a + b) == shown(b + a)
    assert shown((a + b) + c) == shown(a + (b + c)) == shown((c + a) + b)


@settings(max_examples=100)
@given(tallies(), tallies())
def test_what_was_added_can_be_taken_away(whole: Tally, part: Tally) -> None:
    """Counts are as they were; an example of a kind may have come from the part, extremes stay."""
    left, whole_kinds = (whole + part).without(part), as_dict(whole.kinds["paths"])
    assert left.sums["n"].tolist() == whole.sums["n"].tolist()
    found = as_dict(left.kinds["paths"])
    assert {key: n for key, (n, _) in found.items()} == {key: n for key, (n, _) in whole_kinds.items()}
    assert all(found[key][1] <= whole_kinds[key][1] for key in found)
    assert left.least["first"].tolist() == np.minimum(whole.least["first"], part.least["first"]).tolist()
    assert left.greatest["last"].tolist() == np.maximum(whole.greatest["last"], part.greatest["last"]).tolist()


@settings(max_examples=100)
@given(tallies(), tallies(), tallies())
def test_extremes_hold_where_they_are_those_of_what_is_left(rest: Tally, gone: Tally, come: Tally) -> None:
    """If it says so, they are; it says so whenever what goes held none, or what comes is no less extreme."""
    whole, true = rest + gone, rest + come
    if whole.extremes_hold(gone, come):
        now = whole.without(gone) + come
        assert now.least["first"].tolist() == true.least["first"].tolist()
        assert now.greatest["last"].tolist() == true.greatest["last"].tolist()
    assert whole.extremes_hold(gone, gone)


def test_an_extreme_is_lost_with_the_part_that_held_it() -> None:
    def at(first: int, last: int) -> Tally:
        return Tally({}, {"first": np.array([first])}, {"last": np.array([last])})

    whole = at(1, 9)
    assert whole.extremes_hold(at(2, 8), at(3, 3))
    assert not whole.extremes_hold(at(1, 8), at(2, 8))
    assert not whole.extremes_hold(at(2, 9), at(2, 8))
    assert whole.extremes_hold(at(1, 9), at(0, 9))


@settings(max_examples=100)
@given(st.lists(WALKS, max_size=4), st.integers(0, 1 << 40))
def test_kinds_are_counted_by_key_with_the_example_that_stands_first(parts: Any, threads: int) -> None:
    with patch.object(tally, "_AT_ONCE", threads % 2), patch.object(tally, "_BUCKET", 1 + threads % 3):
        found = as_dict(joined([kinds(*((key, 1, example) for key, example in walks)) for walks in parts]))
    every = [walk for walks in parts for walk in walks]
    counts = Counter(key for key, _ in every)
    assert found == {key: (n, min(e for k, e in every if k == key)) for key, n in counts.items()}


def test_a_million_kinds_are_shared_out_among_threads() -> None:
    key = np.random.default_rng(3).permutation(np.repeat(np.arange(1, 500_001), 2))
    found = joined([Kinds(key, np.ones_like(key), np.arange(key.size))])
    assert sorted(found.key.tolist()) == list(range(1, 500_001))
    assert (found.n == 2).all()
    first = np.unique(key, return_index=True)[1]
    assert (found.example[np.argsort(found.key)] == first).all()


def test_kinds_of_nobody_and_walks_of_no_kind_are_left_out() -> None:
    assert as_dict(joined([kinds((5, 2, 1), (6, 1, 1)), kinds((5, 2, 0)).negative()])) == {6: (1, 1)}
    assert as_dict(joined([kinds((0, 1, 1), (6, 1, 1))])) == {6: (1, 1)}
    assert as_dict(joined([])) == as_dict(joined([Kinds.none(), Kinds.none()])) == {}


def test_examples_of_several_logs_say_of_which() -> None:
    both = joined([kinds((5, 1, 3)).in_unit(2), kinds((5, 1, 4)).in_unit(1)])
    assert both.example.tolist() == [(1 << tally.UNIT_BITS) + 4]


@settings(max_examples=100)
@given(st.lists(WALKS, max_size=6), st.integers(1, 9))
def test_sightings_are_counted_from_time_to_time(blocks: Any, most: int) -> None:
    with patch.object(Sightings, "_LEAST", most):
        threads = [Sightings(), Sightings()]
        for k, walks in enumerate(blocks):
            key, example = np.array(walks, np.int64).reshape(-1, 2).T.copy()
            threads[k % 2].note(key, example)
            assert threads[k % 2]._size < threads[k % 2]._most
    found = as_dict(Sightings.kinds(threads))
    assert {key: n for key, (n, _) in found.items()} == Counter(key for walks in blocks for key, _ in walks)


@settings(max_examples=50)
@given(tallies())
def test_packed_and_unpacked_it_is_the_same(whole: Tally) -> None:
    data = b"".join(bytes(piece) for piece in pack(whole.flat()))
    for held in (data, memoryview(data), bytearray(data)):
        assert shown(Tally.of(unpack(held))) == shown(whole)


def test_arrays_of_any_type_and_shape_are_packed() -> None:
    arrays = {
        "empty": np.empty((0, 3), np.int64),
        "none": np.empty((2, 0, 2), np.uint32),
        "line\nbreak": np.arange(6, dtype=np.uint8).reshape(2, 3)[:, ::2],
        "scalar": np.array(1.5),
    }
    found = unpack(b"".join(pack(arrays)))
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert (found[name].dtype, found[name].shape, found[name].tolist()) == (
            array.dtype,
            array.shape,
            array.tolist(),
        )
    with pytest.raises(ValueError, match="read-only"):
        found["scalar"][...] = 0


def test_many_arrays_are_packed() -> None:
    """As of an answer grouped by a dimension of many values."""
    arrays = {f"kinds/paths{k}/example": np.array([k]) for k in range(40_000)}
    found = unpack(b"".join(pack(arrays)))
    assert [int(array[0]) for array in found.values()] == list(range(40_000))


@pytest.mark.parametrize("harm", [lambda d: b"", lambda d: d[:-1], lambda d: d[:5], lambda d: b"x" + d])
def test_what_is_not_whole_is_not_unpacked(harm: Any) -> None:
    data = b"".join(pack({"n": np.arange(3)}))
    with pytest.raises(ValueError):
        unpack(harm(data))
