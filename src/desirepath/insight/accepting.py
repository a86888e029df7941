"""What customers said becomes cards of the journey, when a person accepts it: quoted, masked, with its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from desirepath.errors import DesirepathError, did_you_mean
from desirepath.insight.cards import verbatims_of
from desirepath.insight.words import LANES
from desirepath.journey.model import Card, Journey, Stage


def accepted(
    journey: Journey,
    suggestions: Sequence[Mapping[str, Any]],
    ids: Sequence[str],
    *,
    lane: str | None = None,
    text: str | None = None,
    author: str | None = None,
) -> Journey:
    """The journey with a card for each suggestion named, at its touchpoint, in `lane` and own words where given."""
    known = {str(s["id"]): s for s in suggestions}
    if text is not None and len(ids) != 1:
        raise DesirepathError("words of one's own are for one verbatim", where="--text", hint="accept one at a time")
    if lane is not None and lane not in LANES:
        raise DesirepathError(f"verbatims do not go into the lane {lane!r}", hint=f"use {' or '.join(LANES)}")
    taken = {v for stage in journey.stages for card in stage.cards for v in verbatims_of(card)}
    for id_ in dict.fromkeys(ids):
        if id_ in taken:
            raise DesirepathError(f"a card rests on the verbatim {id_!r} already")
        if id_ not in known:
            hint = did_you_mean(id_, list(known)) or "desirepath journey DIR suggestions ID lists them"
            raise DesirepathError(f"the verbatim {id_!r} is not suggested for this journey", hint=hint)
        journey = _with(journey, known[id_], lane, text, author)
    return journey


def _with(journey: Journey, said: Mapping[str, Any], lane: str | None, text: str | None, author: str | None) -> Journey:
    card = Card(
        id=f"said-{hashlib.sha256(str(said['id']).encode()).hexdigest()[:10]}",
        lane=lane or said["lane"],
        text=text or f"“{said['text']}”",
        touchpoint=said["touchpoint"],
        evidence=({"verbatim": str(said["id"])},),
        author=author,
    )

    def grown(stage: Stage) -> Stage:
        here = any(t.id == said["touchpoint"] for t in stage.touchpoints)
        return stage.model_copy(update={"cards": (*stage.cards, card)}) if here else stage

    return journey.model_copy(update={"stages": tuple(map(grown, journey.stages))})
