"""One engine on one question in a process of its own: `python -m bench.engine.worker ENGINE QUESTION FOLDER`.

For every line read it answers once and prints the seconds and the peak resident memory in MB of that run, its children
included; the answer itself goes to a file.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pickle
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bench.engine.roster import ENGINES


def main() -> None:
    """Answer until the input ends."""
    name, question, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what others print is not our answer
    module, form = ENGINES[name].form
    engine = getattr(importlib.import_module(f"bench.engine.{module}"), form)(folder, question)
    for _ in sys.stdin:
        engine.before()
        gc.collect()
        _forget_peak()
        began = time.perf_counter()
        answer = getattr(engine, question.lower())()
        seconds = time.perf_counter() - began
        peak = _peak_mb()
        if callable(answer):  # what only brings the answer into our form
            answer = answer()
        (folder / f"answer.{question}.{name}").write_bytes(pickle.dumps(answer))
        said = {"s": seconds, "mb": peak, "lacks": engine.lacks.get(question, "")}
        print(json.dumps(said), file=out, flush=True)


def _processes(root: int) -> Iterator[Path]:
    """This process and all that it started."""
    here = Path(f"/proc/{root}")
    yield here
    for task in here.glob("task/*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # of a thread that has just ended
            children = task.read_text("ascii").split()
            yield from (process for child in children for process in _processes(int(child)))


def _forget_peak() -> None:
    for process in _processes(os.getpid()):
        if (memory := process / "clear_refs").exists():
            memory.write_text("5", "ascii")


def _peak_mb() -> float:
    if Path("/proc/self/status").exists():
        texts = [(process / "status").read_text("utf-8") for process in _processes(os.getpid())]
        return sum(int(t.split("VmHWM:")[1].split()[0]) for t in texts if "VmHWM:" in t) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
