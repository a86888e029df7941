"""The studio under load: readers and editors at once on a simulated company, then `kill -9`: is everything there?

Each reader asks once a second, for the map, the journey and the portfolio in turn, as browsers do: compressed, and
with the ETag of what it has; each editor adds a card every two seconds. Besides waiting times the processor time of the
server and of this program is told, since both share the machine.
`python -m bench.studio --readers 50 --editors 10 --seconds 60`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

import desirepath as dp
from desirepath.cli.demo import make
from desirepath.progress import silent
from desirepath.server.accounts import Accounts

SERVE = "from desirepath.cli import main; main()"


class Load:
    """What was asked, how long it took, and what was acknowledged."""

    def __init__(self, journey: str, stage: str) -> None:
        self.journey, self.stage = f"/api/journeys/{journey}", stage
        self.took: dict[str, list[float]] = defaultdict(list)
        self.faults: list[str] = []
        self.acknowledged: dict[str, int] = {}
        self.seconds = 0.0

    async def read(self, client: httpx2.AsyncClient, until: float) -> None:
        """A reader."""
        pages = {"map": f"{self.journey}/map", "journey": self.journey, "portfolio": "/api/journeys"}
        tags = dict.fromkeys(pages, "")
        await asyncio.sleep(random.random())
        while time.monotonic() < until:
            for what, page in pages.items():
                asked = client.get(page, headers={"If-None-Match": tags[what], "Accept-Encoding": "gzip"})
                answer = await self.timed(what, asked, 200, 304)
                if answer is not None:
                    tags[what] = answer.headers.get("ETag", "")
                await asyncio.sleep(1)

    async def edit(self, client: httpx2.AsyncClient, until: float) -> None:
        """An editor."""
        await asyncio.sleep(2 * random.random())
        while time.monotonic() < until:
            card = f"c{uuid4().hex}"
            value = {"id": card, "lane": "needs", "text": "Something is needed here"}
            op = {"op": "add", "part": "card", "stage": self.stage, "value": value}
            asked = client.post(f"{self.journey}/edits", json={"edit_id": card, "ops": [op]})
            answer = await self.timed("edit", asked, 200)
            if answer is not None:
                self.acknowledged[card] = answer.json()["seq"]
            await asyncio.sleep(2)

    async def timed(self, what: str, asked: Any, *good: int) -> httpx2.Response | None:
        """Waits for an answer and notes how long it took; None where it is none."""
        begun = time.perf_counter()
        try:
            answer: httpx2.Response = await asked
        except httpx2.HTTPError as error:
            self.faults.append(f"{what}: {type(error).__name__}")
            return None
        self.took[what].append(time.perf_counter() - begun)
        if answer.status_code not in good:
            self.faults.append(f"{what}: {answer.status_code} {answer.text[:200]}")
            return None
        return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--editors", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--customers", type=int, default=3000)
    parser.add_argument("--workspace", type=Path, help="one that `desirepath demo` made; else one is simulated")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.workspace or Path(folder) / "company"
        with closing(dp.open(path) if given.workspace else make(path, given.customers, 1, silent)) as workspace:
            (entry, *_) = workspace.journeys.list()
            stage = workspace.journeys.get(entry.id).stages[0].id
            before = workspace.journeys.head(entry.id).seq
            accounts = Accounts(workspace.database)
            person = accounts.first("Bench", uuid4().hex) if accounts.none_yet() else accounts.any_admin()
            _, key = accounts.add_token(person, "bench", "editor", None)
        load = Load(entry.id, stage)
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE, "serve", str(path), "--port", "0"], stdout=subprocess.PIPE
        )
        try:
            assert server.stdout is not None
            address = next(w for w in server.stdout.readline().decode().split() if w.startswith("http")).split("/?")[0]
            begun = time.process_time()
            asyncio.run(run(load, address, key, given))
            load.seconds = time.process_time() - begun
        finally:
            server.send_signal(signal.SIGKILL)
            _, server.returncode, used = os.wait4(server.pid, 0)
        with closing(dp.open(path)) as workspace:
            kept = {edit.id: edit.seq for edit in workspace.journeys.edits(entry.id, after=before, limit=10**6)}
        report(load, kept, used, given)


async def run(load: Load, address: str, key: str, given: argparse.Namespace) -> None:
    """All of them at once; the first map is computed before the clock runs."""
    limits = httpx2.Limits(max_connections=given.readers + given.editors)
    authorised = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(base_url=address, headers=authorised, timeout=60, limits=limits) as client:
        (await client.get(f"{load.journey}/map", timeout=600)).raise_for_status()
        until = time.monotonic() + given.seconds
        readers = [load.read(client, until) for _ in range(given.readers)]
        await asyncio.gather(*readers, *(load.edit(client, until) for _ in range(given.editors)))


def report(load: Load, kept: dict[str, int], used: resource.struct_rusage, given: argparse.Namespace) -> None:
    """What was measured, for people and as JSON."""
    figures: dict[str, Any] = {}
    reads = [took for what, all_ in load.took.items() if what != "edit" for took in all_]
    for what, took in {**load.took, "all reads": reads}.items():
        cuts = statistics.quantiles(took, n=100)
        figures[what] = {"n": len(took), "p50_ms": round(cuts[49] * 1e3, 1), "p95_ms": round(cuts[94] * 1e3, 1),
                         "p99_ms": round(cuts[98] * 1e3, 1)}  # fmt: skip
        print(f"{what:>10}: {figures[what]}")
    missing = {card for card, seq in load.acknowledged.items() if kept.get(card) != seq}
    seconds = {"server": round(used.ru_utime + used.ru_stime, 1), "clients": round(load.seconds, 1)}
    print(f"processor seconds: {seconds}, the server's start included; its peak memory: {used.ru_maxrss // 1024} MB")
    print(
        f"{len(load.faults)} faults {load.faults[:3]}; "
        f"of {len(load.acknowledged)} acknowledged edits {len(missing)} missing"
    )
    if given.json:
        about = {"readers": given.readers, "editors": given.editors, "seconds": given.seconds}
        found = {
            "about": about,
            "figures": figures,
            "cpu_s": seconds,
            "faults": len(load.faults),
            "missing": len(missing),
        }
        given.json.write_text(json.dumps(found, indent=2) + "\n")
    if load.faults or missing:
        sys.exit(1)


if __name__ == "__main__":
    main()
