"""The surveys: CSAT right after a touchpoint as CSV, NPS by e-mail as a spreadsheet.

Who feels strongly answers more often (response ∝ 0.6 + 0.4·|f|), and markets differ in their willingness.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from desirepath.simulate.block import Block, Ints
from desirepath.simulate.cafe import TOUCHPOINTS
from desirepath.simulate.lines import Sink, local_times, numbers, pick, quoted, words
from desirepath.simulate.markets import HOUR_MS
from desirepath.simulate.spoken import Floats, Voice, answers
from desirepath.simulate.workbook import Workbook

ASKED = (
    "app_menu",
    "kiosk",
    "product",
    "shop_enter",
    "counter",
    "checkout",
    "pay_app",
    "paid_app",
    "fail_app",
    "pay_web",
    "paid_web",
    "fail_web",
    "till",
    "pickup",
    "served",
    "delivered",
    "call",
    "ticket_solved",
    "phone_order",
    "home",
    "reward",
)
"""The steps after which people are asked."""
CSAT_RATE, NPS_RATE, COMMENT = 0.05, 0.05, 0.45
MINUTE_MS = 60_000


class Surveys:
    """`survey_csat.csv`: 1–5 right after a touchpoint; `survey_nps.xlsx`: 0–10 by e-mail, about the company as such."""

    def __init__(self, folder: Path) -> None:
        self.csat = Sink(
            folder / "survey_csat.csv", "sent_to;answered_at;asked_about;how_satisfied;reason;lang\n", mark=True
        )
        self.nps = Workbook(folder, "survey_nps", ("Submitted", "E-mail", "How likely?", "Why?", "Language"))

    def write(self, block: Block, voice: Voice, told: dict[str, list[float]]) -> None:
        """Adds a block; `told` gets the sum and number of what was said of each touchpoint on −2…+2."""
        self._csat(block, voice, told)
        self._nps(block, voice)

    def _csat(self, block: Block, voice: Voice, told: dict[str, list[float]]) -> None:
        walked, rng, plan = block.walked, block.rng, block.rules.plan
        rows = block.rows(*ASKED)
        rows = rows[rng.random(len(rows)) < CSAT_RATE * _willing(block, rows)]
        at = walked.at[rows] + (rng.lognormal(3, 0.8, len(rows)) * MINUTE_MS).astype(np.int64)
        score = answers(rng, walked.felt[rows], 3, 1, 1, 5)
        for i, step in enumerate(plan.steps):
            given = score[walked.step[rows] == i]
            tally = told.setdefault(TOUCHPOINTS[step.id], [0.0, 0])
            tally[0] += float((given - 3).sum())
            tally[1] += len(given)
        self.csat.write(
            (
                pick(block.keys.email, walked.customer[rows]),
                ";",
                local_times(at, "%d/%m/%Y %H:%M"),
                ";",
                words([TOUCHPOINTS[s.id] for s in plan.steps], walked.step[rows]),
                ";",
                numbers(score.astype(np.int64)),
                ";",
                quoted(_comments(voice, rows, walked.felt[rows])),
                ";",
                words([m.language for m in plan.markets], block.market[rows]),
            ),
            len(rows),
        )

    def _nps(self, block: Block, voice: Voice) -> None:
        """Each visit's last event may bring the letter with the question, a day later."""
        walked, rng, plan = block.walked, block.rng, block.rules.plan
        ends = np.flatnonzero(np.append(block.visit_key[1:] != block.visit_key[:-1], True))
        rows = ends[rng.random(len(ends)) < NPS_RATE * _willing(block, ends)]
        felt = 0.45 + 0.8 * walked.mood[rows] + 0.3 * walked.felt[rows] + 0.5 * rng.standard_normal(len(rows))
        at = walked.at[rows] + (24 + rng.integers(0, 12, len(rows))) * HOUR_MS
        emails = block.keys.email[walked.customer[rows]]
        tongues = [plan.markets[m].language for m in block.market[rows]]
        score = answers(rng, felt, 5, 2.5, 0, 10).tolist()
        self.nps.write(zip(at.tolist(), emails, score, _comments(voice, rows, felt), tongues, strict=True))


def _willing(block: Block, rows: Ints) -> Floats:
    """How likely people are to answer, against what is usual: markets differ, and strong feelings make people speak."""
    response = np.array([m.response for m in block.rules.plan.markets])[block.market[rows]]
    willing: Floats = response * (0.6 + 0.4 * np.abs(block.walked.felt[rows]))
    return willing


def _comments(voice: Voice, rows: Ints, felt: Floats) -> list[str]:
    """A text with some of the answers, nothing with the others."""
    speaks = voice.block.rng.random(len(rows)) < COMMENT
    text = np.full(len(rows), "", object)
    text[speaks] = voice.about(rows[speaks], felt[speaks])
    spoken: list[str] = text.tolist()
    return spoken
