"""Finds how a sheet is laid out: stages across and lanes down, stages down and lanes across, or one card a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desirepath.journey.model import LANES
from desirepath.journey.sheet.grid import Grid
from desirepath.journey.sheet.words import meaning

Kind = Literal["across", "down", "cards"]

LOOK_ROWS = 30
LOOK_COLUMNS = 6
WANTED = {*LANES, "goal", "channel", "description"}
"""The headings that make a row or a column of a map."""
CARD_LANES = {"actions", "thoughts", "needs", "pain_points", "opportunities", "metrics", "backstage"}
"""Where these head columns, a row is not one card."""


@dataclass(frozen=True)
class Layout:
    """Where the headings stand: `row` is the header row, `column` the one of lane names (across) or stages (down)."""

    kind: Kind
    row: int
    column: int
    score: float

    def said(self, grid: Grid) -> str:
        """In words."""
        at = grid.address(self.row, self.column)
        return {
            "across": f"stages run across, lanes down; the table begins at {at}",
            "down": f"stages run down, lanes across; the table begins at {at}",
            "cards": f"every row is a card; the headings stand in row {self.row + 1}",
        }[self.kind]


def find(grid: Grid) -> Layout | None:
    """The likeliest layout, or None where nothing looks like a map."""
    found = [layout for layout in (_cards(grid), _down(grid), _across(grid)) if layout]
    return max(found, key=lambda layout: layout.score, default=None)


def score(grid: Grid) -> float:
    """How much of the grid is understood: the number of headings that are known words."""
    layout = find(grid)
    return layout.score if layout else 0


def headings(grid: Grid, row: int) -> dict[int, str]:
    """The meanings of a header row by column; the first of several columns with one meaning has it."""
    found: dict[int, str] = {}
    for column in range(grid.columns):
        key = meaning(grid.at(row, column))
        if key and key not in found.values():
            found[column] = key
    return found


def _cards(grid: Grid) -> Layout | None:
    for row in range(min(grid.rows, LOOK_ROWS)):
        keys = set(headings(grid, row).values())
        if "text" in keys and ("lane" in keys or ("stage" in keys and not keys & CARD_LANES)):
            column = min(headings(grid, row))
            return Layout("cards", row, column, len(keys) + 0.6 + ("lane" in keys) * grid.rows)
    return None


def _down(grid: Grid) -> Layout | None:
    best: Layout | None = None
    for row in range(min(grid.rows, LOOK_ROWS)):
        keys = headings(grid, row)
        wanted = [column for column, key in keys.items() if key in WANTED]
        stage = next((column for column, key in keys.items() if key == "stage"), None)
        column = stage if stage is not None else min(wanted, default=0) - 1
        below = sum(bool(grid.at(r, max(column, 0))) for r in range(row + 1, grid.rows))
        if column < 0 or not below or len(wanted) + (stage is not None) < 2:
            continue
        layout = Layout("down", row, column, len(wanted) + 1.5 * (stage is not None))
        if best is None or layout.score > best.score:
            best = layout
    return best


def _across(grid: Grid) -> Layout | None:
    best: Layout | None = None
    for column in range(min(grid.columns, LOOK_COLUMNS)):
        keys = {row: meaning(grid.spread(row, column)) for row in range(grid.rows)}
        lanes = [row for row, key in keys.items() if key in WANTED]
        labelled = [row for row, key in keys.items() if key == "stage"]
        header = _header(grid, column, labelled[:1] or list(range(min(lanes, default=0) - 1, -1, -1)))
        if header is None or len(lanes) + len(labelled) < 2:
            continue
        distinct = len({keys[row] for row in lanes})
        layout = Layout("across", header, column, distinct + 1.5 * bool(labelled))
        if best is None or layout.score > best.score:
            best = layout
    return best


def _header(grid: Grid, column: int, rows: list[int]) -> int | None:
    """The first of the rows with names of stages right of the lane column."""
    for row in rows:
        if len({grid.spread(row, c) for c in range(column + 1, grid.columns)} - {""}) >= 2:
            return row
    return rows[0] if rows and any(grid.at(rows[0], c) for c in range(column + 1, grid.columns)) else None
