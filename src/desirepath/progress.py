"""How long work tells how far it is: callers pass a `Progress`, the default stays silent."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with what is being done, how much of it is done and how much there is (None when unknown).

    May raise `KeyboardInterrupt` to stop the work; what was begun is then undone or swept later.
    """

    def __call__(self, what: str, done: float, total: float | None) -> None:
        """Report; `done` and `total` are in the same unit, whatever it is."""


def silent(what: str, done: float, total: float | None) -> None:
    """A `Progress` that says nothing."""
