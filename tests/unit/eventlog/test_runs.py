"""Unbroken runs: events are digits, the touchpoint or stage that they are in, or dots where they match nothing."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.eventlog.pad import Pad
from desirepath.eventlog.runs import runs_of
from desirepath.eventlog.walks import numbered, whole


def runs(*walks: str, pad: Pad | None = None) -> list[list[tuple[str, int, int]]]:
    """Of each walk its runs: code, place of the first and of the last event within the walk."""
    code = np.array([-1 if letter == "." else int(letter) for walk in walks for letter in walk], np.int32)
    bounds = np.concatenate([[0], np.cumsum([len(walk) for walk in walks])]).astype(np.int64)
    for array in (code, bounds):
        array.setflags(write=False)
    pad = pad or Pad()
    found = runs_of(numbered(whole(bounds), pad.array("walk", code.size, np.int32)), code, pad, "touch")
    return [
        [
            (str(found.code[k]), int(found.at[k] - start), int(found.to[k] - start))
            for k in np.flatnonzero(found.walk == w)
        ]
        for w, start in enumerate(bounds[:-1].tolist())
    ]


def test_neighbours_of_one_touchpoint_are_one_run() -> None:
    assert runs("0011") == [[("0", 0, 1), ("1", 2, 3)]]
    assert runs("010") == [[("0", 0, 0), ("1", 1, 1), ("0", 2, 2)]]


def test_unmatched_events_do_not_break_a_run_nor_belong_to_one() -> None:
    assert runs(".0.0.1.") == [[("0", 1, 3), ("1", 5, 5)]]


def test_every_walk_begins_anew() -> None:
    assert runs("0", "0", "..", "01") == [[("0", 0, 0)], [("0", 0, 0)], [], [("0", 0, 0), ("1", 1, 1)]]


def test_nothing_at_all() -> None:
    assert runs() == []
    assert runs("...") == [[]]


def test_a_pad_is_used_again_for_the_next_block() -> None:
    pad = Pad()
    assert runs("0123456789", pad=pad) == [[(str(k), k, k) for k in range(10)]]
    assert runs("1.1", pad=pad) == [[("1", 0, 2)]]


@settings(max_examples=100)
@given(st.lists(st.text("012.", min_size=1, max_size=8), max_size=5))
def test_as_collapsing_says(walks: list[str]) -> None:
    expected = []
    for walk in walks:
        matched = [(letter, i) for i, letter in enumerate(walk) if letter != "."]
        groups = [(code, [i for _, i in run]) for code, run in groupby(matched, key=lambda m: m[0])]
        expected.append([(code, places[0], places[-1]) for code, places in groups])
    assert runs(*walks) == expected
