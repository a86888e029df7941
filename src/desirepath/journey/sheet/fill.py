"""Reads the cells of a laid-out sheet into a draft; whatever has no place is listed as unread with its cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from desirepath.journey.model import EVERYONE, LANES
from desirepath.journey.sheet import cells
from desirepath.journey.sheet.draft import Draft, DraftCard, DraftStage, DraftTouchpoint, Unread, agree, mean
from desirepath.journey.sheet.grid import Grid, Place
from desirepath.journey.sheet.layouts import Layout
from desirepath.journey.sheet.words import importance, meaning

_ABOUT = {
    "title": "title",
    "persona": "persona",
    "goal": "goal",
    "scope": "scope",
    "owners": "owner",
    "market": "market",
    "description": "description",
}
_FIRST = ("touchpoints", "channel", "persona")
"""Read before the rest of a stage, which refers to them."""


@dataclass(frozen=True)
class Entry:
    """What one cell adds to a stage: the meaning of its heading (or None), the heading, the text, the place."""

    key: str | None
    label: str
    text: str
    place: Place


def fill(draft: Draft, grid: Grid, layout: Layout) -> None:
    """Adds a table that is laid out with stages across or down to the draft."""
    if layout.kind == "across":
        _across(draft, grid, layout)
    else:
        _down(draft, grid, layout)


def unread(draft: Draft, grid: Grid, place: Place, reason: str) -> None:
    """Notes a cell that has no place in the journey."""
    draft.unread.append(Unread(grid.address(*place), grid.at(*place), reason))


def name_of(text: str) -> str:
    """A name in one line and without its number (`1. Awareness`)."""
    return " ".join(cells.unnumbered(text).split()) or text


def about(draft: Draft, grid: Grid, layout: Layout) -> None:
    """What stands above the table: a title, and pairs such as `Persona: Ann`."""
    for row in range(layout.row):
        places = [(row, c) for c in range(grid.columns) if grid.at(row, c)]
        while places:
            place = places.pop(0)
            head, colon, value = grid.at(*place).replace("：", ":", 1).partition(":")
            key = _ABOUT.get(meaning(head) or "")
            if key and not value.strip() and places:
                place = places.pop(0)
                value = grid.at(*place)
            if key and value.strip() and _is_new(draft, key):
                _tell(draft, key, value.strip())
            elif not draft.title and not colon and key in (None, "title"):
                draft.title = name_of(head)
            else:
                unread(draft, grid, place, "stands above the table")


def _is_new(draft: Draft, key: str) -> bool:
    return key == "persona" or not (draft.title if key == "title" else key in draft.fields)


def _tell(draft: Draft, key: str, value: str) -> None:
    if key == "title":
        draft.title = name_of(value)
    elif key == "persona":
        for name in cells.items(value):
            draft.persona(name)
    else:
        draft.fields[key] = value


def _across(draft: Draft, grid: Grid, layout: Layout) -> None:
    corner = grid.at(layout.row, layout.column)
    if corner and meaning(corner) not in ("stage", "title", "lane"):
        if draft.title:
            unread(draft, grid, (layout.row, layout.column), "stands in the corner of the table")
        draft.title = draft.title or name_of(corner)
    stages = _stages_across(draft, grid, layout)
    entries: dict[int, list[Entry]] = {column: [] for column in stages}
    label = ""
    for row in range(layout.row + 1, grid.rows):
        for column in range(layout.column):
            if grid.at(row, column):
                unread(draft, grid, (row, column), "stands left of the lanes' names")
        right = [c for c in range(layout.column + 1, grid.columns) if grid.at(row, c)]
        own = grid.spread(row, layout.column)
        if own and not right:
            if not meaning(own) and grid.at(row, layout.column):
                unread(draft, grid, (row, layout.column), "a heading with nothing beside it")
            continue
        if right and not own and not label:
            draft.assume(f"row {row + 1} has no name and is read as actions")
        label = own or label
        for column in right:
            if column in stages:
                key = meaning(label) if label else "actions"
                entries[column].append(Entry(key, label, grid.at(row, column), (row, column)))
                _note_span(draft, grid, (row, column), stages)
            else:
                unread(draft, grid, (row, column), "stands under no stage")
    for stage in draft.stages:
        columns = [column for column, its in stages.items() if its is stage]
        _put_all(draft, stage, [entry for column in columns for entry in entries[column]])


def _stages_across(draft: Draft, grid: Grid, layout: Layout) -> dict[int, DraftStage]:
    stages: dict[int, DraftStage] = {}
    for column in range(layout.column + 1, grid.columns):
        own, shown = grid.at(layout.row, column), grid.spread(layout.row, column)
        if own:
            draft.stages.append(DraftStage(name_of(own)))
        elif not shown and draft.stages and any(grid.at(r, column) for r in range(layout.row + 1, grid.rows)):
            head = grid.address(layout.row, column)
            draft.assume(f"{head} is empty: the column belongs to '{draft.stages[-1].name}' on its left")
        elif not shown:
            continue
        if draft.stages:
            stages[column] = draft.stages[-1]
    return stages


def _note_span(draft: Draft, grid: Grid, place: Place, stages: dict[int, DraftStage]) -> None:
    end = grid.merged.get(place)
    names = {id(stages[c]): stages[c].name for c in range(place[1], end[1] + 1) if c in stages} if end else {}
    if len(names) > 1:
        first, *_, last = names.values()
        draft.assume(f"{grid.address(*place)} stretches from '{first}' to '{last}' and is kept in '{first}'")


def _down(draft: Draft, grid: Grid, layout: Layout) -> None:
    heads = {c: grid.at(layout.row, c) for c in range(grid.columns)}
    rows: list[tuple[DraftStage, list[Entry]]] = []
    stage: DraftStage | None = None
    blank = False
    for row in range(layout.row + 1, grid.rows):
        filled = [c for c in range(grid.columns) if grid.at(row, c)]
        named = grid.spread(row, layout.column)
        if not filled:
            blank = bool(rows)
            continue
        if blank and len(filled) == 1 and filled[0] <= layout.column:
            unread(draft, grid, (row, filled[0]), "stands below the table")
            continue
        stage = draft.stage(name_of(named)) if named else stage
        if stage is None:
            for column in filled:
                unread(draft, grid, (row, column), "stands beside no stage")
            continue
        rows.append((stage, _row_entries(draft, grid, row, filled, heads, layout.column)))
    several = any(count > 1 for count in Counter(id(stage) for stage, _ in rows).values())
    for stage, entries in rows:
        _put_all(draft, stage, entries, one_touchpoint=several)


def _row_entries(
    draft: Draft, grid: Grid, row: int, filled: list[int], heads: dict[int, str], stage_column: int
) -> list[Entry]:
    entries = []
    for column in filled:
        head = heads[column]
        if column == stage_column:
            continue
        if head in ("#", "№") or meaning(head) == "number":
            draft.assume(f"the column '{head}' only numbers the rows and is not kept")
        elif not head:
            unread(draft, grid, (row, column), "stands in a column without a heading")
        else:
            entries.append(Entry(meaning(head), head, grid.at(row, column), (row, column)))
    return entries


def _put_all(draft: Draft, stage: DraftStage, entries: list[Entry], *, one_touchpoint: bool = False) -> None:
    """Adds the cells of a stage; with `one_touchpoint` a row that names one touchpoint speaks of that one."""
    named = [name for e in entries if e.key == "touchpoints" for name in cells.items(e.text, commas=True)]
    only = stage.touchpoint(*cells.name_and_channel(named[0])) if one_touchpoint and len(named) == 1 else None
    persona = next((draft.persona(e.text) for e in entries if e.key == "persona" and only), None)
    order = sorted(entries, key=lambda e: _FIRST.index(e.key) if e.key in _FIRST else len(_FIRST))
    for entry in order:
        _put(draft, stage, entry, only, persona)


def _put(draft: Draft, stage: DraftStage, entry: Entry, only: DraftTouchpoint | None, persona: str | None) -> None:
    match entry.key:
        case "touchpoints":
            _put_touchpoints(draft, stage, entry)
        case "channel":
            _put_channels(draft, stage, entry, only)
        case "emotions":
            _put_emotions(draft, stage, entry, only, persona)
        case "owners" if only and agree(only.owner, entry.text):
            only.owner = entry.text
        case "owners":
            stage.owners += cells.items(entry.text, commas=True)
        case "goal":
            stage.goal += cells.items(entry.text)
        case "description" if only and agree(only.description, entry.text):
            only.description = entry.text
        case "description":
            stage.description += cells.items(entry.text)
        case "importance" if only and importance(entry.text) and not only.importance:
            only.importance = importance(entry.text)
        case "persona" if persona and persona.casefold() == entry.text.casefold():
            pass
        case _:
            lane = entry.key if entry.key in LANES else draft.own_lane(name_of(entry.label))
            texts = cells.items(entry.text)
            stage.cards += [DraftCard(lane, text, only, persona) for text in texts]


def _put_touchpoints(draft: Draft, stage: DraftStage, entry: Entry) -> None:
    names = cells.items(entry.text, commas=True)
    if len(names) > len(cells.items(entry.text)):
        draft.assume("touchpoints listed with commas are several touchpoints")
    for name, channel in map(cells.name_and_channel, names):
        stage.touchpoint(name, channel)


def _put_channels(draft: Draft, stage: DraftStage, entry: Entry, only: DraftTouchpoint | None) -> None:
    channels = cells.items(entry.text, commas=True)
    free = [touchpoint for touchpoint in stage.touchpoints if touchpoint.channel is None]
    if only and agree(only.channel, entry.text):
        only.channel = entry.text
    elif not only and free and len(channels) == 1:
        for touchpoint in free:
            touchpoint.channel = channels[0]
    elif not only and free == stage.touchpoints and len(channels) == len(free):
        draft.assume("channels belong to the touchpoints in their order")
        for touchpoint, channel in zip(free, channels, strict=True):
            touchpoint.channel = channel
    else:
        lane = draft.own_lane(name_of(entry.label))
        stage.cards += [DraftCard(lane, channel, only) for channel in channels]


def _put_emotions(
    draft: Draft, stage: DraftStage, entry: Entry, only: DraftTouchpoint | None, persona: str | None
) -> None:
    found = [cells.emotion(text) for text in cells.items(entry.text)]
    known = [e for e in found if e.value is not None or e.number is not None]
    who = persona or EVERYONE
    whose = [touchpoint for touchpoint in ([only] if only else stage.touchpoints) if who not in touchpoint.emotions]
    placed = bool(known and whose)
    if known and only and whose:
        only.emotions[who] = mean(known)
    elif len(known) == len(found) == len(whose) > 1:
        draft.assume("several emotions in a cell belong to the touchpoints in their order")
        for touchpoint, felt in zip(whose, known, strict=True):
            touchpoint.emotions[who] = felt
    elif len(known) == 1:
        if len(whose) > 1:
            draft.assume("the emotion of a stage is assumed at each of its touchpoints")
        for touchpoint in whose:
            touchpoint.emotions[who] = known[0]
    else:
        placed = False
    for felt in found:
        if not (placed and felt.bare):
            stage.cards.append(
                DraftCard("emotions", felt.text, only, persona, felt if felt in known else None, felt.feeling)
            )
