"""Estimates, waits and emotions as figures: a formatted number, a tip with interval and n, a definition.

A withheld number reads `n<K` and says why; an unknown one is an en dash.
"""

from __future__ import annotations

from desirepath.insight.model import Emotion, Estimate, Trend, Wait
from desirepath.insight.settings import DAY
from desirepath.locale import has, numbers, say
from desirepath.render.view import Figure, Tone

_SHARES = {
    *("conversion", "retention", "repeat_purchase", "bounce", "bounce_rate", "cart_abandonment", "completion"),
    *("advocacy", "csat_top2", "thumbs_up", "drop_rate", "repeat_rate", "following", "completed"),
    *("backtracking", "skipping", "late_start"),
}
_GOOD, _BAD = 0.5, -0.5
_ARROWS: dict[str | None, str] = {"rising": "↗", "falling": "↘"}


def quantity(name: str, value: float | None, unit: str | None, language: str) -> str:
    """A number the way its unit (or, without one, its well-known name) is written."""
    if unit in ("share", "fraction") or (unit is None and name in _SHARES):
        return numbers.percent(value, language)
    if unit == "s":
        return numbers.duration(value, language)
    if unit == "points" or (unit is None and name == "nps"):
        return numbers.points(value, language)
    if unit in ("cases", "unhappy_cases", "customers", "events"):
        return numbers.integer(value, language)
    if unit is not None and len(unit) == 3 and unit.isupper():
        return numbers.money(value, language, unit)
    if unit in ("stars", "score") or name.startswith(("stars", "csat", "ces")):
        return numbers.fixed(value, language)
    return numbers.decimal(value, language)


def name_of(prefix: str, id_: str, language: str) -> str:
    """The word for an id (`kpi.nps`), or the id itself with blanks for underscores."""
    key = f"{prefix}.{id_}"
    return say(key, language) if has(key) else id_.replace("_", " ").strip().capitalize()


def estimate(id_: str, label: str, measured: Estimate, language: str, *, bar: bool = False) -> Figure:
    """A figure for a number with its interval."""
    if measured.withheld:
        return Figure(id_, label, _withheld_text(measured.withheld), _withheld_tip(measured.withheld, language))
    text = quantity(id_, measured.value, measured.unit, language)
    return Figure(
        id_,
        label,
        text,
        _estimate_tip(id_, measured, language),
        bar=measured.value if bar and measured.value is not None else None,
        definition=definition(id_, language),
    )


def count(id_: str, label: str, value: int, language: str, *, tip: str = "", bar: float | None = None) -> Figure:
    """A figure for a plain count."""
    return Figure(id_, label, numbers.integer(value, language), tip, bar=bar, definition=definition(id_, language))


def wait(id_: str, label: str, measured: Wait, language: str) -> Figure:
    """A figure for a duration: its median, with the 90th percentile in the tip."""
    if measured.withheld:
        return Figure(id_, label, _withheld_text(measured.withheld), _withheld_tip(measured.withheld, language))
    if measured.median_s is None:
        return Figure(id_, label, numbers.NOTHING, say("line.unknown", language), definition=definition(id_, language))
    tip = say("line.wait", language, median=measured.median_s, p90=measured.p90_s, n=measured.n)
    return Figure(id_, label, numbers.duration(measured.median_s, language), tip, definition=definition(id_, language))


def emotion(measured: Emotion, language: str) -> Figure:
    """A figure for an emotion, toned by its score."""
    label = say("frame.emotion", language)
    if measured.withheld:
        return Figure("emotion", label, _withheld_text(measured.withheld), _withheld_tip(measured.withheld, language))
    return Figure(
        "emotion",
        label,
        score_text(measured, language),
        emotion_tip(measured, language),
        tone_of(measured.score),
        definition=definition("emotion", language),
    )


def score_text(measured: Emotion, language: str) -> str:
    """`−1.2`, with an arrow where the emotion rises or falls by more than chance."""
    text = numbers.score(measured.score, language)
    arrow = _ARROWS.get(measured.trend.direction) if measured.trend else None
    return f"{text} {arrow}" if arrow else text


def emotion_tip(measured: Emotion, language: str) -> str:
    """The score with its interval and n, then what kinds of feedback it rests on."""
    if measured.withheld:
        return _withheld_tip(measured.withheld, language)
    if measured.score is None:
        return say("frame.nothing_known", language)
    key = "line.score" if measured.low is not None else "line.score_only"
    first = say(key, language, score=measured.score, low=measured.low, high=measured.high, n=measured.n)
    kinds = sorted(measured.sources.items(), key=lambda kv: -kv[1])
    mix = [say("line.sources_mix", language, kind=name_of("feedback", kind, language), n=n) for kind, n in kinds]
    drawn = [] if measured.pooled is None else [say("line.pooled", language, score=measured.pooled)]
    words = sum(n for layer, n in measured.layers.items() if layer not in ("score", "label"))
    read = [say("line.words_read", language, n=words)] if words else []
    moved = [_trend(measured.trend, language)] if measured.trend else []
    return " · ".join([first, *drawn, *moved, *mix, *read])


def _trend(trend: Trend, language: str) -> str:
    key = f"line.{trend.direction or 'steady'}"
    return say(key, language, change=trend.change, low=trend.low, high=trend.high, span=trend.days * DAY)


def tone_of(score: float | None) -> Tone:
    """Pain below −0.5, delight above +0.5."""
    if score is None or _BAD < score < _GOOD:
        return "neutral"
    return "delight" if score >= _GOOD else "pain"


def definition(id_: str, language: str) -> str:
    """What a figure means, where the catalogue says so."""
    key = f"define.{id_}"
    return say(key, language) if has(key) else ""


def _estimate_tip(id_: str, measured: Estimate, language: str) -> str:
    if measured.value is None:
        return say("line.unknown", language)
    if measured.low is None or measured.high is None:
        return say("line.n", language, n=measured.n)
    low = quantity(id_, measured.low, measured.unit, language)
    high = quantity(id_, measured.high, measured.unit, language)
    return say("line.estimate", language, low=low, high=high, n=measured.n)


def _withheld_text(withheld: str) -> str:
    return withheld.replace("<", " < ")


def _withheld_tip(withheld: str, language: str) -> str:
    return say("line.withheld", language, n=int("".join(filter(str.isdigit, withheld)) or 0))
