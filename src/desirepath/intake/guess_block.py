"""Which kind of evidence a table holds and which of its columns plays which role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb

from desirepath.intake.guess_names import KINDS_OF_KEYS, fit, normalised
from desirepath.intake.guess_profile import Profile, depends, profiles
from desirepath.intake.guess_scores import scale_of
from desirepath.intake.makers import slug
from desirepath.intake.mapping import Cell, Event, Feedback, Id, Metric, Score
from desirepath.intake.readers.table import RawTable

SURE = 0.95
_MAX_DIMENSION = 100
_PERSONAL = {
    "firstname",
    "lastname",
    "name",
    "fullname",
    "surname",
    "address",
    "street",
    "ip",
    "ipaddress",
    "nome",
    "имя",
}


@dataclass
class Finding:
    """The fields of a block, how sure each is, what was assumed, and what has to be asked."""

    fields: dict[str, Any] = field(default_factory=dict)
    confidences: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)

    def said(self) -> list[str]:
        """The finding in words."""
        roles = [f"{r} = {c} ({self.confidences.get(r, SURE):.0%} sure)" for r, c in self.columns.items()]
        text = [f"guessed {self.fields['kind']}: {', '.join(roles)}"]
        if self.fields.get("dimensions"):
            text.append(f"guessed dimensions: {', '.join(self.fields['dimensions'])}")
        return text + self.notes


def find(con: duckdb.DuckDBPyConnection, tables: list[RawTable], kind: str | None = None) -> Finding:
    """What tables of the same columns hold; `kind` says it if it is known."""
    table = Table(con, profiles(con, tables))
    finding = Finding()
    kind = kind or table.kind()
    finding.fields["kind"] = kind
    {
        "keys": _keys,
        "metrics": _metrics,
        "customers": _customers,
        "feedback": _feedback,
        "events": _events,
    }[kind](table, finding)
    return finding


class Table:
    """The columns of a table and which of them are taken."""

    def __init__(self, con: duckdb.DuckDBPyConnection, columns: dict[str, Profile]) -> None:
        self.con = con
        self.columns = columns
        self.taken: set[str] = set()

    def best(self, role: str, *, test: Any = lambda p: True, least: float = 0.4) -> tuple[Profile, float] | None:
        """The free column whose name fits a role best and whose values pass a test, and how sure that is."""
        ranked = sorted(
            ((fit(c, role), p) for c, p in self.columns.items() if c not in self.taken and p.filled and test(p)),
            key=lambda pair: -pair[0],
        )
        if not ranked or ranked[0][0] < least:
            return None
        strength, profile = ranked[0]
        return profile, round(min(SURE, 0.45 + 0.5 * strength), 2)

    def take(self, role: str, finding: Finding, found: tuple[Profile, float] | None) -> str | None:
        """Gives a column its role."""
        if found is None:
            return None
        profile, sure = found
        self.taken.add(profile.name)
        finding.columns[role], finding.confidences[role] = profile.name, sure
        return profile.name

    def times(self) -> list[Profile]:
        """Columns that hold times, in the order of the file."""
        return [p for p in self.columns.values() if p.time_share > 0.8 and p.filled]

    def key_columns(self) -> dict[str, str]:
        """Columns that are keys of customers, by type."""
        found: dict[str, str] = {}
        for role in (*KINDS_OF_KEYS, "customer"):
            best = self.best(role, test=lambda p: p.is_id or p.spaced > 0.5, least=0.75)
            if best is not None and best[0].name not in found.values():
                found[role] = best[0].name
        return found

    def kind(self) -> str:
        """The kind of evidence."""
        has = {role: self.best(role, least=0.75) for role in ("event", "score", "text", "metric", "period", "value")}
        text = has["text"] is not None or any(p.is_text and p.length > 40 for p in self.columns.values())
        if has["event"] and self.times() and has["event"][1] >= 0.9:
            return "events"
        if has["metric"] and has["value"] and (has["period"] or self.times()) and not self.best("customer", least=0.75):
            return "metrics"
        if text or has["score"]:
            return "feedback"
        keys = self.key_columns()
        if len(keys) >= 2 and not self.times() and len(self.columns) <= len(keys) + 1:
            return "keys"
        who = self.best("customer", least=0.75)
        if who and who[0].unique and len(self.times()) <= 1 and not has["event"]:
            return "customers" if not self.times() else "events"
        return "events"

    def dimensions(self, finding: Finding, like: str | None = None) -> dict[str, Cell]:
        """Free columns whose values form groups; copies of a column that has a role are left out."""
        found: dict[str, Cell] = {}
        for column, p in self.columns.items():
            if column in self.taken or p.distinct < 2 or p.time_share > 0.8 or p.is_text or p.unique:
                continue
            if normalised(column).replace("_", "") in _PERSONAL:
                finding.notes.append(f"{column} names people: left out")
                continue
            if p.distinct > _MAX_DIMENSION or (p.rows >= 20 and p.distinct > 0.5 * p.filled):
                continue
            if p.number_share > 0.9 and (not p.whole or p.distinct > 20):
                continue
            if (
                like is not None
                and depends(self.con, column, like)
                and depends(self.con, like, column)
                and p.distinct > 1
            ):
                finding.notes.append(f"{column} says the same as {like}: left out")
                continue
            name = slug(normalised(column.removeprefix("case:")).removesuffix(":name") if ":" in column else column)
            name = {"lifecycle_transition": "lifecycle", "org_resource": "resource"}.get(name, name)
            known = {n.casefold(): c for n, c in found.items()}
            if name.casefold() in known and depends(self.con, column, str(known[name.casefold()].column)):
                continue
            while name.casefold() in known:
                name += "_2"
            found[name] = Cell(column=column)
        return found


def _customer(table: Table, finding: Finding) -> None:
    """Finds customer and case; where only the case is known, the case is the customer."""
    sessions = table.best("session", test=lambda p: p.is_id, least=0.75)
    exact = table.best("customer", test=lambda p: p.is_id and not p.is_text, least=0.75)
    case = table.best("case", test=lambda p: p.is_id or ":" in p.name, least=0.75)
    if exact is None:
        exact = next((f for k in KINDS_OF_KEYS if (f := table.best(k, least=0.75)) is not None), None)
    if exact is None and case is None and sessions is None:
        exact = _repeated_id(table)
    who = table.take("customer", finding, exact)
    walk = case or sessions
    if walk is not None and walk[0].name not in table.taken:
        table.take("case", finding, walk)
        if sessions is not None and sessions is not walk:
            table.taken.add(sessions[0].name)
    case_column = finding.columns.get("case")
    if case_column is not None:
        finding.fields["case"] = Cell(column=case_column)
    if who is None and case_column is not None:
        who = case_column
        finding.columns["customer"], finding.confidences["customer"] = who, 0.6
        finding.notes.append(f"there is no customer: each case ({case_column}) is taken for one")
    if who is not None:
        kind = next((k for k in ("email", "phone") if fit(who, k) >= 0.75), "customer")
        finding.fields["customer"] = Id(column=who, type=kind)


def _repeated_id(table: Table) -> tuple[Profile, float] | None:
    candidates = [
        p
        for p in table.columns.values()
        if p.is_id and p.name not in table.taken and 1 < p.distinct < p.filled and p.distinct > 0.01 * p.filled
        and p.distinct > 20 and fit(p.name, "event") < 0.4 and fit(p.name, "value") < 0.4
    ]  # fmt: skip
    return (max(candidates, key=lambda p: p.distinct), 0.5) if candidates else None


def _events(table: Table, finding: Finding) -> None:
    at = table.best("at", test=lambda p: p.time_share > 0.8, least=0.4)
    stamps = table.times()
    _customer(table, finding)
    event = table.best(
        "event", test=lambda p: p.time_share < 0.5 and 1 <= p.distinct <= max(200, 0.2 * p.rows), least=0.4
    )
    if event is None and len(stamps) >= 2:
        _life_cycle(table, finding, stamps)
        return
    if at is None and stamps:
        at = stamps[0], 0.6
    if at is None:
        small = table.best("at", test=lambda p: p.number_share > 0.9, least=0.9)
        at = small
    column = table.take("at", finding, at)
    if column is not None:
        finding.fields["at"] = Cell(column=column)
        others = [p.name for p in stamps if p.name != column]
        if others:
            finding.notes.append(f"other times, not used: {', '.join(others)}")
    else:
        finding.questions.append(f"which column says when it happened? (columns: {_names(table)})")
    if event is None:
        event = _event_by_values(table, finding)
    column = table.take("event", finding, event)
    if column is not None:
        finding.fields["event"] = Cell(column=column)
    else:
        finding.questions.append(
            "what happened? no column names an event; name one (`event: COLUMN`) or say it for all rows "
            "(`event: {constant: purchase}`)"
        )
    if "customer" not in finding.fields:
        finding.questions.append(
            f"which column names the customer? (columns: {_names(table)}; or say `anonymous: keep`)"
        )
    _extras(table, finding, ("channel", "currency"))
    if value := table.take("value", finding, table.best("value", test=lambda p: p.number_share > 0.8, least=0.9)):
        finding.fields["value"] = Cell(column=value)
    if number := table.take("event_id", finding, table.best("event_id", test=lambda p: p.unique, least=0.9)):
        finding.fields["event_id"] = Cell(column=number)
    finding.fields["dimensions"] = table.dimensions(finding, finding.columns.get("event"))


def _event_by_values(table: Table, finding: Finding) -> tuple[Profile, float] | None:
    who = finding.columns.get("customer")
    candidates = [
        p
        for p in table.columns.values()
        if p.name not in table.taken and 2 <= p.distinct <= min(200, max(2, p.rows // 3)) and p.number_share < 0.5
        and p.time_share < 0.5 and p.filled > 0.9 * p.rows and not (who and depends(table.con, who, p.name))
        and max(fit(p.name, r) for r in ("channel", "currency", "language")) < 0.75
    ]  # fmt: skip
    varying = [
        p
        for p in candidates
        if not (finding.columns.get("case") and depends(table.con, finding.columns["case"], p.name))
    ]
    if len(varying) != 1:
        return None
    finding.notes.append(f"{varying[0].name} is taken for what happened because it changes from row to row")
    return varying[0], 0.55


def _life_cycle(table: Table, finding: Finding, stamps: list[Profile]) -> None:
    """One row, several times: each becomes an event called like its column."""
    events = []
    for p in stamps:
        if any(word in normalised(p.name) for word in ("estimated", "expected", "limit", "due", "planned", "birth")):
            finding.notes.append(f"{p.name} is a plan, not an event: left out")
            continue
        name = normalised(p.name)
        for affix in ("_timestamp", "_date", "_time", "_at", "_datetime"):
            name = name.removesuffix(affix)
        events.append(Event(event=Cell(constant=name.removeprefix("order_") or name), at=Cell(column=p.name)))
        table.taken.add(p.name)
    finding.fields["events"] = tuple(events)
    finding.columns["events"], finding.confidences["events"] = " + ".join(e.at.shown for e in events), 0.7
    if "customer" not in finding.fields:
        unique = next((p for p in table.columns.values() if p.unique and p.is_id), None)
        if unique is None:
            finding.questions.append(f"which column names the customer? (columns: {_names(table)})")
        else:
            table.take("customer", finding, (unique, 0.5))
            finding.fields["customer"] = Id(column=unique.name)
            finding.notes.append(f"there is no customer: each {unique.name} is taken for one")
    _extras(table, finding, ("channel",))
    finding.fields["dimensions"] = table.dimensions(finding)


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
        finding.questions.append(f"which column holds the text or the score? (columns: {_names(table)})")
    stamps = [p for p in table.times() if p.name not in table.taken]
    at = table.best("at", test=lambda p: p.time_share > 0.8) or ((stamps[0], 0.6) if stamps else None)
    if column := table.take("at", finding, at):
        parts["at"] = Cell(column=column)
    for role in ("customer", "case"):
        if column := table.take(role, finding, table.best(role, test=lambda p: p.is_id, least=0.75)):
            parts[role] = Id(column=column) if role == "customer" else Cell(column=column)
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
        finding.questions.append(f"which column names the customer? (columns: {_names(table)})")
    else:
        finding.fields["customer"] = Id(column=column)
    finding.fields["dimensions"] = table.dimensions(finding)


def _keys(table: Table, finding: Finding) -> None:
    keys = table.key_columns()
    for role, column in keys.items():
        table.take(role, finding, (table.columns[column], SURE))
    finding.fields["keys"] = {r: Id(column=c, type=r) for r, c in keys.items()}
    if len(keys) < 2:
        finding.questions.append(f"which columns are keys of one customer? (columns: {_names(table)})")
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
            finding.questions.append(f"which column holds the {role} of the metric? (columns: {_names(table)})")
    for role in ("touchpoint",):
        if column := table.take(role, finding, table.best(role, least=0.75)):
            parts[role] = Cell(column=column)
    if not finding.questions:
        finding.fields["metrics"] = (Metric(**parts, every="month"),)
        finding.notes.append("each number is taken to be of one month")


def _extras(table: Table, finding: Finding, roles: tuple[str, ...]) -> None:
    for role in roles:
        if column := table.take(role, finding, table.best(role, test=lambda p: p.distinct <= 200, least=0.9)):
            finding.fields[role] = Cell(column=column)


def _names(table: Table) -> str:
    return ", ".join(list(table.columns)[:30])
