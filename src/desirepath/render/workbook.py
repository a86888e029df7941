"""The map as an XLSX workbook: the lanes as the team knows them, and every measure as a number to reckon with.

Texts are always stored as texts, so one that begins with `=`, `+`, `-` or `@` is never a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from desirepath.insight.model import Emotion, Estimate, MapData, Transition, Wait
from desirepath.render.view import View

Line = Mapping[str, Any]


def write_workbook(data: MapData, view: View, path: Path) -> None:
    """Write .xlsx."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": view.title})
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "text": book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
            "number": book.add_format({"valign": "top"}),
        }
        _lanes(book, formats, view)
        _table(book, formats, "Measures", list(_measures(data)))
        _table(book, formats, "Findings", [_finding(f) for f in data.findings])
        _table(book, formats, "Transitions", [_transition(t) for t in data.transitions])
        _table(book, formats, "Touchpoint transitions", [_transition(t) for t in data.touchpoint_transitions])
        paths = [{"path": " → ".join(v.path), "cases": v.cases, "share": v.share} for v in data.variants]
        _table(book, formats, "Variants", paths)
        _table(book, formats, "About", list(_about(data, view)))


def _lanes(book: Any, formats: Mapping[str, Any], view: View) -> None:
    sheet = book.add_worksheet("Map")
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, max(len(view.columns), 1), 34)
    if view.direction == "rtl":
        sheet.right_to_left()
    for c, column in enumerate(view.columns, 1):
        sheet.write_string(0, c, column.name, formats["head"])
    rows = [
        (view.words.get("goal", "Goal"), [column.goal for column in view.columns]),
        *((row.label, ["\n".join(_item(i) for i in cell) for cell in row.cells]) for row in view.rows),
    ]
    for r, (label, cells) in enumerate(rows, 1):
        sheet.write_string(r, 0, label, formats["head"])
        for c, text in enumerate(cells, 1):
            sheet.write_string(r, c, text, formats["text"])


def _item(item: Any) -> str:
    return f"{item.text} ({item.detail})" if item.detail else str(item.text)


def _measures(data: MapData) -> Iterable[Line]:
    """One line a number: where, what, value, interval, n."""
    yield from _estimates("journey", "", data.kpis)
    yield _estimate("journey", "", "completed", data.completed)
    yield _estimate("journey", "", "fitting_share", data.conformance.fitting_share)
    for stage in data.stages:
        for name, count in (("entered", stage.entered), ("continued", stage.continued), ("dropped", stage.dropped)):
            yield _line("stage", stage.id, name, count, None, None, stage.entered, None)
        yield _estimate("stage", stage.id, "drop_rate", stage.drop_rate)
        yield from _wait("stage", stage.id, "dwell", stage.dwell)
        yield from _emotion("stage", stage.id, stage.emotion)
        yield from _estimates("stage", stage.id, stage.kpis)
    for touchpoint in data.touchpoints:
        at = ("touchpoint", touchpoint.id)
        for name, count in (
            ("customers", touchpoint.customers),
            ("cases", touchpoint.cases),
            ("events", touchpoint.events),
        ):
            yield _line(*at, name, count, None, None, touchpoint.cases, None)
        yield _estimate(*at, "repeat_rate", touchpoint.repeat_rate)
        yield from _wait(*at, "wait_before", touchpoint.wait_before)
        yield from _emotion(*at, touchpoint.emotion)
        yield from _estimates(*at, touchpoint.kpis)
    for of in data.coverage:
        for group in of["groups"]:
            n, heard = group["customers"], group["heard"]
            yield _line(of["by"], group["name"], "response_rate", group["rate"], None, None, n, None)
            yield _line(of["by"], group["name"], "heard", heard, None, None, n, None)
        yield _line("coverage", of["by"], "emotion", of["plain"], of["low"], of["high"], of["answers"], None)
        yield _line("coverage", of["by"], "emotion_reweighted", of["reweighted"], None, None, of["answers"], None)


def _line(level: str, id_: str, measure: str, value: Any, low: Any, high: Any, n: int, withheld: str | None) -> Line:
    return {
        "level": level, "id": id_, "measure": measure, "value": value, "low": low, "high": high, "n": n,
        "withheld": withheld,
    }  # fmt: skip


def _estimates(level: str, id_: str, values: Mapping[str, Estimate]) -> Iterable[Line]:
    return (_estimate(level, id_, name, value) for name, value in values.items())


def _estimate(level: str, id_: str, measure: str, of: Estimate) -> Line:
    return _line(level, id_, measure, of.value, of.low, of.high, of.n, of.withheld)


def _emotion(level: str, id_: str, of: Emotion) -> Iterable[Line]:
    yield _line(level, id_, "emotion", of.score, of.low, of.high, of.n, of.withheld)
    if of.trend is not None:
        yield _line(level, id_, "emotion_trend", of.trend.change, of.trend.low, of.trend.high, of.trend.n, None)


def _wait(level: str, id_: str, measure: str, of: Wait) -> Iterable[Line]:
    yield _line(level, id_, f"{measure}_median_s", of.median_s, None, None, of.n, of.withheld)
    yield _line(level, id_, f"{measure}_p90_s", of.p90_s, None, None, of.n, of.withheld)


def _finding(finding: Any) -> Line:
    lost = finding.outcome_lost
    return {
        "id": finding.id, "polarity": finding.polarity, "kind": finding.kind, "title": finding.title,
        "stage": finding.stage, "touchpoint": finding.touchpoint, "cases": finding.cases,
        "customers": finding.customers, "share": finding.share, "severity": finding.severity,
        "outcome_lost": lost.value, "low": lost.low, "high": lost.high, "unit": lost.unit,
        "confidence": finding.confidence,
    }  # fmt: skip


def _transition(step: Transition) -> Line:
    return {
        "from": step.source, "to": step.target, "count": step.count, "cases": step.cases, "median_s": step.median_s,
        "p90_s": step.p90_s,
    }  # fmt: skip


def _about(data: MapData, view: View) -> Iterable[Line]:
    facts = [
        ("title", view.title),
        ("goal", view.goal),
        ("period", view.period),
        ("filters", " · ".join(view.filters)),
        ("customers", data.customers),
        ("cases", data.cases),
        ("events", data.events),
        *(("note", note) for note in view.notes),
        ("desirepath", data.version),
    ]
    return ({"what": what, "value": value} for what, value in facts)


def _table(book: Any, formats: Mapping[str, Any], name: str, lines: Sequence[Line]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    if not lines:
        return
    columns = list(lines[0])
    for c, column in enumerate(columns):
        sheet.write_string(0, c, column, formats["head"])
        texts = any(isinstance(line[column], str) for line in lines)
        sheet.set_column(c, c, 36 if texts and column in ("title", "path", "value") else 18 if texts else 12)
    for r, line in enumerate(lines, 1):
        for c, column in enumerate(columns):
            value = line[column]
            if isinstance(value, str):
                sheet.write_string(r, c, value, formats["text"])
            elif value is not None:
                sheet.write_number(r, c, value, formats["number"])
    sheet.autofilter(0, 0, len(lines), len(columns) - 1)
