"""What customers say: themes, their own words, and teaching how they are read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from desirepath.errors import DesirepathError
from desirepath.insight.words import ThemeLane, lane_of_theme
from desirepath.server.problems import said
from desirepath.server.studio import Here, Studio, Who
from desirepath.times import moment
from desirepath.voice import decisions
from desirepath.voice.voice import Voice

router = APIRouter(tags=["voice"])

State = Literal["frustration", "indifference", "delight"]
Journey = Annotated[
    str | None,
    Query(max_length=80, description="By whose touchpoints texts are placed; left out: as their source said"),
]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10**9)]


class Tone(BaseModel):
    """How the company's own words sound, apart from the emotion of its customers."""

    texts: int
    mean: float | None


class Contradictions(BaseModel):
    """Scored texts whose words say the opposite; `ids` are the surest."""

    n: int
    ids: list[str]


class Overview(BaseModel):
    """How much was said, in which languages, by which layer it was read, and how it feels (−2 to +2)."""

    feedback: int
    about_us: int
    competitors: dict[str, int]
    company_words: int
    texts: dict[str, Any]
    languages: dict[str, int]
    unknown_language: int
    kinds: dict[str, int]
    layers: dict[str, int]
    nps_groups_against_score: list[dict[str, Any]]
    unusable_scores: int
    emotion: float | None
    states: dict[str, int]
    feelings: dict[str, int]
    tone_of_the_company: Tone
    contradictions: Contradictions


class Theme(BaseModel):
    """What people talk about, named by their own words; `growing` and `new` are told from chance."""

    id: str
    language: str
    name: str
    size: int
    share: float = Field(description="Of the texts in its language")
    emotion: float | None
    growing: bool
    new: bool
    pinned: bool
    terms: list[str]
    touchpoints: dict[str, int]
    months: dict[str, int]
    alike: list[str] = Field(description="Themes of other languages about the same")
    verbatims: list[str]
    quoted: list[str] = Field(description="The ids of these verbatims")
    lane: ThemeLane = Field(description="Where a card made of it belongs")


class ThemeChange(BaseModel):
    """What is decided about a theme: it holds for the theme whose words are most alike, whatever comes later."""

    action: Literal["rename", "merge", "pin"]
    name: str | None = Field(None, max_length=100, description="For `rename`")
    into: str | None = Field(None, max_length=200, description="For `merge`: the id of the other theme")


class Decision(BaseModel):
    """Something that was decided about a theme."""

    number: int
    action: Literal["rename", "merge", "pin"]
    language: str
    theme: str
    name: str | None
    into: str | None
    author: str | None
    created: datetime
    undone: datetime | None


class DecisionMade(BaseModel):
    """The number by which the decision is taken back."""

    number: int


class Verbatim(BaseModel):
    """A text, masked, as it was read: `layer` says by what (score, label, model, lexicon)."""

    id: str
    text: str
    source: str | None
    kind: str | None
    at: str | None
    language: str | None
    emotion: float | None
    layer: str | None
    confidence: float | None
    feeling: str | None
    touchpoint: str | None


class VerbatimsPage(BaseModel):
    """Some of the texts, the strongest feelings first, and how many there are."""

    total: int
    verbatims: list[Verbatim]


class Quality(BaseModel):
    """How well texts of a language are read, measured on texts that the model never saw."""

    language: str
    texts: int
    rated: int
    layer: str
    model: dict[str, Any] | None
    lexicon: dict[str, Any] | None


class Label(BaseModel):
    """What a text expresses: −2 (frustrated) to +2 (delighted)."""

    id: str = Field(max_length=200)
    emotion: float = Field(ge=-2, le=2)


class Labels(BaseModel):
    """Labels for texts."""

    labels: list[Label] = Field(min_length=1, max_length=500)


class LabelsKept(BaseModel):
    """How many were kept."""

    labels: int


class Group(BaseModel):
    """Customers of one value, and how many of them were heard."""

    name: str
    customers: int
    heard: int
    rate: float
    emotion: float | None


class Coverage(BaseModel):
    """Who is not heard: the mean emotion as it is, and re-weighted for it; `turns`: that makes a difference."""

    by: str
    groups: list[Group]
    plain: float | None
    low: float | None
    high: float | None
    reweighted: float | None
    unheard: int
    turns: bool


@router.get("/api/voice", summary="What was said, and how it feels", responses=said(404))
def overview(studio: Here, journey: Journey = None) -> Overview:
    """Of all feedback."""
    return Overview(**studio.voices.get(journey).overview())


@router.get("/api/voice/themes", summary="What people talk about", responses=said(404))
def themes(studio: Here, journey: Journey = None) -> list[Theme]:
    """Language by language, pinned ones first."""
    found = studio.voices.get(journey).themes_json()
    return [
        Theme(**theme, lane=lane_of_theme(theme["language"], theme["emotion"], theme["verbatims"])) for theme in found
    ]


