"""Whole cases and the sessions that they fall into, counted in one pass: most of the work is the same for both.

A session's runs of events are looked at once; what is known of a case follows from its sessions. Of each measure the
tally has the arrays of the plain one for the cases, and `session_…` for the sessions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from desirepath.eventlog.measures.nested.stages import Stages
from desirepath.eventlog.measures.nested.totals import Totals
from desirepath.eventlog.measures.nested.touchpoints import Touchpoints, events_told
from desirepath.eventlog.measures.tally import Tally

__all__ = ["Stages", "Totals", "Touchpoints", "events_told", "of_sessions"]
T = TypeVar("T")
_PREFIX = "session_"


def of_sessions(tally: Tally) -> Tally:
    """What was counted of the sessions, as if they had been counted alone."""
    matched = tally.sums["matched"]
    sums, kinds = _of_sessions(tally.sums), _of_sessions(tally.kinds)
    return Tally({**sums, "matched": matched}, tally.least, tally.greatest, kinds)


def _of_sessions(named: Mapping[str, T]) -> dict[str, T]:
    return {name.removeprefix(_PREFIX): each for name, each in named.items() if name.startswith(_PREFIX)}
