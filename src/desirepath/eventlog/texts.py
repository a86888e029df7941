"""Many texts in two arrays: where each ends, and the bytes of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from desirepath.eventlog.jit import kernel, u64
from desirepath.eventlog.model import Ints


@dataclass(frozen=True)
class Texts:
    """Text k is data[end[k − 1] : end[k]] in UTF-8."""

    end: Ints
    data: NDArray[np.uint8]

    def __len__(self) -> int:
        return self.end.size

    def __getitem__(self, k: int) -> str:
        return bytes(self.data[self.end[k - 1] if k else 0 : self.end[k]]).decode()

    def slice(self, a: int, z: int) -> Texts:
        """The texts a … z − 1."""
        first = int(self.end[a - 1]) if a else 0
        ends = self.end[a:z] - first
        return Texts(ends, self.data[first : first + (int(ends[-1]) if ends.size else 0)])

    def gather(self, at: NDArray[np.integer[Any]]) -> Texts:
        """These texts in this order."""
        order: Ints = np.ascontiguousarray(at, np.int64)
        end = np.empty(order.size, np.int64)
        for array in (self.end, self.data, order):
            array.setflags(write=False)
        _measure(self.end, order, end)
        data = np.empty(int(end[-1]) if end.size else 0, np.uint8)
        _copy(self.end, self.data, order, data)
        return Texts(end, data)

    @classmethod
    def joined(cls, parts: Sequence[Texts]) -> Texts:
        """One after the other."""
        before = np.cumsum([0, *(part.data.size for part in parts)])
        ends = [part.end + shift for part, shift in zip(parts, before[:-1], strict=True)]
        none = np.empty(0, np.int64), np.empty(0, np.uint8)
        return cls(np.concatenate([*ends, none[0]]), np.concatenate([*(part.data for part in parts), none[1]]))

    def arrow(self) -> pa.Array:
        """As an Arrow array over the same bytes."""
        offsets = np.concatenate([[0], self.end]).astype(np.int64)
        data = np.ascontiguousarray(self.data)
        return pa.LargeStringArray.from_buffers(self.end.size, pa.py_buffer(offsets), pa.py_buffer(data))

    def take(self, at: Ints) -> pa.Array:
        """These texts as an Arrow array."""
        return self.gather(at).arrow()

    def equal(self, at: Ints, others: pa.Array, which: Ints) -> NDArray[np.bool_]:
        """Whether each of these is `others[which]`."""
        same: NDArray[np.bool_] = pc.equal(self.take(at), others.take(pa.array(which))).to_numpy(zero_copy_only=False)
        return same.astype(bool)


def flat(texts: pa.Array) -> tuple[Ints, NDArray[np.uint8]]:
    """Where each text ends, and all their bytes."""
    texts = texts.cast(pa.large_string())
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    whole = np.frombuffer(data, np.uint8) if data is not None and data.size else np.empty(0, np.uint8)
    return ends[1:] - ends[0], whole[ends[0] : ends[-1]] if len(texts) else whole[:0]


@kernel
def _measure(ends: Ints, at: Ints, out: Ints) -> None:
    total = np.int64(0)
    for k in range(at.size):
        total += ends[at[k]] - (ends[at[k] - 1] if at[k] > 0 else 0)
        out[k] = total


@kernel
def _copy(ends: Ints, data: NDArray[np.uint8], at: Ints, out: NDArray[np.uint8]) -> None:
    n = u64(0)
    for k in range(at.size):
        for i in range(u64(ends[at[k] - 1] if at[k] > 0 else 0), u64(ends[at[k]])):
            out[n] = data[i]
            n += u64(1)
