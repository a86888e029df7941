"""One engine on one question in a process of its own: `python -m bench.engine.worker ENGINE QUESTION FOLDER`.

For every line read it answers once and prints the seconds and the peak resident memory in MB of that run; the answer
itself goes to a file.
"""

from __future__ import annotations

import gc
import importlib
import json
import pickle
import resource
import sys
import time
from pathlib import Path

ENGINES = {
    "desirepath": ("ours", "Engine"),
    "duckdb": ("duck", "Engine"),
    "duckdb ordered": ("duck", "Ordered"),
    "polars": ("polar", "Engine"),
    "chdb": ("clickhouse", "Engine"),
}
_MEMORY = Path("/proc/self/clear_refs")


def main() -> None:
    """Answer until the input ends."""
    name, question, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    module, form = ENGINES[name]
    engine = getattr(importlib.import_module(f"bench.engine.{module}"), form)(folder, question)
    for _ in sys.stdin:
        engine.before(question)
        gc.collect()
        if _MEMORY.exists():
            _MEMORY.write_text("5")  # forget the peak
        began = time.perf_counter()
        answer = getattr(engine, question.lower())()
        seconds = time.perf_counter() - began
        (folder / f"answer.{question}.{name}").write_bytes(pickle.dumps(answer))
        print(json.dumps({"s": seconds, "mb": _peak_mb()}), flush=True)


def _peak_mb() -> float:
    if _MEMORY.exists():
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
