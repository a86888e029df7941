"""Which feedback belongs to the cases in scope, and at which touchpoint of the journey it was given.

In scope: its case (or customer) is. Feedback that the event log does not know (no case, no customer, or one without
events) counts where no condition on cases is set, and in a period when it is dated within it; undated feedback counts
only where no period is set. Placed: at the touchpoint or stage that it names itself (id or name), else at the last
touchpoint its case (or customer) passed at or before it within the window (30 days by default), else nowhere: it then
speaks for the whole journey. An answer to the NPS question (would you recommend us?) is about the company as such, and
belongs to no touchpoint unless it names one. Feedback that names a place which the map lacks is not moved to another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.locate import locate
from desirepath.eventlog.model import Ints, Notion, Rules, Scope
from desirepath.eventlog.runner import Source
from desirepath.insight.feedback import Feedback, Strings
from desirepath.insight.rules import case_notion
from desirepath.insight.settings import DAY, Settings
from desirepath.journey.model import Journey
from desirepath.texts import Text

RELATIONAL = "nps"
Locate = Callable[[Scope, Strings, Notion, Ints], tuple[Ints, NDArray[np.bool_]]]
"""(scope, ids, by, times) → last touchpoint within the window (−1: none) and whether the id is in scope, for each."""


def locating(log: Source, rules: Rules, settings: Settings) -> Locate:
    """Where customers stood by these rules, within the settings' window."""
    window_s = settings.feedback_window_days * DAY

    def at(within: Scope, ids: Strings, by: Notion, times: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        return locate(log, rules, within, ids, by, times, window_s)

    return at


@dataclass(frozen=True)
class Placed:
    """Feedback in scope with its touchpoint and stage (−1: none), and the counts of what was done with all of it.

    `row` is where each piece stands among all feedback that was to be placed.
    """

    feedback: Feedback
    row: Ints
    touchpoint: Ints
    stage: Ints
    counts: dict[str, int]

    def at_touchpoint(self, touchpoint: int) -> NDArray[np.bool_]:
        """The rows of one touchpoint."""
        return np.asarray(self.touchpoint == touchpoint)

    def at_stage(self, stage: int) -> NDArray[np.bool_]:
        """The rows of one stage, its touchpoints included."""
        return np.asarray(self.stage == stage)

    def where(self, rows: NDArray[np.bool_]) -> Placed:
        """The rows that the mask keeps."""
        return Placed(self.feedback.where(rows), self.row[rows], self.touchpoint[rows], self.stage[rows], self.counts)


def place(feedback: Feedback, journey: Journey, rules: Rules, scope: Scope, at: Locate) -> Placed:
    """Keep the feedback in scope and say where each piece belongs."""
    walked, known, inside = last_met(feedback, scope, at, case_notion(journey)[0])
    in_scope = np.where(known, inside, _unknown_counts(feedback, scope))
    if scope.start is not None or scope.end is not None:
        in_scope &= feedback.dated
    stated_touchpoint, stated_stage, elsewhere = _stated(feedback.touchpoint, journey)

    touchpoint = np.where(feedback.dated & known & (feedback.scale != RELATIONAL), walked, -1)
    touchpoint = np.where(stated_touchpoint >= 0, stated_touchpoint, touchpoint)
    touchpoint[(stated_stage >= 0) | elsewhere] = -1
    stage_of = np.array([*rules.stage, -1], dtype=np.int64)
    stage = np.where(stated_stage >= 0, stated_stage, stage_of[touchpoint])

    kept, row = feedback.where(in_scope), np.flatnonzero(in_scope)
    touchpoint, stage = touchpoint[row], stage[row]
    counts = {
        "in_scope": len(kept),
        "scored": int((~np.isnan(kept.emotion)).sum()),
        "placed": int((stage >= 0).sum()),
        "placed_by_own_words": int(((stated_touchpoint >= 0) | (stated_stage >= 0))[in_scope].sum()),
        "journey_level": int((stage < 0).sum()),
        "unknown_place": int(elsewhere[in_scope].sum()),
        "unknown_customer": int((~known)[in_scope].sum()),
    }
    return Placed(kept, row, touchpoint, stage, counts)


def last_met(
    feedback: Feedback, scope: Scope, at: Locate, notion: Notion
) -> tuple[Ints, NDArray[np.bool_], NDArray[np.bool_]]:
    """Last touchpoint, whether the log knows whose feedback it is, and whether that one is in scope.

    Asked by the id that the journey's cases have; where the log does not know it, by the other id.
    """
    size = len(feedback)
    touchpoint, known, inside = np.full(size, -1), np.zeros(size, bool), np.zeros(size, bool)
    ids = {"case": feedback.case, "customer": feedback.customer}
    first: tuple[Notion, ...] = ("case", "customer") if notion == "case" else ("customer", "case")
    for by in first:
        open_ = np.flatnonzero(~known & (ids[by] != None))  # noqa: E711  (element-wise)
        if not len(open_):
            continue
        found, there = at(Scope(), ids[by][open_], by, feedback.at[open_])
        known[open_], inside[open_], touchpoint[open_] = there, there, found
        narrowed = scope.start is not None or scope.end is not None or bool(scope.where)
        asked = open_[there]
        if narrowed and len(asked):
            touchpoint[asked], inside[asked] = at(scope, ids[by][asked], by, feedback.at[asked])
    return touchpoint, known, inside


def _unknown_counts(feedback: Feedback, scope: Scope) -> NDArray[np.bool_]:
    if scope.where:
        return np.zeros(len(feedback), bool)
    after = True if scope.start is None else feedback.at >= scope.start
    before = True if scope.end is None else feedback.at < scope.end
    return np.ones(len(feedback), bool) & after & before


def _stated(stated: Strings, journey: Journey) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """The touchpoint and the stage that the feedback names, and whether it names a place that the map lacks."""
    touchpoints = {w: i for i, t in reversed([*enumerate(journey.touchpoints)]) for w in _words(t.id, t.name)}
    stages = {w: i for i, s in reversed([*enumerate(journey.stages)]) for w in _words(s.id, s.name)}
    names = {name: name.strip().casefold() for name in set(stated.tolist()) if name is not None and name.strip()}
    nowhere = {name for name, word in names.items() if word not in touchpoints and word not in stages}
    touchpoint = {name: touchpoints.get(word, -1) for name, word in names.items()}
    stage = {name: stages.get(word, -1) for name, word in names.items() if word not in touchpoints}
    return (
        np.array([touchpoint.get(name, -1) for name in stated], dtype=np.int64),
        np.array([stage.get(name, -1) for name in stated], dtype=np.int64),
        np.array([name in nowhere for name in stated], dtype=bool),
    )


def _words(id_: str, name: Text) -> set[str]:
    return {w.strip().casefold() for w in (id_, *([name] if isinstance(name, str) else name.values()))}
