"""What goes wrong: processes that are killed, disks that are full, two at once, giants and broken clocks."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from tests.unit.eventlog.conftest import Lake, Make, links, walk
from tests.unit.eventlog.test_extending import RULES, World
from tests.unit.eventlog.test_reference import assert_same

from desirepath.errors import LakeError
from desirepath.eventlog import extending, prepare, staging, writing
from desirepath.eventlog.locate import locate
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.runner import follows, funnel, retention, summarise
from desirepath.lake.schema import EVENTS

SECOND = 1_000_000


def world_of(folder: Path, notion: Any = "customer") -> World:
    """Ten customers of three events each, in one import."""
    make = Make(lambda: folder)
    return World(make, folder, notion, [row for k in range(10) for row in walk(f"c{k}", "abc", case=f"k{k}")])


def grown(world: World) -> World:
    """The same after another import."""
    world.come("da", "c3", case="k3")
    return world


def fresh(world: World, folder: Path) -> Log:
    folder.mkdir()
    return world.log(folder)


def assert_as_new(log: Log, world: World, folder: Path) -> None:
    assert_same(summarise(log, RULES, Scope()), summarise(fresh(world, folder), RULES, Scope()))


def left(cache: Path) -> list[str]:
    return [file.name for file in cache.iterdir() if not file.name.startswith((".customer.lock", ".case.lock"))]


class TestKilled:
    """kill −9 of a process that is at work: what it leaves is either whole or made anew."""

    WHEN = ("append", "bury", "finish", "replace")

    def test_at_any_moment_of_extending(self, tmp_path: Path, caplog: Any) -> None:
        worlds = {when: world_of(tmp_path / when.replace(" ", "-")) for when in self.WHEN}
        for world in worlds.values():
            world.log()
        self.kill({when: world.folder for when, world in worlds.items()}, extends=True)
        for when, world in worlds.items():
            caplog.clear()
            log = grown(world).log()
            assert [r.levelname for r in caplog.records] == ["WARNING"], when
            assert_as_new(log, world, tmp_path / f"new {when}")
            assert left(world.folder) == [log.folder.name], when
            assert log.timeline("c3")[0].events[-1].event == "a"

    def test_at_any_moment_of_building(self, tmp_path: Path, caplog: Any) -> None:
        worlds = {when: world_of(tmp_path / when.replace(" ", "-")) for when in ("append", "finish")}
        self.kill({when: world.folder for when, world in worlds.items()}, extends=False)
        for when, world in worlds.items():
            assert [name[:9] for name in left(world.folder)] == [".building"]
            log = world.log()
            assert_as_new(log, world, tmp_path / f"new {when}")
            assert left(world.folder) == [log.folder.name]
        assert not caplog.records, "nothing that could have been opened was there"

    def kill(self, folders: dict[str, Path], *, extends: bool) -> None:
        spawn = multiprocessing.get_context("spawn")
        processes = [spawn.Process(target=work_until_killed, args=(f, when, extends)) for when, f in folders.items()]
        for process in processes:
            process.start()
        for process in processes:
            process.join(120)
            assert process.exitcode == -signal.SIGKILL


def work_until_killed(folder: Path, when: str, extends: bool) -> None:
    """In a process of its own."""

    def die(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def write_and_die(writer: Any, *_: Any) -> None:
        for file in writer._files.values():
            if not file.closed:
                file.flush()
        die()

    if when == "append":
        append = writing.Writer._add

        def half(self: Any, name: str, array: Any) -> None:
            append(self, name, array)
            if name == "hash" and array.size:
                write_and_die(self)

        writing.Writer._add = half  # type: ignore[method-assign]
    elif when == "bury":
        writing.Writer.bury = write_and_die  # type: ignore[method-assign]
    elif when == "finish":
        writing.Writer._sort_others = write_and_die  # type: ignore[method-assign]
    else:
        writing.Path.replace = die  # type: ignore[method-assign]
    world = world_of(folder)
    (grown(world) if extends else world).log()


def test_two_processes_at_once(tmp_path: Path) -> None:
    """One of them builds, the others wait and open what it has built; the same when the log grows."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(3) as pool:
        for of in (built_by_a_process, grown_by_a_process):
            folders = pool.map(of, [tmp_path] * 6, chunksize=1)
            assert len(set(folders)) == 1
            assert left(tmp_path) == [folders[0].name]
    world = grown(world_of(tmp_path))
    log = world.log()
    assert log.folder == folders[0]
    assert len(log.segments) == 3, "it grew once"
    assert_as_new(log, world, tmp_path / "new")


def built_by_a_process(folder: Path) -> Path:
    log = world_of(folder).log()
    assert summarise(log, RULES, Scope()).events == 30
    return log.folder


def grown_by_a_process(folder: Path) -> Path:
    log = grown(world_of(folder)).log()
    assert summarise(log, RULES, Scope()).events == 32
    return log.folder


def full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


