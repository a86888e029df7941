"""The journey document: what the team believes (stages, touchpoints, cards, personas), as pydantic models.

It holds no measured number. Ids are stable: one name space for stages, touchpoints and cards, one each for personas and
lanes; everything else refers to them. A document that does not hold together cannot be made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from desirepath import texts

LANES = (
    "actions",
    "touchpoints",
    "thoughts",
    "needs",
    "emotions",
    "pain_points",
    "opportunities",
    "metrics",
    "owners",
    "backstage",
)
"""The lanes every journey has, in the order they are drawn."""

EVERYONE = "all"
"""Stands for every persona where the team assumes an emotion."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _by_language(text: texts.Text) -> texts.Text:
    if isinstance(text, dict):
        if not text:
            raise PydanticCustomError("text_empty", "holds no text in any language")
        for tag in text:
            if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", tag):
                raise PydanticCustomError("text_language", "'{tag}' is not a language tag", {"tag": tag})
    return text


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _rule(value: Any) -> Any:
    return {"event": value} if isinstance(value, str | list | tuple) else value


def _rules(value: Any) -> Any:
    return (value,) if isinstance(value, str | dict | Rule) else value


def _for_everyone(value: Any) -> Any:
    return value if isinstance(value, dict) else {EVERYONE: value}


def _case(value: Any) -> Any:
    if isinstance(value, dict | Session) or value in ("customer", "case"):
        return value
    raise PydanticCustomError("case", "'{given}' is not a case notion", {"given": str(value)})


Text = Annotated[texts.Text, AfterValidator(_by_language)]
Id = Annotated[str, Field(pattern=r"^[^\s/:;#]{1,80}$")]
Strings = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""One string or a list of them."""
Emotion = Annotated[float, Field(ge=-2, le=2)]
Feeling = Literal["joy", "trust", "curiosity", "surprise", "confusion", "disappointment", "anxiety", "anger"]
FEELINGS: tuple[Feeling, ...] = get_args(Feeling)


class Part(BaseModel):
    """What all parts of the document share: immutable, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Rule(Part):
    """Which events are meant: all given conditions must hold; within one condition any value does.

    `event` and `channel` take globs (`menu_*`); `where` names dimensions (without the `d_` of the lake).
    """

    event: Strings = ()
    channel: Strings = ()
    where: dict[str, Strings] = {}

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.event or self.channel or self.where):
            raise PydanticCustomError("rule_empty", "a rule without event, channel or where would match everything")
        return self


class End(Rule):
    """The end of the journey: the `nth` event (per case) that fulfils the rule."""

    nth: int = Field(1, ge=1)


class Session(Part):
    """A case is a visit: it ends after this idle time, written as `30m`, `2h` or `1d`."""

    session: str = Field(pattern=r"^([0-9]*[1-9][0-9]*(\.[0-9]+)?|0+\.[0-9]*[1-9][0-9]*)\s*[smhd]$")

    @property
    def seconds(self) -> float:
        """The idle time in seconds."""
        return float(self.session[:-1]) * _UNITS[self.session[-1]]


class Card(Part):
    """A note in a lane of a stage, and what it rests on.

    Evidence is `{verbatim: 812}`, `{finding: ID}`, `{metric: NAME}` (with `stage`, `touchpoint`, `source` where one of
    several is meant), `{theme: ID}` or `{url: ADDRESS}`.
    """

    id: Id
    lane: str
    text: Text
    touchpoint: str | None = None
    persona: str | None = None
    emotion: Emotion | None = None
    feeling: Feeling | None = None
    evidence: tuple[dict[str, JsonValue], ...] = ()
    author: str | None = None


class Touchpoint(Part):
    """A place where customer and company meet; `match` says which events are this touchpoint (any rule)."""

    id: Id
    name: Text
    description: Text | None = None
    context: Text | None = None
    channel: str | None = None
    importance: Literal["low", "medium", "high"] = "medium"
    moment_of_truth: bool = False
    match: Annotated[tuple[Annotated[Rule, BeforeValidator(_rule)], ...], BeforeValidator(_rules)] = ()
    owner: str | None = None
    backstage: Text | None = None
    assumed_emotion: Annotated[dict[str, Emotion], BeforeValidator(_for_everyone)] = {}
    """What the team believes customers feel here, by persona id (or `all`)."""
    assumed_feeling: Annotated[dict[str, Feeling], BeforeValidator(_for_everyone)] = {}


class Stage(Part):
    """A phase of the journey, with its touchpoints and cards."""

    id: Id
    name: Text
    description: Text | None = None
    customer_goal: Text | None = None
    owner: str | None = None
    touchpoints: tuple[Touchpoint, ...] = ()
    cards: tuple[Card, ...] = ()


class Lane(Part):
    """A lane of the team's own, drawn after `after` (default: at the end)."""

    id: Id
    name: Text
    after: str | None = None


class Persona(Part):
    """A kind of customer as the team describes it; `rule` says by dimensions which customers they are."""

    id: Id
    name: Text
    picture: str | None = None
    summary: Text | None = None
    goals: tuple[Text, ...] = ()
    needs: tuple[Text, ...] = ()
    challenges: tuple[Text, ...] = ()
    motives: tuple[Text, ...] = ()
    preferred_channels: Strings = ()
    rule: dict[str, Strings] = {}


def _persona(value: Any) -> Any:
    return {"id": value, "name": value} if isinstance(value, str) else value


