"""A 64-bit hash of strings, the same in every process: by it cases are split into partitions, ordered and found.

Each 8-byte word is folded in by the xor-shift-multiply of MurmurHash3's finaliser. Of n different ids any two collide
with probability n²/2⁶⁵ (ten million: 3·10⁻⁶); where that matters the strings themselves are compared, and who finds
two takes another seed.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from desirepath.eventlog.jit import kernel, wrapping

Hashes = NDArray[np.uint64]


def hash_strings(values: pa.Array | pa.ChunkedArray, seed: int = 0) -> Hashes:
    """The hash of each string; 0 for null and for nothing else. Another seed makes other hashes."""
    return _hashes(values, seed, np.empty(0, np.uint32))


def hash_and_check(values: pa.Array, seed: int = 0) -> tuple[Hashes, NDArray[np.uint32]]:
    """The same, and a second, shorter hash that tells strings of one hash apart."""
    check = np.zeros(len(values), np.uint32)
    return _hashes(values, seed, check), check


def _hashes(values: pa.Array | pa.ChunkedArray, seed: int, check: NDArray[np.uint32]) -> Hashes:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    values = values.cast(pa.large_string())
    out = np.zeros(len(values), np.uint64)
    if len(values) == 0:
        return out
    _, offsets, data = values.buffers()
    ends = np.frombuffer(offsets, np.int64)[values.offset : values.offset + len(values) + 1]
    text = np.frombuffer(data if data is not None and data.size else b"\0", np.uint8)
    for array in (ends, text):
        array.setflags(write=False)
    with wrapping():
        _hash(ends, text, np.uint64(seed), out, check)
    if values.null_count:
        out[pc.is_null(values).to_numpy(zero_copy_only=False)] = 0
    return out


@kernel
def _mix(h: np.uint64) -> np.uint64:
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xFF51AFD7ED558CCD)
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xC4CEB9FE1A85EC53)
    return h ^ (h >> np.uint64(33))


@kernel
def _hash(
    ends: NDArray[np.int64], data: NDArray[np.uint8], seed: np.uint64, out: Hashes, check: NDArray[np.uint32]
) -> None:
    eight, one = np.uint64(8), np.uint64(1)
    for i in range(np.uint64(out.size)):
        j, end = np.uint64(ends[i]), np.uint64(ends[i + one])
        h = np.uint64(0x9E3779B97F4A7C15) ^ seed ^ (end - j)
        other = np.uint64(0)
        while j + eight <= end:
            word = np.uint64(0)
            for k in range(8):
                word |= np.uint64(data[j + np.uint64(k)]) << np.uint64(8 * k)
            h = _mix(h ^ word)
            other = (other ^ word) * np.uint64(0xD6E8FEB86659FD93)
            j += eight
        word = np.uint64(0)
        while j < end:
            word = (word << eight) | np.uint64(data[j])
            j += one
        h = _mix(h ^ word)
        out[i] = h if h != np.uint64(0) else one
        if check.size > 0:
            check[i] = np.uint32(_mix(other ^ word) >> np.uint64(32))
