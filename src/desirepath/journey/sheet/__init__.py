"""An existing map from XLSX or CSV, as teams keep them: guessed, and shown to a person before it is kept.

Everything in the file is either part of the journey or listed as unread; what was assumed is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desirepath.errors import JourneyError
from desirepath.journey.model import Journey
from desirepath.journey.sheet import grid as grids
from desirepath.journey.sheet import layouts
from desirepath.journey.sheet.cards import fill_cards
from desirepath.journey.sheet.draft import Draft, Unread
from desirepath.journey.sheet.fill import about, fill
from desirepath.journey.sheet.grid import Grid
from desirepath.journey.sheet.matches import propose

__all__ = ["Guess", "Unread", "read"]


@dataclass(frozen=True)
class Guess:
    """The journey that a sheet seems to hold, what was assumed to read it so, and the cells that are not in it."""

    journey: Journey
    assumptions: tuple[str, ...]
    unread: tuple[Unread, ...]


def read(path: str | Path, *, events: Sequence[str] = ()) -> Guess:
    """Reads the sheet that looks most like a map.

    `events` are names of known events: touchpoints whose names resemble them get matching rules. Raises `JourneyError`
    when no sheet looks like a map.
    """
    path = Path(path)
    sheets, assumptions = grids.read(path, layouts.score)
    best = max(sheets, key=layouts.score, default=None)
    layout = layouts.find(best) if best else None
    if best is None or layout is None:
        hint = (
            "name the stages in one row and the lanes (touchpoints, emotions, pain points …) in the first column, "
            "or the columns stage, type, text and touchpoint for one card a row"
        )
        raise JourneyError("no table here looks like a journey map", where=path.name, hint=hint)
    draft = _draft(best, layout)
    draft.assumptions[:0] = [*assumptions, layout.said(best)]
    _leave(draft, [sheet for sheet in sheets if sheet is not best])
    _match(draft, events)
    return Guess(draft.journey(path.stem), tuple(draft.assumptions), tuple(draft.unread))


def _draft(grid: Grid, layout: layouts.Layout) -> Draft:
    draft = Draft()
    about(draft, grid, layout)
    if layout.kind == "cards":
        fill_cards(grid, layout, draft)
    else:
        fill(draft, grid, layout)
    if not any(stage.touchpoints for stage in draft.stages):
        draft.assume("no touchpoints were found; without them the map cannot be held against data")
    return draft


def _leave(draft: Draft, sheets: list[Grid]) -> None:
    for sheet in sheets:
        for row, column in sheet.filled():
            draft.unread.append(Unread(sheet.address(row, column), sheet.at(row, column), "stands in another sheet"))


def _match(draft: Draft, events: Sequence[str]) -> None:
    touchpoints = [touchpoint for stage in draft.stages for touchpoint in stage.touchpoints]
    for touchpoint, names in zip(touchpoints, propose([t.name for t in touchpoints], events), strict=True):
        if names:
            touchpoint.match = names
            draft.assume(f"'{touchpoint.name}' is where these events happen: {', '.join(names)}")
    without = [t.name for t in touchpoints if not t.match]
    if events and without:
        draft.assume(f"no event resembles {', '.join(f'‘{name}’' for name in without)}: their rules are left empty")
