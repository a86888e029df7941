"""The walk: every customer of a block goes from step to step and from visit to visit, all of them at once in NumPy.

Satisfaction s is latent: after each event with feeling f it becomes 0.9·s + 0.1·f. It draws the unhappy out of the
visit and to support, the happy to advocacy, and decides whether they come back: P = 1 / (1 + exp(−loyalty − 0.9·s)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.simulate.markets import HOUR_MS
from desirepath.simulate.people import People
from desirepath.simulate.rules import DAY_MS, Bools, Floats, Ints, Rules, weekday

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


def walk(rules: Rules, people: People, rng: np.random.Generator) -> Walked:
    """Walks all customers of a block through the year."""
    walking = _Walking(rules, people, rng)
    kept: list[tuple[NDArray[Any], ...]] = []
    while len(walking.alive):
        kept.append(walking.go())
    columns = [np.concatenate(c) for c in zip(*kept, strict=True)]
    order = np.lexsort((columns[3], columns[0]))
    return Walked(*(c[order] for c in columns))


class _Walking:
    """Where everybody is. Arrays run over the block's customers; `go` takes all who are alive one step further."""

    def __init__(self, rules: Rules, people: People, rng: np.random.Generator) -> None:
        n = len(people)
        self.rules, self.people, self.rng = rules, people, rng
        self.meets = [planted.people(people) for planted in rules.effects]
        self.context = people.market * len(rules.plan.personas) + people.persona
        self.old = rng.random(n) < OLD
        self.mood = people.temper.copy()
        self.visit = np.zeros(n, np.int64)
        self.current = np.full(n, rules.size)
        self.at = self._first_visits()
        self.began = self.at.copy()
        self.local = rules.local(people.market, self.at)
        self.payment = self._payments(np.arange(n))
        self.alive = np.flatnonzero(self.at < rules.end)

    def go(self) -> tuple[NDArray[Any], ...]:
        """One step of everybody alive; who leaves plans the next visit, if any. Returns the events."""
        rules, who, start = self.rules, self.alive, self.rules.size
        target = self._choose(who)
        on, off = who[target < start], who[target == start]
        step = target[target < start]
        self.at[on] += self._wait(on, step)
        self.local[on] = rules.local(self.people.market[on], self.at[on])
        felt = self._feel(on, step)
        self.current[on] = step
        seen = self.at[on] < rules.end
        happened = (on, self.visit[on], step, self.at[on], felt, self.mood[on], self.payment[on])
        self.mood[on] = 0.9 * self.mood[on] + 0.1 * felt
        back = off[self.rng.random(len(off)) < self._returns(off)]
        self.at[back] = self.began[back] = self._next_visits(back)
        self.local[back] = rules.local(self.people.market[back], self.at[back])
        self.visit[back] += 1
        self.current[back] = start
        self.payment[back] = self._payments(back)
        alive = np.concatenate([on, back])
        self.alive = np.sort(alive[self.at[alive] < rules.end])
        return tuple(column[seen] for column in happened)

    def _choose(self, who: Ints) -> Ints:
        rules, current = self.rules, self.current[who]
        weights = rules.weights[self.context[who], current]
        fresh = (current == rules.size) & (self.visit[who] == 0) & ~self.old[who]
        weights[fresh] = rules.first_weights[self.context[who[fresh]]]
        weights *= np.exp(self.mood[who][:, None] * rules.sway)
        for e, planted in enumerate(rules.effects):
            rows = self._under(e, who, planted.chooses_from[current])
            for source, target, factor in planted.choose:
                weights[rows[current[rows] == source], target] *= factor
        total = np.cumsum(weights, axis=1)
        drawn: Ints = (total < (self.rng.random(len(who)) * total[:, -1])[:, None]).sum(1)
        return drawn

    def _wait(self, who: Ints, step: Ints) -> Ints:
        rules = self.rules
        wait = np.exp(rules.log_wait[step] + rules.spread[step] * self.rng.standard_normal(len(who)))
        for e, planted in enumerate(rules.effects):
            rows = self._under(e, who, planted.wait[step] != 1)
            wait[rows] *= planted.wait[step[rows]]
        wait[self.current[who] == rules.size] = 0
        return wait.astype(np.int64)

    def _feel(self, who: Ints, step: Ints) -> Floats:
        rules = self.rules
        felt = rules.emotion[step] + rules.shift[self.people.persona[who], step] + MOOD * self.mood[who]
        felt += NOISE * self.rng.standard_normal(len(who))
        for e, planted in enumerate(rules.effects):
            rows = self._under(e, who, planted.feel[step] != 0)
            felt[rows] += planted.feel[step[rows]]
        clipped: Floats = np.clip(felt, -2, 2)
        return clipped

    def _under(self, effect: int, who: Ints, touched: Bools) -> Ints:
        """Indices into `who` of those whom the effect holds for."""
        rows = np.flatnonzero(touched & self.meets[effect][who])
        there = who[rows]
        return rows[self.rules.effects[effect].holds(self.people.market[there], self.local[there], self.payment[there])]

    def _returns(self, who: Ints) -> Floats:
        loyalty = np.array([p.loyalty for p in self.rules.plan.personas])[self.people.persona[who]]
        chance: Floats = 1 / (1 + np.exp(-loyalty - 0.9 * self.mood[who]))
        return chance

    def _payments(self, who: Ints) -> Ints:
        """Four times of five the favourite, else any the market knows."""
        kinds = np.array([len(m.payments) for m in self.rules.plan.markets])[self.people.market[who]]
        other = (self.rng.random(len(who)) * kinds).astype(np.int64)
        return np.where(self.rng.random(len(who)) < 0.8, self.people.payment[who], other)

    def _first_visits(self) -> Ints:
        """Of old customers within their usual gap, of new ones at any time by the season."""
        rules, people, n = self.rules, self.people, len(self.people)
        gaps = np.array([p.gap_days for p in rules.plan.personas])[people.persona]
        monthly = np.repeat(rules.seasons, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], axis=1)
        chances = np.cumsum(monthly, axis=1) / monthly.sum(1, keepdims=True) + np.arange(len(monthly))[:, None]
        days = monthly.shape[1]
        new = np.searchsorted(chances.ravel(), self.context + self.rng.random(n)) - self.context * days
        day = np.where(self.old, self.rng.exponential(gaps), np.clip(new, 0, days - 1)).astype(np.int64)
        return self._at_usual_hour(np.arange(n), rules.begin // DAY_MS + day)

    def _next_visits(self, who: Ints) -> Ints:
        """The gap is exponential around the persona's, shorter in season and for the satisfied, a day at least."""
        rules = self.rules
        gaps = np.array([p.gap_days for p in rules.plan.personas])[self.people.persona[who]]
        day = rules.local(self.people.market[who], self.began[who]) // DAY_MS
        month = np.clip((day - rules.begin // DAY_MS) * 12 // 366, 0, 11)
        pace = rules.seasons[self.context[who], month] * np.exp(0.3 * self.mood[who])
        return self._at_usual_hour(who, day + 1 + self.rng.exponential(gaps / pace).astype(np.int64))

    def _at_usual_hour(self, who: Ints, day: Ints) -> Ints:
        """A time of that local day, or of the next Monday or Saturday where the persona does not care for such days."""
        rules, rng, persona = self.rules, self.rng, self.people.persona[who]
        weekend = np.array([p.weekend for p in rules.plan.personas])[persona]
        of_week = weekday(day)
        refused = rng.random(len(who)) >= np.where(of_week >= 5, weekend, 1 / np.maximum(weekend, 1))
        day = day + np.where(refused, np.where(of_week >= 5, 7 - of_week, 5 - of_week), 0)
        free = (weekday(day) >= 5).astype(np.int64)
        hour = (rules.hours[persona, free] < rng.random(len(who))[:, None]).sum(1)
        local = day * DAY_MS + hour * HOUR_MS + rng.integers(0, HOUR_MS, len(who))
        return rules.utc(self.people.market[who], local)
