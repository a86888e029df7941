"""From feelings to words and answers: what customers say about a step, in the language of their market.

A feeling f becomes an answer by the scale's own line plus noise, rounded: CSAT and stars 3 + f, NPS 5 + 2.5·f.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desirepath.simulate.block import Block, Ints
from desirepath.simulate.voice.grammar import TOPICS, Phrases, phrases, say

Floats = NDArray[np.float64]

TOPIC = {
    "shop_enter": "queue",
    "counter": "queue",
    "app_menu": "menu",
    "kiosk": "menu",
    "product": "menu",
    "cart": "menu",
    "app_order": "menu",
    "checkout": "payment",
    "pay_app": "payment",
    "pay_web": "payment",
    "fail_app": "payment",
    "fail_web": "payment",
    "paid_app": "payment",
    "paid_web": "payment",
    "till": "payment",
    "pickup": "coffee",
    "served": "coffee",
    "shipped": "delivery",
    "delivered": "delivery",
    "chat": "support",
    "call": "support",
    "ticket_open": "support",
    "ticket_solved": "support",
}
"""What people talk about at a step; elsewhere the topic is the company as a whole."""


class Voice:
    """Texts for the events of a block in the language of their market."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.languages = [phrases(m.language) for m in block.rules.plan.markets]
        self.topic = np.array([TOPICS.index(TOPIC.get(s.id, "general")) for s in block.rules.plan.steps])

    def spoken(self, rows: Ints) -> list[Phrases]:
        """The phrases of each event's market."""
        return [self.languages[m] for m in self.block.market[rows]]

    def about(self, rows: Ints, felt: Floats | None = None) -> list[str]:
        """What is said about these events."""
        walked = self.block.walked
        feeling = walked.felt[rows] if felt is None else felt
        return say(self.block.rng, self.spoken(rows), self.topic[walked.step[rows]], feeling)

    def cause(self, rows: Ints) -> list[str]:
        """What a contact to support is about: the customer's worst step in the last eight, or the contact itself."""
        walked = self.block.walked
        back = np.maximum(rows[:, None] - np.arange(1, 9), 0)
        same = walked.customer[back] == walked.customer[rows][:, None]
        worst = back[np.arange(len(rows)), np.argmin(np.where(same, walked.felt[back], 9), axis=1)]
        worst = np.where(same.any(1), worst, rows)
        felt = np.minimum(walked.felt[worst], walked.felt[rows]) - 0.3
        return say(self.block.rng, self.spoken(rows), self.topic[walked.step[worst]], felt)


def answers(rng: np.random.Generator, felt: Floats, middle: float, slope: float, low: float, high: float) -> Floats:
    """Feelings as answers on a scale."""
    given: Floats = np.clip(np.round(middle + slope * felt + 0.3 * slope * rng.standard_normal(len(felt))), low, high)
    return given
