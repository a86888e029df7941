"""The walk: every customer of a block goes from step to step and from visit to visit, all of them at once in NumPy.

Satisfaction s is latent: after each event with feeling f it becomes 0.9·s + 0.1·f. It draws the unhappy out of the
visit and to support, the happy to advocacy, and decides whether they come back: P = 1 / (1 + exp(−loyalty − 0.9·s)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.simulate.blueprint import LEAVE, START, Blueprint, Effect
from desirepath.simulate.markets import HOUR_MS, offsets
from desirepath.simulate.people import People

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DAY_MS = 24 * HOUR_MS
LEAVE_SWAY = -0.25
MOOD = 0.25
"""How much of the standing satisfaction colours the feeling at a step."""
NOISE = 0.55
OLD = 0.45
"""Share of customers who already were customers when the year began."""


@dataclass(frozen=True)
class Walked:
    """The events of a block, by (customer, time). `customer` counts within the block, `visit` within the customer."""

    customer: Ints
    visit: Ints
    step: Ints
    at: Ints  # ms since 1970 UTC
    felt: Floats  # −2…+2
    mood: Floats  # satisfaction just before
    payment: Ints  # the method of this visit, an index into the market's payments

    def __len__(self) -> int:
        return len(self.at)


class Rules:
    """A blueprint as tables: `weights[context, from, to]` with context = market × persona, START and LEAVE last."""

    def __init__(self, plan: Blueprint) -> None:
        self.plan = plan
        self.step = {s.id: i for i, s in enumerate(plan.steps)}
        self.size = len(plan.steps)
        self.offset = offsets(plan.markets, plan.year)
        self.begin = _ms(date(plan.year, 1, 1))
        self.end = _ms(date(plan.year + 1, 1, 1))
        self.emotion = np.array([s.emotion for s in plan.steps])
        self.log_wait = np.log([s.wait * 1000 for s in plan.steps])
        self.spread = np.array([s.spread for s in plan.steps])
        self.sway = np.array([*(s.sway for s in plan.steps), LEAVE_SWAY])
        self.shift = np.array([[p.feels.get(s.id, 0.0) for s in plan.steps] for p in plan.personas])
        self.weights = self._weights(first=False)
        self.first_weights = self._weights(first=True)[:, self.size]
        self.effects = tuple(Planted(self, e) for e in plan.effects)

    def _weights(self, first: bool) -> Floats:
        plan, n = self.plan, self.size
        out = np.zeros((len(plan.markets), len(plan.personas), n + 1, n + 1))
        for source, choices in plan.edges.items():
            row = n if source == START else self.step[source]
            for target, weight in choices.items():
                column = n if target == LEAVE else self.step[target]
                if first and source == START:
                    weight *= plan.first_tilt.get(target, 1.0)
                for m, market in enumerate(plan.markets):
                    for p, persona in enumerate(plan.personas):
                        tilt = market.tilt.get(target, 1.0) * persona.tilt.get(target, 1.0)
                        out[m, p, row, column] = weight * tilt
        return out.reshape(-1, n + 1, n + 1)

    @cached_property
    def seasons(self) -> Floats:
        """Weight of each month, [context, month]."""
        rows = [np.multiply(m.season, p.season) for m in self.plan.markets for p in self.plan.personas]
        return np.array(rows, np.float64)

    @cached_property
    def hours(self) -> Floats:
        """Cumulated hour weights, [persona, weekend?, hour]."""
        rows = [[np.cumsum(h) / np.sum(h) for h in (p.hours, p.weekend_hours)] for p in self.plan.personas]
        return np.array(rows)

    def local(self, market: Ints, at: Ints) -> Ints:
        """Local wall-clock time in ms, as if it were UTC."""
        hour = np.clip((at - self.begin) // HOUR_MS + 24, 0, self.offset.shape[1] - 1)
        local: Ints = at + self.offset[market, hour]
        return local

    def utc(self, market: Ints, local: Ints) -> Ints:
        """UTC of a local time (visits never begin in the hour that the clocks change)."""
        near = local - self.offset[market, 0]
        utc: Ints = local - (self.local(market, near) - near)
        return utc


class Planted:
    """An effect, ready to be asked which of many (customer, time, payment) it holds for."""

    def __init__(self, rules: Rules, effect: Effect) -> None:
        plan, step, n = rules.plan, rules.step, rules.size
        self.effect = effect
        self.rules = rules
        self.markets = np.array([not effect.markets or m.id in effect.markets for m in plan.markets])
        self.personas = np.array([not effect.personas or p.id in effect.personas for p in plan.personas])
        width = max(len(m.payments) for m in plan.markets)
        self.payments = np.ones((len(plan.markets), width), bool)
        for m, market in enumerate(plan.markets):
            if effect.payments:
                self.payments[m] = [name in effect.payments for name in [*market.payments, *[""] * width][:width]]
        self.start = _ms(effect.start) if effect.start else rules.begin - 400 * DAY_MS
        self.end = _ms(effect.end) if effect.end else rules.end + 400 * DAY_MS
        self.choose = [
            (n if f == START else step[f], n if t == LEAVE else step[t], factor)
            for (f, t), factor in effect.choose.items()
        ]
        self.wait = np.ones(n)
        self.feel = np.zeros(n)
        for name, factor in effect.wait.items():
            self.wait[step[name]] = factor
        for name, shift in effect.feel.items():
            self.feel[step[name]] = shift
        self.chooses_from = np.isin(np.arange(n + 1), [f for f, _, _ in self.choose])
        self.touches = self.chooses_from[:n] | (self.wait != 1) | (self.feel != 0)

    def people(self, people: People) -> Bools:
        """Customers it can meet."""
        out: Bools = self.markets[people.market] & self.personas[people.persona]
        if self.effect.arm is not None:
            out &= people.arm == ("A", "B").index(self.effect.arm)
        return out

    def holds(self, market: Ints, at: Ints, payment: Ints) -> Bools:
        """Where time, hour and payment fit (the customers having been chosen by `people`)."""
        local = self.rules.local(market, at)
        out: Bools = (local >= self.start) & (local < self.end) & self.payments[market, payment]
        if self.effect.hours:
            hour = local // HOUR_MS % 24
            out &= (hour >= self.effect.hours[0]) & (hour < self.effect.hours[1])
        if self.effect.workdays:
            out &= _weekday(local // DAY_MS) < 5
        return out


def walk(rules: Rules, people: People, rng: np.random.Generator) -> Walked:
    """Walks all customers of a block through the year."""
    n, start = len(people), rules.size
    context = people.market * len(rules.plan.personas) + people.persona
    meets = [planted.people(people) for planted in rules.effects]
    old = rng.random(n) < OLD
    mood = people.temper.copy()
    visit = np.zeros(n, np.int64)
    current = np.full(n, start)
    at = _first_visits(rules, people, context, old, rng)
    began = at.copy()
    payment = _payments(rules, people, rng, np.arange(n))
    alive = np.flatnonzero(at < rules.end)
    kept: list[tuple[NDArray[Any], ...]] = []
    while len(alive):
        who = alive
        weights = rules.weights[context[who], current[who]]
        fresh = (current[who] == start) & (visit[who] == 0) & ~old[who]
        weights[fresh] = rules.first_weights[context[who[fresh]]]
        weights *= np.exp(mood[who][:, None] * rules.sway)
        for planted, meet in zip(rules.effects, meets, strict=True):
            _tilt_choices(planted, meet, who, people.market, current, at, payment, weights)
        total = np.cumsum(weights, axis=1)
        target = (total < (rng.random(len(who)) * total[:, -1])[:, None]).sum(1)
        on, off = who[target < start], who[target == start]
        step = target[target < start]
        at[on] += _wait(rules, meets, on, step, people.market, current, at, payment, rng)
        felt = _feeling(rules, meets, on, step, people, at, payment, mood, rng)
        current[on] = step
        inside = at[on] < rules.end
        kept.append(tuple(x[inside] for x in (on, visit[on], step, at[on], felt, mood[on], payment[on])))
        mood[on] = 0.9 * mood[on] + 0.1 * felt
        back = off[rng.random(len(off)) < _returns(rules, people, mood, off)]
        at[back] = began[back] = _next_visits(rules, people, context, mood, began, back, rng)
        visit[back] += 1
        current[back] = start
        payment[back] = _payments(rules, people, rng, back)
        alive = np.concatenate([on, back])
        alive = np.sort(alive[at[alive] < rules.end])
    columns = [np.concatenate(c) for c in zip(*kept, strict=True)]
    order = np.lexsort((columns[3], columns[0]))
    return Walked(*(c[order] for c in columns))


def _tilt_choices(
    planted: Planted, meet: Bools, who: Ints, market: Ints, current: Ints, at: Ints, payment: Ints, weights: Floats
) -> None:
    rows = np.flatnonzero(meet[who] & planted.chooses_from[current[who]])
    if not len(rows):
        return
    rows = rows[planted.holds(market[who[rows]], at[who[rows]], payment[who[rows]])]
    for source, target, factor in planted.choose:
        weights[rows[current[who[rows]] == source], target] *= factor


def _wait(
    rules: Rules,
    meets: list[Bools],
    who: Ints,
    step: Ints,
    market: Ints,
    current: Ints,
    at: Ints,
    payment: Ints,
    rng: np.random.Generator,
) -> Ints:
    wait = np.exp(rules.log_wait[step] + rules.spread[step] * rng.standard_normal(len(who)))
    for planted, meet in zip(rules.effects, meets, strict=True):
        rows = np.flatnonzero(meet[who] & (planted.wait[step] != 1))
        rows = rows[planted.holds(market[who[rows]], at[who[rows]], payment[who[rows]])]
        wait[rows] *= planted.wait[step[rows]]
    wait[current[who] == rules.size] = 0
    return wait.astype(np.int64)


def _feeling(
    rules: Rules,
    meets: list[Bools],
    who: Ints,
    step: Ints,
    people: People,
    at: Ints,
    payment: Ints,
    mood: Floats,
    rng: np.random.Generator,
) -> Floats:
    felt = rules.emotion[step] + rules.shift[people.persona[who], step] + MOOD * mood[who]
    felt += NOISE * rng.standard_normal(len(who))
    for planted, meet in zip(rules.effects, meets, strict=True):
        rows = np.flatnonzero(meet[who] & (planted.feel[step] != 0))
        rows = rows[planted.holds(people.market[who[rows]], at[who[rows]], payment[who[rows]])]
        felt[rows] += planted.feel[step[rows]]
    clipped: Floats = np.clip(felt, -2, 2)
    return clipped


def _returns(rules: Rules, people: People, mood: Floats, who: Ints) -> Floats:
    loyalty = np.array([p.loyalty for p in rules.plan.personas])[people.persona[who]]
    chance: Floats = 1 / (1 + np.exp(-loyalty - 0.9 * mood[who]))
    return chance


def _payments(rules: Rules, people: People, rng: np.random.Generator, who: Ints) -> Ints:
    """Four times of five the favourite, else any the market knows."""
    kinds = np.array([len(m.payments) for m in rules.plan.markets])[people.market[who]]
    other = (rng.random(len(who)) * kinds).astype(np.int64)
    return np.where(rng.random(len(who)) < 0.8, people.payment[who], other)


def _first_visits(rules: Rules, people: People, context: Ints, old: Bools, rng: np.random.Generator) -> Ints:
    gaps = np.array([p.gap_days for p in rules.plan.personas])[people.persona]
    monthly = np.repeat(rules.seasons, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], axis=1)
    chances = np.cumsum(monthly, axis=1) / monthly.sum(1, keepdims=True) + np.arange(len(monthly))[:, None]
    new_day = np.searchsorted(chances.ravel(), context + rng.random(len(people))) - context * monthly.shape[1]
    day = np.where(old, rng.exponential(gaps), np.clip(new_day, 0, 364)).astype(np.int64)
    return _at_usual_hour(rules, people, np.arange(len(people)), rules.begin // DAY_MS + day, rng)


def _next_visits(
    rules: Rules, people: People, context: Ints, mood: Floats, began: Ints, who: Ints, rng: np.random.Generator
) -> Ints:
    """The gap is exponential around the persona's, shorter in season and for the satisfied, a day at least."""
    gaps = np.array([p.gap_days for p in rules.plan.personas])[people.persona[who]]
    day = rules.local(people.market[who], began[who]) // DAY_MS
    month = np.clip((day - rules.begin // DAY_MS) * 12 // 366, 0, 11)
    pace = rules.seasons[context[who], month] * np.exp(0.3 * mood[who])
    return _at_usual_hour(rules, people, who, day + 1 + (rng.exponential(gaps / pace)).astype(np.int64), rng)


def _at_usual_hour(rules: Rules, people: People, who: Ints, day: Ints, rng: np.random.Generator) -> Ints:
    """A time of that local day, or of the next Monday or Saturday where the persona does not care for such days."""
    weekend = np.array([p.weekend for p in rules.plan.personas])[people.persona[who]]
    weekday = _weekday(day)
    refused = rng.random(len(who)) >= np.where(weekday >= 5, weekend, 1 / weekend)
    day = day + np.where(refused, np.where(weekday >= 5, 7 - weekday, 5 - weekday), 0)
    free = (_weekday(day) >= 5).astype(np.int64)
    chance = rules.hours[people.persona[who], free]
    hour = (chance < rng.random(len(who))[:, None]).sum(1)
    return rules.utc(people.market[who], day * DAY_MS + hour * HOUR_MS + rng.integers(0, HOUR_MS, len(who)))


def _weekday(day: Ints) -> Ints:
    """0 = Monday; day 0 is 1970-01-01, a Thursday."""
    return (day + 3) % 7


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
