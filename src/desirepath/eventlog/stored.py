"""Arrays that lie in a file and are read piece by piece, so that memory holds no more of them than is asked for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Store:
    """Puts arrays into a file, one behind the other; may be read by several threads."""

    def __init__(self, file: Path) -> None:
        self._file = FileIO(str(file), "w+")
        self._end = 0
        self._lock = Lock()

    def __del__(self) -> None:
        """The file ends with those who read from it."""
        self._file.close()

    def put(self, array: NDArray[Any]) -> Any:
        """The array as it lies in the file now: a `Stored`, which serves wherever an array is only sliced."""
        left = memoryview(np.ascontiguousarray(array).view(np.uint8).reshape(-1).data)
        stored = Stored(self, self._end, array.dtype, array.size)
        with self._lock:
            self._file.seek(self._end)
            while left:
                left = left[self._file.write(left) :]
            self._end = self._file.tell()
        return stored

    def read(self, at: int, size: int) -> bytes:
        """So many bytes from there on."""
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), size, at)
        with self._lock:
            self._file.seek(at)
            return self._file.read(size)


@dataclass(frozen=True)
class Stored:
    """An array of one dimension in a file; a slice of it is read when asked for."""

    store: Store
    at: int
    dtype: np.dtype[Any]
    size: int

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, which: slice | int) -> Any:
        if isinstance(which, slice):
            first, last, _ = which.indices(self.size)
            return self._read(first, max(0, last - first))
        return self._read(int(which), 1)[0]

    def _read(self, first: int, count: int) -> NDArray[Any]:
        width = self.dtype.itemsize
        return np.frombuffer(self.store.read(self.at + first * width, count * width), self.dtype)
