"""`kill -9` of the studio while people edit: every edit that was acknowledged is there, in order, and once.

`DESIREPATH_KILL_ROUNDS` sets the number of rounds.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

import desirepath as dp
from desirepath.server.accounts import Accounts

ROUNDS = int(os.environ.get("DESIREPATH_KILL_ROUNDS", "2"))
EDITORS = 4


class Server:
    """The studio in a process of its own."""

    def __init__(self, folder: Path) -> None:
        program = "from desirepath.cli import main; main()"
        command = [sys.executable, "-c", program, "serve", str(folder), "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        self.address = next(word for word in said.split() if word.startswith("http")).split("/?")[0]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


class Editor(threading.Thread):
    """Adds cards, one after the other, until the server is gone; remembers what was acknowledged and what was asked."""

    def __init__(self, address: str, key: str) -> None:
        super().__init__(daemon=True)
        self.address, self.key = address, key
        self.acknowledged: dict[str, int] = {}
        self.asked: list[str] = []

    def run(self) -> None:
        with httpx2.Client(
            base_url=self.address, headers={"Authorization": f"Bearer {self.key}"}, timeout=10
        ) as client:
            while True:
                card = f"c{uuid4().hex}"
                op = {
                    "op": "add",
                    "part": "card",
                    "stage": "look",
                    "value": {"id": card, "lane": "needs", "text": card},
                }
                self.asked.append(card)
                try:
                    answer = client.post("/api/journeys/buying/edits", json={"edit_id": card, "ops": [op]})
                except httpx2.HTTPError:
                    return
                assert answer.status_code == 200, answer.text
                self.acknowledged[card] = answer.json()["seq"]


@pytest.fixture
def key(shop: Path) -> str:
    with closing(dp.open(shop)) as workspace:
        accounts = Accounts(workspace.database)
        return accounts.add_token(accounts.first("Ada", "a long enough password"), "editing", "editor", None)[1]


def test_no_acknowledged_edit_is_missing(shop: Path, key: str) -> None:
    chance = random.Random(20260301)
    acknowledged: dict[str, int] = {}
    asked: list[str] = []
    for _ in range(ROUNDS):
        server = Server(shop)
        editors = [Editor(server.address, key) for _ in range(EDITORS)]
        for editor in editors:
            editor.start()
        deadline = time.monotonic() + 120
        while not all(editor.acknowledged for editor in editors):
            assert time.monotonic() < deadline and server.process.poll() is None
            time.sleep(0.01)
        time.sleep(chance.uniform(0.1, 0.7))
        server.kill()
        for editor in editors:
            editor.join()
            acknowledged |= editor.acknowledged
            asked += editor.asked
        check(shop, acknowledged, asked)


def check(shop: Path, acknowledged: dict[str, int], asked: list[str]) -> None:
    with closing(dp.open(shop)) as workspace:
        edits: Any = workspace.journeys.edits("buying", limit=100_000)
        head = workspace.journeys.head("buying")
    assert [edit.seq for edit in edits] == list(range(1, head.seq + 1))
    kept = {edit.id: edit.seq for edit in edits}
    assert acknowledged.items() <= kept.items()
    assert set(kept) <= set(asked)
    assert {card.id for card in head.journey.stages[0].cards} == set(kept)
