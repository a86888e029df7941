"""Which kind of evidence a table holds and which of its columns plays which role."""

from __future__ import annotations

from typing import Any

import duckdb

from desirepath.intake.guess_events import guess_events
from desirepath.intake.guess_profile import profiles
from desirepath.intake.guess_prose import guess_prose
from desirepath.intake.guess_scores import scale_of
from desirepath.intake.guess_table import SURE, Finding, Table
from desirepath.intake.mapping import Cell, Feedback, Id, Metric, Score
from desirepath.intake.readers.prose import ProseTable
from desirepath.intake.readers.table import RawTable


def find(con: duckdb.DuckDBPyConnection, tables: list[RawTable], kind: str | None = None) -> Finding:
    """What tables of the same columns hold; `kind` says it if it is known."""
    table = Table(con, profiles(con, tables))
    finding = Finding()
    prose = all(isinstance(raw, ProseTable) for raw in tables) and kind in (None, "feedback")
    kind = kind or ("feedback" if prose else table.kind())
    finding.fields["kind"] = kind
    guesser = guess_prose if prose else _GUESSERS[kind]
    guesser(table, finding)
    return finding


def _feedback(table: Table, finding: Finding) -> None:
    parts: dict[str, Any] = {}
    text = table.best("text", test=lambda p: p.number_share < 0.5 and p.time_share < 0.5)
    if text is None:
        longest = max((p for p in table.columns.values() if p.is_text), key=lambda p: p.length, default=None)
        text = None if longest is None else (longest, 0.6)
    if text is None:
        text = table.best("weak_text", test=lambda p: p.is_text, least=0.75)
    if column := table.take("text", finding, text):
        parts["text"] = Cell(column=column)
    score = table.best("score", test=lambda p: scale_of(p) is not None)
    if score is not None:
        scale = scale_of(score[0])
        assert scale is not None
        column = table.take("score", finding, score)
        parts["score"] = Score(column=column, scale=scale.name, values=scale.values)
        finding.notes.append(f"{column} is read on the scale {scale.name} ({scale.why})")
        finding.confidences["score"] = min(finding.confidences["score"], scale.sure)
    if not parts:
        finding.questions.append(f"which column holds the text or the score? (columns: {table.names})")
    stamps = [p for p in table.times() if p.name not in table.taken]
    at = table.best("at", test=lambda p: p.time_share > 0.8) or ((stamps[0], 0.6) if stamps else None)
    if column := table.take("at", finding, at):
        parts["at"] = Cell(column=column)
    for role in ("customer", "case"):
        if column := table.take(role, finding, table.best(role, test=lambda p: p.is_id, least=0.75)):
            parts[role] = Id.model_validate({"column": column}) if role == "customer" else Cell(column=column)
    if column := table.take("id", finding, table.best("id", test=lambda p: p.unique, least=0.75)):
        parts["id"] = Cell(column=column)
    for role in ("language", "touchpoint"):
        if column := table.take(role, finding, table.best(role, test=lambda p: p.distinct <= 200, least=0.75)):
            parts[role] = Cell(column=column)
    scaled = parts.get("score")
    parts["kind"] = Cell(
        constant="survey" if scaled is not None and scaled.scale in ("nps", "csat5", "csat7") else "review"
    )
    if parts.keys() & {"text", "score"}:
        finding.fields["feedback"] = (Feedback(**parts),)
    finding.fields["dimensions"] = table.dimensions(finding, finding.columns.get("score"))


def _customers(table: Table, finding: Finding) -> None:
    column = table.take("customer", finding, table.best("customer", test=lambda p: p.is_id))
    if column is None:
        finding.questions.append(f"which column names the customer? (columns: {table.names})")
    else:
        finding.fields["customer"] = Id.model_validate({"column": column})
    finding.fields["dimensions"] = table.dimensions(finding)


def _keys(table: Table, finding: Finding) -> None:
    keys = table.key_columns()
    for role, column in keys.items():
        table.take(role, finding, (table.columns[column], SURE))
    finding.fields["keys"] = {r: Id.model_validate({"column": c, "type": r}) for r, c in keys.items()}
    if len(keys) < 2:
        finding.questions.append(f"which columns are keys of one customer? (columns: {table.names})")
    if "phone" in keys:
        finding.notes.append("phone numbers without a country code cannot be read: say `region:` of the key")


def _metrics(table: Table, finding: Finding) -> None:
    parts: dict[str, Any] = {}
    stamps = table.times()
    when = table.best("period", least=0.75) or ((stamps[0], 0.6) if stamps else None)
    for role, found in (
        ("metric", table.best("metric", least=0.4)),
        ("value", table.best("value", test=lambda p: p.number_share > 0.8, least=0.4)),
        ("start", when),
        ("n", table.best("n", test=lambda p: p.number_share > 0.8, least=0.75)),
    ):
        if column := table.take(role, finding, found):
            parts[role] = Cell(column=column)
        elif role != "n":
            finding.questions.append(f"which column holds the {role} of the metric? (columns: {table.names})")
    for role in ("touchpoint",):
        if column := table.take(role, finding, table.best(role, least=0.75)):
            parts[role] = Cell(column=column)
    if not finding.questions:
        finding.fields["metrics"] = (Metric(**parts, every="month"),)
        finding.notes.append("each number is taken to be of one month")


_GUESSERS = {
    "events": guess_events,
    "feedback": _feedback,
    "metrics": _metrics,
    "customers": _customers,
    "keys": _keys,
}
KINDS = tuple(_GUESSERS)
