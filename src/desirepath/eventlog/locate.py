"""Where somebody stood in the journey at a given time.

Of all walks of an id (cases of a customer, sessions) the one meant is that with the latest event at or before the
time; before the first event of all, the first walk.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import kernel
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Ints, Notion, Rules, Scope
from desirepath.eventlog.pad import Pad
from desirepath.eventlog.unpacking import Codes
from desirepath.eventlog.walks import Walks

_NEVER_MET, _NEVER_FIRST = -(2**63), 2**63 - 1


def locate(
    log: Log,
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
    touch, inside = np.full(len(times), -1, np.int64), np.zeros(len(times), np.bool_)
    query, case = log.find(ids if isinstance(ids, pa.Array) else pa.array(ids.tolist(), pa.string()), by)
    if query.size == 0:
        return touch, inside
    question = Question.of(log, rules, scope)
    order = np.argsort(case, kind="stable")
    query, case = query[order], case[order]
    times = np.asarray(times, np.int64)
    latest, earliest = np.full(times.size, _NEVER_MET), np.full(times.size, _NEVER_FIRST)
    asked = np.unique(case)
    pad = Pad()
    for cases in question.blocks(asked):
        assert isinstance(cases, np.ndarray)
        if cases.size:
            a, z = np.searchsorted(case, [cases[0], cases[-1] + 1])
            block = Block(question, cases, pad)
            _meet(
                block.every_walk,
                block.time,
                block.touch,
                query[a:z],
                np.searchsorted(cases, case[a:z]),
                times,
                int(min(window_s * 1e6, 2.0**61)),
                latest,
                earliest,
                touch,
                inside,
            )
    return touch, inside


@kernel
def _meet(
    walks: Walks,
    time: Ints,
    touch: Codes,
    query: Ints,
    case: Ints,
    times: Ints,
    window: int,
    latest: Ints,
    earliest: Ints,
    found: Ints,
    inside: NDArray[np.bool_],
) -> None:
    """Queries ascend by case. `latest` and `earliest` are the times by which the walk of each query was chosen."""
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
                    inside[q] = walks.inside[w]
            elif time[i] > latest[q]:
                latest[q] = time[i]
                inside[q] = walks.inside[w]
                found[q] = -1
                while i >= walks.begin[w] and t - time[i] <= window:
                    if touch[i] >= 0:
                        found[q] = touch[i]
                        break
                    i -= 1
            w += 1
