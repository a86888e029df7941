"""The columns of a table that is guessed, which of them are taken, and what was found of each role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb

from desirepath.intake.guess_names import KINDS_OF_KEYS, fit, normalised
from desirepath.intake.guess_profile import Profile, depends
from desirepath.intake.makers import slug
from desirepath.intake.mapping import Cell

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
    "фио",
    "姓名",
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
        """Columns that hold times, in the order of the file; a phone number is none."""
        return [p for p in self.columns.values() if p.time_share > 0.8 and p.filled and fit(p.name, "phone") < 0.75]

    def key_columns(self) -> dict[str, str]:
        """Columns that are keys of customers, by type."""
        found: dict[str, str] = {}
        for role in (*KINDS_OF_KEYS, "customer"):
            best = self.best(role, test=lambda p: p.is_id or fit(p.name, "phone") >= 0.75, least=0.75)
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
            if is_personal(column):
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

    @property
    def names(self) -> str:
        """The columns, for questions."""
        return ", ".join(list(self.columns)[:30])

    def extras(self, finding: Finding, roles: tuple[str, ...]) -> None:
        """Finds roles that only a name can tell."""
        for role in roles:
            if column := self.take(role, finding, self.best(role, test=lambda p: p.distinct <= 200, least=0.9)):
                finding.fields[role] = Cell(column=column)


def is_personal(column: str) -> bool:
    """Whether a column names people or where they live."""
    return normalised(column).replace("_", "") in _PERSONAL
