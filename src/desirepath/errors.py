"""The one family of errors meant for the person who made the mistake: what was wrong, where, what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class DesirepathError(Exception):
    """Something the person using Desirepath can mend; shown without a traceback, exit code 2.

    `what` is one sentence about what is wrong, `where` names the place (file, line, column, value) and
    `hint` says what would be right.
    """

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  → {self.hint}" if self.hint else text


class JourneyError(DesirepathError):
    """A journey document that cannot be read or does not hold together."""


class MappingError(DesirepathError):
    """A mapping that cannot be read or does not fit the files."""


class IntakeError(DesirepathError):
    """A file that cannot be read at all."""


class LakeError(DesirepathError):
    """The evidence at rest cannot be read or written."""


class WorkspaceError(DesirepathError):
    """A folder that is not a workspace, or one that this version cannot open."""


def did_you_mean(given: str, known: Iterable[str]) -> str | None:
    """The nearest known word as a question, or None when nothing is near."""
    folded = {k.casefold().replace("-", "_"): k for k in known}
    near = get_close_matches(given.casefold().replace("-", "_"), folded, n=1, cutoff=0.6)
    return f"did you mean '{folded[near[0]]}'?" if near else None
