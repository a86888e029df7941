"""A journey while it is being gathered from a sheet: stages by name, touchpoints and cards in the order they come."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import fmean

from desirepath.journey.ids import slug
from desirepath.journey.model import EVERYONE, LANES, Card, Feeling, Journey, Lane, Persona, Rule, Stage, Touchpoint
from desirepath.journey.sheet.cells import Emotion, on_scale, scale


@dataclass(frozen=True)
class Unread:
    """A cell whose content is not part of the journey, and why."""

    cell: str
    value: str
    reason: str


@dataclass
class DraftTouchpoint:
    """A touchpoint as far as it is known."""

    name: str
    channel: str | None = None
    owner: str | None = None
    description: str | None = None
    importance: str | None = None
    emotions: dict[str, Emotion] = field(default_factory=dict)
    """By persona name, or `all`."""
    match: tuple[str, ...] = ()


@dataclass
class DraftCard:
    """A card as far as it is known; `lane` is a lane's id."""

    lane: str
    text: str
    touchpoint: DraftTouchpoint | None = None
    persona: str | None = None
    emotion: Emotion | None = None
    feeling: Feeling | None = None
    evidence: str | None = None


@dataclass
class DraftStage:
    """A stage as far as it is known."""

    name: str
    goal: list[str] = field(default_factory=list)
    description: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    touchpoints: list[DraftTouchpoint] = field(default_factory=list)
    cards: list[DraftCard] = field(default_factory=list)

    def touchpoint(self, name: str, channel: str | None = None) -> DraftTouchpoint:
        """The touchpoint of that name (and channel, where both are known), made when it is new."""
        for touchpoint in self.touchpoints:
            if touchpoint.name.casefold() == name.casefold() and agree(touchpoint.channel, channel):
                touchpoint.channel = touchpoint.channel or channel
                return touchpoint
        self.touchpoints.append(DraftTouchpoint(name, channel))
        return self.touchpoints[-1]


def agree(known: str | None, new: str | None) -> bool:
    """Whether the new value can stand beside the known one without one of them being lost."""
    return known is None or new is None or known == new


@dataclass
class Draft:
    """All that a sheet says, what was assumed to read it so, and what could not be read."""

    title: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    personas: list[str] = field(default_factory=list)
    own_lanes: dict[str, str] = field(default_factory=dict)
    """Names of the team's own lanes by id."""
    stages: list[DraftStage] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def assume(self, what: str) -> None:
        """Notes an assumption once."""
        if what not in self.assumptions:
            self.assumptions.append(what)

    def stage(self, name: str) -> DraftStage:
        """The stage of that name, made when it is new."""
        for stage in self.stages:
            if stage.name.casefold() == name.casefold():
                return stage
        self.stages.append(DraftStage(name))
        return self.stages[-1]

    def persona(self, name: str) -> str:
        """The persona's name as first written."""
        for known in self.personas:
            if known.casefold() == name.casefold():
                return known
        self.personas.append(name)
        return name

    def own_lane(self, name: str) -> str:
        """The id of the team's own lane of that name."""
        for id_, known in self.own_lanes.items():
            if known.casefold() == name.casefold():
                return id_
        id_ = slug(name, {*LANES, *self.own_lanes}, otherwise="lane")
        self.own_lanes[id_] = name
        self.assume(f"'{name}' is a lane of your own")
        return id_

    def journey(self, otherwise: str) -> Journey:
        """The document; emotions in numbers are brought onto −2 … +2 by the scale that all of them are on."""
        ends = self._scale()
        persona_ids: dict[str, str] = {}
        taken = {EVERYONE}
        for name in self.personas:
            persona_ids[name] = slug(name, taken, otherwise="persona")
        ids: set[str] = set()
        stage_ids = [slug(stage.name, ids, otherwise="stage") for stage in self.stages]
        stages = tuple(
            _Builder(stage_id, ids, persona_ids, ends).stage(stage)
            for stage_id, stage in zip(stage_ids, self.stages, strict=True)
        )
        title = self.title or otherwise
        return Journey.model_validate(
            {
                "id": slug(title, otherwise="journey"),
                "title": title,
                **self.fields,
                "personas": [Persona(id=own, name=name) for name, own in persona_ids.items()],
                "lanes": [Lane(id=own, name=name) for own, name in self.own_lanes.items()],
                "stages": stages,
            }
        )

    def _scale(self) -> tuple[float, float]:
        spoken = [e for s in self.stages for t in s.touchpoints for e in t.emotions.values()]
        spoken += [c.emotion for s in self.stages for c in s.cards if c.emotion]
        numbers = [e.number for e in spoken if e.number is not None]
        if not numbers:
            return (-2, 2)
        ends = scale(numbers)
        self.assume(f"emotions in numbers are on a scale from {ends[0]:g} (worst) to {ends[1]:g} (best)")
        return ends


@dataclass
class _Builder:
    """Makes one stage of the document."""

    stage_id: str
    ids: set[str]
    personas: dict[str, str]
    ends: tuple[float, float]

    def stage(self, draft: DraftStage) -> Stage:
        touchpoints = [self._touchpoint(t) for t in draft.touchpoints]
        ids = {id(d): t.id for d, t in zip(draft.touchpoints, touchpoints, strict=True)}
        return Stage(
            id=self.stage_id,
            name=draft.name,
            description="\n".join(draft.description) or None,
            customer_goal="\n".join(draft.goal) or None,
            owner=", ".join(dict.fromkeys(draft.owners)) or None,
            touchpoints=tuple(touchpoints),
            cards=tuple(self._card(card, ids) for card in draft.cards),
        )

    def _touchpoint(self, draft: DraftTouchpoint) -> Touchpoint:
        felt = {self.personas.get(p, EVERYONE): self._value(e) for p, e in draft.emotions.items()}
        feelings = {self.personas.get(p, EVERYONE): e.feeling for p, e in draft.emotions.items() if e.feeling}
        return Touchpoint.model_validate(
            {
                "id": slug(draft.name, self.ids, otherwise="touchpoint"),
                "name": draft.name,
                "channel": draft.channel,
                "owner": draft.owner,
                "description": draft.description,
                "importance": draft.importance or "medium",
                "assumed_emotion": {p: v for p, v in felt.items() if v is not None},
                "assumed_feeling": feelings,
                "match": (Rule(event=draft.match),) if draft.match else (),
            }
        )

    def _card(self, draft: DraftCard, touchpoints: dict[int, str]) -> Card:
        return Card(
            id=slug(f"{self.stage_id} {draft.lane}", self.ids),
            lane=draft.lane,
            text=draft.text,
            touchpoint=touchpoints[id(draft.touchpoint)] if draft.touchpoint else None,
            persona=self.personas[draft.persona] if draft.persona else None,
            emotion=self._value(draft.emotion) if draft.emotion else None,
            feeling=draft.feeling or (draft.emotion.feeling if draft.emotion else None),
            evidence=({"source": draft.evidence},) if draft.evidence else (),
        )

    def _value(self, emotion: Emotion) -> float | None:
        if emotion.value is not None:
            return round(emotion.value, 3)
        return None if emotion.number is None else on_scale(emotion.number, self.ends)


def mean(emotions: list[Emotion]) -> Emotion:
    """Several emotions of one kind (all numbers, or all values) as one."""
    if len(emotions) == 1:
        return emotions[0]
    numbers = [e.number for e in emotions if e.number is not None]
    values = [e.value for e in emotions if e.value is not None]
    text = "; ".join(e.text for e in emotions)
    return Emotion(text, number=fmean(numbers)) if numbers else Emotion(text, value=fmean(values))
