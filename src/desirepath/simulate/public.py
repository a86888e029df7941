"""What is said in public: reviews with stars, social posts, and what others say of the rivals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from desirepath.simulate.block import Block
from desirepath.simulate.lines import Sink, local_times, numbers, pick, quoted, words
from desirepath.simulate.markets import HOUR_MS
from desirepath.simulate.spoken import Voice, answers
from desirepath.simulate.voice.grammar import TOPICS, phrases, say

RIVALS = ("Bean Republic", "Kettle Corner")


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
                local_times(walked.at[rows], "%Y-%m-%d %H:%M"),
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
        day = block.rules.begin + rng.integers(0, 365, count) * 24 * HOUR_MS
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
