"""Who comes before whom, against a slow reference; the pause between visits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.insight.precedence import _count, _pause

SECOND = 1_000_000

cases = st.lists(st.lists(st.tuples(st.integers(0, 4000), st.integers(-1, 4)), max_size=12), max_size=8)


def walks(log: list[list[tuple[int, int]]], pause: int) -> Iterator[list[int]]:
    """The kept events of each walk, read slowly."""
    for case in log:
        walk: list[int] = []
        last = 0
        for at, event in case:
            if event < 0:
                continue
            if walk and pause >= 0 and at - last > pause:
                yield walk
                walk = []
            walk.append(event)
            last = at
        if walk:
            yield walk


@settings(deadline=None)  # the kernel is compiled on the first call
@given(cases, st.sampled_from((-1, 0, 500)))
def test_counts_are_those_of_the_slow_reading(log: list[list[tuple[int, int]]], pause: int) -> None:
    log = [sorted(case, key=lambda e: e[0]) for case in log]
    flat = np.array([e for case in log for e in case], np.int64).reshape(-1, 2)
    offset = np.cumsum([0, *map(len, log)])
    first, steps, starts, ends, count = _count(offset, flat[:, 0].copy(), flat[:, 1].copy(), 5, pause)

    expected_first, expected_steps = np.zeros((5, 5), np.int64), np.zeros((5, 5), np.int64)
    read = list(walks(log, pause))
    for walk in read:
        met = list(dict.fromkeys(walk))
        for i, a in enumerate(met):
            for b in met[i + 1 :]:
                expected_first[a, b] += 1
        for a, b in pairwise(walk):
            expected_steps[a, b] += a != b
    assert first.tolist() == expected_first.tolist()
    assert steps.tolist() == expected_steps.tolist()
    assert starts.tolist() == [sum(w[0] == e for w in read) for e in range(5)]
    assert ends.tolist() == [sum(w[-1] == e for w in read) for e in range(5)]
    assert count == len(read)


def hills(**seconds: int) -> np.ndarray:
    """Gaps by powers of two: `s16=100` are a hundred gaps of 16 to 31 seconds."""
    out = np.zeros(28, np.int64)
    for name, count in seconds.items():
        out[int(name[1:]).bit_length() - 1] = count
    return out


def test_the_pause_lies_in_the_valley_between_two_hills() -> None:
    assert _pause(hills(s16=500, s32=900, s64=400, s262144=200, s524288=300, s1048576=100)) in (
        3600,
        2 * 3600,
        3 * 3600,
    )


def test_one_hill_has_no_pause() -> None:
    assert _pause(hills(s1024=50, s2048=200, s4096=400, s8192=200, s16384=50)) is None
    assert _pause(np.zeros(28, np.int64)) is None
