"""The physical limit: the bytes that a question must read, divided by what the machine reads in a second.

Bytes are those of the leanest exact layout we know: one for an event's name, eight for its time, eight for where a
case begins, one for its market; of Parquet, the compressed columns. Nobody gets there: Parquet must be unpacked, and
sorted rows compared. `python -m bench.limit --size 10m --json FILE` shows it beside figures that were measured.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pyarrow.parquet as pq

from bench.engine.roster import OURS
from bench.engine.workload import SIZES, facts, files
from bench.generate import generate

COLUMNS = ("at", "customer", "event", "channel", "d_market")
NAME, TIME, BEGIN, MARKET = 1, 8, 8, 1
GIB = 1 << 30


def measured(folder: Path) -> dict[str, Any]:
    """Bandwidths in GB/s, bytes and least seconds of every question."""
    memory, cache = memory_rate(), cache_rate([Path(f) for f in files(folder, "W0")])
    of_files, of_memory = needed(folder)
    questions = of_files.keys() | of_memory.keys()
    seconds = {q: of_files.get(q, 0) / cache / 1e9 + of_memory.get(q, 0) / memory / 1e9 for q in sorted(questions)}
    read = {q: of_files.get(q, 0) + of_memory.get(q, 0) for q in sorted(questions)}
    return {"memory_gb_s": memory, "cache_gb_s": cache, "bytes": read, "seconds": seconds}


def needed(folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    """By question, the bytes to read from the lake's files and from the prepared log."""
    log = facts(folder)
    old, both = files(folder, "W0"), files(folder, "W7")
    new = [file for file in both if Path(file).name not in {Path(f).name for f in old}]
    whole = log["events"] * (NAME + TIME) + log["cases"] * BEGIN
    one = log["chosen"] * (NAME + TIME) + log["cases"] * (BEGIN + MARKET + TIME)
    of_memory = {
        "W1": whole,
        "W2": whole,
        "W3": whole + log["cases"] * MARKET,
        "W4": log["events"] * NAME + log["cases"] * BEGIN,
        "W5": log["events"] * TIME + log["cases"] * BEGIN,
        "W6": one,
        "W7": log["touched"] * (NAME + TIME),
        "MAP": whole,
        "MAP1": one,
    }
    return {"W0": _compressed(old), "W7": _compressed(new)}, of_memory


def _compressed(names: list[str]) -> int:
    total = 0
    for name in names:
        about = pq.read_metadata(name)
        for g in range(about.num_row_groups):
            columns = [about.row_group(g).column(c) for c in range(about.num_columns)]
            total += sum(c.total_compressed_size for c in columns if c.path_in_schema in COLUMNS)
    return total


@numba.njit(nogil=True, fastmath=True)
def _sum(values):  # type: ignore[no-untyped-def]
    total = np.int64(0)
    for i in range(values.size):
        total += values[i]
    return total


def memory_rate() -> float:
    """GB a second that all cores read together from memory."""
    cores = os.cpu_count() or 1
    parts = np.array_split(np.ones(GIB // 8, np.int64), cores)
    with ThreadPoolExecutor(cores) as pool:
        return GIB / _median(lambda: list(pool.map(_sum, parts))) / 1e9


def cache_rate(paths: list[Path]) -> float:
    """GB a second that all cores read together from files that the system holds in memory."""
    cores, some = os.cpu_count() or 1, paths[:8]
    piece = 1 << 20
    starts = [(path, at) for path in some for at in range(0, path.stat().st_size, 16 * piece)]

    def read(start: tuple[Path, int]) -> int:
        with start[0].open("rb", buffering=0) as file:
            file.seek(start[1])
            return sum(file.readinto(buffers.setdefault(start, bytearray(piece))) for _ in range(16))

    buffers: dict[Any, bytearray] = {}
    with ThreadPoolExecutor(cores) as pool:
        total = sum(pool.map(read, starts))
        return total / _median(lambda: list(pool.map(read, starts))) / 1e9


def _median(run: Callable[[], Any], runs: int = 7) -> float:
    run()
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def main() -> None:
    """Print the limit of every question, and how far from it we are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="10m")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "desirepath-bench")
    parser.add_argument("--json", type=Path, help="figures of `python -m bench`")
    asked = parser.parse_args()
    generate(asked.folder / asked.size, SIZES[asked.size])
    limit = measured(asked.folder / asked.size)
    figures = json.loads(asked.json.read_text("utf-8")) if asked.json else {}
    print(f"memory {limit['memory_gb_s']:.1f} GB/s, files in the page cache {limit['cache_gb_s']:.1f} GB/s")
    for question, least in limit["seconds"].items():
        ours = figures.get(question, {}).get(OURS, {}).get("median_s")
        beside = f"   ours {ours:.4f} s: {ours / least:.0f}×" if ours else ""
        print(f"{question:5} {limit['bytes'][question] / 1e6:10,.1f} MB  {least:.5f} s{beside}")


if __name__ == "__main__":
    main()
