"""Kernels are compiled before they are needed, and once each: every variant is seconds of somebody's first map."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numba
import numpy as np
import pyarrow as pa
import pytest
from tests.unit.eventlog.conftest import Make, walk
from tests.unit.eventlog.test_extending import World

from desirepath.eventlog import extending, staging
from desirepath.eventlog.chains import MODES
from desirepath.eventlog.locate import locate
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.remembering import Remembering, settle
from desirepath.eventlog.runner import (
    channel_moves,
    errands,
    follows_by,
    funnel,
    in_one_pass,
    retention,
    sessions,
    stages,
    summaries,
    summarise,
    with_sessions,
)
from desirepath.eventlog.warmup import compiled, warmup

BY_TYPE = {
    "building._pass_on": 2, "building._steady": 2, "picking._narrow": 3, "picking._pick": 8,
    "picking._pick_through": 5,
    "staging._scatter": 3, "staging._scatter_through": 5, "unpacking._codes": 6, "unpacking._times": 4,
    "variants._read": 3,
}  # fmt: skip
"""Kernels that take columns as they are: once for each type of integer, and whether it may be written to."""
NO_RULES = Rules((), (), 0)


def everything(folder: Path) -> dict[str, int]:
    """In a process of its own: how many variants there are after logs of all kinds were asked all questions."""
    warmup()
    page = Rules.Match(event=("a*",), channel=("web",), where={"page": ("1",)})
    trimmed = Rules(((page,), ()), (0, 1), 2, start=page, end=page, trim=True, session_gap=5.0)
    many_stages = Rules(((page,),) * 20, tuple(range(20)), 20)
    numbers = iter(range(1000))

    def folder_of() -> Path:
        return folder / str(next(numbers))

    def rows(names: int, step: int) -> list[dict[str, Any]]:
        return [
            {
                "customer": f"c{i % 7}",
                "case": f"k{i % 9}",
                "event": f"e{i % names}",
                "at": i * step,
                "d_page": str(i % 3),
            }
            for i in range(max(50, names))
        ]

    lakes = [[], walk("", "", case=""), walk(None, "ab", case="k"), rows(3, 1_000_000), rows(300, 1), rows(66_000, 1)]
    for of in lakes:
        wide = len(of) > 60_000
        for notion in ("customer",) if wide else ("customer", "case"):
            world = World(Make(folder_of), folder_of(), notion, of, links={"c1": "c2"}, dims=("page",))
            with patch.object(extending, "MOST", 10.0), patch.object(staging, "ROWS_A_PARTITION", 1 << 16):
                for rules, log in ((trimmed, world.log()), (many_stages, grown(world).log())):
                    ask(log, rules, wide=wide)
    return compiled()


def grown(world: World) -> World:
    world.rows = [
        *world.rows,
        {"import": 2, "customer": "c1", "case": "k1", "event": "e1", "at": 5_000_000, "d_page": "1"},
    ]
    return world


def ask(log: Any, rules: Rules, *, wide: bool) -> None:
    """All questions; of very many names only what is counted without them."""
    for scope in (Scope(), Scope(where={"page": ("1",)}, start=0)):
        if not wide:
            summarise(log, rules, scope, 2)
            summarise(Remembering(log, 2), NO_RULES, scope)
            settle()
            summaries(log, rules, scope, "page", 2)
            follows_by(log, scope, "channel")
        errands(log, rules, scope)
        if in_one_pass(log, whole := replace(rules, trim=False, session_gap=None), scope):
            for counter in (log, Remembering(log, 2)) if not wide else (log,):
                with_sessions(counter, whole, scope, 5)
            settle()
        stages(log, rules, scope)
        sessions(log, 5, scope)
        channel_moves(log, rules, scope)
        for mode in MODES if log.event_names else ():
            funnel(log, [{0}, {0}], 60, scope, mode=mode)
        retention(log, 10**9, 0, scope)
        locate(log, rules, scope, pa.array(["c1"]), "customer", np.array([5]), 60)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Elsewhere, for tests call kernels in ways of their own; those that kernels call are compiled beforehand."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(1) as pool:
        pool.apply(warmup)
    with spawn.Pool(1) as pool:
        return pool.apply(everything, (tmp_path_factory.mktemp("warm"),))


def test_no_data_makes_a_kernel_compile_again(found: dict[str, int]) -> None:
    several = {name: n for name, n in found.items() if n > 1}
    assert several == ({} if numba.config.DISABLE_JIT else BY_TYPE)


def test_a_second_warmup_has_nothing_to_compile() -> None:
    warmup()
    before = compiled()
    assert warmup() > 0
    assert compiled() == before
