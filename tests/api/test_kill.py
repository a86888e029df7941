"""`kill -9` at random moments of an import, then the same import again: nothing is lost, nothing is there twice.

`DESIREPATH_KILL_ROUNDS` sets the number of rounds. Half of the kills are spread over the whole import, half over its
end, where the tables and the journal are committed.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import desirepath as dp
from desirepath.workspace import Workspace

ROUNDS = int(os.environ.get("DESIREPATH_KILL_ROUNDS", "8"))
ROWS = 4_000

CHILD = """
import sys
from desirepath import workspace
from desirepath.cli import main
from desirepath.intake import pipeline
print("ready", flush=True)
sys.argv = ["desirepath", *sys.stdin.readline().rstrip("\\n").split("\\t")]
main()
"""

MAPPING = """\
source: shop
files: [clicks.csv]
kind: events
customer: user
event: {column: event}
at: time
event_id: id
dimensions: {market: market}
---
source: shop
files: [reviews.csv]
kind: feedback
feedback: {text: text, at: time, customer: user, score: {column: stars, scale: stars}}
"""

JOURNEY = """\
journey: buying
title: Buying
stages:
  - id: all
    name: All
    touchpoints:
      - {id: home, name: Home, match: [{event: home}]}
      - {id: buy, name: Purchase, match: [{event: buy}]}
"""


class Importer:
    """A process of its own that imports when it is told to; everything that it needs is loaded before."""

    def __init__(self, folder: Path, exports: Path) -> None:
        self.arguments = ["ingest", folder, exports, "--mapping", exports.parent / "shop.yaml", "--json"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def run(self, kill_after: float | None = None) -> tuple[float, bool]:
        """How long it took until it said what it had done, and whether it was killed before it ended."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        begun = time.monotonic()
        self.process.stdin.write("\t".join(map(str, self.arguments)).encode() + b"\n")
        self.process.stdin.flush()
        if kill_after is not None:
            time.sleep(kill_after)
            self.process.kill()
        self.process.stdout.readline()
        took = time.monotonic() - begun
        _, err = self.process.communicate()
        assert self.process.returncode == (-9 if kill_after is not None else 0) or not self.process.returncode, err
        return took, self.process.returncode == -9


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clicks (a tenth of them with an impossible day, a tenth of them twice) and reviews."""
    folder = tmp_path_factory.mktemp("kill")
    exports = folder / "exports"
    exports.mkdir()
    with (exports / "clicks.csv").open("w") as file:
        file.write("id,user,event,time,market\n")
        for i in range(ROWS):
            day = 30 if i % 10 == 7 else 1 + i % 28
            file.write(
                f"{i - (i % 10 == 3)},u{i % 300},{('home', 'buy')[i % 3 == 0]},"
                f"2026-02-{day:02} 10:{i % 60:02}:00,{'LP'[i % 2]}\n"
            )
    with (exports / "reviews.csv").open("w") as file:
        file.write("user,time,stars,text\n")
        file.writelines(f"u{i},2026-02-{1 + i % 28:02} 11:00:00,{1 + i % 5},number {i}\n" for i in range(200))
    (folder / "shop.yaml").write_text(MAPPING)
    return exports


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a journey and no evidence, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "buying.yaml").write_text(JOURNEY)
    workspace = dp.init(folder / "ws")
    workspace.add_journey(folder / "buying.yaml")
    workspace.close()
    return folder / "ws"


def content(workspace: Workspace) -> dict[str, Any]:
    """What a workspace says: its sources, all rows save the number of their import, and the map."""
    sources = [(s.name, s.rows, s.quarantined, s.events, s.feedback, s.first, s.last) for s in workspace.sources()]
    numbered = ("import", "id")  # feedback without an id of its own is called by its import and row
    tables = {
        name: [
            {key: value for key, value in row.items() if key not in numbered}
            for row in workspace.lake.arrow(name).read_all().sort_by("row").to_pylist()
        ]
        for name in ("events", "feedback", "quarantine")
    }
    drawn = json.dumps(workspace.map("buying").to_json(), default=str) if sources else None
    return {"sources": sources, **tables, "map": drawn and re.sub(r'"\d+-(\d+)"', r'"\1"', drawn)}


def test_killed_imports_made_again_end_as_one_made_in_peace(exports: Path, empty: Path, tmp_path: Path) -> None:
    shutil.copytree(empty, tmp_path / "peace")
    duration, _ = Importer(tmp_path / "peace", exports).run()
    shutil.copytree(empty, tmp_path / "again")
    duration = min(duration, Importer(tmp_path / "again", exports).run()[0])
    peace = content(dp.open(tmp_path / "peace"))
    (source,) = peace["sources"]
    assert source[:5] == ("shop", ROWS + 200, ROWS // 10, ROWS * 8 // 10, 200)
    nothing = {"sources": [], "events": [], "feedback": [], "quarantine": [], "map": None}

    chance = random.Random(20260301)
    killed = left_nothing = 0
    for number in range(ROUNDS):
        folder = tmp_path / f"round{number}"
        shutil.copytree(empty, folder)
        earliest = 0.0 if number % 2 else 0.6
        killed += Importer(folder, exports).run(kill_after=chance.uniform(earliest, 1.05) * duration)[1]

        workspace = dp.open(folder)
        after = content(workspace)
        assert after in (nothing, peace)
        left_nothing += after == nothing

        again = workspace.ingest(exports, mapping=exports.parent / "shop.yaml")
        assert bool(again.skipped_files) == (after == peace)
        assert content(workspace) == peace
        lake = folder / "lake"
        listed = {
            Path(file).name for table in ("events", "feedback", "quarantine") for file in workspace.lake.files(table)
        }
        assert {file.name for file in lake.rglob("*.parquet")} == listed  # what the dead one left is swept
        workspace.close()
        shutil.rmtree(folder)
    print(f"{killed} of {ROUNDS} imports of {duration:.2f} s were killed; {left_nothing} left nothing")
    assert killed >= ROUNDS / 2
    assert left_nothing