class Journey(Part):
    """The whole document."""

    id: Id
    title: Text
    goal: Text | None = None
    scope: Text | None = None
    description: Text | None = None
    owner: str | None = None
    market: str | None = None
    parent: Id | None = None
    """The journey of which this one is a part, closer up."""
    state: Literal["as_is", "to_be"] = "as_is"
    case: Annotated[Literal["customer", "case"] | Session, BeforeValidator(_case)] = "customer"
    start: Annotated[Rule | None, BeforeValidator(_rule)] = None
    end: Annotated[End | None, BeforeValidator(_rule)] = None
    trim: bool = False
    personas: tuple[Annotated[Persona, BeforeValidator(_persona)], ...] = ()
    stages: tuple[Stage, ...] = ()
    lanes: tuple[Lane, ...] = ()
    kpis: tuple[str, ...] = ()

    @property
    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """All touchpoints in the order drawn."""
        return tuple(t for s in self.stages for t in s.touchpoints)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for fault in _faults(self):
            raise PydanticCustomError("journey", "{what}", fault._asdict())
        return self


class Fault(NamedTuple):
    """What does not hold together, where in the document, and (for a reference) what it could have meant."""

    what: str
    path: tuple[str | int, ...]
    given: str = ""
    known: tuple[str, ...] = ()


def _faults(journey: Journey) -> Iterator[Fault]:
    yield from _repeated_ids(journey)
    if journey.parent == journey.id:
        yield Fault("a journey is not a part of itself", ("parent",), journey.id)
    yield from _dangling_lanes(journey)
    yield from _dangling_references(journey)
    yield from _end_before_start(journey)


def _repeated_ids(journey: Journey) -> Iterator[Fault]:
    parts: list[tuple[str, tuple[str | int, ...]]] = []
    for s, stage in enumerate(journey.stages):
        parts.append((stage.id, ("stages", s)))
        parts += [(t.id, ("stages", s, "touchpoints", i)) for i, t in enumerate(stage.touchpoints)]
        parts += [(c.id, ("stages", s, "cards", i)) for i, c in enumerate(stage.cards)]
    personas = [(p.id, ("personas", i)) for i, p in enumerate(journey.personas)]
    lanes = [(lane.id, ("lanes", i)) for i, lane in enumerate(journey.lanes)]
    for space in (parts, personas, lanes):
        seen: dict[str, tuple[str | int, ...]] = {}
        for id_, path in space:
            if id_ in seen:
                yield Fault(f"the id '{id_}' is already used by {where(seen[id_])}", (*path, "id"), id_)
            seen[id_] = path
    for id_, path in personas:
        if id_ == EVERYONE:
            yield Fault(f"'{EVERYONE}' stands for every persona and cannot be the id of one", (*path, "id"), id_)


def _dangling_lanes(journey: Journey) -> Iterator[Fault]:
    own = tuple(lane.id for lane in journey.lanes)
    for i, lane in enumerate(journey.lanes):
        others = (*LANES, *(id_ for id_ in own if id_ != lane.id))
        if lane.id in LANES:
            yield Fault(f"'{lane.id}' is a lane that every journey has", ("lanes", i, "id"), lane.id)
        if lane.after is not None and lane.after not in others:
            yield Fault(f"there is no other lane '{lane.after}'", ("lanes", i, "after"), lane.after, others)
    for s, stage in enumerate(journey.stages):
        for c, card in enumerate(stage.cards):
            if card.lane not in LANES and card.lane not in own:
                path = ("stages", s, "cards", c, "lane")
                yield Fault(f"there is no lane '{card.lane}'", path, card.lane, (*LANES, *own))


def _dangling_references(journey: Journey) -> Iterator[Fault]:
    personas = tuple(p.id for p in journey.personas)
    touchpoints = tuple(t.id for t in journey.touchpoints)
    for s, stage in enumerate(journey.stages):
        for t, touchpoint in enumerate(stage.touchpoints):
            for field in ("assumed_emotion", "assumed_feeling"):
                for persona in getattr(touchpoint, field):
                    if persona not in (*personas, EVERYONE):
                        path: tuple[str | int, ...] = ("stages", s, "touchpoints", t, field, persona)
                        yield Fault(f"there is no persona '{persona}'", path, persona, (*personas, EVERYONE))
        for c, card in enumerate(stage.cards):
            path = ("stages", s, "cards", c)
            if card.persona is not None and card.persona not in personas:
                yield Fault(f"there is no persona '{card.persona}'", (*path, "persona"), card.persona, personas)
            if card.touchpoint is not None and card.touchpoint not in touchpoints:
                what = f"there is no touchpoint '{card.touchpoint}'"
                yield Fault(what, (*path, "touchpoint"), card.touchpoint, touchpoints)


def _end_before_start(journey: Journey) -> Iterator[Fault]:
    """The end lies before the start when every stage that can hold it is drawn before any that can hold the start."""
    if journey.start is None or journey.end is None or journey.end.nth > 1:
        return
    first, last = _stages_of(journey, journey.start), _stages_of(journey, journey.end)
    if first and last and max(last) < min(first):
        ends, starts = journey.stages[max(last)].id, journey.stages[min(first)].id
        yield Fault(f"the journey would end (in '{ends}') before it starts (in '{starts}')", ("end",))


def _stages_of(journey: Journey, rule: Rule) -> set[int]:
    return {
        s
        for s, stage in enumerate(journey.stages)
        for touchpoint in stage.touchpoints
        for match in touchpoint.match
        if any(fnmatchcase(a, b) or fnmatchcase(b, a) for a in match.event or ("*",) for b in rule.event or ("*",))
    }


def where(path: tuple[str | int, ...]) -> str:
    """A place in the document as people read it: `stages[0].touchpoints[2]`."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".") or "the document"
