"""The table of verdicts on touchpoints, stages and cards."""

from __future__ import annotations

from typing import Any

import pytest

from desirepath.eventlog.model import Rules
from desirepath.insight.cards import Measured, Metric, on_card
from desirepath.insight.ground import Ground, Kind
from desirepath.insight.model import Emotion, Estimate, Finding, StageView, TouchpointView, Wait
from desirepath.insight.settings import DAY, Settings
from desirepath.insight.verdicts import Horizon, Ruling, Seen, assumed_of, on_stage, on_touchpoint
from desirepath.journey.model import Card, Stage, Touchpoint

SECOND = 1_000_000
DAY_US = int(DAY) * SECOND
UNKNOWN, VERY_GOOD = Emotion(None, None, None, 0, 0.0, {}), Emotion(1.5, 1.2, 1.8, 9, 9, {})
GOOD, BAD, UNCLEAR = (Emotion((low + high) / 2, low, high, 50, 50, {}) for low, high in ((0.5, 1), (-1, -0.5), (-1, 1)))
MENU = Touchpoint(id="menu", name="Menu", channel="store", match=({"event": "menu_*"},))  # type: ignore[arg-type]
MATCHES = (Rules.Match(event=("menu_*",)),)
SETTINGS = Settings()


def kind(event: str, channel: str | None = "web", source: str = "shop", first: int = 0, last: int = 100) -> Kind:
    return Kind(source, event, channel, {}, 10, first * DAY_US, last * DAY_US)


def horizon(*kinds: Kind, start: int | None = None, narrowed: bool = False, cases: int = 50) -> Horizon:
    begin = None if start is None else start * DAY_US
    return Horizon(Ground(kinds), begin, None, 100 * DAY_US, 25 * DAY_US, narrowed, cases)


def seen(cases: int = 0, last: int = 100, feedback: int = 0, emotion: Emotion = UNKNOWN) -> Seen:
    return Seen(cases, last * DAY_US if cases else None, feedback, emotion)


@pytest.mark.parametrize(
    ("what", "evidence", "verdict", "reason"),
    [
        (seen(5), horizon(), "supported", "walked"),
        (seen(4), horizon(), "no_data", "too_few"),
        (seen(0, feedback=5), horizon(), "supported", "heard"),
        (seen(50, last=74), horizon(), "stale", "last_seen_long_ago"),
        (seen(50, last=75), horizon(), "supported", "walked"),
        (seen(0), horizon(), "no_data", "not_covered"),
        (seen(0), horizon(kind("visit")), "no_data", "not_covered"),  # another channel, another event
        (seen(0), horizon(kind("visit", channel="store")), "contradicted", "nobody_walks"),  # its channel is heard
        (seen(0), horizon(kind("menu_open", source="t"), kind("sale", source="t")), "contradicted", "nobody_walks"),
        (seen(0), horizon(kind("visit", channel="store"), narrowed=True), "contradicted", "nobody_here"),
        (seen(0), horizon(kind("visit", channel="store"), cases=4), "no_data", "too_few"),  # of four, nobody is nothing
        (seen(0), horizon(kind("visit", channel="store", last=40), start=50), "no_data", "not_covered"),
        (seen(0), horizon(kind("menu_open", last=40), kind("visit"), start=50), "stale", "walked_before_period"),
        (seen(0), horizon(kind("visit", channel=None)), "no_data", "not_covered"),
    ],
)  # fmt: skip
def test_touchpoints(what: Seen, evidence: Horizon, verdict: str, reason: str) -> None:
    found = on_touchpoint(MENU, MATCHES, what, evidence, SETTINGS)
    assert found == Ruling(verdict, f"verdict.{reason}")  # type: ignore[arg-type]


def test_a_touchpoint_without_a_rule_has_no_data() -> None:
    bare = Touchpoint(id="x", name="X")
    assert on_touchpoint(bare, (), seen(), horizon(kind("visit")), SETTINGS).reason == "verdict.no_rule"
    assert on_touchpoint(MENU, (), seen(), horizon(kind("visit")), SETTINGS).reason == "verdict.rule_cannot_match"


