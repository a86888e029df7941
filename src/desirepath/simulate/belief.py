"""The team's belief as the sheet that hung on the wall: stages across, lanes down, in plainer words."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import xlsxwriter

from desirepath.journey import yaml
from desirepath.journey.model import Journey, Stage, Touchpoint
from desirepath.simulate.workbook import MADE
from desirepath.texts import pick

ON_THE_WALL = {
    "website": "Home page",
    "in-the-queue": "Shop",
    "app-payment": "Payment",
    "till": "Till payment",
    "pickup-shelf": "Order pick-up",
    "first-sip": "Coffee served",
    "parcel-sent": "Order shipped",
    "parcel-received": "Order delivered",
    "support-call": "Support call",
    "ticket": "Ticket",
}
"""Where the sheet has plainer names than the document."""
NOT_ON_THE_WALL = ("web-payment", "invoice")

_CARD_LANES = {
    "Thoughts": "thoughts",
    "Needs": "needs",
    "Pain points": "pain_points",
    "Opportunities": "opportunities",
    "Backstage": "backstage",
}


def belief() -> Journey:
    """The journey document of the café chain."""
    text = (files("desirepath.simulate") / "ember" / "journey.yaml").read_text("utf-8")
    return yaml.load(text)


def write_sheet(path: Path) -> Path:
    """Draws the sheet: a title, the stages, and a row for each lane; several notes share a cell, one a line."""
    journey = belief()
    book: Any = xlsxwriter.Workbook(path)
    book.set_properties({"created": MADE})
    bold = book.add_format({"bold": True, "bg_color": "#E9DCC9", "text_wrap": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet: Any = book.add_worksheet("Journey map")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, len(journey.stages), 30)
    sheet.write(0, 0, pick(journey.title), bold)
    sheet.write_row(2, 0, ["Stage", *(pick(s.name) for s in journey.stages)], bold)
    for line, (lane, cells) in enumerate(_lanes(journey).items(), 3):
        sheet.write(line, 0, lane, bold)
        sheet.write_row(line, 1, cells, wrapped)
    book.close()
    return path


def _lanes(journey: Journey) -> dict[str, list[str]]:
    lanes = {
        "Customer goal": [pick(s.customer_goal) for s in journey.stages],
        "Touchpoints": ["\n".join(ON_THE_WALL.get(t.id, pick(t.name)) for t in _drawn(s)) for s in journey.stages],
        "Channels": ["\n".join(t.channel or "" for t in _drawn(s)) for s in journey.stages],
        "Emotion": [_mean_emotion(s) for s in journey.stages],
        "Owner": [s.owner or "" for s in journey.stages],
    }
    for name, lane in _CARD_LANES.items():
        lanes[name] = ["\n".join(pick(c.text) for c in s.cards if c.lane == lane) for s in journey.stages]
    return lanes


def _drawn(stage: Stage) -> list[Touchpoint]:
    return [t for t in stage.touchpoints if t.id not in NOT_ON_THE_WALL]


def _mean_emotion(stage: Stage) -> str:
    assumed = [e for t in stage.touchpoints for e in t.assumed_emotion.values()]
    return str(round(sum(assumed) / len(assumed), 1)) if assumed else ""
