"""Many texts in two arrays: where each ends, and the bytes of all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

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

    def slice(self, a: int, z: int) -> pa.Array:
        """The texts a … z − 1 as an Arrow array."""
        first = int(self.end[a - 1]) if a else 0
        ends = np.ascontiguousarray(self.end[a:z])
        offsets = np.concatenate([[0], ends - first]).astype(np.int64)
        data = np.ascontiguousarray(self.data[first : int(ends[-1]) if ends.size else first])
        return pa.LargeStringArray.from_buffers(z - a, pa.py_buffer(offsets), pa.py_buffer(data))

    def take(self, at: Ints) -> pa.Array:
        """These texts as an Arrow array."""
        begin = np.where(at > 0, self.end[at - 1], 0)
        length = self.end[at] - begin
        offsets = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
        source = np.repeat(begin - offsets[:-1], length) + np.arange(offsets[-1])
        data = np.ascontiguousarray(self.data[source])
        return pa.LargeStringArray.from_buffers(at.size, pa.py_buffer(offsets), pa.py_buffer(data))

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
