"""The journey document: what the team believes (stages, touchpoints, cards, personas), as pydantic models.

It holds no measured number. Ids are stable and unique within the journey; everything else refers to them.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from desirepath.texts import Text

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

FEELINGS = ("joy", "trust", "curiosity", "surprise", "confusion", "disappointment", "anxiety", "anger")

Id = Annotated[str, Field(pattern=r"^[^\s/:;#]{1,80}$")]
Strings = Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)]
"""One string or a list of them."""
Emotion = Annotated[float, Field(ge=-2, le=2)]


class Part(BaseModel):
    """What all parts of the document share: immutable, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(Part):
    """Which events are meant: all given conditions must hold; within one condition any value does.

    `event` and `channel` take globs (`menu_*`); `where` names dimensions (without the `d_` of the lake).
    """

    event: Strings = ()
    channel: Strings = ()
    where: dict[str, Strings] = {}


class End(Rule):
    """The end of the journey: the `nth` event (per case) that fulfils the rule."""

    nth: int = Field(1, ge=1)


class Session(Part):
    """A case is a visit: it ends after this idle time, written as `30m`, `2h` or `1d`."""

    session: str = Field(pattern=r"^\d+(\.\d+)?\s*[smhd]$")

    @property
    def seconds(self) -> float:
        """The idle time in seconds."""
        number, unit = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", self.session).groups()  # type: ignore[union-attr]
        return float(number) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]


class Card(Part):
    """A note in a lane of a stage, and what it rests on (`{verbatim: 812}`, `{url: …}`, `{finding: …}`)."""

    id: Id
    lane: str
    text: Text
    touchpoint: str | None = None
    persona: str | None = None
    emotion: Emotion | None = None
    feeling: Literal[FEELINGS] | None = None  # type: ignore[valid-type]
    evidence: tuple[dict[str, Any], ...] = ()


class Touchpoint(Part):
    """A place where customer and company meet; `match` says which events are this touchpoint (any rule)."""

    id: Id
    name: Text
    description: Text | None = None
    context: Text | None = None
    channel: str | None = None
    importance: Literal["low", "medium", "high"] = "medium"
    moment_of_truth: bool = False
    match: tuple[Rule, ...] = ()
    owner: str | None = None
    backstage: Text | None = None
    assumed_emotion: dict[str, Emotion] = {}
    """What the team believes customers feel here, by persona id (or `all`)."""
    assumed_feeling: dict[str, Literal[FEELINGS]] = {}  # type: ignore[valid-type]


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
    state: Literal["as_is", "to_be"] = "as_is"
    case: Literal["customer", "case"] | Session = "customer"
    start: Rule | None = None
    end: End | None = None
    trim: bool = False
    personas: tuple[Annotated[Persona, BeforeValidator(_persona)], ...] = ()
    stages: tuple[Stage, ...] = ()
    lanes: tuple[Lane, ...] = ()
    kpis: tuple[str, ...] = ()

    @property
    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """All touchpoints in the order drawn."""
        return tuple(t for s in self.stages for t in s.touchpoints)
