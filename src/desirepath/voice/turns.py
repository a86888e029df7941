"""Conversations: chats and call transcripts as turns with their speakers, the customer's apart from the company's.

A turn begins with a speaker's label at the start of a line ("Agent:", "Клиент:", "客服：", "[10:02] Anna (Support):").
Labels are known by their words (`intake.speakers`); of labels that are not, the one that is not the company's is the
customer. A text without at least two labelled turns is no conversation: all of it is its author's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desirepath.intake.speakers import Speaker, role

_TURN = re.compile(
    r"^[ \t>*\-]*(?:\[?\(?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?\)?\]?\s*[\-–]?\s*)?"
    r"(?P<label>[^\W\d_][^\n:：]{0,38}?)\s*(?:\[?\(?\d{1,2}:\d{2}(?::\d{2})?\)?\]?)?\s*[:：][ \t]*(?!//)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Turn:
    """What one of the two said at once."""

    speaker: Speaker
    text: str


def turns(text: str) -> list[Turn]:
    """The turns of a conversation; empty where the text is none."""
    marks = list(_TURN.finditer(text))
    labels = [_plain(m["label"]) for m in marks]
    roles = {label: who for label in set(labels) if (who := role(label)) is not None}
    if len(marks) < 2 or not roles or len(set(labels)) > 8:
        return []
    others: Speaker = "customer" if "company" in roles.values() else "company"
    ends = [m.start() for m in marks[1:]] + [len(text)]
    said = [
        Turn(roles.get(label, others), text[m.end() : end].strip())
        for label, m, end in zip(labels, marks, ends, strict=True)
    ]
    lead = text[: marks[0].start()].strip()
    return ([Turn("customer", lead)] if lead else []) + [t for t in said if t.text]


def customers_words(text: str) -> tuple[str, str]:
    """What the customer said and what the company said in a text, each as one text."""
    said = turns(text)
    if not said:
        return text, ""
    return tuple("\n".join(t.text for t in said if t.speaker == who) for who in ("customer", "company"))  # type: ignore[return-value]


def _plain(label: str) -> str:
    return label.strip().casefold()
