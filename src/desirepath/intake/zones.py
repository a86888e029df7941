"""From wall-clock time in a named zone to UTC, and which local times do not exist or exist twice.

At a change of the offset from b to a at the instant t, the wall clock runs by b up to t + b and by a from then on. If
a > b the local times [t + b, t + a) do not exist and are read by the offset b; if a < b the local times [t + a, t + b)
exist twice, and the first of the two (offset b) is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

_SECOND = 1_000_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2101


@dataclass(frozen=True)
class Zone:
    """The offset changes of one zone, in microseconds."""

    walls: NDArray[np.int64]  # wall time from which the offset after the change holds
    before: NDArray[np.int64]
    after: NDArray[np.int64]


@cache
def zone(name: str) -> Zone:
    """All changes of the zone's offset from 1900 to 2100."""
    info = ZoneInfo(name)
    at = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC)
    end = datetime(_LAST_YEAR, 1, 1, tzinfo=UTC)
    changes: list[tuple[int, int, int]] = []
    offset = _offset(info, at)
    first = offset
    while at < end:
        later = at + timedelta(days=4)
        if _offset(info, later) != offset:
            instant = _change(info, at, later)
            changes.append((_micros(instant), offset, _offset(info, instant)))
            offset = changes[-1][2]
            at = instant
            continue
        at = later
    table = np.array(changes or [(0, first, first)], dtype=np.int64)
    return Zone(table[:, 0] + table[:, 1], table[:, 1], table[:, 2])


def to_utc(wall: NDArray[np.int64], name: str) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """(UTC, does not exist, exists twice) of local times, all in microseconds since 1970."""
    table = zone(name)
    i = np.searchsorted(table.walls, wall, side="right") - 1
    last = np.maximum(i, 0)
    offset = np.where(i < 0, table.before[0], table.after[last])
    missing = (i >= 0) & (wall < table.walls[last] + table.after[last] - table.before[last])
    following = np.minimum(i + 1, len(table.walls) - 1)
    overlap = table.before[following] - table.after[following]
    twice = (i + 1 < len(table.walls)) & (wall >= table.walls[following] - overlap)
    return wall - np.where(missing, table.before[last], offset), missing, twice


def _offset(info: ZoneInfo, at: datetime) -> int:
    delta = at.astimezone(info).utcoffset()
    assert delta is not None
    return round(delta.total_seconds()) * _SECOND


def _change(info: ZoneInfo, low: datetime, high: datetime) -> datetime:
    offset = _offset(info, low)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle == low:
            break
        low, high = (middle, high) if _offset(info, middle) == offset else (low, middle)
    return high


def _micros(at: datetime) -> int:
    return round(at.timestamp()) * _SECOND
