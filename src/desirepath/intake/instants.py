"""The last step from a cell to an instant: wall time to UTC, and a reason for each cell that is no believable time.

A date alone is the beginning of its day, also where the clocks go forward at midnight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desirepath.intake import zones

OK, MISSING, UNREADABLE, IMPOSSIBLE, NON_EXISTENT, FUTURE, EPOCH_ZERO, TOO_OLD = range(8)
REASONS = {
    MISSING: "no time",
    UNREADABLE: "not a time",
    IMPOSSIBLE: "impossible time",
    NON_EXISTENT: "local time that does not exist (the clocks went forward)",
    FUTURE: "time in the future",
    EPOCH_ZERO: "epoch zero: looks like a missing time",
    TOO_OLD: "time before 1900",
}
DAY_US = 86_400_000_000
_YEAR_1900_US = -2_208_988_800_000_000


@dataclass(frozen=True)
class Instants:
    """UTC microseconds, a state for every cell, and how many cells stand for a local time that exists twice."""

    utc: NDArray[np.int64]
    state: NDArray[np.uint8]
    twice: int
    unzoned: int


def resolve(
    wall: NDArray[np.int64],
    state: NDArray[np.uint8],
    zoned: NDArray[np.bool_],
    dated: NDArray[np.bool_],
    *,
    zone: str,
    latest: int,
    relative: bool,
) -> Instants:
    """Instants of the cells whose `state` is OK so far; `latest` is the last believable microsecond, `dated` cells
    hold a date without a time of day."""
    state = state.copy()
    local = (state == OK) & ~zoned
    utc, missing, twice = zones.to_utc(wall, zone)
    utc = np.where(zoned, wall, utc)
    good = state == OK
    state[local & missing & ~(dated & (wall % DAY_US == 0))] = NON_EXISTENT
    state[good & (utc > latest)] = FUTURE
    state[good & (utc < _YEAR_1900_US)] = TOO_OLD
    if not relative:
        state[good & ((utc == 0) | (wall == 0))] = EPOCH_ZERO
    return Instants(utc, state, int(np.count_nonzero(local & twice & (state == OK))), int(np.count_nonzero(local)))
