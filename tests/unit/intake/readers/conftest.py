"""`read(content)` writes a file, reads it whole and gives rows, broken rows and what was said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desirepath.intake.readers import BrokenRow, Limits, find_files, open_table


@dataclass(frozen=True)
class Read:
    columns: tuple[str, ...]
    rows: dict[int, tuple[Any, ...]]  # by ordinal
    lines: dict[int, int]  # by ordinal
    broken: list[BrokenRow]
    total: int
    said: str


def read_whole(path: Path, limits: Limits | None = None) -> Read:
    (file,) = find_files([path])
    table = open_table(file, limits=limits or Limits())
    rows: dict[int, tuple[Any, ...]] = {}
    for batch in table.batches():
        assert batch.schema.names == [*table.columns, "__row"]
        for *cells, ordinal in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            rows[ordinal] = tuple(cells)
    assert sorted([*rows, *(b.row for b in table.broken)]) == list(range(table.rows)), "every row once, read or broken"
    ordinals = sorted(rows)
    lines = dict(zip(ordinals, table.lines(np.array(ordinals, np.int64)).tolist(), strict=True))
    return Read(table.columns, rows, lines, table.broken, table.rows, "\n".join(table.assumptions))


@pytest.fixture(scope="session")
def read_path() -> Callable[..., Read]:
    return read_whole


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    def reading(content: str | bytes, name: str = "t.csv", limits: Limits | None = None) -> Read:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_whole(path, limits)

    return reading
