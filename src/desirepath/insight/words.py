"""What words add to the map: emotions where there is no score, places by what is talked about, verbatims.

A text without a score counts with the emotion that the voice heard in it, and with that emotion's error. Words to the
support (tickets, chats, calls) are left out of the curve while `ENOUGH` others speak: people turn to the support
because something is wrong, and would pull every point down. Feedback without a place goes where texts like it belong
(`voice.placing`); what names a place that the map lacks stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.model import Rules
from desirepath.insight.cards import verbatims_of
from desirepath.insight.feedback import Feedback
from desirepath.insight.measures import moment
from desirepath.insight.place import Placed
from desirepath.journey.model import Journey
from desirepath.lake import Lake

if TYPE_CHECKING:
    from desirepath.voice.readers import Remembered

CONTACTS = ("ticket", "chat", "call")
ENOUGH = 20
VERBATIMS, LONGEST = 2, 160  # a touchpoint's verbatims in a lane of the map, and their characters
LANES = ("thoughts", "needs")
HURTS = 0.25  # a theme whose mean emotion is as far below indifference is a pain point
ThemeLane = Literal["pain_points", "needs", "thoughts"]


def with_words(feedback: Feedback, lake: Lake, cache: Path, reader: Remembered | None = None) -> tuple[Feedback, int]:
    """The feedback with its texts, and with emotions where words alone speak; `feedback` is the lake's, whole.

    And how many texts the reader, where there is one, should have read and did not.
    """
    from desirepath.voice import said as voice
    from desirepath.voice.hearing import heard, waiting
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
        return feedback, 0
    found = heard(lake, said, cache, reader)
    emotion = np.where(open_, found.emotion[ours], feedback.emotion)
    layer = np.where(open_ & ~np.isnan(emotion), found.layer[ours], feedback.layer)
    error = np.where(open_, np.nan_to_num(found.error[ours]), 0.0)
    unread = 0 if reader is None else int((open_ & waiting(found)[ours]).sum())
    return replace(feedback, emotion=emotion, layer=layer, error=error), unread


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
    """Typical texts of each touchpoint, masked and cut, as suggested cards of the lanes `thoughts` and `needs`.

    Typical are those nearest to the place's mean emotion, not too short; what words a need or a wish goes to the needs.
    What a card of the journey rests on already is not suggested again.
    """
    from desirepath.voice.texts import clean, state

    taken = {v for stage in journey.stages for card in stage.cards for v in verbatims_of(card)}
    found = []
    said = placed.feedback
    for t, touchpoint in enumerate(journey.touchpoints):
        rows = [i for i in np.flatnonzero(placed.touchpoint == t).tolist() if state(said.text[i]) == "words"]
        rows = [i for i in rows if not np.isnan(said.emotion[i]) and str(said.id[i]) not in taken]
        if not rows:
            continue
        mean = float(said.emotion[rows].mean())
        rows.sort(key=lambda i: (abs(said.emotion[i] - mean), abs(len(said.text[i]) - 80), str(said.id[i])))
        once = {clean(said.text[i]): i for i in reversed(rows)}
        of_lane: dict[str, list[int]] = {}
        for text, i in reversed(once.items()):
            of_lane.setdefault(lane_of(text), []).append(i)
        for lane in LANES:
            for i in of_lane.get(lane, ())[:VERBATIMS]:
                found.append(
                    {
                        "id": said.id[i],
                        "touchpoint": touchpoint.id,
                        "lane": lane,
                        "text": shown(said.text[i]),
                        "emotion": round(float(said.emotion[i]), 2),
                        "kind": said.kind[i],
                        "source": said.source[i],
                        "at": moment(int(said.at[i])) if said.dated[i] else None,
                    }
                )
    return tuple(found)


def lane_of(text: str) -> str:
    """The lane that a verbatim belongs in: `needs` where it words a need or a wish, else `thoughts`."""
    from desirepath.voice.language import detect
    from desirepath.voice.lexicon import lexicons

    lexicon = lexicons().get(detect([text])[0].language)
    return "needs" if lexicon is not None and lexicon.says_need(text) else "thoughts"


def lane_of_theme(language: str, emotion: float | None, texts: Sequence[str]) -> ThemeLane:
    """The lane that a theme belongs in: `pain_points` where it feels bad, else where most of its typical texts do."""
    from desirepath.voice.lexicon import lexicons

    if emotion is not None and emotion <= -HURTS:
        return "pain_points"
    lexicon = lexicons().get(language)
    needs = 0 if lexicon is None else sum(lexicon.says_need(text) for text in texts)
    return "needs" if 2 * needs > len(texts) else "thoughts"


def shown(text: str) -> str:
    """A text as it stands on a map: clean, masked, cut."""
    from desirepath.voice.privacy import mask
    from desirepath.voice.texts import clean

    plain = mask(clean(text))
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"
