"""What was planted, counted as it was walked, for `truth.json`: the answers that a map of the company should give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.simulate.block import Block
from desirepath.simulate.blueprint import LEAVE, Blueprint
from desirepath.simulate.rules import Rules

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass
class Tally:
    """Sums over blocks. Arrays run over the steps, or over effects × steps."""

    rules: Rules
    customers: int = 0
    linked: int = 0
    events: Counts = field(init=False)
    felt: Floats = field(init=False)
    touched: Counts = field(init=False)  # events under an effect
    touched_felt: Floats = field(init=False)
    touched_customers: Counts = field(init=False)
    chosen: dict[str, Counts] = field(default_factory=dict)  # effect → [inside, outside] × [to, all] of its main edge
    months: dict[str, Counts] = field(default_factory=dict)
    told: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        effects, steps = len(self.rules.effects), self.rules.size
        self.events = np.zeros(steps, np.int64)
        self.felt = np.zeros(steps)
        self.touched = np.zeros((effects, steps), np.int64)
        self.touched_felt = np.zeros((effects, steps))
        self.touched_customers = np.zeros(effects, np.int64)

    def add(self, block: Block) -> None:
        """Counts a block."""
        walked, people, size = block.walked, block.people, self.rules.size
        self.customers += len(people)
        self.linked += int(people.linked.sum())
        self.events += np.bincount(walked.step, minlength=size)
        self.felt += np.bincount(walked.step, walked.felt, size)
        month = np.clip((walked.at - self.rules.begin) // 86_400_000 * 12 // 366, 0, 11)
        for i, step in enumerate(self.rules.plan.steps):
            months = np.bincount(month[walked.step == i], minlength=12)[:12]
            self.months[step.event] = self.months.get(step.event, np.zeros(12, np.int64)) + months
        for e in range(len(self.rules.effects)):
            self._add_effect(block, e)

    def _add_effect(self, block: Block, e: int) -> None:
        planted, walked = self.rules.effects[e], block.walked
        met = planted.people(block.people)[walked.customer] & planted.touches[walked.step]
        rows = np.flatnonzero(met)
        rows = rows[planted.holds(block.market[rows], block.local[rows], walked.payment[rows])]
        self.touched[e] += np.bincount(walked.step[rows], minlength=self.rules.size)
        self.touched_felt[e] += np.bincount(walked.step[rows], walked.felt[rows], self.rules.size)
        self.touched_customers[e] += len(np.unique(walked.customer[rows]))
        for source, target, _ in planted.choose[:1]:
            self.chosen.setdefault(planted.effect.id, np.zeros((2, 2), np.int64))
            self.chosen[planted.effect.id] += _choices(block, source, target, rows)


def _choices(block: Block, source: int, target: int, inside: NDArray[np.int64]) -> Counts:
    """How often the step was followed by that one within the visit: [under the effect, not] × [followed, all]."""
    walked = block.walked
    order = np.lexsort((walked.at, block.visit_key))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    rows = np.flatnonzero(walked.step == source)
    after = rank[rows] + 1
    follows = np.minimum(after, len(order) - 1)
    same = (after < len(order)) & (block.visit_key[order[follows]] == block.visit_key[rows])
    goes = ~same if target == block.rules.size else same & (walked.step[order[follows]] == target)
    under = np.isin(rows, inside)
    return np.array([[int((goes & u).sum()), int(u.sum())] for u in (under, ~under)])


def truth(plan: Blueprint, tally: Tally, told_names: dict[str, str]) -> dict[str, Any]:
    """The planted truth as JSON values; `told_names` maps steps to the touchpoints of the journey."""
    return {
        "company": plan.name,
        "customers": tally.customers,
        "linked_customers": tally.linked,
        "events": int(tally.events.sum()),
        "stages": list(plan.stages),
        "event_stage": plan.event_stage,
        "events_by_name": _by_event(plan, tally),
        "emotion": _emotions(plan, tally, told_names),
        "effects": [_effect(tally, e) for e in range(len(plan.effects))],
        "personas": {p.id: p.share for p in plan.personas},
        "markets": {
            m.id: {"share": m.share, "zone": m.zone, "language": m.language, "payments": dict(m.payments)}
            for m in plan.markets
        },
    }


def _by_event(plan: Blueprint, tally: Tally) -> dict[str, int]:
    out: dict[str, int] = {}
    for step, count in zip(plan.steps, tally.events.tolist(), strict=True):
        out[step.event] = out.get(step.event, 0) + count
    return out


def _emotions(plan: Blueprint, tally: Tally, names: dict[str, str]) -> dict[str, Any]:
    """Per touchpoint: the mean planted at its steps, the mean felt by all who were there, the mean told in surveys."""
    out: dict[str, Any] = {}
    for place in dict.fromkeys(names.get(s.id, s.event) for s in plan.steps):
        steps = [i for i, s in enumerate(plan.steps) if names.get(s.id, s.event) == place]
        n = int(tally.events[steps].sum())
        planted = sum(plan.steps[i].emotion * tally.events[i] for i in steps) / n if n else None
        told = tally.told.get(place, [0.0, 0])
        out[place] = {
            "planted": _rounded(planted),
            "felt": _rounded(tally.felt[steps].sum() / n if n else None),
            "told": _rounded(told[0] / told[1] if told[1] else None),
            "events": n,
            "answers": int(told[1]),
        }
    return out


def _effect(tally: Tally, e: int) -> dict[str, Any]:
    plan, effect = tally.rules.plan, tally.rules.effects[e].effect
    i = tally.rules.step[effect.step]
    n = int(tally.touched[e, i])
    rest = int(tally.events[i]) - n
    out: dict[str, Any] = {
        "id": effect.id,
        "kind": effect.kind,
        "title": effect.title,
        "step": effect.step,
        "event": plan.steps[i].event,
        "stage": plan.steps[i].stage,
        "markets": list(effect.markets),
        "personas": list(effect.personas),
        "payments": list(effect.payments),
        "from": effect.start.isoformat() if effect.start else None,
        "to": effect.end.isoformat() if effect.end else None,
        "local_hours": list(effect.hours) if effect.hours else None,
        "workdays_only": effect.workdays,
        "events": n,
        "customers": int(tally.touched_customers[e]),
        "felt_inside": _rounded(tally.touched_felt[e, i] / n if n else None),
        "felt_outside": _rounded((tally.felt[i] - tally.touched_felt[e, i]) / rest if rest else None),
        "truth": dict(effect.truth),
    }
    if effect.arm:
        out["arm"] = effect.arm
    if effect.id in tally.chosen and effect.choose:
        source, target = next(iter(effect.choose))
        inside, outside = (_share(row) for row in tally.chosen[effect.id].tolist())
        name = "leave" if target == LEAVE else plan.steps[tally.rules.step[target]].event
        source = plan.steps[tally.rules.step[source]].event
        out["choice"] = {"from": source, "to": name, "inside": inside, "outside": outside}
    return out


def _share(row: list[int]) -> dict[str, float | int | None]:
    return {"share": _rounded(row[0] / row[1] if row[1] else None), "n": row[1]}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
