"""A walked block with everything the exports ask of it: markets, local times, payment names and keys per event."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from desirepath.simulate.people import Keys, People
from desirepath.simulate.rules import Rules
from desirepath.simulate.walk import Walked

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """One block of customers and what they did."""

    rules: Rules
    people: People
    keys: Keys
    walked: Walked
    rng: np.random.Generator

    @cached_property
    def market(self) -> Ints:
        """The market of each event."""
        return self.people.market[self.walked.customer]

    @cached_property
    def local(self) -> Ints:
        """The wall-clock time of each event, in ms."""
        return self.rules.local(self.market, self.walked.at)

    @cached_property
    def visit_key(self) -> Ints:
        """One number for each (customer, visit)."""
        return self.walked.customer * 10_000 + self.walked.visit

    @cached_property
    def payment_names(self) -> tuple[str, ...]:
        """Names of all markets' payment methods, at `market × width + method`."""
        width = self._width
        return tuple(n for m in self.rules.plan.markets for n in [*m.payments, *[""] * width][:width])

    @property
    def _width(self) -> int:
        return max(len(m.payments) for m in self.rules.plan.markets)

    def payment(self, rows: Ints) -> Ints:
        """Codes of the payment names of the visits that these events belong to."""
        return self.market[rows] * self._width + self.walked.payment[rows]

    def rows(self, *steps: str) -> Ints:
        """Indices of the events at these steps, in order."""
        codes = [self.rules.step[s] for s in steps if s in self.rules.step]
        wanted = np.zeros(self.rules.size, bool)
        wanted[codes] = True
        return np.flatnonzero(wanted[self.walked.step])

    def chains(self, *steps: str) -> tuple[Ints, Ints]:
        """One row per run through the steps in order: (customer, event index per step or −1).

        A run begins at its first step (or at any step where the ones before it are missing) and takes the steps that
        follow within the same visit, each once.
        """
        rows = self.rows(*steps)
        rows = rows[np.argsort(self.visit_key[rows], kind="stable")]
        rank = np.full(self.rules.size, -1)
        rank[[self.rules.step[s] for s in steps]] = np.arange(len(steps))
        place, visit = rank[self.walked.step[rows]], self.visit_key[rows]
        begins = np.ones(len(rows), bool)
        begins[1:] = (visit[1:] != visit[:-1]) | (place[1:] <= place[:-1])
        run = np.cumsum(begins) - 1
        table = np.full((int(run[-1]) + 1 if len(rows) else 0, len(steps)), -1)
        table[run, place] = rows
        return self.walked.customer[rows[begins]], table

    def times(self, events: Ints, clock: Ints) -> Ints:
        """Times of event indices on a clock (UTC or local), −1 where there is no event."""
        return np.where(events >= 0, clock[events], -1)

    def price(self, customer: Ints) -> NDArray[np.float64]:
        """What these customers spend at one purchase, in their currency."""
        market = np.array([m.price for m in self.rules.plan.markets])[self.people.market[customer]]
        basket = np.array([p.basket for p in self.rules.plan.personas])[self.people.persona[customer]]
        spent: NDArray[np.float64] = np.round(market * basket * self.rng.lognormal(0, 0.35, len(customer)), 2)
        return spent
