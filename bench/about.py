"""What figures are worth nothing without: the machine, the versions, the day."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from bench.process import python

PACKAGES = {
    "desirepath": ("desirepath", "numba", "numpy", "pyarrow", "deltalake"),
    "duckdb": ("duckdb",),
    "polars": ("polars",),
    "chdb": ("chdb",),
    "pm4py": ("pm4py", "pandas"),
    "retentioneering": ("retentioneering",),
    "spark": ("pyspark",),
}
_ASK = "import sys, importlib.metadata as m; print(*[m.version(p) for p in sys.argv[1:]])"


def facts(engines: list[str]) -> dict[str, Any]:
    """Of this machine, today."""
    versions: dict[str, str] = {}
    for engine in engines:
        if engine in PACKAGES and python(engine).exists():
            versions |= dict(zip(PACKAGES[engine], _versions(engine), strict=True))
    return {
        "machine": f"{os.cpu_count()} cores{_model()}, {_memory_gib():.0f} GiB, {platform.system()}",
        "date": dt.date.today().isoformat(),
        "versions": {"python": platform.python_version()} | versions,
    }


def _versions(engine: str) -> list[str]:
    asked = [str(python(engine)), "-c", _ASK, *PACKAGES[engine]]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()


def _model() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text("utf-8").splitlines() if known.exists() else []
    names = {line.partition(":")[2].strip() for line in lines if line.startswith("model name")}
    return f" ({names.pop()})" if names else ""


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
