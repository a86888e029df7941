"""A blueprint as tables that arrays of customers can be looked up in: choices, waits, feelings, clocks, effects."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cached_property

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
        hour = np.minimum((at - self.begin) // HOUR_MS + 24, self.offset.shape[1] - 1)
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

    def holds(self, market: Ints, local: Ints, payment: Ints) -> Bools:
        """Where local time and payment fit (the customers having been chosen by `people`)."""
        out: Bools = (local >= self.start) & (local < self.end) & self.payments[market, payment]
        if self.effect.hours:
            hour = local // HOUR_MS % 24
            out &= (hour >= self.effect.hours[0]) & (hour < self.effect.hours[1])
        if self.effect.workdays:
            out &= weekday(local // DAY_MS) < 5
        return out


def weekday(day: Ints) -> Ints:
    """Of a day since 1970, 0 = Monday; day 0 is 1970-01-01, a Thursday."""
    return (day + 3) % 7


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
