"""Kernels are compiled before they are needed, each of them once."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pyarrow as pa
import pytest

from desirepath.eventlog.locate import locate
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.runner import summarise
from desirepath.eventlog.warmup import compiled, warmup


def test_a_second_warmup_has_nothing_to_compile() -> None:
    warmup()
    before = compiled()
    assert warmup() > 0
    assert compiled() == before


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled with NUMBA_DISABLE_JIT=1")
def test_no_data_makes_a_kernel_compile_again(make: Any) -> None:
    warmup()
    m = Rules.Match(event=("a*",), channel=("web",), where={"page": ("1",)})
    rules = Rules(((m,), ()), (0, 1), 2, start=m, end=m, trim=True, session_gap=5.0)
    many = [{"customer": f"c{i % 7}", "event": f"e{i}", "at": i, "d_page": str(i % 2)} for i in range(1500)]
    for rows in ([], many, make.walk(None, "ab", case="k"), make.walk("", "", case="")):
        for notion in ("customer", "case"):
            log = make.log(rows, notion, dims=("page",), links={"c1": "c2"})
            summarise(log, rules, Scope(where={"page": ("1",)}), threads=2)
            locate(log, rules, Scope(), pa.array(["c1"]), "customer", np.array([5]), 60)
    assert {name: n for name, n in compiled().items() if n > 1} == {}
