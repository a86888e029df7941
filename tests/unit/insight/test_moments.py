"""A touchpoint whose customers are asked at one moment only, while half of what happens there is another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import desirepath as dp
from desirepath.insight.model import Emotion
from desirepath.insight.moments import _together

JOURNEY = """
journey: help
title: Getting help
stages:
  - id: use
    name: Use
    touchpoints:
      - {id: order, name: Order, match: {event: order}}
      - {id: pickup, name: Pickup, match: {event: pickup}}
  - id: help
    name: Help
    touchpoints:
      - {id: ticket, name: Ticket, match: {event: "ticket_*"}}
"""
MAPPING = """
- source: events
  files: [events.csv]
  kind: events
  customer: customer
  at: at
  event: event
- source: answers
  files: [answers.csv]
  kind: feedback
  feedback: {customer: customer, at: at, touchpoint: touchpoint, score: {column: score, scale: csat5}, kind: survey}
"""
CUSTOMERS = 40


def company(folder: Path, *, solved_after_h: int, asked_when_opened: bool = False) -> Any:
    """Everybody orders, picks up, opens a ticket and gets it solved; orders please, pickups do not.

    Asked are all about the order and the pickup, and about the ticket once it is solved (half of them when it is opened
    instead).
    """
    events, answers = ["customer,at,event"], ["customer,at,touchpoint,score"]
    for c in range(CUSTOMERS):
        day, after = f"2025-03-{1 + c % 20:02d}", f"2025-03-{1 + c % 20 + solved_after_h // 24:02d}"
        solved = f"{10 + solved_after_h % 24:02d}"
        events += [f"c{c},{day}T08:00:00Z,order", f"c{c},{day}T09:00:00Z,pickup"]
        events += [f"c{c},{day}T10:00:00Z,ticket_opened", f"c{c},{after}T{solved}:05:00Z,ticket_solved"]
        answers += [f"c{c},{day}T08:10:00Z,order,{5 - c % 2}", f"c{c},{day}T09:10:00Z,pickup,{1 + c % 2}"]
        early = asked_when_opened and c % 2 == 0
        answers.append(
            f"c{c},{day}T10:01:00Z,ticket,3" if early else f"c{c},{after}T{solved}:30:00Z,ticket,{3 + c % 3}"
        )
    (folder / "events.csv").write_text("\n".join(events), "utf-8")
    (folder / "answers.csv").write_text("\n".join(answers), "utf-8")
    (folder / "mapping.yaml").write_text(MAPPING, "utf-8")
    (folder / "journey.yaml").write_text(JOURNEY, "utf-8")
    ws = dp.init(folder / "ws")
    ws.ingest(folder / "events.csv", folder / "answers.csv", mapping=folder / "mapping.yaml")
    ws.add_journey(folder / "journey.yaml")
    data = ws.map("help").data
    ws.close()
    return data


def ticket(data: Any) -> Emotion:
    return data.touchpoints[2].emotion


def half(e: Emotion) -> float:
    assert e.low is not None and e.high is not None
    return (e.high - e.low) / 2


def answers_half(e: Emotion) -> float:
    assert e.sampling_low is not None and e.sampling_high is not None
    return (e.sampling_high - e.sampling_low) / 2


def test_the_interval_knows_of_a_moment_that_nobody_is_asked_about(tmp_path: Path) -> None:
    data = company(tmp_path, solved_after_h=24)
    assert half(ticket(data)) > 3 * answers_half(ticket(data))  # touchpoints differ by three points here
    assert any("ticket_opened" in note and "50%" in note and "0%" in note for note in data.notes)
    (said,) = [c["params"] for c in data.caveats if c["key"] == "note.moment_unheard"]
    assert (said["place"], said["events"], said["share"], said["answers"]) == ("Ticket", "ticket_opened", 0.5, 0.0)


def test_what_comes_within_the_hour_is_one_moment(tmp_path: Path) -> None:
    data = company(tmp_path, solved_after_h=0)
    assert half(ticket(data)) < 2 * answers_half(ticket(data))
    assert not [c for c in data.caveats if c["key"] == "note.moment_unheard"]


def test_where_every_moment_is_asked_about_the_interval_is_as_before(tmp_path: Path) -> None:
    data = company(tmp_path, solved_after_h=24, asked_when_opened=True)
    assert half(ticket(data)) < 2 * answers_half(ticket(data))
    assert not [c for c in data.caveats if c["key"] == "note.moment_unheard"]


@pytest.mark.parametrize(
    ("near", "groups"),
    [
        ([], [("a",), ("b",), ("c",)]),
        (["ab"], [("c",), ("a", "b")]),
        (["ac", "bc"], [("a", "b", "c")]),
        (["ax", "xb"], [("a",), ("b",), ("c",)]),
    ],
)
def test_names_are_together_that_are_near_one_after_the_other(near: list[str], groups: list[tuple[str, ...]]) -> None:
    found = _together(["a", "b", "c"], {frozenset(pair) for pair in near})
    assert sorted(found) == sorted(groups)
    assert np.concatenate(found).size == 3
