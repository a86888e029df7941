"""The engines: where their code is, which questions they answer, up to which size, and in which environment."""

from __future__ import annotations

from dataclasses import dataclass

ALL = ("W0", "W1", "W2", "W3", "W4", "W5", "W6", "W7")
MAPS = ("MAP", "MAP1")
OURS = "desirepath"
YARDSTICKS = ("fused pass",)
"""Not rivals: a kernel of one purpose, from which the price of generality is read."""


@dataclass(frozen=True)
class Form:
    """An engine: its module and class, its questions, the largest size it is asked by default."""

    form: tuple[str, str]
    questions: tuple[str, ...]
    most: str
    apart: bool = False  # needs an environment of its own


ENGINES = {
    OURS: Form(("ours", "Engine"), (*ALL, *MAPS), "1b"),
    "desirepath anew": Form(("ours", "Anew"), ("W7",), "1b"),
    "fused pass": Form(("fused", "Engine"), MAPS, "100m"),
    "duckdb": Form(("duck", "Engine"), ALL, "100m"),
    "duckdb ordered": Form(("duck", "Ordered"), ALL[1:], "100m"),
    "polars": Form(("polar", "Engine"), ALL, "100m"),
    "chdb": Form(("clickhouse", "Engine"), ALL, "100m"),
    "pm4py": Form(("mining", "Engine"), ("W0", "W1", "W4"), "10m", apart=True),
    "retentioneering": Form(("clickstream", "Engine"), ("W0", "W1"), "10m", apart=True),
    "spark": Form(("spark", "Engine"), ALL, "10m", apart=True),
}
