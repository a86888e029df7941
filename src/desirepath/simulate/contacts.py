"""Contacts with support as the systems export them: calls by phone number, chats by device, tickets by e-mail."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa

from desirepath.simulate.block import Block
from desirepath.simulate.lines import Parts, Sink, local_times, numbers, pick, quoted, words
from desirepath.simulate.markets import HOUR_MS
from desirepath.simulate.spoken import Voice, answers


class Calls:
    """`calls.csv`: the switchboard's log, local time with offset; `call_notes.csv`: stars and summaries.

    A note exists where the caller pressed a key for stars after the call or the agent wrote down what it was about.
    """

    def __init__(self, folder: Path) -> None:
        self.log = Sink(folder / "calls.csv", "call_id,caller,started_at,reason,country,seconds\n", mark=True)
        self.notes = Sink(folder / "call_notes.csv", "call_id,caller,started_at,reason,rating,summary\n", mark=True)

    def write(self, block: Block, voice: Voice) -> None:
        """Adds a block."""
        rows = block.rows("phone_order", "call")
        rng, walked = block.rng, block.walked
        support = walked.step[rows] == block.rules.step["call"]
        offset = (block.local[rows] - walked.at[rows]) // HOUR_MS
        caller = pick(block.keys.phone, walked.customer[rows])
        zone = words([f"+{h:02d}:00" for h in range(15)], offset)
        reason = words(("order", "support"), support.astype(np.int64))
        call: Parts = [
            "C",
            numbers(70_000 + self.log.rows + np.arange(len(rows))),
            ",",
            caller,
            ",",
            local_times(block.local[rows], "%Y-%m-%d %H:%M:%S"),
            zone,
            ",",
            reason,
            ",",
        ]
        rating = np.where(rng.random(len(rows)) < 0.4, answers(rng, walked.felt[rows], 3, 1, 1, 5), 0).astype(np.int64)
        text = np.full(len(rows), "", object)
        text[support] = voice.cause(rows[support])
        noted = np.flatnonzero(support | (rating > 0))
        note: Parts = [part if isinstance(part, str) else part.take(pa.array(noted)) for part in call]
        stars = words(["", "1", "2", "3", "4", "5"], rating[noted])
        self.notes.write([*note, stars, ",", quoted(text[noted].tolist())], len(noted))
        market = words([m.id for m in block.rules.plan.markets], block.market[rows])
        seconds = numbers(rng.lognormal(5, 0.6, len(rows)).astype(np.int64))
        self.log.write([*call, market, ",", seconds], len(rows))


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
