"""What is remembered, brought up to date, equals what is counted anew; and it is really used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.unit.eventlog.test_extending import RULES, World
from tests.unit.eventlog.test_reference import SCOPES, SECOND, all_rules, assert_same

from desirepath.eventlog import blocks, counting, extending, prepare, remembering
from desirepath.eventlog import log as log_
from desirepath.eventlog.counting import Asked
from desirepath.eventlog.log import Log
from desirepath.eventlog.measures import stages
from desirepath.eventlog.measures.funnels import Funnels
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.remembering import FOLDER, Place, Remembering, canonical
from desirepath.eventlog.runner import (
    follows,
    follows_by,
    funnel,
    in_one_pass,
    retention,
    summaries,
    summarise,
    with_sessions,
)

EVERY_CASE = Rules((), (), 0)


@contextmanager
def counts() -> Iterator[list[int]]:
    """How many events are counted in each pass meanwhile."""
    passes: list[int] = []

    def spied(of: Any) -> Any:
        def counting_events(measures: Any, blocks: Any, *more: Any) -> Any:
            offset = measures[0].question.log.offset
            cases = [np.arange(*b) if isinstance(b, tuple) else b for b in blocks]
            passes.append(int(sum((offset[c + 1] - offset[c]).sum() for c in cases)))
            return of(measures, blocks, *more)

        return counting_events

    count, keep = spied(counting.count), spied(counting.keep)
    with (
        patch.object(counting, "count", count),
        patch.object(remembering, "count", count),
        patch.object(counting, "keep", keep),
    ):
        yield passes


def anew(log: Log) -> Remembering:
    """As of another process: everything is on disk, nothing at hand."""
    remembering.settle()
    remembering._AT_HAND.clear()
    return Remembering(log, 2)


@pytest.fixture(params=["customer", "case"])
def world(request: Any, make: Any, tmp_path: Path) -> World:
    """Forty customers with the events a, b, c; the waits of the first are the shortest."""
    rows = [
        {"customer": f"c{k}", "case": f"k{k}", "event": "abc"[j], "at": (100 * k + j * (k + 1)) * SECOND}
        for k in range(40)
        for j in range(3)
    ]
    world = World(make, tmp_path, request.param, rows)
    world.log()
    return world


def files(log: Log) -> list[Path]:
    remembering.settle()
    return sorted((log.folder / FOLDER).iterdir())


class TestIsUsed:
    def test_a_second_time_nothing_is_counted(self, world: World) -> None:
        log = world.log()
        with counts() as passes:
            first = summarise(anew(log), RULES, Scope())
            assert passes
            passes.clear()
            assert_same(summarise(anew(log), RULES, Scope()), first)
            assert_same(summarise(Remembering(log), RULES, Scope()), first)
            assert passes == []
        assert len(files(log)) == 1

    def test_after_an_import_only_what_changed_is_counted(self, world: World) -> None:
        summarise(anew(world.log()), RULES, Scope())
        world.come("a", "c3", case="k3")
        log = world.log()
        with counts() as passes:
            got = summarise(anew(log), RULES, Scope())
            assert passes == [3, 4], "the case as it was, and as it is now"
            passes.clear()
            assert_same(summarise(anew(log), RULES, Scope()), got)
            assert passes == []
        assert_same(got, summarise(log, RULES, Scope()))

    def test_after_several_imports_each_case_is_counted_once(self, world: World) -> None:
        summarise(anew(world.log()), RULES, Scope())
        for _ in range(3):
            world.come("a", "c3", case="k3")
            log = world.log()
        with counts() as passes:
            assert_same(summarise(anew(log), RULES, Scope()), summarise(log, RULES, Scope()))
            assert passes[:2] == [3, 6]

    def test_questions_are_told_apart(self, world: World) -> None:
        log = world.log()
        one, more = [{0}], {"window_s": 60, "scope": Scope()}
        for ask in (
            lambda engine: funnel(engine, one, **more),
            lambda engine: funnel(engine, [{1}], **more),
            lambda engine: funnel(engine, one, **more, by="event"),
            lambda engine: funnel(engine, one, **more, mode="order"),
            lambda engine: funnel(engine, one, 61, Scope()),
            lambda engine: funnel(engine, one, 60, Scope(start=0)),
            lambda engine: funnel(engine, one, 60, Scope(where={"event": ("a",)})),
            lambda engine: follows(engine, Scope()),
            lambda engine: summarise(engine, RULES, Scope()),
            lambda engine: summarise(engine, Rules(RULES.touchpoints, RULES.stage, 3, session_gap=1.0), Scope()),
            lambda engine: retention(engine, 86_400, 0, Scope()),
            lambda engine: retention(engine, 86_400, 1, Scope()),
        ):
            assert_same(ask(anew(log)), ask(log))
        assert len(files(log)) == 12

    def test_equal_questions_have_equal_names(self) -> None:
        def asked(steps: Any, where: Any) -> Asked:
            return Asked(EVERY_CASE, Scope(where=where), None, ((Funnels, {"window_s": 1, "steps": steps}),))

        a = asked([{1, 2}], {"x": ("1",), "y": ("2",)})
        assert canonical(a) == canonical(asked(({2, 1},), {"y": ["2"], "x": ("1",)}))
        assert canonical(a) != canonical(asked([{1}, {2}], {"x": ("1",), "y": ("2",)}))

    def test_a_new_name_is_another_question(self, world: World) -> None:
        """Its answer has other rows."""
        summarise(anew(world.log()), RULES, Scope())
        world.come("A", "c3", case="k3")
        log = world.log()
        with counts() as passes:
            assert_same(summarise(anew(log), RULES, Scope()), summarise(log, RULES, Scope()))
        assert passes[0] == 121

    def test_a_log_that_was_made_anew_remembers_nothing(self, world: World) -> None:
        before = world.log()
        summarise(anew(before), RULES, Scope())
        world.rows = world.rows[3:]
        log = world.log()
        assert log.folder != before.folder
        with counts() as passes:
            assert summarise(anew(log), RULES, Scope()).cases == 39
        assert passes[0] == 117

    def test_an_older_log_does_not_take_a_newer_answer(self, world: World) -> None:
        before = world.log()
        world.come("a", "c3", case="k3")
        summarise(anew(world.log()), RULES, Scope())
        assert summarise(anew(before), RULES, Scope()).events == 120


class TestIsCountedAnew:
    def test_where_an_extreme_was_lost(self, make: Any, tmp_path: Path) -> None:
        """The first event of all was of an import that is gone."""
        rows = [{**row, "import": 2} for k in range(20) for row in make.walk(f"c{k}", "abc", start=10)]
        world = World(make, tmp_path, "customer", [*make.walk("c0", "a"), *rows])
        summarise(anew(world.log()), RULES, Scope())
        world.visible = {2}
        log = world.log()
        assert len(log.segments) == 3
        with counts() as passes:
            got = summarise(anew(log), RULES, Scope())
        assert got.first_time == 10 * make.MINUTE
        assert_same(got, summarise(log, RULES, Scope()))
        assert passes[:3] == [4, 3, 60]

    def test_where_quantiles_left_their_ranges_durations_are_kept_anew(self, world: World) -> None:
        """The many new waits are all longer than what was kept."""
        with patch.object(remembering, "SLACK", 0.0), patch.object(Remembering, "slack", 0.0):
            assert follows(anew(world.log()), Scope()).wait.median.tolist() == [20.5, 20.5]
            with patch.object(extending, "MOST", 100.0):
                for k in range(60):
                    world.rows += [
                        {
                            "import": 2,
                            "customer": f"n{k}",
                            "case": f"n{k}",
                            "event": "abc"[j],
                            "at": 90_000 * j * SECOND,
                        }
                        for j in range(3)
                    ]
                log = world.log()
            assert len(log.segments) == 3
            got = follows(anew(log), Scope())
        assert got.wait.median.tolist() == [90_000.0, 90_000.0]
        assert_same(got, follows(log, Scope()))

    @pytest.mark.parametrize(
        "harm",
        [
            lambda data: b"",
            lambda data: data[:3],
            lambda data: data[:-1],
            lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
            lambda data: data + b"\0",
            lambda data: b"something else altogether",
        ],
    )
    def test_where_the_file_is_damaged(self, world: World, harm: Any) -> None:
        log = world.log()
        first = summarise(anew(log), RULES, Scope())
        (file,) = files(log)
        file.write_bytes(harm(file.read_bytes()))
        with counts() as passes:
            assert_same(summarise(anew(log), RULES, Scope()), first)
            assert passes
            passes.clear()
            summarise(anew(log), RULES, Scope())
            assert passes == []

    @pytest.mark.parametrize(
        "arrays",
        [{}, {"segment": np.array([0]), "ranges/stages/bounds": np.zeros((1, 2, 2))}],
    )
    def test_where_the_file_is_of_another_make(self, world: World, arrays: Any) -> None:
        log = world.log()
        first = summarise(anew(log), RULES, Scope())
        (file,) = files(log)
        body = b"".join(remembering.pack(arrays))
        file.write_bytes(remembering.zlib.crc32(body).to_bytes(4, "big") + body)
        assert_same(summarise(anew(log), RULES, Scope()), first)

    def test_where_what_is_counted_has_changed_since(self, world: World, monkeypatch: Any) -> None:
        log = world.log()
        with monkeypatch.context() as older:
            older.setattr(remembering, "VERSION", 0)
            summarise(anew(log), RULES, Scope())
            remembering.settle()
        with counts() as passes:
            summarise(anew(log), RULES, Scope())
        assert passes[0] == 120

    def test_where_the_folder_cannot_be_written(self, world: World) -> None:
        log = world.log()
        (log.folder / FOLDER).touch()
        for _ in range(2):
            assert summarise(anew(log), RULES, Scope()).events == 120


ENDING = """
import sys
from pathlib import Path
from desirepath.eventlog import remembering
from desirepath.eventlog.log import open_log
from desirepath.eventlog.model import Scope
from desirepath.eventlog.runner import funnel

