"""The map of a journey of which only words have changed: the same numbers, without asking the evidence again.

Cards are judged anew from the map's own numbers; descriptions, goals and owners rest on nothing. Names of stages and
touchpoints are not among these words: feedback that states its place is placed by them.
"""

from __future__ import annotations

from dataclasses import replace

from desirepath.insight.cards import Measured, metrics_of, on_card, verbatims_of
from desirepath.insight.model import CardView, MapData
from desirepath.journey.model import Card, Journey, Stage

_SAID = {
    "journey": ("goal", "scope", "description", "owner", "market", "parent"),
    "stage": ("description", "customer_goal", "owner"),
    "touchpoint": ("description", "context", "owner", "backstage"),
    "persona": ("picture", "summary"),
}


def redressed(data: MapData, journey: Journey) -> MapData | None:
    """The map of this journey, if it follows from that of an earlier state of it; None if it has to be computed."""
    if measured(data.journey) != measured(journey) or _taken(data.journey) != _taken(journey):
        return None
    before = {card.id: (stage.id, card) for stage in data.journey.stages for card in stage.cards}
    ruled = {view.id: view for view in data.cards}
    facts = Measured({s.id: s for s in data.stages}, {t.id: t for t in data.touchpoints}, data.findings, {})
    views: list[CardView] = []
    for stage in journey.stages:
        for card in stage.cards:
            if not verbatims_of(card) and not metrics_of(card):
                views.append(on_card(card, stage, facts))
            elif _same(before.get(card.id), card, stage):
                views.append(ruled[card.id])
            else:  # whether that feedback or metric is there, and how old, only the evidence says
                return None
    return replace(data, journey=journey, cards=tuple(views))


def _taken(journey: Journey) -> set[str]:
    """The feedback that stands on the map already, and so is suggested no more."""
    return {str(said) for stage in journey.stages for card in stage.cards for said in verbatims_of(card)}


def _same(before: tuple[str, Card] | None, card: Card, stage: Stage) -> bool:
    """Whether a card is what it was but for its text."""
    return (
        before is not None and before[0] == stage.id and before[1] == card.model_copy(update={"text": before[1].text})
    )


def measured(journey: Journey) -> Journey:
    """The document without what no number rests on; never to be shown."""
    stages = tuple(
        stage.model_copy(
            update={
                **dict.fromkeys(_SAID["stage"]),
                "cards": (),
                "touchpoints": tuple(
                    t.model_copy(update=dict.fromkeys(_SAID["touchpoint"])) for t in stage.touchpoints
                ),
            }
        )
        for stage in journey.stages
    )
    personas = tuple(persona.model_copy(update=dict.fromkeys(_SAID["persona"])) for persona in journey.personas)
    return journey.model_copy(
        update={**dict.fromkeys(_SAID["journey"]), "stages": stages, "personas": personas, "lanes": ()}
    )
