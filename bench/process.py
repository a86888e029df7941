"""Workers: an engine and a question each, in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.engine.roster import ENGINES

ROOT = Path(__file__).parents[1]
SLOW_S = 20.0
"""Whose runs take longer is asked once more only."""


def python(engine: str) -> Path:
    """The Python of an engine's environment."""
    return ROOT / ".venv-peers" / "bin" / "python" if ENGINES[engine].apart else Path(sys.executable)


class Worker:
    """A worker, or why there is none."""

    def __init__(self, engine: str, question: str, folder: Path) -> None:
        self.runs: list[dict[str, Any]] = []
        self.failed = ""
        self._child: subprocess.Popen[str] | None = None
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 (as long as the child lives)
        if not python(engine).exists():
            self.failed = "not installed (make bench installs it)"
            return
        self._child = subprocess.Popen(
            [str(python(engine)), "-m", "bench.engine.worker", engine, question, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))},
        )

    @property
    def slow(self) -> bool:
        """Whether two runs are enough."""
        return len(self.runs) > 1 and self.runs[-1]["s"] > SLOW_S

    def run(self) -> None:
        """Once more; nothing when it has failed or is slow."""
        if self.failed or self.slow:
            return
        assert self._child and self._child.stdin and self._child.stdout
        try:
            self._child.stdin.write("run\n")
            self._child.stdin.flush()
        except BrokenPipeError:
            pass
        if line := self._child.stdout.readline():
            self.runs.append(json.loads(line))
        else:
            self._child.wait()
            self.failed = self._last_words()

    def _last_words(self) -> str:
        assert self._child
        self._errors.seek(0)
        said = [line for line in self._errors.read().splitlines() if line.strip()]
        named = [line for line in said if re.match(r"[\w.]*(Error|Exception)\b", line)]
        return (named or said or [f"it ended with {self._child.returncode}, without a word"])[-1]

    def end(self) -> None:
        """Close it."""
        if self._child:
            self._child.communicate()
        self._errors.close()
