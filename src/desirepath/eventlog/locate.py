"""Where somebody stood in the journey at a given time.

Of all walks of an id (cases of a customer, sessions) the one meant is that with the latest event at or before the
time; before the first event of all, the first walk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.hashing import Hashes
from desirepath.eventlog.jit import kernel
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Ints, Notion, Rules, Scope
from desirepath.eventlog.pad import Pad
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks

if TYPE_CHECKING:
    from desirepath.eventlog.counting import Engine

_NEVER_MET, _NEVER_FIRST = -(2**63), 2**63 - 1


class Met(NamedTuple):
    """Queries whose id has a case: what the walk meant says, and by what it was chosen among others."""

    query: Ints
    touch: Ints
    inside: NDArray[np.bool_]
    latest: Ints  # time of its last event at or before the query's
    earliest: Ints  # where there is none: when the first walk begins
    person: Hashes  # of its case
    case: Hashes

    def best(self) -> Met:
        """Each query once: of several logs the one whose walk is meant; of equals, the first in the order of a log."""
        earliest = np.where(self.latest == _NEVER_MET, self.earliest, _NEVER_FIRST)
        order = np.lexsort((self.case, self.person, earliest, ~self.latest, self.query))
        query = self.query[order]
        first = order[np.flatnonzero(np.append(True, query[1:] != query[:-1])[: query.size])]
        return Met(**{name: column[first] for name, column in self._asdict().items()})

    def of(self, queries: int) -> tuple[Ints, NDArray[np.bool_]]:
        """Touchpoint and whether in scope, of each of so many queries."""
        touch, inside = np.full(queries, -1, np.int64), np.zeros(queries, np.bool_)
        touch[self.query], inside[self.query] = self.touch, self.inside
        return touch, inside


def locate(
    source: Log | Engine,
    rules: Rules,
    scope: Scope,
    ids: pa.Array | NDArray[np.object_] | NDArray[np.str_],
    by: Notion,
    times: Ints,
    window_s: float,
) -> tuple[Ints, NDArray[np.bool_]]:
    """Per query (id, time in µs): the touchpoint last met, and whether the walk meant is in scope.

    The touchpoint is that of the last matched event at or before the time and no more than `window_s` earlier; −1
    when there is none. An id that the log does not know is (−1, False).
    """
    texts = ids if isinstance(ids, pa.Array) else pa.array(ids.tolist(), pa.string())
    times = np.asarray(times, np.int64)
    if isinstance(source, Log):
        return meet(source, rules, scope, texts, by, times, window_s).of(times.size)
    return source.locate(rules, scope, texts, by, times, window_s)


def meet(log: Log, rules: Rules, scope: Scope, ids: pa.Array, by: Notion, times: Ints, window_s: float) -> Met:
    """What one log says of the queries whose id it knows."""
    touch, inside = np.full(times.size, -1, np.int64), np.zeros(times.size, np.bool_)
    latest, earliest = np.full(times.size, _NEVER_MET), np.full(times.size, _NEVER_FIRST)
    chosen = np.full(times.size, -1, np.int64)
    query, case = log.find(ids, by)
    question = Question.of(log, rules, scope)
    order = np.argsort(case, kind="stable")
    query, case = query[order], case[order]
    pad = Pad()
    for cases in question.blocks(np.unique(case)) if case.size else ():
        assert isinstance(cases, np.ndarray)
        if cases.size:
            a, z = np.searchsorted(case, [cases[0], cases[-1] + 1])
            block = Block(question, cases, pad)
            at = np.searchsorted(cases, case[a:z])
            _meet(
                block.every_walk, block.time, block.touch, query[a:z], at, case[a:z], times,
                int(min(window_s * 1e6, 2.0**61)), latest, earliest, touch, inside, chosen,
            )  # fmt: skip
    met = np.flatnonzero(chosen >= 0)
    at = chosen[met]
    return Met(
        met, touch[met], inside[met], latest[met], earliest[met], np.asarray(log.person[at]), np.asarray(log.hash[at])
    )


@kernel
def _meet(
    walks: Walks,
    time: Ints,
    touch: Codes,
    query: Ints,
    case: Ints,
    number: Ints,
    times: Ints,
    window: int,
    latest: Ints,
    earliest: Ints,
    found: Ints,
    inside: NDArray[np.bool_],
    chosen: Ints,
) -> None:
    """Queries ascend by case, whose place in the log is `number`.

    `latest` and `earliest` are the times by which the walk of each query was chosen.
    """
    first = 0
    for j in range(query.size):
        q = query[j]
        t = times[q]
        while first < walks.case.size and walks.case[first] < case[j]:
            first += 1
        w = first
        while w < walks.case.size and walks.case[w] == case[j]:
            low, high = walks.begin[w], walks.end[w]
            while low < high:
                middle = (low + high) >> 1
                if time[middle] <= t:
                    low = middle + 1
                else:
                    high = middle
            i = low - 1
            if i < walks.begin[w]:
                if latest[q] == _NEVER_MET and time[walks.begin[w]] < earliest[q]:
                    earliest[q] = time[walks.begin[w]]
                    chosen[q] = number[j]
                    inside[q] = walks.inside[w]
            elif time[i] > latest[q]:
                latest[q] = time[i]
                chosen[q] = number[j]
                inside[q] = walks.inside[w]
                found[q] = -1
                while i >= walks.begin[w] and t - time[i] <= window:
                    if touch[i] >= 0:
                        found[q] = touch[i]
                        break
                    i -= 1
            w += 1
