"""Kernels are plain Python, too: where nothing is compiled they say the same, and can be stepped through."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "files", [("test_summarise.py", "test_walks.py", "test_runs.py", "test_tally.py"), ("test_reference.py",)]
)
def test_without_a_compiler(files: tuple[str, ...]) -> None:
    """Whatever is small enough to be read is also run with NUMBA_DISABLE_JIT=1."""
    small = "not million and not seventy and not many_arrays"
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", small]
    found = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *(str(HERE / file) for file in files)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=HERE.parents[2],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout
