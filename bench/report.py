"""Writes the engine's figures into docs/performance.md, between its markers, and draws docs/growth.svg.

`python -m bench.report` reads `bench/figures/SIZE.json`, which `make bench SIZE=…` leaves there.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any

from bench.engine.roster import ENGINES, MAPS, OURS, YARDSTICKS
from bench.engine.workload import QUESTIONS, SIZES
from bench.plot import growth

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- engine: written by `make performance` -->", "<!-- engine: end -->"
ANEW = "desirepath anew"
RIVALS = tuple(name for name in ENGINES if name not in (OURS, ANEW, *YARDSTICKS))


@dataclass(frozen=True)
class Run:
    """One run of the benchmark: its figures, and about the machine."""

    size: str
    figures: dict[str, dict[str, dict[str, Any]]]
    about: dict[str, Any]

    def of(self, question: str, engine: str, what: str = "median_s") -> float | None:
        """A figure, where there is one."""
        value = self.figures.get(question, {}).get(engine, {}).get(what)
        return None if value is None else float(value)

    def best(self, question: str) -> tuple[float, str] | None:
        """The fastest rival and its seconds."""
        times = [(t, e) for e in RIVALS if (t := self.of(question, e)) is not None]
        return min(times, default=None)

    @property
    def name(self) -> str:
        return self.size.replace("m", " M").replace("b", " B")


def read(folder: Path) -> list[Run]:
    """All runs, the smallest first."""
    found = []
    for size in SIZES:
        file = folder / f"{size}.json"
        if file.exists():
            about = file.with_suffix(".about.json")
            found.append(Run(size, json.loads(file.read_text("utf-8")), json.loads(about.read_text("utf-8"))))
    return found


def page(runs: list[Run]) -> str:
    """What stands between the markers."""
    tables = [_questions(), _summary(runs), *_details(runs), _maps(runs), _refresh(runs), _limits(runs), _memory(runs)]
    return "\n\n".join(_wrapped(part) for part in [*tables, _differences(runs), _conditions(runs)] if part)


def _wrapped(text: str) -> str:
    """Paragraphs in lines of 120; tables, lists and pictures as they are."""
    return "\n".join(line if line[:1] in "|-!" else fill(line, 120) for line in text.split("\n"))


def _questions() -> str:
    asked = "; ".join(f"{q} {text}" for q, text in QUESTIONS.items() if q not in MAPS)
    return (
        f"Workloads: {asked}. Every engine starts from the same Parquet files of the lake, and every answer is "
        "compared with ours. Seconds are medians of runs in turn, each engine in a process of its own. Slow runs "
        "(over 20 s) are repeated once."
    )


def _summary(runs: list[Run]) -> str:
    head = ["ours, seconds (× the best of the others)", *(f"{run.name} events" for run in runs)]
    return _table(head, ([q, *(_against_best(run, q) for run in runs)] for q in QUESTIONS if q not in MAPS))


def _against_best(run: Run, question: str) -> str:
    ours, best = run.of(question, OURS), run.best(question)
    if ours is None:
        return "–"
    return f"**{_s(ours)}**" + (f" ({_times(best[0] / ours)} {best[1]})" if best else "")


def _details(runs: list[Run]) -> Iterator[str]:
    for run in runs:
        rivals = [e for e in RIVALS if any(run.of(q, e) is not None for q in QUESTIONS)]
        if rivals:
            rows = ([q, *(_cell(run, q, e) for e in (OURS, *rivals))] for q in QUESTIONS if q not in MAPS)
            yield f"All engines, {run.name} events:\n\n" + _table(["seconds (× ours)", OURS, *rivals], rows)


def _cell(run: Run, question: str, engine: str) -> str:
    ours, its = run.of(question, OURS), run.of(question, engine)
    if its is None:
        return "–"
    if engine == OURS or ours is None:
        return f"**{_s(its)}**" if engine == OURS else _s(its)
    return f"{_s(its)} ({_times(its / ours)})"


def _maps(runs: list[Run]) -> str:
    rows = []
    for question in MAPS:
        cells = []
        for run in runs:
            ours, yardstick = run.of(question, OURS), run.of(question, YARDSTICKS[0])
            beside = f" ({_times(ours / yardstick)} the fused pass)" if ours and yardstick else ""
            cells.append(f"**{_s(ours)}**{beside}" if ours else "–")
        rows.append([QUESTIONS[question], *cells])
    note = (
        "The fused pass is a yardstick: one kernel of one purpose that counts W1, W2, W3 and W5 in one pass over plain "
        "arrays, with quantiles from histograms, no rules, no persons, no variants.\n\n"
    )
    return note + _table(["seconds", *(f"{run.name} events" for run in runs)], rows)


def _refresh(runs: list[Run]) -> str:
    rows = []
    for name, engine in ("refreshed", OURS), ("all again, ours", ANEW):
        rows.append([name, *(_s(run.of("W7", engine)) for run in runs)])
    rows.append(["all again, the best of the others", *(_s(best[0]) if (best := r.best("W7")) else "–" for r in runs)])
    return _table(["W7, seconds", *(f"{run.name} events" for run in runs)], rows)


def _limits(runs: list[Run]) -> str:
    rates = "; ".join(
        f"{run.name}: {run.about['limit']['memory_gb_s']:.0f} GB/s from memory, "
        f"{run.about['limit']['cache_gb_s']:.1f} GB/s of files in the page cache"
        for run in runs
    )
    rows = ([q, *(_above_limit(run, q) for run in runs)] for q in QUESTIONS)
    head = ["the physical limit, ms (ours is above it)", *(f"{run.name} events" for run in runs)]
    return f"The limit is the bytes that must be read ÷ the measured bandwidth ({rates}).\n\n" + _table(head, rows)


def _above_limit(run: Run, question: str) -> str:
    least, ours = run.about["limit"]["seconds"][question], run.of(question, OURS)
    return f"{least * 1e3:.3g}" + (f" ({_times(ours / least)})" if ours else "")


def _memory(runs: list[Run]) -> str:
    rows = []
    for engine in ENGINES:
        cells = [_peaks(run, engine) for run in runs]
        if any(cell != "–" for cell in cells):
            rows.append([engine, *cells])
    head = ["peak memory, MB: W0; the most of the others", *(f"{run.name} events" for run in runs)]
    return _table(head, rows)


def _peaks(run: Run, engine: str) -> str:
    first = run.of("W0", engine, "peak_mb")
    rest = [mb for q in QUESTIONS if q != "W0" and (mb := run.of(q, engine, "peak_mb")) is not None]
    if first is None and not rest:
        return "–"
    return "; ".join([f"{first:,.0f}" if first is not None else "–", f"{max(rest):,.0f}" if rest else "–"])


def _differences(runs: list[Run]) -> str:
    said = {
        f"{engine} in {question}: {figure['lacks']}"
        for run in runs
        for question, engines in run.figures.items()
        for engine, figure in engines.items()
        if figure["lacks"] and engine not in YARDSTICKS
    }
    wrong = {
        f"{engine} gave another answer to {question} at {run.name} events"
        for run in runs
        for question, engines in run.figures.items()
        for engine, figure in engines.items()
        if not figure["same"]
    }
    same = "" if wrong else "All answers were the same, exact quantiles included. "
    return same + "; ".join([*sorted(wrong), *sorted(said)]) + ("." if said or wrong else "")


def _conditions(runs: list[Run]) -> str:
    said: dict[str, list[str]] = {}
    for run in runs:
        versions = ", ".join(f"{name} {version}" for name, version in run.about["versions"].items())
        said.setdefault(f"{run.about['machine']}; {run.about['date']}; {versions}.", []).append(run.name)
    lines = [f"- {', '.join(sizes)}: {what}" for what, sizes in said.items()]
    return "\n".join(lines) + "\n\n![Our seconds against events, both scales logarithmic](growth.svg)"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [list(head), ["---"] * len(head), *map(list, rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _s(seconds: float | None) -> str:
    """Three digits."""
    if seconds is None:
        return "–"
    return f"{seconds:.0f}" if seconds >= 100 else f"{seconds:.3g}"


def _times(ratio: float) -> str:
    return f"{ratio:.0f}×" if ratio >= 20 else f"{ratio:.1f}×"


def main() -> None:
    """Write the page and draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figures", type=Path, default=ROOT / "bench" / "figures")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    asked = parser.parse_args()
    runs = read(asked.figures)
    if not runs:
        raise SystemExit(f"no figures in {asked.figures}: run make bench first")
    file = asked.docs / "performance.md"
    before, _, rest = file.read_text("utf-8").partition(BEGIN)
    _, marked, after = rest.partition(END)
    if not marked:
        raise SystemExit(f"{file} has no markers {BEGIN} … {END}")
    file.write_text(f"{before}{BEGIN}\n\n{page(runs)}\n\n{END}{after}", encoding="utf-8")
    points = {q: [(run.about["events"], s) for run in runs if (s := run.of(q, OURS))] for q in QUESTIONS}
    (asked.docs / "growth.svg").write_text(growth(points), encoding="utf-8")


if __name__ == "__main__":
    main()
