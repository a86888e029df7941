"""Text exports written block by block: columns become lines by joining Arrow strings, with no Python loop over rows."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Parts = list[str | pa.Array]
"""What a line is made of: constant texts and columns."""


class Sink:
    """A file that grows by blocks of lines; what ends in `.gz` is compressed, with no time stamp inside."""

    def __init__(
        self, path: Path, head: str = "", *, between: str = "\n", tail: str = "\n", mark: bool = False
    ) -> None:
        self.path = path
        self.rows = 0
        self._between, self._tail = between.encode(), tail.encode()
        self._raw = path.open("wb")
        packed = gzip.GzipFile("", "wb", 1, self._raw, mtime=0) if path.suffix == ".gz" else self._raw
        self._file = cast("IO[bytes]", packed)
        self._file.write(("\ufeff" if mark else "").encode() + head.encode())

    def write(self, parts: Sequence[str | pa.Array], rows: int) -> None:
        """One line a row: the parts joined, plain strings standing in every line."""
        if rows == 0:
            return
        lines = pc.binary_join_element_wise(*(pa.scalar(p) if isinstance(p, str) else p for p in parts), "")
        if self.rows:
            self._file.write(self._between)
        self._file.write(self._between.decode().join(lines.to_pylist()).encode())
        self.rows += rows

    def close(self) -> None:
        """Writes what stands at the end and closes."""
        self._file.write(self._tail)
        self._file.close()
        self._raw.close()


def local_times(ms: NDArray[np.int64], pattern: str) -> pa.Array:
    """Wall-clock times by a strftime pattern; an empty text where the time is negative."""
    # strftime of whole seconds: Arrow appends fractions to %S otherwise
    times = pa.array(ms // 1000 * 1000, pa.timestamp("ms")).cast(pa.timestamp("s"))
    return pc.if_else(pa.array(ms >= 0), pc.strftime(times, pattern), "")


def words(names: Sequence[str], codes: NDArray[np.int64]) -> pa.Array:
    """The names that the codes stand for."""
    return pa.array(list(names), pa.string()).take(pa.array(codes))


def numbers(values: NDArray[Any]) -> pa.Array:
    """Numbers as text."""
    return pc.cast(pa.array(values), pa.string())


def decimals(values: NDArray[np.float64], point: str = ".") -> pa.Array:
    """Amounts with two decimals."""
    cents = np.round(values * 100).astype(np.int64)
    rest = pc.utf8_lpad(numbers(cents % 100), 2, "0")
    return pc.binary_join_element_wise(numbers(cents // 100), rest, point)


def strings(values: Sequence[str] | NDArray[np.object_]) -> pa.Array:
    """Python strings as Arrow."""
    return pa.array(values, pa.string())


def quoted(values: Sequence[str]) -> pa.Array:
    """Free text as a CSV cell."""
    return pa.array(['"' + v.replace('"', '""') + '"' if v else "" for v in values], pa.string())


def pick(values: NDArray[np.object_], codes: NDArray[np.int64]) -> pa.Array:
    """The strings at these places."""
    return strings(values).take(pa.array(codes))