@pytest.mark.parametrize(
    ("assumed", "measured", "verdict"),
    [
        (1, BAD, "contradicted"), (-1, GOOD, "contradicted"), (1, GOOD, "supported"), (-1, BAD, "supported"),
        (1, UNCLEAR, "supported"), (0, GOOD, "supported"), (1, UNKNOWN, "supported"),
    ],
)  # fmt: skip
def test_an_emotion_contradicts_only_when_its_interval_excludes_the_assumed_sign(
    assumed: float, measured: Emotion, verdict: str
) -> None:
    menu = MENU.model_copy(update={"assumed_emotion": {"all": assumed}})
    assert on_touchpoint(menu, MATCHES, seen(50, emotion=measured), horizon(), SETTINGS).verdict == verdict


def test_which_assumption_counts() -> None:
    menu = MENU.model_copy(update={"assumed_emotion": {"ann": 2, "bob": -1}})
    assert assumed_of(menu, "ann") == 2
    assert assumed_of(menu, None) == 0.5
    assert assumed_of(menu, "eve") is None
    assert assumed_of(menu.model_copy(update={"assumed_emotion": {"all": 1}}), "eve") == 1


@pytest.mark.parametrize(("days", "stale_after"), [(1000, 90), (200, 50), (40, 14), (0, 14)])
def test_stale_is_90_days_or_a_quarter_of_the_period_but_never_under_14_days(days: int, stale_after: int) -> None:
    assert SETTINGS.stale_after(days * DAY) == stale_after * DAY


WALKED, HEARD = Ruling("supported", "verdict.walked"), Ruling("supported", "verdict.heard")
OLD, EMPTY = Ruling("stale", "verdict.last_seen_long_ago"), Ruling("contradicted", "verdict.nobody_walks")
BLIND, FEELS = Ruling("no_data", "verdict.not_covered"), Ruling("contradicted", "verdict.feels_opposite")


@pytest.mark.parametrize(
    ("entered", "touchpoints", "verdict"),
    [
        (9, [WALKED, EMPTY], "supported"),
        (9, [OLD, BLIND], "stale"),
        (9, [OLD, WALKED], "supported"),
        (9, [FEELS], "supported"),  # it is walked; how it feels is the touchpoint's matter
        (2, [EMPTY], "no_data"),
        (0, [EMPTY, BLIND], "contradicted"),
        (0, [BLIND], "no_data"),
        (0, [HEARD], "supported"),
        (0, [], "no_data"),
    ],
)
def test_stages(entered: int, touchpoints: list[Ruling], verdict: str) -> None:
    assert on_stage(entered, touchpoints, 5).verdict == verdict


def finding(id_: str, polarity: str, touchpoint: str | None) -> Finding:
    lost = Estimate(1, 0, 2, 9, "cases")
    return Finding(id_, "loop", polarity, "choose", touchpoint, "", 9, 9, 1, 1, lost, 1, 1, ())  # type: ignore[arg-type]


def measured(
    emotion: Emotion,
    findings: tuple[Finding, ...] = (),
    old: dict[str, bool] | None = None,
    metrics: dict[Metric, bool] | None = None,
) -> Measured:
    nothing = Estimate(None, None, None, 0)
    stage = StageView(
        "choose", "Choosing", 9, 9, 9, 0, nothing, Wait(None, None, 0), emotion, {}, "supported", "verdict.walked"
    )
    touchpoint = TouchpointView(
        "menu", "choose", "Menu", None, 9, 9, 9, emotion, Wait(None, None, 0), nothing, {}, "stale",
        "verdict.last_seen_long_ago", None, None,
    )  # fmt: skip
    return Measured({"choose": stage}, {"menu": touchpoint}, findings, old or {}, metrics or {})


PAIN, ELSEWHERE, JOY = finding("p", "pain", "menu"), finding("q", "pain", "till"), finding("d", "delight", "menu")
QUOTE: dict[str, Any] = {"lane": "needs", "evidence": [{"verbatim": 812}]}
COUNTED: dict[str, Any] = {"lane": "metrics", "evidence": [{"metric": "footfall", "source": "door"}]}
DOOR: Metric = ("footfall", None, None, "door")
BOTH = {"lane": "needs", "evidence": [*QUOTE["evidence"], *COUNTED["evidence"]]}
STAGE = Stage(id="choose", name="Choosing")


