"""The walk follows the blueprint: choices, waits, rhythms and planted effects."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from desirepath.simulate import blueprint
from desirepath.simulate.block import Block
from desirepath.simulate.blueprint import LEAVE, START, Blueprint, Effect, Market, Persona, Step
from desirepath.simulate.cafe import CAFE
from desirepath.simulate.company import blocks
from desirepath.simulate.rules import Rules, weekday

STEPS = (
    Step("enter", "enter", "come", "store", 0.5),
    Step("buy", "buy", "get", "store", 1.0, wait=100, spread=0.0),
    Step("wait", "wait", "get", "store", -1.0, wait=10, spread=0.0),
)
EDGES = {START: {"enter": 1.0}, "enter": {"buy": 0.6, "wait": 0.4}, "wait": {"buy": 1.0}, "buy": {LEAVE: 1.0}}
TINY = Blueprint(
    "tiny",
    2025,
    ("come", "get"),
    STEPS,
    EDGES,
    (Persona("worker", 1.0, 30.0, 1.0, hours=tuple(float(h == 8) for h in range(24)), weekend=0.0),),
    (Market("lisbon", "Lisbon", 1.0, "Europe/Lisbon"),),
)


def walked(plan: Blueprint, customers: int = 2000) -> Block:
    (block,) = blocks(Rules(plan), customers, seed=1)
    return block


def followed(block: Block, first: str, then: str) -> float:
    """Share of `first` that `then` comes right after."""
    step, rules = block.walked.step, block.rules
    at = block.rows(first)
    at = at[at + 1 < len(step)]
    return float((step[at + 1] == rules.step[then]).mean())


def test_choices_follow_the_weights() -> None:
    assert followed(walked(TINY), "enter", "buy") == pytest.approx(0.6, abs=0.02)


def test_waits_are_those_of_the_step() -> None:
    block = walked(TINY)
    buys = block.rows("buy")
    before = block.walked.at[buys] - block.walked.at[buys - 1]
    assert set(np.round(before / 1000).astype(int).tolist()) == {100}


def test_people_come_at_their_hours_on_their_days_by_the_local_clock() -> None:
    block = walked(TINY)
    enters = block.local[block.rows("enter")]
    assert set((enters // 3_600_000 % 24).tolist()) == {8}
    assert set(weekday(enters // 86_400_000).tolist()) <= set(range(5))
    utc = block.walked.at[block.rows("enter")] // 3_600_000 % 24
    assert set(utc.tolist()) == {7, 8}  # summer and winter time


def test_an_effect_holds_for_its_dates_hours_and_people_only() -> None:
    trouble = Effect(
        "trouble", "pain", "wait", "Waiting", start=date(2025, 6, 1), end=date(2025, 7, 1),
        choose={("enter", "wait"): 10.0}, wait={"buy": 3.0}, feel={"wait": -0.8},
    )  # fmt: skip
    block = walked(replace(TINY, effects=(trouble,)))
    june = (block.local >= np.datetime64("2025-06-01", "ms").astype(np.int64)) & (
        block.local < np.datetime64("2025-07-01", "ms").astype(np.int64)
    )
    enters, waits = block.rows("enter"), block.rows("wait")
    goes = block.walked.step[np.minimum(enters + 1, len(block.walked) - 1)] == block.rules.step["wait"]
    assert goes[june[enters]].mean() == pytest.approx(10 * 0.4 / (10 * 0.4 + 0.6), abs=0.05)
    assert goes[~june[enters]].mean() == pytest.approx(0.4, abs=0.03)
    assert block.walked.felt[waits[june[waits]]].mean() < block.walked.felt[waits[~june[waits]]].mean() - 0.5
    buys = block.rows("buy")
    took = np.round((block.walked.at[buys] - block.walked.at[buys - 1]) / 1000)
    assert set(took[june[buys]].tolist()) == {300}
    assert set(took[~june[buys]].tolist()) == {100}


def test_the_dissatisfied_do_not_come_back() -> None:
    def visits(emotion: float) -> int:
        steps = tuple(replace(s, emotion=emotion) for s in STEPS)
        return len(walked(replace(TINY, steps=steps)).rows("enter"))

    assert visits(1.8) > 1.1 * visits(-1.8)


def test_events_lie_in_order_within_the_year() -> None:
    block = walked(CAFE, 500)
    w = block.walked
    same = w.customer[1:] == w.customer[:-1]
    assert (np.diff(w.at)[same] >= 0).all()
    assert (np.diff(w.customer) >= 0).all()
    assert (block.local >= np.datetime64("2025-01-01", "ms").astype(np.int64)).all()
    assert (w.at < np.datetime64("2026-01-01", "ms").astype(np.int64)).all()
    assert np.abs(w.felt).max() <= 2


def test_chains_put_a_visits_steps_into_one_row() -> None:
    block = walked(TINY, 50)
    customer, table = block.chains("enter", "buy")
    assert (block.walked.customer[table[:, 0]] == customer).all()
    assert (block.visit_key[table[:, 0]] == block.visit_key[table[:, 1]])[table[:, 1] >= 0].all()
    assert len(table) == len(block.rows("enter"))


@pytest.mark.parametrize("seed", range(20))
def test_a_random_company_is_as_promised(seed: int) -> None:
    plan = blueprint.random(seed)
    sizes = [sum(s.stage == stage for s in plan.steps) for stage in plan.stages]
    assert 4 <= len(sizes) <= 7
    assert all(2 <= size <= 6 for size in sizes)
    assert all(s.event.startswith("event_") for s in plan.steps)
    known = {s.id for s in plan.steps}
    assert set(plan.edges) == known | {START}
    assert all(set(choices) <= known | {LEAVE} for choices in plan.edges.values())
    assert plan == blueprint.random(seed)
    numbers = [int(s.event[6:]) for s in plan.steps]
    assert numbers != sorted(numbers)