class HalfFull:
    """Room for a few arrays only."""

    def __init__(self) -> None:
        self.left, self.add = 4, writing.Writer._add

    def __get__(self, writer: writing.Writer, kind: Any) -> Any:
        def add(name: str, array: Any) -> None:
            self.left -= array.size > 0
            if self.left < 0:
                full()
            self.add(writer, name, array)

        return add


PLACES = {
    "half a part": ("desirepath.eventlog.writing.Writer._add", {}),
    "a part": ("desirepath.eventlog.writing.Writer.append", {}),
    "the manifest": ("desirepath.eventlog.writing.Path.replace", {}),
    "what is staged": ("desirepath.eventlog.stored.Store.put", {"BUDGET": 0}),
}


@pytest.mark.parametrize("place", PLACES)
class TestFullDisk:
    def test_in_mid_build(self, tmp_path: Path, place: str) -> None:
        world = world_of(tmp_path / "cache")
        what, more = PLACES[place]
        with (
            patch(what, HalfFull() if place == "half a part" else full),
            patch.multiple(staging, **{"BUDGET": 1 << 20, **more}),
            pytest.raises(LakeError, match="No space left"),
        ):
            world.log()
        assert left(world.folder) == []
        assert_as_new(world.log(), world, tmp_path / "new")

    @pytest.mark.parametrize("notion", ["customer", "case"])
    def test_in_mid_extension(self, tmp_path: Path, place: str, notion: str, caplog: Any) -> None:
        world = world_of(tmp_path / "cache", notion)
        before = world.log()
        grown(world)
        what, more = PLACES[place]
        with (
            patch(what, HalfFull() if place == "half a part" else full),
            patch.multiple(staging, **{"BUDGET": 1 << 20, **more}),
            pytest.raises(LakeError, match="No space left"),
        ):
            world.log()
        assert left(world.folder) == [before.folder.name], "no room is kept for what came to nothing"
        assert summarise(before, RULES, Scope()).events == 30, "who had it open goes on"
        log = world.log()
        assert_as_new(log, world, tmp_path / "new")
        assert left(world.folder) == [log.folder.name]
        rebuilt = log.folder != before.folder
        assert [r.levelname for r in caplog.records] == ["WARNING"] * rebuilt
        assert rebuilt == (place in ("half a part", "the manifest")), "else the log had not been touched yet"


def big(at: Any, customer: Any, event: Any, names: list[str], **more: pa.Array) -> Lake:
    """A lake of many events, made of arrays: `customer` numbers persons, `event` names."""
    n = len(at)

    def texts(codes: Any, values: list[str]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(values, pa.string()))

    rows = {
        "import": pa.array(np.ones(n, np.int64)),
        "row": pa.array(np.arange(n)),
        "at": pa.array(at).cast(EVENTS.field("at").type),
        "customer": customer,
        "event": texts(event, names),
        **more,
    }
    missing = {f.name: pa.nulls(n, f.type) for f in EVENTS if f.name not in rows}
    return Lake(pa.table({**rows, **missing}), batch=1 << 19)


def test_a_case_with_five_million_events(tmp_path: Path) -> None:
    """A robot that does a, b, c in turn, one each second; the source sends the latest first."""
    n = 5_000_000
    seconds = np.arange(n)[::-1]
    customer = pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int32)), pa.array(["robot"]))
    lake = big(seconds * SECOND, customer, seconds % 3, ["a", "b", "c"])
    log = prepare.prepare(lake, links({}), "customer", tmp_path)
    found = summarise(log, RULES, Scope())
    assert (found.cases, found.events, found.customers) == (1, n, 1)
    assert found.event_count.tolist() == [1_666_667, 1_666_667, 1_666_666]
    assert found.transitions.count.tolist() == [1_666_667, 1_666_666, 1_666_666]
    assert found.transitions.cases.tolist() == [1, 1, 1]
    assert found.transitions.wait.median.tolist() == found.transitions.wait.p90.tolist() == [1.0, 1.0, 1.0]
    assert found.variants == (((0, 1, 2) * 6 + (0, 1), 1),)
    assert (found.first_time, found.last_time) == (0, (n - 1) * SECOND)
    assert funnel(log, [{0}, {2}], 1, Scope()).reached.tolist() == [[1, 0]]
    touch, inside = locate(log, RULES, Scope(), pa.array(["robot"]), "customer", np.array([4 * SECOND]), 60)
    assert (touch.tolist(), inside.tolist()) == ([1], [True])


