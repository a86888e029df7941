"""What happens at the touchpoints in cases and in their sessions.

What lies between two runs of events lies within a session, or between two of a case: sessions have the durations of the
former, cases those of both. A run that goes on in the next session is one run of the case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.blocks import Block, Question
from desirepath.eventlog.jit import frozen, kernel, u64
from desirepath.eventlog.masks import positive
from desirepath.eventlog.measures import follows, touchpoints
from desirepath.eventlog.measures.durations import Durations, Histogram, added
from desirepath.eventlog.measures.tally import NEVER, Tally
from desirepath.eventlog.measures.touchpoints import EVENTS, KNOWN, MORE
from desirepath.eventlog.model import Ints
from desirepath.eventlog.sessions import Runs, Sessions
from desirepath.eventlog.unpacking import Codes

_COUNTS, _BITS = 5, 12
_CHUNK = (1 << _BITS) - 1
"""Of so many runs, all counts of a touchpoint fit into one integer."""
_FIRST_TIME, _LAST_TIME, _SEEN, _SEEN_BY_CASE = range(_COUNTS, _COUNTS + 4)
"""Before them: runs, sessions, sessions with several events, cases, cases with several events."""
_OF_SESSION = np.array([1 | (t == 0) << _BITS | (t < 2 <= t + now) << 2 * _BITS for t, now in KNOWN], np.uint64)
_OF_CASE = np.array([(t == 0) << 3 * _BITS | (t < 2 <= t + now) << 4 * _BITS for t, now in KNOWN], np.uint64)

_NOTHING = np.zeros((0, _COUNTS + 4), np.int64), np.zeros((0, 4), np.int64), np.zeros(2, np.int64)


class Scratch(NamedTuple):
    """Per touchpoint counts, times and marks; per pair sessions and cases, each with the last one that met it."""

    touches: Ints  # [touchpoints, 9]
    pairs: Ints  # [pairs + 1, 4]
    histogram: Histogram
    events: Ints  # as of the plain measure
    serial: Ints  # [2] sessions and cases so far


class Touchpoints(touchpoints.Touchpoints):
    """Tally: that of the cases, with `touch_wait` [2 · pairs] within sessions and between them (the row of a touchpoint
    and itself: its run goes on); `session_touches` and `session_touch_pairs`. Where touchpoints claim whole names, no
    events are counted: `events_told` adds them, for somebody counts the names.

    Durations: the rows of the cases, then a row a pair for the sessions.
    """

    def __init__(self, question: Question, *, gap: int) -> None:
        super().__init__(question)
        self.gap = gap
        self.pairs = self.touches**2

    @property
    def rows(self) -> int:
        """How many sets of durations there are."""
        return 2 * self.pairs + self.touches

    @property
    def belongs(self) -> Codes:
        """Those within sessions to a pair of cases, the touchpoint entered and a pair of sessions; others to cases."""
        of_cases = super().belongs
        nowhere = np.full(self.pairs, self.rows, np.int32)
        within = np.arange(self.rows - self.pairs, self.rows, dtype=np.int32)
        goes_on = np.eye(self.touches, dtype=np.bool_).reshape(-1, 1)
        between = np.where(goes_on, nowhere[:, None], of_cases)
        return np.concatenate(
            [np.column_stack([of_cases, within]), np.column_stack([between, nowhere])], dtype=np.int32
        )

    def scratch(self) -> Any:
        """Empty."""
        plain = super().scratch()
        touches = np.zeros((self.touches, _COUNTS + 4), np.int64)
        touches[:, _FIRST_TIME], touches[:, _LAST_TIME] = NEVER.max, NEVER.min
        return Scratch(
            touches, np.zeros((self.pairs + 1, 4), np.int64), plain.histogram, plain.events, np.zeros(2, np.int64)
        )

    def count(self, scratch: Any, block: Block) -> None:
        """Add the cases of a block, and their sessions."""
        if self.by_event is None:
            self.tell(block, scratch.events)
        block.memo[self.name] = self._read(block, True, scratch.touches, scratch.pairs, scratch.serial)
        scratch.serial[:] += Sessions.of(block, self.gap).count, block.walks.begin.size

    def tally(self, scratches: list[Any]) -> Tally:
        """What was counted."""
        counts = np.stack([s.touches for s in scratches])
        runs, sessions, repeated, cases, repeated_cases = counts[..., :_COUNTS].sum(axis=0).T
        waits = added([s.histogram for s in scratches])
        within, between = waits.sum(axis=1).reshape(2, self.touches, self.touches)
        of_names = self.of_names([s.events for s in scratches])
        events = of_names[..., 1:].sum(axis=1)[0]
        goes_on = between.diagonal()
        left = within.sum(axis=1)
        of_cases = events, cases, cases, repeated_cases, runs - goes_on - cases, runs - left - between.sum(axis=1)
        of_sessions = events, sessions, cases, repeated, runs - sessions, runs - left
        pairs = np.sum([s.pairs[:-1] for s in scratches], axis=0)
        pairs[:: self.touches + 1, 2] = 0
        return Tally(
            {
                "touches": np.stack(of_cases, axis=-1)[None],
                "session_touches": np.stack(of_sessions, axis=-1)[None],
                "touch_pairs": pairs[None, :, 2],
                "session_touch_pairs": pairs[None, :, 0],
                "touch_wait": waits,
                "matched": of_names[..., 1:].sum(axis=2),
            },
            {"touch_first": counts[None, ..., _FIRST_TIME].min(axis=1)},
            {"touch_last": counts[None, ..., _LAST_TIME].max(axis=1)},
        )

    def histogram(self, tally: Tally) -> NDArray[Any]:
        """Waits of cases by pair and by the touchpoint that is entered, from wherever; those of sessions by pair."""
        within, between = _halves(tally.sums["touch_wait"])
        of_cases = within + between
        of_cases[:: self.touches + 1] = 0
        into = of_cases.reshape(self.touches, self.touches, of_cases.shape[1]).sum(axis=0)
        return np.concatenate([of_cases, into, within])

    def find(self, block: Block) -> Durations:
        """From the end of a run to the beginning of the next one of the same case, by pair: first within sessions."""
        return self._read(block, False, *_NOTHING)

    def _read(self, block: Block, counts: bool, touches: Ints, pairs: Ints, serial: Ints) -> Durations:
        runs = Sessions.of(block, self.gap).runs
        size = runs.code.size
        found = Durations(block.pad.array("touch pair", size, np.int32), block.pad.array("touch wait", size, np.int64))
        _read(runs, block.time, self.touches, *found, counts, touches, pairs, serial)
        return frozen(found)


def events_told(tally: Tally, by_event: Codes | None) -> Tally:
    """With the events of touchpoints that claim whole names, by those of the names."""
    if by_event is None:
        return tally
    sums = dict(tally.sums)
    events, claimed = sums["names"][0, :, follows.EVENTS], by_event >= 0
    sums["matched"] = np.where(claimed, events, 0)[None]
    of_touch = np.zeros(sums["touches"].shape[1], np.int64)
    np.add.at(of_touch, by_event[claimed], events[claimed])
    for name in ("touches", "session_touches"):
        sums[name] = sums[name].copy()
        sums[name][0, :, EVENTS] = of_touch
    return replace(tally, sums=sums)


def _halves(waits: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    half = len(waits) // 2
    return waits[:half], waits[half:]


@kernel
def _read(
    runs: Runs, time: Ints, touches: int, row: Codes, wait: Ints, counts: bool, out: Ints, pairs: Ints, serial: Ints
) -> None:  # fmt: skip
    """Everything about a run at once, for it is reading them that takes time: its wait, and where asked the counts.

    A mark says in which session or case a touchpoint was met last, times four, plus how often (three for more).
    """
    two, one = np.int64(2), np.int64(1)
    square = np.int32(touches) * np.int32(touches)
    packed = np.zeros(out.shape[0], np.uint64)
    sessions, cases = serial[0] + one, serial[1] + one
    session, of_case, left, since = np.int32(-1), np.int32(-1), np.int32(0), np.int64(0)  # of the run before
    for first in range(0, runs.code.size, _CHUNK):
        for k in range(u64(first), u64(min(first + _CHUNK, runs.code.size))):
            at, to, code = u64(runs.at[k]), u64(runs.to[k]), runs.code[k]
            w, c = runs.session[k], runs.case[k]
            begin, end = time[at], time[to]
            pair = left * np.int32(touches) + code
            between = pair + square if c == of_case else np.int32(2) * square
            r = pair if w == session else between
            row[k], wait[k] = r, begin - since
            if counts:
                t = u64(code)
                several_events = positive(np.int64(runs.to[k]) - runs.at[k]) & one
                met, met_by_case = sessions + w, cases + c
                times = out[t, _SEEN] - (met << two)
                by_session = u64((times & positive(times)) << one | several_events)
                out[t, _SEEN] = (met << two) + MORE[by_session]
                times = out[t, _SEEN_BY_CASE] - (met_by_case << two)
                by_case = u64((times & positive(times)) << one | several_events)
                out[t, _SEEN_BY_CASE] = (met_by_case << two) + MORE[by_case]
                packed[t] += _OF_SESSION[by_session] | _OF_CASE[by_case]
                if begin < out[t, _FIRST_TIME]:
                    out[t, _FIRST_TIME] = begin
                if end > out[t, _LAST_TIME]:
                    out[t, _LAST_TIME] = end
                p = u64(min(r, square))
                pairs[p, 0] += pairs[p, 1] != met
                pairs[p, 1] = met
                p = u64(r - (square if r >= square else np.int32(0)))
                pairs[p, 2] += pairs[p, 3] != met_by_case
                pairs[p, 3] = met_by_case
            session, of_case, left, since = w, c, code, end
        for i in range(u64(out.shape[0])):
            for each in range(_COUNTS):
                out[i, each] += np.int64(packed[i] >> u64(_BITS * each) & u64(_CHUNK))
            packed[i] = u64(0)
