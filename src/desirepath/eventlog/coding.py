"""Strings become small integers: codes are given as values turn up, and put into the order of the values at the end.

Ordered codes depend on the set of values only, never on the order in which they came. Code 0 is a missing value.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from desirepath.eventlog.picking import picked

Codings = NDArray[Any]


class Codes:
    """The values of one column seen so far; may be fed from several threads."""

    def __init__(self, known: tuple[str, ...] = ()) -> None:
        """`known` have the codes 1, 2, … already."""
        self._code = {value: k + 1 for k, value in enumerate(known)}
        self._lock = Lock()

    def of(self, values: pa.Array) -> Codings:
        """The code of each of these values, and behind them 0 for null."""
        with self._lock:
            known = [self._code.setdefault(value, len(self._code) + 1) for value in values.to_pylist()]
        return np.array([*known, 0], smallest(max(known, default=0)))

    def encode(self, column: pa.DictionaryArray) -> Codings:
        """The code of each value, 0 for null."""
        return picked(self.of(column.dictionary), places(column))

    @property
    def values(self) -> tuple[str, ...]:
        """All values in the order of their codes."""
        return tuple(self._code)

    def ordered(self) -> tuple[tuple[str, ...], Codings]:
        """All values in order, and for each code that was given the code by that order."""
        values = sorted(self._code)
        table = np.zeros(len(values) + 1, smallest(len(values)))
        table[[self._code[value] for value in values]] = np.arange(len(values)) + 1
        return tuple(values), table


def places(column: pa.DictionaryArray) -> NDArray[np.int32]:
    """The index into the dictionary of each value; its length for null."""
    indices = column.indices
    if indices.null_count:
        indices = indices.fill_null(len(column.dictionary))
    found: NDArray[np.int32] = indices.to_numpy(zero_copy_only=False)
    return found


def as_dictionary(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column as one array of distinct texts and indices into them."""
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    if column.num_chunks == 1:
        return column.chunk(0)
    return column.unify_dictionaries().combine_chunks()


def smallest(highest: int) -> np.dtype[np.unsignedinteger]:
    """The smallest unsigned type that holds `highest`."""
    return np.min_scalar_type(highest)
