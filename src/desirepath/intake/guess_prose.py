"""Guesses an interview or notes: the text and its author are known, the heading says when, whose and where it was.

Of which kind a text is says a line `kind`, `type` or `method` of its heading; without one it is an interview.
"""

from __future__ import annotations

from typing import Any

from desirepath.intake import speakers
from desirepath.intake.guess_names import KINDS_OF_KEYS, fit, normalised
from desirepath.intake.guess_profile import Profile
from desirepath.intake.guess_table import SURE, Finding, Table, is_personal
from desirepath.intake.makers import slug
from desirepath.intake.mapping import FEEDBACK_KINDS, Cell, Feedback, Id
from desirepath.intake.readers.prose import FIXED
from desirepath.sqltext import literal, name

KINDS = {
    "interview": "interview интервью entrevista 访谈 訪談 采访 採訪",
    "focus_group": "focus_group focusgroup фокус_группа grupo_focal grupo_de_foco 焦点小组 焦點小組 焦點團體",
    "usability": """usability usability_test usability_testing юзабилити юзабилити_тест usabilidade teste_de_usabilidade
        可用性测试 可用性測試""",
    "observation": """observation workshop notes наблюдение воркшоп заметки observação oficina notas
        观察 觀察 工作坊 笔记 筆記""",
}
"""What a heading calls the kinds of feedback that are written down by hand."""
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()} | {k: k for k in FEEDBACK_KINDS}
_NAMES_OF_KINDS = frozenset(
    ("kind", "type", "method", "тип", "вид", "метод", "tipo", "método", "metodo", "类型", "類型", "方法")
)
_LONGEST = 100  # characters of a dimension's value


def guess_prose(table: Table, finding: Finding) -> None:
    """Fills the fields of a block of feedback; nothing has to be asked."""
    table.taken |= set(FIXED)
    for role in ("id", "text", "author"):
        finding.columns[role], finding.confidences[role] = role, SURE
    parts: dict[str, Any] = {role: Cell(column=role) for role in ("id", "text", "author")}
    for role in ("at", "customer", "touchpoint", "language"):
        if columns := _all(table, finding, role):
            parts[role] = (Id if role == "customer" else Cell).model_validate(_first_of(columns))
    if "at" not in parts and table.columns["time"].time_share > 0.9:
        parts["at"] = Cell(column="time")
        finding.columns["at"], finding.confidences["at"] = "time", SURE
    if "at" not in parts:
        finding.notes.append("no heading gives a date that can be read: undated")
    parts["kind"] = _kind(table, finding)
    finding.fields["feedback"] = (Feedback(**parts),)
    finding.fields["dimensions"] = _dimensions(table, finding)
    finding.notes.append("ids are made of file and part: an edited file counts anew only with --replace SOURCE")


def _all(table: Table, finding: Finding, role: str) -> list[str]:
    """The columns that play a role; files in several languages name it differently."""
    found = list[str]()
    test = (lambda p: p.time_share > 0) if role == "at" else (lambda p: True)
    while column := table.take(role, finding, table.best(role, test=test, least=0.75)):
        found.append(column)
    if found:
        finding.columns[role] = " or ".join(found)
    return found


def _first_of(columns: list[str], otherwise: str | None = None) -> dict[str, str]:
    """The first value there is, in a cell's own words."""
    if len(columns) == 1 and otherwise is None:
        return {"column": columns[0]}
    values = [name(column) for column in columns] + ([literal(otherwise)] if otherwise else [])
    return {"sql": f"coalesce({', '.join(values)})"}


def _kind(table: Table, finding: Finding) -> Cell:
    for column, profile in table.columns.items():
        if column in table.taken or normalised(column) not in _NAMES_OF_KINDS:
            continue
        kinds = {value: _KIND_OF.get(normalised(value)) for value in profile.values}
        if kinds and all(kinds.values()) and profile.distinct == len(kinds):
            table.taken.add(column)
            finding.columns["kind"], finding.confidences["kind"] = column, SURE
            return Cell(**_first_of([column], "interview"), values=kinds)  # type: ignore[arg-type]
    finding.notes.append("taken for interviews")
    return Cell(constant="interview")


def _dimensions(table: Table, finding: Finding) -> dict[str, Cell]:
    """The section, and what the heading says beside its roles; names of people are left out."""
    found: dict[str, Cell] = {}
    for column, profile in table.columns.items():
        if not profile.filled or (column in table.taken and column != "section") or profile.length > _LONGEST:
            continue
        if _names_people(column, profile):
            finding.notes.append(f"{column} names people: left out")
            continue
        dimension = slug(normalised(column))
        while dimension.casefold() in {other.casefold() for other in found}:
            dimension += "_2"
        found[dimension] = Cell(column=column)
    if table.columns["speaker"].filled:
        finding.notes.append("speaker names people: left out")
    return found


def _names_people(column: str, profile: Profile) -> bool:
    contact = any(fit(column, kind) >= 0.75 for kind in KINDS_OF_KEYS) or any("@" in value for value in profile.values)
    return contact or is_personal(column) or speakers.role(column) is not None
