"""What people decide about the voice, kept in the workspace's database: labels of texts, names and merges of themes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from desirepath.database import Database
from desirepath.database.tables import ThemeEdit, VoiceLabel, now
from desirepath.errors import DesirepathError
from desirepath.voice.themes import Edit, Theme


@dataclass(frozen=True)
class Decision:
    """Something that was decided about a theme, and when it was taken back."""

    number: int
    action: str
    language: str
    theme: str
    name: str | None
    into: str | None
    author: str | None
    created: datetime
    undone: datetime | None


ACTIONS = ("rename", "merge", "pin")


def labels(database: Database) -> dict[str, float]:
    """The labels that hold, by feedback id."""
    with database.read() as session:
        made = session.scalars(select(VoiceLabel).where(VoiceLabel.undone.is_(None)).order_by(VoiceLabel.id))
        return {label.feedback: label.emotion for label in made}


def label(database: Database, given: Mapping[str, float], author: str | None = None) -> int:
    """Keep labels (−2 … +2 by feedback id); gives how many."""
    for feedback, emotion in given.items():
        if not -2 <= emotion <= 2:
            raise DesirepathError(f"a label is −2 … +2, not {emotion:g}", where=f"feedback {feedback}")
    with database.begin() as session:
        session.add_all(VoiceLabel(feedback=f, emotion=float(e), author=author) for f, e in given.items())
    return len(given)


def unlabel(database: Database, feedback: str) -> None:
    """Take the labels of a feedback back."""
    with database.begin() as session:
        for made in session.scalars(
            select(VoiceLabel).where(VoiceLabel.feedback == feedback, VoiceLabel.undone.is_(None))
        ):
            made.undone = now()


def edits(database: Database) -> list[Edit]:
    """The decisions about themes that hold, in the order in which they were made."""
    with database.read() as session:
        made = session.scalars(select(ThemeEdit).where(ThemeEdit.undone.is_(None)).order_by(ThemeEdit.id))
        return [Edit(e.action, e.language, e.terms["own"], e.name, e.terms.get("into")) for e in made]


def history(database: Database, limit: int = 100) -> tuple[Decision, ...]:
    """The newest decisions about themes, those that were taken back included."""
    query = select(ThemeEdit).order_by(ThemeEdit.id.desc()).limit(limit)
    with database.read() as session:
        return tuple(
            Decision(e.id, e.action, e.language, e.theme, e.name, e.into, e.author, e.created, e.undone)
            for e in session.scalars(query)
        )


def fingerprint(database: Database) -> str:
    """Changes whenever a label or a decision about a theme is made or taken back."""
    with database.read() as session:
        counts = [
            session.execute(select(func.max(made.id), func.count(made.undone))).one()
            for made in (VoiceLabel, ThemeEdit)
        ]
    return repr([tuple(count) for count in counts])


def edit(
    database: Database,
    action: str,
    theme: Theme,
    *,
    name: str | None = None,
    into: Theme | None = None,
    author: str | None = None,
) -> int:
    """Keep a decision about a theme; gives its number."""
    if action not in ACTIONS:
        raise DesirepathError(f"a theme cannot be {action!r}", hint=f"use {', '.join(ACTIONS)}")
    if action == "rename" and not (name or "").strip():
        raise DesirepathError("a theme needs a name", where=theme.id)
    if action == "merge" and (into is None or into.id == theme.id or into.language != theme.language):
        raise DesirepathError("a theme merges into another theme of its language", where=theme.id)
    terms = {"own": dict(theme.terms)} | ({"into": dict(into.terms)} if into is not None else {})
    row = ThemeEdit(
        action=action, language=theme.language, theme=theme.id, terms=terms, name=name,
        into=into.id if into else None, author=author,
    )  # fmt: skip
    with database.begin() as session:
        session.add(row)
        session.flush()
        return int(row.id)


def undo_edit(database: Database, number: int) -> None:
    """Take a decision about a theme back."""
    with database.begin() as session:
        row = session.get(ThemeEdit, number)
        if row is None or row.undone is not None:
            raise DesirepathError(f"there is no decision {number} about a theme")
        row.undone = now()
