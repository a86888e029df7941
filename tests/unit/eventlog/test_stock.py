"""Memory that comes back when the last view of it ends."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from threading import Thread
from unittest.mock import patch

import numpy as np
import pytest

from desirepath.eventlog import stock
from desirepath.eventlog.stock import LEAST, copied, empty


@pytest.fixture(autouse=True)
def nothing_in_stock() -> Iterator[None]:
    gc.collect()
    with patch.object(stock, "_IDLE", []), patch.object(stock, "_RETURNED", []):
        yield


def address(array: object) -> int:
    return int(array.__array_interface__["data"][0])  # type: ignore[attr-defined]


def test_memory_is_used_again_once_nobody_has_it() -> None:
    first = empty(LEAST, np.int64)
    place, view = address(first), first[10:20]
    del first
    other = empty(LEAST, np.int64)
    assert address(other) != place, "a view of it is still there"
    view[:] = 7
    del view
    assert address(empty(LEAST, np.int32)[: LEAST // 2]) != place, "far too large"
    assert address(empty(LEAST - 5, np.int64)) == place


def test_small_arrays_are_their_own() -> None:
    del (few := [empty(5, np.int64)])[0]
    assert not few and not stock._RETURNED


def test_a_copy_is_equal_and_apart() -> None:
    one = np.arange(LEAST, dtype=np.int32)
    two = copied(one)
    one[0] = 9
    assert two.dtype == np.int32 and two.tolist() == list(range(LEAST))


def test_only_so_much_is_kept_idle() -> None:
    with patch.object(stock, "MOST", 20 * LEAST):
        arrays = [empty(LEAST, np.int64) for _ in range(4)]
        arrays.clear()
        empty(LEAST, np.int64)
        assert sum(piece.size for piece in stock._IDLE) <= 20 * LEAST


def test_threads_never_share_a_piece() -> None:
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(200):
            mine = empty(LEAST, np.int8)
            mine[:] = number
            wrong.extend([number] if (mine != number).any() else [])

    threads = [Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