@pytest.mark.parametrize(
    ("card", "facts", "verdict", "reason"),
    [
        ({"lane": "pain_points", "touchpoint": "menu"}, measured(UNCLEAR, (PAIN,)), "supported", "pain_found"),
        ({"lane": "pain_points", "touchpoint": "menu"}, measured(UNCLEAR, (ELSEWHERE,)), "no_data", "no_evidence"),
        ({"lane": "pain_points"}, measured(UNCLEAR, (ELSEWHERE,)), "supported", "pain_found"),  # the whole stage
        ({"lane": "pain_points"}, measured(BAD), "supported", "feels_bad"),
        ({"lane": "pain_points"}, measured(GOOD), "contradicted", "feels_good"),
        ({"lane": "pain_points"}, measured(GOOD, (PAIN,)), "supported", "pain_found"),
        ({"lane": "pain_points"}, measured(GOOD, (JOY,)), "contradicted", "feels_good"),
        ({"lane": "opportunities"}, measured(UNKNOWN, (PAIN,)), "supported", "pain_found"),
        ({"lane": "opportunities"}, measured(UNKNOWN), "no_data", "no_evidence"),
        ({"lane": "emotions", "emotion": 1}, measured(GOOD), "supported", "feels_so"),
        ({"lane": "emotions", "emotion": 1}, measured(BAD), "contradicted", "feels_opposite"),
        ({"lane": "emotions", "emotion": 1}, measured(UNCLEAR), "no_data", "no_evidence"),
        ({"lane": "emotions", "emotion": 0}, measured(UNCLEAR), "supported", "feels_so"),
        ({"lane": "emotions", "emotion": 0}, measured(VERY_GOOD), "contradicted", "feels_opposite"),
        ({"lane": "actions", "touchpoint": "menu"}, measured(UNKNOWN), "stale", "last_seen_long_ago"),
        ({"lane": "actions"}, measured(UNKNOWN), "no_data", "no_evidence"),
        ({"lane": "thoughts"}, measured(GOOD, (PAIN,)), "no_data", "no_evidence"),
        (QUOTE, measured(UNKNOWN, (), {"812": False}), "supported", "verbatim_found"),
        (QUOTE, measured(UNKNOWN, (), {"812": True}), "stale", "verbatim_old"),
        (QUOTE, measured(UNKNOWN), "no_data", "verbatim_missing"),
        (COUNTED, measured(UNKNOWN, (), {}, {DOOR: False}), "supported", "metric_found"),
        (COUNTED, measured(UNKNOWN, (), {}, {DOOR: True}), "stale", "metric_old"),
        (COUNTED, measured(UNKNOWN), "no_data", "metric_missing"),
        (BOTH, measured(UNKNOWN, (), {"812": True}, {DOOR: False}), "supported", "metric_found"),
        (BOTH, measured(UNKNOWN, (), {"812": True}), "stale", "verbatim_old"),
        ({"lane": "needs", "evidence": [{"theme": "en:a-b"}]}, measured(UNKNOWN), "no_data", "evidence_elsewhere"),
        ({"lane": "needs", "evidence": [{"url": "https://x"}]}, measured(UNKNOWN), "no_data", "evidence_elsewhere"),
        ({"lane": "needs", "evidence": [{"finding": "p"}]}, measured(UNKNOWN, (PAIN,)), "supported", "finding_stands"),
        ({"lane": "needs", "evidence": [{"finding": "p"}]}, measured(UNKNOWN), "stale", "finding_gone"),
    ],
)  # fmt: skip
def test_cards(card: dict[str, Any], facts: Measured, verdict: str, reason: str) -> None:
    found = on_card(Card(id="c", text="…", **card), STAGE, facts)
    assert (found.verdict, found.reason) == (verdict, f"verdict.{reason}")
