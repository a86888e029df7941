"""The engine beside others: `python -m bench --size 10m --json FILE` (the intake: `python -m bench.intake`).

Each engine answers each question in a process of its own; the runs alternate, the first is not counted, slow ones are
run once more only, and every answer is compared with ours. FILE gets `{workload: {engine: {median_s, peak_mb, …}}}`,
FILE with `.about.json` the machine, the versions and the physical limit.
"""

from __future__ import annotations

import argparse
import json
import pickle
import statistics
import tempfile
from pathlib import Path
from typing import Any

from bench import about, limit
from bench.engine.answers import agree
from bench.engine.roster import ENGINES, OURS
from bench.engine.workload import QUESTIONS, SIZES
from bench.generate import generate
from bench.process import Worker

Figures = dict[str, dict[str, Any]]
"""Of one question: engine to what was measured."""


def measure(question: str, engines: list[str], runs: int, folder: Path) -> Figures:
    """Figures of every engine that has an answer; `same` says whether it is that of the first of them."""
    for old in folder.glob(f"answer.{question}.*"):
        old.unlink()
    workers = {engine: Worker(engine, question, folder) for engine in engines}
    for _ in range(1 + runs):
        for worker in workers.values():
            worker.run()
    found: Figures = {}
    first: Any = None
    for engine, worker in workers.items():
        worker.end()
        if worker.failed:
            print(f"   {engine:16} LEFT OUT: {worker.failed}", flush=True)
            continue
        answer = pickle.loads((folder / f"answer.{question}.{engine}").read_bytes())
        first = first or answer
        found[engine] = figure(worker.runs) | {"same": agree(first, answer)}
    return found


def figure(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The first run is not counted."""
    counted = runs[1:]
    seconds = [run["s"] for run in counted]
    return {
        "median_s": statistics.median(seconds),
        "least_s": min(seconds),
        "most_s": max(seconds),
        "first_s": runs[0]["s"],
        "peak_mb": max(run["mb"] for run in counted),
        "runs": len(counted),
        "lacks": counted[-1]["lacks"],
    }


def show(figures: Figures, least_s: float | None) -> None:
    """The figures of one question, ours first."""
    ours = figures.get(OURS)
    for engine, figure in figures.items():
        ratio = f"{figure['median_s'] / ours['median_s']:8.2f}×" if ours else ""
        words = "" if figure["same"] else "  ANOTHER ANSWER"
        words += f"  ({figure['lacks']})" if figure["lacks"] else ""
        if engine == OURS and least_s:
            words += f"  {figure['median_s'] / least_s:.0f}× the limit of {least_s:.2g} s"
        print(
            f"   {engine:16} {figure['median_s']:9.4f} s {ratio}  peak {figure['peak_mb']:7,.0f} MB{words}", flush=True
        )


def asked_for() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="10m")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each engine (W0, W7: at most 3)")
    parser.add_argument("--questions", nargs="+", choices=QUESTIONS, default=list(QUESTIONS))
    parser.add_argument("--engines", nargs="+", choices=ENGINES, help="default: all that bear the size")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "desirepath-bench")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    asked = asked_for()
    folder, rows = asked.folder / asked.size, SIZES[asked.size]
    generate(folder, rows)
    engines = asked.engines or [name for name, form in ENGINES.items() if SIZES[form.most] >= rows]
    facts = about.facts(engines) | {"events": rows, "limit": limit.measured(folder)}
    print(f"{rows:,} events; {facts['machine']}", flush=True)
    figures: dict[str, Figures] = {}
    for question in asked.questions:
        print(f"{question} {QUESTIONS[question]}", flush=True)
        answering = [e for e in engines if question in ENGINES[e].questions]
        runs = min(3, asked.runs) if question in ("W0", "W7") else asked.runs
        figures[question] = measure(question, answering, runs, folder)
        show(figures[question], facts["limit"]["seconds"].get(question))
        if asked.json:
            _note(asked.json, figures)
            _note(asked.json.with_suffix(".about.json"), facts)
    if not all(figure["same"] for found in figures.values() for figure in found.values()):
        raise SystemExit("the answers differ")
    if OURS in engines and not all(OURS in found for found in figures.values()):
        raise SystemExit("we have no answer")


def _note(file: Path, what: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(what, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
