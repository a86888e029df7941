"""Numbers that somebody else computed, as the metrics lane shows them: one item a metric and place, its latest value in
front and its earlier ones behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desirepath.insight.model import MapData
from desirepath.locale import numbers, say
from desirepath.render import figures
from desirepath.render.facts import place
from desirepath.render.view import Figure, Item


def metrics(data: MapData, stage: int, language: str) -> Iterator[Item]:
    """The metrics of a stage and of its touchpoints."""
    here = data.journey.stages[stage]
    touchpoints = {t.id: t for t in here.touchpoints}
    series: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for metric in data.metrics:
        touchpoint = str(metric.get("touchpoint") or "")
        if touchpoint in touchpoints or (not touchpoint and metric.get("stage") == here.id):
            key = (str(metric["metric"]), touchpoint, str(metric.get("source", "")))
            series.setdefault(key, []).append(metric)
    for (name, touchpoint, source), values in series.items():
        values.sort(key=lambda m: str(m["to"]))
        yield Item(
            id=f"metric:{here.id}:{touchpoint}:{name}:{source}",
            text=f"{figures.name_of('kpi', name, language)} {_value(name, values[-1], language)}",
            detail=_when(values, source, language),
            source="evidence",
            kind="metric",
            place=place(data, stage, touchpoints.get(touchpoint), language),
            stage=stage,
            facts=tuple(_facts(name, values, language)),
        )


def _value(name: str, metric: dict[str, Any], language: str) -> str:
    return figures.quantity(name, metric.get("value"), metric.get("unit"), language)


def _period(metric: dict[str, Any], language: str) -> str:
    return say("line.period", language, start=metric["from"], end=numbers.last_day(metric["to"]))


def _when(values: list[dict[str, Any]], source: str, language: str) -> str:
    if len(values) == 1:
        return f"{_period(values[0], language)} · {source}"
    last = _period(values[-1], language)
    return say("line.periods", language, period=last, n=len(values), start=values[0]["from"]) + f" · {source}"


def _facts(name: str, values: list[dict[str, Any]], language: str) -> Iterator[Figure]:
    largest = max((abs(m["value"]) for m in values), default=0) or 1
    for metric in reversed(values):
        tip = say("line.n", language, n=metric["n"]) if metric.get("n") else ""
        text = _value(name, metric, language)
        yield Figure("value", _period(metric, language), text, tip, bar=max(0.0, metric["value"] / largest))
