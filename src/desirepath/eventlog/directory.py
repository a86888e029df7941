"""The ids of persons, for logs in which a case is not a person."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from desirepath.eventlog.building import CollisionError
from desirepath.eventlog.hashing import Hashes
from desirepath.eventlog.jit import kernel
from desirepath.eventlog.model import Ints
from desirepath.eventlog.staging import Staged
from desirepath.eventlog.texts import Texts


def directory(staged: Staged) -> tuple[Any, pa.Array]:
    """The ids of all persons by hash."""
    hashes = np.concatenate([chunk.people[0] for chunk in staged.chunks] or [np.empty(0, np.uint64)])
    texts = Texts.joined([chunk.people[1] for chunk in staged.chunks])
    unique = np.unique(hashes)
    return unique, named(hashes, texts, unique).arrow()


def named(found: Hashes, texts: Texts, hashes: Hashes) -> Texts:
    """The text of each of these hashes, which ascend; raises `CollisionError` where there are two for one."""
    place = np.empty(found.size, np.int64)
    for array in (found, hashes):
        array.setflags(write=False)
    _find(hashes, found, place)
    entry = np.flatnonzero(place >= 0)
    chosen = np.empty(hashes.size, np.int64)
    chosen[place[entry]] = entry
    twice = entry[chosen[place[entry]] != entry]
    if twice.size and not texts.take(twice).equals(texts.take(chosen[place[twice]])):
        raise CollisionError
    return texts.gather(chosen)


@kernel
def _find(hashes: Hashes, found: Hashes, place: Ints) -> None:
    """Where each hash stands among ascending ones, −1 where it does not: looked for in its share of the range."""
    n = hashes.size
    if n == 0:
        place[:] = -1
        return
    low = np.float64(hashes[0])
    step = np.float64(n) / max(np.float64(hashes[n - 1]) - low, 1.0)
    first = np.full(n + 2, n, np.int64)
    for k in range(n - 1, -1, -1):
        first[np.int64((np.float64(hashes[k]) - low) * step)] = k
    for b in range(n, -1, -1):
        first[b] = min(first[b], first[b + 1])
    for i in range(found.size):
        h = found[i]
        place[i] = -1
        if hashes[0] <= h <= hashes[n - 1]:
            k = first[np.int64((np.float64(h) - low) * step)]
            while hashes[k] < h:
                k += 1
            if hashes[k] == h:
                place[i] = k
