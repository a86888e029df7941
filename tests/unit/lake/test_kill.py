"""An import that is killed at a random moment leaves nothing, and made again it ends as one made in peace.

`DESIREPATH_KILLS` sets the number of rounds.
"""

import os
import random
import subprocess
import sys
import time

import pytest

ROUNDS = int(os.environ.get("DESIREPATH_KILLS", "15"))
FILES = 8

CHILD = """
import sys
from pathlib import Path
import pyarrow as pa
from desirepath.database import Database
from desirepath.lake import Lake
from desirepath.lake.schema import CUSTOMERS, EVENTS

SCHEMA = pa.schema([*list(EVENTS)[1:], pa.field("d_file", pa.string())])

def events(n):  # some of them repeated, some of them those of the file before
    for start in range(0, 400, 100):
        rows = [
            {"row": i, "at": i, "customer": f"c{i % 50}", "event": f"e{n}", "event_id": f"{n - i % 2}-{i % 390}",
             "source": "s", "d_file": str(n)}
            for i in range(start, start + 100)
        ]
        yield pa.RecordBatch.from_pylist([dict.fromkeys(SCHEMA.names) | row for row in rows], schema=SCHEMA)

print("ready", flush=True)
folder, first = sys.stdin.readline().split()
lake = Lake(Path(folder, "lake"), Database.open(Path(folder, "workspace.db")))
for n in range(int(first), 8):
    with lake.begin("s", replace=n == 4) as import_:
        import_.write("events", events(n), SCHEMA)
        customers = pa.table({"row": [0], "customer": [f"c{n}"], "source": ["s"]})
        import_.write("customers", customers.to_batches(), customers.schema)
        import_.add_file(f"{n}.csv", str(n), 1, 400)
        import_.commit({})
    print(n, flush=True)
    if n % 3 == 2:
        lake.compact()
"""


class Importer:
    """A process that imports files `first` … 7 into the workspace in a folder as soon as it is told to."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def go(self, folder, first):
        assert self.process.stdout.readline() == "ready\n"
        self.process.stdin.write(f"{folder} {first}\n")
        self.process.stdin.flush()

    def end(self):
        """The files that it said it had imported."""
        return [int(n) for n in self.process.communicate()[0].split()]


def files_of(lake):
    """How many of the files were imported (the fifth superseded those before it)."""
    return next((n + 1 for n in reversed(range(FILES)) if lake.find_file("s", str(n))), 0)


@pytest.fixture
def workspace(tmp_path, open_lake):
    """Makes a new workspace; returns its folder."""

    def workspace(name):
        folder = tmp_path / name
        folder.mkdir()
        open_lake(folder)
        return folder

    return workspace


@pytest.fixture
def content(seen):
    """All visible rows, save the numbers of their imports."""

    def content(lake):
        events = seen("events", "row", "event", "event_id", "customer", "d_file", into=lake)
        return events, seen("customers", "customer", into=lake)

    return content


def test_killed_imports_leave_nothing_and_can_be_made_again(workspace, open_lake, content):
    peaceful, spare = Importer(), Importer()
    folder = workspace("peace")
    peaceful.go(folder, 0)
    begun = time.monotonic()
    assert peaceful.end() == list(range(FILES))
    seconds = time.monotonic() - begun
    expected = content(open_lake(folder))

    dice = random.Random(ROUNDS)
    killed, done, folder = 0, FILES, None
    for round_ in range(ROUNDS):
        if done == FILES:
            folder, done = workspace(f"round{round_}"), 0
        importer, spare = spare, Importer()
        importer.go(folder, done)
        time.sleep(dice.uniform(0, seconds / 2))
        importer.process.kill()
        told = importer.end()
        killed += importer.process.returncode == -9

        lake = open_lake(folder)
        before, done = done, files_of(lake)
        assert told == list(range(before, before + len(told)))
        assert done - before - len(told) in (0, 1), "at most one commit that it had no time to tell of"
        events, customers = content(lake)
        visible = range(4 if done > 4 else 0, done)
        assert ({e for _, e, *_ in events}, customers) == ({f"e{n}" for n in visible}, [f"c{n}" for n in visible])

    assert killed > ROUNDS / 2
    spare.go(folder, done)
    spare.end()
    lake = open_lake(folder)
    assert content(lake) == expected
    lake.compact()
    assert content(lake) == expected