@pytest.mark.parametrize("notion", ["customer", "case"])
def test_a_million_cases_of_a_single_event(tmp_path: Path, notion: Any) -> None:
    """Each with an order number of its own, so that a dimension has more values than there are events in a block."""
    n = 1_100_000
    ids = pa.array(np.arange(n)).cast(pa.string())
    lake = big(np.arange(n) * SECOND, ids, np.zeros(n), ["a"], d_order=ids, case=ids)
    log = prepare.prepare(lake, links({}), notion, tmp_path, dims=("order",))
    found = summarise(log, RULES, Scope())
    assert (found.cases, found.events, found.customers) == (n, n, n)
    assert found.transitions.count.size == 0
    assert found.variants == (((0,), n),)
    assert found.stage_single.tolist() == [n, 0, 0]
    assert len(log.dimensions["order"]) == n
    for id_ in ("0", "777777", str(n - 1)):
        (event,) = log.timeline(id_)[0].events
        assert (event.time, event.dimensions) == (int(id_) * SECOND, {"order": id_})
    assert summarise(log, RULES, Scope(where={"order": ("7", str(n - 1))})).cases == 2


class TestBrokenClocks:
    OLD, NEW = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * SECOND for year in (1900, 2200))

    @pytest.mark.parametrize("odd", [0, 1, 1000], ids=["whole seconds", "microseconds", "milliseconds"])
    def test_times_from_1900_to_2200_in_one_log(self, make: Any, odd: int) -> None:
        times = [self.OLD, 0, odd, self.NEW]
        log = make.log([{"customer": "u", "event": "abac"[k], "at": at} for k, at in enumerate(times)])
        assert [e.time for e in log.timeline("u")[0].events] == times
        found = summarise(log, RULES, Scope())
        assert (found.first_time, found.last_time) == (self.OLD, self.NEW)
        assert found.transitions.wait.median.tolist() == [-self.OLD / 1e6, (self.NEW - odd) / 1e6, odd / 1e6]
        assert (found.transitions.wait.median >= 0).all()
        assert found.stage_dwell.n.tolist() == [2, 1, 0]
        assert funnel(log, [{0}, {2}], 1e9, Scope()).reached.tolist() == [[1, 0]]
        assert retention(log, 100 * 365.25 * 86_400, 0, Scope()).cases.sum() == 3
        assert summarise(log, RULES, Scope(start=self.OLD, end=self.OLD + 1)).cases == 1
        assert summarise(log, RULES, Scope(start=self.OLD + 1)).cases == 0

    @pytest.mark.parametrize("fraction", [1, 999_999, 500_000, 1000])
    def test_microseconds_beside_whole_seconds_are_not_lost(self, make: Any, fraction: int) -> None:
        rows = [
            {"customer": f"c{k}", "event": "ab"[j], "at": k * SECOND + j * fraction} for k in range(9) for j in (0, 1)
        ]
        log = make.log(rows)
        assert follows(log, Scope()).wait.median.tolist() == [fraction / 1e6]
        assert log.timeline("c8")[0].events[1].time == 8 * SECOND + fraction

    def test_a_scope_may_begin_between_two_whole_seconds(self, make: Any) -> None:
        log = make.log([{"customer": f"c{k}", "event": "a", "at": k * SECOND} for k in range(4)])
        assert log.time.dtype == np.uint32
        for start, end, cases in (
            (SECOND, 3 * SECOND, 2),
            (SECOND + 1, 3 * SECOND + 1, 2),
            (SECOND - 1, 2 * SECOND + 999_999, 2),
            (-(1 << 62), 1 << 62, 4),
            (1 << 62, None, 0),
            (None, -(1 << 62), 0),
        ):
            assert summarise(log, RULES, Scope(start=start, end=end)).cases == cases, (start, end)

    def test_a_clock_that_runs_backwards_makes_no_negative_waits(self, make: Any) -> None:
        rows = [{"customer": "u", "event": "abc"[k % 3], "at": (100 - k) * SECOND} for k in range(100)]
        found = summarise(make.log(rows), RULES, Scope())
        assert (found.transitions.wait.median == 1).all()
        assert (found.stage_dwell.median[found.stage_dwell.n > 0] == 1).all()

    def test_an_import_of_another_century(self, make: Any, tmp_path: Path) -> None:
        """Does not fit into four bytes: all is made anew, and is exact."""
        world = grown(world_of(tmp_path))
        assert world.log().time.dtype == np.uint32
        world.rows += [
            {"import": 3, "customer": "c1", "case": "k1", "event": "a", "at": at} for at in (self.OLD, self.NEW)
        ]
        with patch.object(extending, "MOST", 10.0):
            log = world.log()
        assert log.time.dtype == np.int64
        times = [e.time for e in log.timeline("c1")[0].events]
        assert times == [self.OLD, 0, 60 * SECOND, 120 * SECOND, self.NEW]


def test_more_rules_than_bits(make: Any) -> None:
    """Conditions of a scope are bits of a number."""
    log = make.log([{"customer": "u", "event": "a", "at": k} for k in range(3)])
    rules = Rules(tuple((Rules.Match(event=("a",)),) for _ in range(60)), tuple(range(60)), 60)
    found = summarise(log, rules, Scope(where={"event": ("a",), "channel": ()}))
    assert found.cases == 0
    assert summarise(log, rules, Scope()).stage_entered.tolist() == [1] + [0] * 59
