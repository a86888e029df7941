"""What words add to the map: emotions where there is no score, places by what is talked about, verbatims.

A text without a score counts with the emotion that the voice heard in it, and with that emotion's error. Words to the
support (tickets, chats, calls) are left out of the curve while `ENOUGH` others speak: people turn to the support
because something is wrong, and would pull every point down. Feedback without a place goes where texts like it belong
(`voice.placing`); what names a place that the map lacks stays where it is.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.model import Rules
from desirepath.insight.feedback import Feedback
from desirepath.insight.measures import moment
from desirepath.insight.place import Placed
from desirepath.journey.model import Journey
from desirepath.lake import Lake

CONTACTS = ("ticket", "chat", "call")
ENOUGH = 20
VERBATIMS, LONGEST = 2, 160  # a touchpoint's verbatims on the map, and their characters


def with_words(feedback: Feedback, lake: Lake, cache: Path) -> Feedback:
    """The feedback with its texts, and with emotions where words alone speak; `feedback` is the lake's, whole."""
    from desirepath.voice import said as voice
    from desirepath.voice.hearing import heard
    from desirepath.voice.texts import state

    said = voice.read(lake)
    ours = np.array([not a for a in said.about], bool) & ~said.company
    text = said.text[ours]
    feedback = replace(feedback, text=text)
    open_ = np.isnan(feedback.emotion) & np.array([state(t) in ("words", "emoji") for t in text], bool)
    contact = np.isin(feedback.kind.astype(str), CONTACTS)
    if int((~np.isnan(feedback.emotion) | (open_ & ~contact)).sum()) >= ENOUGH:
        open_ &= ~contact
    if not open_.any():
        return feedback
    found = heard(lake, said, cache)
    emotion = np.where(open_, found.emotion[ours], feedback.emotion)
    layer = np.where(open_ & ~np.isnan(emotion), found.layer[ours], feedback.layer)
    error = np.where(open_, np.nan_to_num(found.error[ours]), 0.0)
    return replace(feedback, emotion=emotion, layer=layer, error=error)


def read_from(feedback: Feedback) -> int:
    """How many emotions were read from words."""
    return int((~np.isnan(feedback.emotion) & (feedback.layer != "score")).sum())


def by_talk(placed: Placed, whole: Placed, rules: Rules, cache: Path) -> Placed:
    """Feedback at no place, where its words belong at one.

    `whole` is all feedback placed without any scope: it teaches, so that a text belongs to the same place under every
    filter, and nothing is learned anew for each of them.
    """
    from desirepath.voice import placing

    open_ = _open(whole)
    if not open_.any() or not (whole.touchpoint >= 0).any():
        return placed
    texts = [t if o or p >= 0 else None for t, o, p in zip(whole.feedback.text, open_, whole.touchpoint, strict=True)]
    talked = np.where(open_, placing.by_talk(texts, whole.touchpoint, cache), -1)
    touchpoint = np.where(_open(placed), talked[placed.row], placed.touchpoint)
    stage = np.where(touchpoint >= 0, np.array([*rules.stage, -1], np.int64)[touchpoint], placed.stage)
    moved = int((touchpoint != placed.touchpoint).sum())
    counts = placed.counts | {
        "placed": placed.counts["placed"] + moved,
        "placed_by_talk": moved,
        "journey_level": placed.counts["journey_level"] - moved,
    }
    return replace(placed, touchpoint=touchpoint, stage=stage, counts=counts)


def _open(placed: Placed) -> NDArray[np.bool_]:
    """Feedback that neither names a place nor has one."""
    unnamed = np.array([not (t or "").strip() for t in placed.feedback.touchpoint], bool)
    return np.asarray((placed.touchpoint < 0) & (placed.stage < 0) & unnamed)


def verbatims(placed: Placed, journey: Journey) -> tuple[dict[str, Any], ...]:
    """Typical texts of each touchpoint, masked and cut: those nearest to the place's mean emotion, not too short."""
    from desirepath.voice.privacy import mask
    from desirepath.voice.texts import clean, state

    found = []
    said = placed.feedback
    for t, touchpoint in enumerate(journey.touchpoints):
        rows = [i for i in np.flatnonzero(placed.touchpoint == t).tolist() if state(said.text[i]) == "words"]
        rows = [i for i in rows if not np.isnan(said.emotion[i])]
        if not rows:
            continue
        mean = float(said.emotion[rows].mean())
        rows.sort(key=lambda i: (abs(said.emotion[i] - mean), abs(len(said.text[i]) - 80), str(said.id[i])))
        once = {clean(said.text[i]): i for i in reversed(rows)}
        for text, i in list(reversed(once.items()))[:VERBATIMS]:
            plain = mask(text)
            found.append(
                {
                    "id": said.id[i],
                    "touchpoint": touchpoint.id,
                    "text": plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…",
                    "emotion": round(float(said.emotion[i]), 2),
                    "kind": said.kind[i],
                    "source": said.source[i],
                    "at": moment(int(said.at[i])) if said.dated[i] else None,
                }
            )
    return tuple(found)
