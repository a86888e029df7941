"""The workload log and the questions asked of it; imports nothing heavy, so that every engine's Python can read it.

Customers walk over 60 event names whose frequencies follow Zipf's law, about 12 events each, in 6 channels and 8
markets, over half a year; rows stand in the order in which they arrive. `bench/generate.py` writes them into a lake.
Every engine starts from the lake's files: those of the first import, for W7 those of both.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

SIZES = {"1m": 10**6, "10m": 10**7, "100m": 10**8, "1b": 10**9}
VERBS = ("see", "search", "compare", "ask", "add", "change", "pay", "receive", "use", "return")
NOUNS = ("offer", "product", "account", "order", "service", "contract")
EVENTS = tuple(f"{i:02d}_{VERBS[i // 6]}_{NOUNS[i % 6]}" for i in range(60))
"""Their alphabetical order is that of their numbers."""
STAGES = tuple(tuple(i for i in range(60) if i * 7 // 60 == s) for s in range(7))
CHANNELS = ("app", "call", "email", "social", "store", "web")
MARKETS = ("AT", "CH", "DE", "ES", "FR", "IT", "NL", "UK")
DAY = 86_400_000_000
WEEK = 7 * DAY
FIRST = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
SPAN = 182 * DAY
MONDAY = FIRST - 2 * DAY  # weeks are counted from here
FUNNEL = (6, 13, 25, 37, 43)
WINDOW = 7 * DAY
MARKET = MARKETS.index("DE")  # W6: customers of this market …
MONTH = (FIRST + 59 * DAY, FIRST + 90 * DAY)  # … who came first in March
TOP = 100
STEPS = 20

QUESTIONS = {
    "W0": "from the lake's files to ready",
    "W1": "directly-follows with exact median and p90 of the waits",
    "W2": "stages: reached in order, last, median dwell",
    "W3": "five steps within seven days, by market",
    "W4": "the hundred most frequent variants",
    "W5": "weekly retention",
    "W6": "W1 for the customers of one market who came first in one month",
    "W7": "after 1 % new events: W1 and W2 anew",
    "MAP": "the whole living map: 7 stages, 21 touchpoints",
    "MAP1": "the living map of one market and one month",
}


def base(folder: Path) -> Path:
    """The workspace that holds the log."""
    return folder / "workspace"


def after(folder: Path) -> Path:
    """The workspace that holds the next 1 %, too, as a second import."""
    return folder / "after"


def files(folder: Path, question: str) -> list[str]:
    """The lake's files that a question starts from."""
    known = json.loads((folder / "files.json").read_text("utf-8"))
    return [str(folder / name) for name in known["after" if question == "W7" else "base"]]


def facts(folder: Path) -> dict[str, int]:
    """How many events and cases there are, and how many of them W6 and W7 ask for."""
    known: dict[str, int] = json.loads((folder / "facts.json").read_text("utf-8"))
    return known
