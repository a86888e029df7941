"""Reads a sheet with one card a row: columns for stage, lane, text, touchpoint, persona, emotion, channel, owner …"""

from __future__ import annotations

from desirepath.journey.model import EVERYONE, LANES
from desirepath.journey.sheet import cells
from desirepath.journey.sheet.draft import Draft, DraftCard, DraftStage, DraftTouchpoint, agree
from desirepath.journey.sheet.fill import name_of, unread
from desirepath.journey.sheet.grid import Grid
from desirepath.journey.sheet.layouts import Layout, headings
from desirepath.journey.sheet.words import importance, meaning

READ = (
    *("stage", "lane", "text", "touchpoints", "persona", "emotions", "channel", "owners", "goal", "description"),
    *("importance", "feeling", "evidence"),
)


def fill_cards(grid: Grid, layout: Layout, draft: Draft) -> None:
    """Adds every row below the headings to the draft."""
    columns = {column: key for column, key in headings(grid, layout.row).items() if key in READ}
    if "stage" not in columns.values():
        draft.assume("no column names the stage: all cards lie in one stage")
        draft.stage(draft.title or "Journey")
    stage: DraftStage | None = draft.stages[-1] if draft.stages else None
    for row in range(layout.row + 1, grid.rows):
        values = {key: grid.spread(row, column) for column, key in columns.items()}
        where = {key: (row, column) for column, key in columns.items()}
        if not any(grid.at(row, c) for c in range(grid.columns)):
            continue
        for column in range(grid.columns):
            if grid.at(row, column) and column not in columns:
                head = grid.at(layout.row, column)
                reason = f"a card has no place for '{head}'" if head else "stands in a column without a heading"
                unread(draft, grid, (row, column), reason)
        if values.get("stage"):
            stage = draft.stage(name_of(values["stage"]))
        elif stage is not None and "stage" in columns.values():
            draft.assume("a row without a stage belongs to the stage above it")
        if stage is None:
            for key, place in where.items():
                if values[key]:
                    unread(draft, grid, place, "stands beside no stage")
            continue
        kept = _Row(draft, stage, {key: value for key, value in values.items() if value}).read()
        for key, place in where.items():
            if values[key] and key not in kept:
                unread(draft, grid, place, "has nothing in its row that it could belong to")


class _Row:
    """One row; `read` returns the keys of the columns that found their place."""

    def __init__(self, draft: Draft, stage: DraftStage, values: dict[str, str]) -> None:
        self.draft = draft
        self.stage = stage
        self.values = values
        self.kept = {"stage"}

    def read(self) -> set[str]:
        key = meaning(self.values.get("lane", ""))
        persona = self.draft.persona(self.take("persona")) if self.values.get("persona") else None
        touchpoint = self.touchpoint()
        text = self.take("text")
        if text:
            self.take("lane")
        if key == "stage" and text:
            self.draft.stage(name_of(text))
        elif key == "persona" and text:
            self.draft.persona(text)
        elif key == "goal" and text:
            self.stage.goal.append(text)
        elif key == "touchpoints" and text:
            name, channel = cells.name_and_channel(text)
            touchpoint = self.stage.touchpoint(name, channel or self.values.get("channel"))
        elif text:
            self.card(key, text, touchpoint, persona)
        self.about_touchpoint(touchpoint, persona)
        return self.kept

    def take(self, key: str) -> str:
        self.kept.add(key)
        return self.values.get(key, "")

    def touchpoint(self) -> DraftTouchpoint | None:
        named = self.take("touchpoints")
        if not named:
            return None
        name, channel = cells.name_and_channel(named)
        return self.stage.touchpoint(name, channel or self.values.get("channel"))

    def card(self, key: str | None, text: str, touchpoint: DraftTouchpoint | None, persona: str | None) -> None:
        named = self.values.get("lane", "")
        if not named:
            self.draft.assume("a card without a type is an action")
        lane = key if key in LANES else self.draft.own_lane(name_of(named)) if named else "actions"
        emotion = cells.emotion(self.values["emotions"]) if "emotions" in self.values else None
        if key == "emotions" and emotion is None:
            emotion = cells.emotion(text)
        said = emotion is not None and (emotion.value is not None or emotion.number is not None)
        if said:
            self.take("emotions")
        feeling = cells.feeling(self.values.get("feeling", ""))
        if feeling:
            self.take("feeling")
        evidence = self.take("evidence") or None
        card = DraftCard(lane, text, touchpoint, persona, emotion if said else None, feeling, evidence)
        self.stage.cards.append(card)

    def about_touchpoint(self, touchpoint: DraftTouchpoint | None, persona: str | None) -> None:
        """What is left of the row speaks of the touchpoint, or of the stage."""
        left = {key: value for key, value in self.values.items() if key not in self.kept}
        if "owners" in left and touchpoint is None:
            self.stage.owners.append(self.take("owners"))
        if "goal" in left:
            self.stage.goal.append(self.take("goal"))
        if touchpoint is None:
            if "description" in left:
                self.stage.description.append(self.take("description"))
            return
        if agree(touchpoint.channel, left.get("channel")):
            touchpoint.channel = self.take("channel") or touchpoint.channel
        if agree(touchpoint.owner, left.get("owners")):
            touchpoint.owner = self.take("owners") or touchpoint.owner
        if agree(touchpoint.description, left.get("description")):
            touchpoint.description = self.take("description") or touchpoint.description
        if touchpoint.importance is None and importance(left.get("importance", "")):
            touchpoint.importance = importance(self.take("importance"))
        if "emotions" in left and (persona or EVERYONE) not in touchpoint.emotions:
            emotion = cells.emotion(left["emotions"])
            if emotion.value is not None or emotion.number is not None:
                self.take("emotions")
                touchpoint.emotions[persona or EVERYONE] = emotion
