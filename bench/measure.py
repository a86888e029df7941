"""Runs commands in processes of their own, in turn, and gives the median wall time and the peak memory of each."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """Seconds (median, least, most) and the peak resident memory over all runs."""

    median_s: float
    least_s: float
    most_s: float
    peak_mb: float
    runs: int


def run(command: Sequence[str], prepare: Sequence[str] | None = None) -> tuple[float, float]:
    """Wall seconds and peak memory in MB of one run; `prepare` runs first, uncounted."""
    if prepare:
        subprocess.run(prepare, check=True, stdout=subprocess.DEVNULL)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return wall, usage.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def alternate(
    commands: Mapping[str, Sequence[str]], runs: int, prepare: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Figure]:
    """One uncounted run each, then `runs` rounds in turn."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for round_ in range(runs + 1):
        for name, command in commands.items():
            got = run(command, (prepare or {}).get(name))
            if round_:
                seen[name].append(got)
    return {name: _figure(got) for name, got in seen.items()}


def _figure(got: list[tuple[float, float]]) -> Figure:
    walls = [wall for wall, _ in got]
    return Figure(statistics.median(walls), min(walls), max(walls), max(peak for _, peak in got), len(got))


def program() -> str:
    """The `desirepath` beside this Python."""
    return str(Path(sys.executable).parent / "desirepath")
