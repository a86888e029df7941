"""The engine beside others: `python -m bench --size 10m --json FILE` (the intake: `python -m bench.intake`).

Each engine answers each question in a process of its own; the runs alternate, the first is not counted, and every
answer must be the same.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.engine.answers import agree
from bench.engine.worker import ENGINES
from bench.engine.workload import QUESTIONS, SIZES, generate

OURS = "desirepath"


class Process:
    """A worker, or why there is none."""

    def __init__(self, python: str, engine: str, question: str, folder: Path) -> None:
        command = [python, "-m", "bench.engine.worker", engine, question, str(folder)]
        self.runs: list[dict[str, float]] = []
        self.failed = ""
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=_environment(),
        )

    def run(self) -> None:
        """Once more; nothing when it has failed."""
        if self.failed:
            return
        assert self._child.stdin and self._child.stdout and self._child.stderr
        try:
            self._child.stdin.write("run\n")
            self._child.stdin.flush()
        except BrokenPipeError:
            pass
        line = self._child.stdout.readline()
        if line:
            self.runs.append(json.loads(line))
        else:
            self.failed = (self._child.stderr.read().strip().splitlines() or ["it ended without a word"])[-1]

    def end(self) -> None:
        """Close it."""
        self._child.communicate()


def _environment() -> dict[str, str]:
    root = str(Path(__file__).parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}


def measure(question: str, engines: list[str], runs: int, folder: Path, peers: str) -> dict[str, dict[str, Any]]:
    """Figures of every engine that has an answer; `same` says whether it is that of the first of them."""
    for old in folder.glob(f"answer.{question}.*"):
        old.unlink()
    workers = {e: Process(sys.executable if e == OURS else peers, e, question, folder) for e in engines}
    for _ in range(1 + runs):
        for worker in workers.values():
            worker.run()
    found: dict[str, dict[str, Any]] = {}
    first: Any = None
    for engine, worker in workers.items():
        worker.end()
        if worker.failed:
            print(f"   {engine}: {worker.failed}", file=sys.stderr)
            continue
        counted = worker.runs[1:]
        answer = pickle.loads((folder / f"answer.{question}.{engine}").read_bytes())
        first = first or answer
        found[engine] = {
            "median_s": statistics.median(run["s"] for run in counted),
            "least_s": min(run["s"] for run in counted),
            "peak_mb": max(run["mb"] for run in counted),
            "same": agree(first, answer),
        }
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="10m")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each engine (W0: at most 3)")
    parser.add_argument("--questions", nargs="+", choices=QUESTIONS, default=list(QUESTIONS))
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--peers", default=sys.executable, help="the Python that has Polars and chDB")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "desirepath-bench")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    folder = asked.folder / asked.size
    generate(folder, SIZES[asked.size])
    print(f"{SIZES[asked.size]:,} events, {os.cpu_count()} cores, {platform.platform()}")
    figures: dict[str, dict[str, Any]] = {}
    for question in asked.questions:
        print(f"{question} {QUESTIONS[question]}", flush=True)
        engines = [e for e in asked.engines if question != "W0" or e != "duckdb ordered"]
        runs = min(3, asked.runs) if question == "W0" else asked.runs
        figures[question] = measure(question, engines, runs, folder, asked.peers)
        ours = figures[question].get(OURS)
        for engine, figure in figures[question].items():
            ratio = f"{figure['median_s'] / ours['median_s']:6.1f}×" if ours else ""
            differs = "" if figure["same"] else "  ANOTHER ANSWER"
            print(
                f"   {engine:15} {figure['median_s']:8.3f} s {ratio}  peak {figure['peak_mb']:7,.0f} MB{differs}",
                flush=True,
            )
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if not all(figure["same"] for found in figures.values() for figure in found.values()):
        raise SystemExit("the answers differ")
    if OURS in asked.engines and not all(OURS in found for found in figures.values()):
        raise SystemExit("we have no answer")


if __name__ == "__main__":
    main()
