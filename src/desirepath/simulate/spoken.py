"""What customers say, as the systems export it: calls, chats, tickets, surveys, reviews, social posts, rivals' reviews.

A feeling f becomes an answer by the scale's own line plus noise, rounded: CSAT and stars 3 + f, NPS 5 + 2.5·f. Who
feels strongly answers more often (response ∝ 0.6 + 0.4·|f|), and markets differ in their willingness.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desirepath.simulate.block import Block, Ints
from desirepath.simulate.cafe import TOUCHPOINTS
from desirepath.simulate.lines import Sink, local_times, numbers, pick, quoted, words
from desirepath.simulate.voice.grammar import TOPICS, Phrases, phrases, say
from desirepath.simulate.workbook import Workbook

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
CSAT_RATE, NPS_RATE, COMMENT = 0.05, 0.05, 0.45
RIVALS = ("Bean Republic", "Kettle Corner")
_MINUTE, _HOUR = 60_000, 3_600_000

Floats = NDArray[np.float64]


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


class Calls:
    """`calls.csv`: phone orders and support calls by phone number, local time with offset, stars after the call."""

    def __init__(self, folder: Path) -> None:
        head = "call_id,caller,started_at,reason,country,seconds,rating,summary\n"
        self.sink = Sink(folder / "calls.csv", head, mark=True)

    def write(self, block: Block, voice: Voice) -> None:
        """Adds a block."""
        rows = block.rows("phone_order", "call")
        rng, walked = block.rng, block.walked
        support = walked.step[rows] == block.rules.step["call"]
        rated = rng.random(len(rows)) < 0.4
        rating = np.where(rated, answers(rng, walked.felt[rows], 3, 1, 1, 5), 0).astype(np.int64)
        text = np.full(len(rows), "", object)
        text[support] = voice.cause(rows[support])
        text[~support & ~rated] = ""
        offset = (block.local[rows] - walked.at[rows]) // _HOUR
        self.sink.write(
            (
                "C",
                numbers(70_000 + self.sink.rows + np.arange(len(rows))),
                ",",
                pick(block.keys.phone, walked.customer[rows]),
                ",",
                local_times(block.local[rows], "%Y-%m-%d %H:%M:%S"),
                words([f"+{h:02d}:00" for h in range(15)], offset),
                ",",
                words(("order", "support"), support.astype(np.int64)),
                ",",
                words([m.id for m in block.rules.plan.markets], block.market[rows]),
                ",",
                numbers((rng.lognormal(5, 0.6, len(rows))).astype(np.int64)),
                ",",
                words(["", "1", "2", "3", "4", "5"], rating),
                ",",
                quoted(text.tolist()),
            ),
            len(rows),
        )


class Chats:
    """`chats.json`: support chats with nested customer and messages, times in epoch seconds, thumbs at the end."""

    def __init__(self, folder: Path) -> None:
        self.sink = Sink(folder / "chats.json", "[\n", between=",\n", tail="\n]\n")

    def write(self, block: Block, voice: Voice) -> None:
        """Adds a block."""
        rows = block.rows("chat")
        walked, rng = block.walked, block.rng
        up = rng.random(len(rows)) < 1 / (1 + np.exp(-2.0 * walked.felt[rows]))
        rated = rng.random(len(rows)) < 0.6
        texts = voice.cause(rows)
        lines = []
        for i, row in enumerate(rows.tolist()):
            reply = voice.spoken(rows[i : i + 1])[0].replies
            lines.append(
                json.dumps(
                    {
                        "id": f"chat-{self.sink.rows + i + 1}",
                        "customer": {"device": block.keys.device[walked.customer[row]]},
                        "opened": int(walked.at[row]) // 1000,
                        "market": block.rules.plan.markets[block.market[row]].id,
                        "question": texts[i],
                        "thumb": ("up" if up[i] else "down") if rated[i] else None,
                        "messages": [
                            {"from": "customer", "text": texts[i]},
                            {"from": "agent", "text": reply[row % len(reply)]},
                        ],
                    },
                    ensure_ascii=False,
                )
            )
        self.sink.write([pick(np.array(lines, object), np.arange(len(lines)))], len(lines))


class Tickets:
    """`tickets.csv`: e-mail tickets with the customer's words, the company's answer, and good or bad afterwards."""

    def __init__(self, folder: Path) -> None:
        head = "ticket,requester,market,created,solved,subject,message,answer,satisfaction\n"
        self.sink = Sink(folder / "tickets.csv", head)

    def write(self, block: Block, voice: Voice) -> None:
        """Adds a block."""
        customer, chain = block.chains("ticket_open", "ticket_solved")
        kept = chain[:, 0] >= 0
        customer, chain = customer[kept], chain[kept]
        rng, walked, rows = block.rng, block.walked, chain[:, 0]
        solved = chain[:, 1] >= 0
        good = rng.random(len(rows)) < 1 / (1 + np.exp(-2.0 * walked.felt[np.where(solved, chain[:, 1], rows)]))
        said = np.where(solved & (rng.random(len(rows)) < 0.5), good.astype(np.int64), 2)
        spoken = voice.spoken(rows)
        answer = [w.replies[r % len(w.replies)] if s else "" for w, r, s in zip(spoken, rows, solved, strict=True)]
        self.sink.write(
            (
                "T",
                numbers(5_000 + self.sink.rows + np.arange(len(rows))),
                ",",
                pick(block.keys.email, customer),
                ",",
                words([m.id for m in block.rules.plan.markets], block.people.market[customer]),
                ",",
                local_times(walked.at[rows], "%Y-%m-%d %H:%M:%S UTC"),
                ",",
                local_times(block.times(chain[:, 1], walked.at), "%Y-%m-%d %H:%M:%S UTC"),
                ",",
                quoted([w.notes[r % len(w.notes)] for w, r in zip(spoken, rows, strict=True)]),
                ",",
                quoted(voice.cause(rows)),
                ",",
                quoted(answer),
                ",",
                words(("bad", "good", ""), said),
            ),
            len(rows),
        )


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
        at = walked.at[rows] + (rng.lognormal(3, 0.8, len(rows)) * _MINUTE).astype(np.int64)
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
        felt = 0.9 * walked.mood[rows] + 0.2 * walked.felt[rows] + 0.45 * rng.standard_normal(len(rows))
        at = walked.at[rows] + (24 + rng.integers(0, 12, len(rows))) * _HOUR
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


class Reviews:
    """`reviews.csv` (stars, two of five without a customer), `social_posts.ndjson`, `competitor_reviews.csv`."""

    def __init__(self, folder: Path) -> None:
        self.reviews = Sink(folder / "reviews.csv", "review_id,date,author_email,market,stars,review\n")
        self.social = Sink(folder / "social_posts.ndjson")
        self.rivals = Sink(folder / "competitor_reviews.csv", "brand,day,city,stars,review\n")

    def write(self, block: Block, voice: Voice) -> None:
        """Adds a block."""
        self._reviews(block, voice)
        self._social(block, voice)
        self._rivals(block)

    def _reviews(self, block: Block, voice: Voice) -> None:
        walked, rng = block.walked, block.rng
        rows = block.rows("review")
        before = np.maximum(rows - 1, 0)
        before = np.where(walked.customer[before] == walked.customer[rows], before, rows)
        felt = np.clip(0.6 * walked.felt[before] + 0.6 * walked.felt[rows], -2, 2)
        named = rng.random(len(rows)) < 0.6
        self.reviews.write(
            (
                "V",
                numbers(self.reviews.rows + 1 + np.arange(len(rows))),
                ",",
                local_times(block.local[rows], "%Y-%m-%d %H:%M"),
                ",",
                pick(np.append(block.keys.email, ""), np.where(named, walked.customer[rows], len(block.people))),
                ",",
                words([m.id for m in block.rules.plan.markets], block.market[rows]),
                ",",
                numbers(answers(rng, felt, 3, 1, 1, 5).astype(np.int64)),
                ",",
                quoted(voice.about(before, felt)),
            ),
            len(rows),
        )

    def _social(self, block: Block, voice: Voice) -> None:
        """Who is very angry or delighted may post."""
        walked, rng, plan = block.walked, block.rng, block.rules.plan
        rows = np.flatnonzero(np.abs(walked.felt) > 1.6)
        rows = rows[rng.random(len(rows)) < 0.02]
        lines = [
            json.dumps(
                {
                    "posted_at": int(walked.at[row]) // 1000 + 1800,
                    "city": plan.markets[block.market[row]].name,
                    "lang": plan.markets[block.market[row]].language,
                    "text": text,
                    "likes": int(abs(walked.felt[row]) * 3),
                },
                ensure_ascii=False,
            )
            for row, text in zip(rows.tolist(), voice.about(rows), strict=True)
        ]
        self.social.write([pick(np.array(lines, object), np.arange(len(lines)))], len(lines))

    def _rivals(self, block: Block) -> None:
        """One review of a competitor for every thirty customers: good coffee, slow service."""
        rng, plan = block.rng, block.rules.plan
        count = len(block.people) // 30
        market = rng.integers(0, len(plan.markets), count)
        what = rng.integers(0, 3, count)
        topic = np.array([TOPICS.index(t) for t in ("coffee", "queue", "menu")])[what]
        felt = np.clip(rng.normal(np.array([0.5, -0.9, 0.1])[what], 0.9), -2, 2)
        texts = say(rng, [phrases(plan.markets[m].language) for m in market], topic, felt)
        day = block.rules.begin + rng.integers(0, 365, count) * 24 * _HOUR
        self.rivals.write(
            (
                words(RIVALS, rng.integers(0, 2, count)),
                ",",
                local_times(day, "%Y-%m-%d"),
                ",",
                words([m.name for m in plan.markets], market),
                ",",
                numbers(answers(rng, felt, 3, 1, 1, 5).astype(np.int64)),
                ",",
                quoted(texts),
            ),
            count,
        )
