"""Ids that were seen lately: a set that may forget, and never makes believe."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from desirepath.eventlog import seen
from desirepath.eventlog.jit import wrapping
from desirepath.eventlog.seen import Seen

HASHES = st.lists(st.integers(1, 30) | st.integers(1, (1 << 64) - 1), max_size=60)


def entered(known: Seen, hashes: list[int]) -> list[bool]:
    with wrapping():
        return known.enter(np.array(hashes, np.uint64)).tolist()  # type: ignore[no-any-return]


def test_only_the_first_sighting_is_new() -> None:
    known = Seen(1000)
    assert entered(known, [1, 2, 1, (1 << 64) - 1]) == [True, True, False, True]
    assert entered(known, [2, 3, (1 << 64) - 1]) == [False, True, False]


def test_who_is_forgotten_is_new_again() -> None:
    """Eight have room; the ninth takes the place of one of them."""
    known = Seen(0)
    assert entered(known, [*range(1, 9), *range(1, 9)]) == [True] * 8 + [False] * 8
    assert entered(known, [9]) == [True]
    assert sum(entered(known, [k])[0] for k in range(1, 10)) >= 1


@given(pieces=st.lists(HASHES, max_size=6), rows=st.sampled_from([0, 100, 1 << 12]))
def test_nobody_is_taken_for_seen_who_was_not(pieces: list[list[int]], rows: int) -> None:
    known, before = Seen(rows), set[int]()
    for hashes in pieces:
        for hash_, new in zip(hashes, entered(known, hashes), strict=True):
            assert new or hash_ in before
            before.add(hash_)


def test_memory_is_bounded() -> None:
    with patch.object(seen, "memory", lambda: 0):
        assert Seen(1 << 40)._places.nbytes <= 1 << 20
    assert Seen(100)._places.size <= 100