remembering._LATER_S = 3600.0
log = open_log(Path(sys.argv[1]))
for window in range(3):
    funnel(remembering.Remembering(log), [{0}], window, Scope())
"""


def test_a_process_that_ends_leaves_what_it_counted_and_waits_for_nothing(world: World) -> None:
    log = world.log()
    subprocess.run([sys.executable, "-c", ENDING, log.folder], check=True, timeout=600)
    assert len(files(log)) == 3


class TestIsForgotten:
    def test_the_oldest_of_too_much(self, world: World) -> None:
        log = world.log()
        for window in range(3):
            funnel(anew(log), [{0}], window, Scope())
            os.utime(max(files(log), key=lambda f: f.stat().st_mtime_ns), ns=(0, window + 1))
        kept = {file.name: file.stat().st_mtime_ns for file in files(log)}
        size = sum(file.stat().st_size for file in files(log))
        with patch.object(remembering, "ALL_BYTES", size):
            funnel(anew(log), [{0}], 7, Scope())
            remembering.settle()
        left = {file.name for file in files(log)}
        assert len(left) == 3
        assert {stamp for name, stamp in kept.items() if name in left} == {2, 3}

    def test_a_large_answer_at_once(self, world: World) -> None:
        log = world.log()
        with patch.object(remembering, "MOST_BYTES", 10):
            funnel(anew(log), [{0}], 1, Scope())
            remembering.settle()
        assert not (log.folder / FOLDER).exists()

    def test_few_stay_in_memory(self, world: World) -> None:
        log = world.log()
        for window in range(12):
            funnel(Remembering(log), [{0}], window, Scope())
        remembering.settle()
        assert len(remembering._AT_HAND) == remembering.MOST_AT_HAND

    def test_all_beside_the_logs_of_a_cache_when_asked_to(self, world: World) -> None:
        log = world.log()
        summarise(Remembering(log), RULES, Scope())
        remembering.forget(world.folder)
        assert not (log.folder / FOLDER).exists()
        assert not remembering._AT_HAND
        assert summarise(Remembering(log), RULES, Scope()).events == 120

    def test_nothing_is_left_half_written(self, world: World) -> None:
        log = world.log()
        summarise(anew(log), RULES, Scope())
        assert {file.suffix for file in files(log)} == {".bin"}


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "import": st.integers(1, 3),
            "at": st.sampled_from([0, 1, 2, 5, 9, 3000]).map(lambda s: s * SECOND),
            "customer": st.sampled_from(["u", "v", "w", None]),
            "case": st.sampled_from(["k", "l", None]),
            "event": st.sampled_from("abcd"),
            "d_page": st.sampled_from(["1", "2", None]),
        }
    ),
    min_size=4,
    max_size=20,
).map(lambda rows: sorted(rows, key=lambda row: row["import"]))
SEQUENCES = st.lists(st.sets(st.integers(1, 3), min_size=1), min_size=2, max_size=4) | st.just([{1}, {1, 2}, {1, 2, 3}])
NEW_PAIR = [
    {"import": n, "at": at * SECOND, "customer": c, "case": None, "event": e, "d_page": None}
    for n, at, c, e in [(1, 0, "u", "c"), (1, 1, "u", "d"), (1, 1, "u", "b"), (1, 2, "u", "a"), (2, 0, "v", "a"),
                        (2, 3, "v", "b"), (3, 9, "u", "d")]
]  # fmt: skip


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    rows=ROWS,
    sequence=SEQUENCES,
    notion=st.sampled_from(["customer", "case"]),
    rules=all_rules(),
    scope=SCOPES,
    by=st.sampled_from([None, "page", "event"]),
    slack=st.sampled_from([0.0, 0.02]),
    hashed=st.booleans(),
)
@example(NEW_PAIR, [{1}, {1, 2}, {1, 2, 3}], "customer", RULES, Scope(), None, 0.02, True)
def test_any_sequence_of_imports_is_answered_as_if_counted_anew(
    make: Any, rows: Any, sequence: Any, notion: str, rules: Rules, scope: Scope, by: Any, slack: float, hashed: bool
) -> None:
    """Also without any room for ranks to move, and where only the pairs of names that there are have a row."""
    world = World(make, make.folder(), notion, rows)
    with (
        patch.object(extending, "MOST", 10.0),
        patch.object(prepare, "LEAST_ALIVE", 0.0),
        patch.object(Remembering, "slack", slack),
        patch.object(blocks, "BLOCK", 5),
        patch.object(counting, "_SAMPLE", 2),
        patch.object(counting, "_ENOUGH", 4),
        patch.object(counting, "_WORTH", 1.0),
        patch.object(log_, "DENSE", 0 if hashed else 256),
        patch.object(stages, "FEW", 0 if hashed else 12),
    ):
        for world.visible in sequence:
            log = world.log()
            engine = anew(log)
            assert_same(summaries(engine, rules, scope, by), summaries(log, rules, scope, by))
            assert_same(follows_by(engine, scope, by), follows_by(log, scope, by))
            if in_one_pass(log, rules, scope):
                for answers in zip(
                    with_sessions(engine, rules, scope, 5), with_sessions(log, rules, scope, 5), strict=True
                ):
                    assert_same(*answers)
            for mode in ("any", "order"):
                steps = [set(range(len(log.event_names)))] * 2
                assert_same(*(funnel(e, steps, 60, scope, by, mode=mode) for e in (engine, log)))
            assert_same(retention(engine, 7, 0, scope), retention(log, 7, 0, scope))


def test_an_answer_lies_beside_its_log(world: World) -> None:
    log = world.log()
    place = Place.of(log, Asked(EVERY_CASE, Scope(), None, ()))
    assert place.file.parent == log.folder / "asked"
    assert place.load() is None
