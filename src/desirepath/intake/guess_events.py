"""Guesses a table of events: who, when, what, and in which walk."""

from __future__ import annotations

from desirepath.intake.guess_names import KINDS_OF_KEYS, fit, normalised
from desirepath.intake.guess_profile import Profile, depends
from desirepath.intake.guess_table import Finding, Table
from desirepath.intake.mapping import Cell, Event, Id


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
        finding.fields["customer"] = Id.model_validate({"column": who, "type": kind})


def _repeated_id(table: Table) -> tuple[Profile, float] | None:
    candidates = [
        p
        for p in table.columns.values()
        if p.is_id and p.name not in table.taken and 1 < p.distinct < p.filled and p.distinct > 0.01 * p.filled
        and p.distinct > 20 and p.number_share < 0.5 and fit(p.name, "event") < 0.4 and fit(p.name, "value") < 0.4
    ]  # fmt: skip
    return (max(candidates, key=lambda p: p.distinct), 0.5) if candidates else None


def guess_events(table: Table, finding: Finding) -> None:
    """Fills the fields of a block of events, or asks."""
    at = table.best("at", test=lambda p: p.time_share > 0.8, least=0.4)
    at = at or table.best("at", test=lambda p: p.time_share >= 0.5, least=0.75)  # its name speaks for it
    stamps = table.times()
    _customer(table, finding)
    event = table.best("event", test=_may_be_event, least=0.4)
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
        finding.questions.append(f"which column says when it happened? (columns: {table.names})")
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
        finding.questions.append(f"which column names the customer? (columns: {table.names}; or say `anonymous: keep`)")
    table.extras(finding, ("channel", "currency"))
    if value := table.take("value", finding, table.best("value", test=lambda p: p.number_share > 0.8, least=0.9)):
        finding.fields["value"] = Cell(column=value)
    if number := table.take("event_id", finding, table.best("event_id", test=lambda p: p.unique, least=0.9)):
        finding.fields["event_id"] = Cell(column=number)
    finding.fields["dimensions"] = table.dimensions(finding, finding.columns.get("event"))


def _may_be_event(p: Profile) -> bool:
    few = 1 <= p.distinct <= max(200, 0.2 * p.rows)
    return few and p.time_share < 0.5 and not normalised(p.name).endswith("_id")


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
            finding.questions.append(f"which column names the customer? (columns: {table.names})")
        else:
            table.take("customer", finding, (unique, 0.5))
            finding.fields["customer"] = Id.model_validate({"column": unique.name})
            finding.notes.append(f"there is no customer: each {unique.name} is taken for one")
    table.extras(finding, ("channel",))
    finding.fields["dimensions"] = table.dimensions(finding)