@router.get("/api/voice/decisions", summary="What was decided about themes")
def history(studio: Here, limit: Limit = 100) -> list[Decision]:
    """The newest first, those taken back included."""
    return [Decision(**vars(made)) for made in decisions.history(studio.workspace.database, limit)]


@router.post("/api/voice/themes/{theme}", summary="Rename, merge or pin a theme", responses=said(404), status_code=201)
def change(theme: str, given: ThemeChange, studio: Here, who: Who) -> DecisionMade:
    """It holds from now on."""
    voice = studio.voices.get()
    number = voice.edit_theme(given.action, theme, name=given.name, into=given.into, author=who.name)
    studio.audit(who, f"theme_{given.action}", theme, name=given.name, into=given.into)
    return DecisionMade(number=number)


@router.delete(
    "/api/voice/decisions/{number}", summary="Take a decision about a theme back", responses=said(404), status_code=204
)
def undo(number: int, studio: Here, who: Who) -> None:
    """The theme is as it was."""
    decisions.undo_edit(studio.workspace.database, number)
    studio.audit(who, "theme_decision_undone", str(number))


@router.get("/api/voice/verbatims", summary="Customers' own words", responses=said(404))
def verbatims(
    studio: Here,
    ids: Annotated[
        list[Annotated[str, Field(max_length=200)]] | None,
        Query(alias="id", max_length=500, description="Only these; again for several"),
    ] = None,
    journey: Journey = None,
    stage: Annotated[str | None, Query(max_length=80, description="Needs `journey`")] = None,
    touchpoint: Annotated[str | None, Query(max_length=80)] = None,
    theme: Annotated[str | None, Query(max_length=200)] = None,
    language: Annotated[str | None, Query(max_length=20)] = None,
    state: State | None = None,
    kind: Annotated[str | None, Query(max_length=20)] = None,
    source: Annotated[str | None, Query(max_length=100)] = None,
    search: Annotated[str | None, Query(max_length=200)] = None,
    start: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    to: Annotated[str | None, Query(max_length=40)] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> VerbatimsPage:
    """Masked: without names, addresses and numbers of people."""
    voice = studio.voices.get(journey)
    rows = voice.rows(
        ids=ids, touchpoint=_places(studio, journey, stage, touchpoint), theme=theme, language=language, state_=state,
        kind=kind, source=source, search=search, period=(moment(start, "from"), moment(to, "to")),
    )  # fmt: skip
    shown = voice.shown(rows[offset : offset + limit])
    return VerbatimsPage(total=len(rows), verbatims=[Verbatim(**text) for text in shown])


@router.get("/api/voice/quality", summary="How well texts are read")
def quality(studio: Here) -> list[Quality]:
    """By language."""
    return [Quality(**known) for known in studio.voices.get().quality()]


@router.get("/api/voice/teach", summary="What to label next")
def teach(
    studio: Here, language: Annotated[str | None, Query(max_length=20)] = None, limit: Limit = 20
) -> list[Verbatim]:
    """The texts whose label would help most."""
    return [Verbatim(**text) for text in studio.voices.get().to_label(limit, language)]


@router.post("/api/voice/labels", summary="Say what texts express", status_code=201)
def label(given: Labels, studio: Here, who: Who) -> LabelsKept:
    """From now on everything is heard by them, too."""
    voice = Voice(studio.workspace.lake, studio.workspace.database, studio.workspace.cache)
    n = voice.label({one.id: one.emotion for one in given.labels}, who.name)
    studio.audit(who, "texts_labelled", labels=n)
    return LabelsKept(labels=n)


@router.delete("/api/voice/labels/{feedback}", summary="Take the labels of a text back", status_code=204)
def unlabel(feedback: str, studio: Here, who: Who) -> None:
    """Where there are none, nothing changes."""
    decisions.unlabel(studio.workspace.database, feedback)
    studio.audit(who, "label_undone", feedback)


@router.get("/api/voice/coverage", summary="Who is not heard")
def coverage(studio: Here, by: Annotated[str, Query(max_length=100)] = "market") -> Coverage:
    """By a dimension of the events."""
    return Coverage(**studio.workspace.coverage(by))


def _places(studio: Studio, journey: str | None, stage: str | None, touchpoint: str | None) -> Any:
    if stage is None:
        return touchpoint
    if journey is None:
        raise DesirepathError("a stage of which journey?", where="stage", hint="give `journey`, too")
    for found in studio.workspace.journeys.get(journey).stages:
        if found.id == stage:
            return [t.id for t in found.touchpoints if touchpoint in (None, t.id)]
    raise DesirepathError(f"the journey has no stage {stage!r}", where="stage")
