"""Preparing: whose case an event is, what is stored where, and a cache that is never trusted blindly."""

from __future__ import annotations

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.errors import LakeError
from desirepath.eventlog import building, rewriting, staging
from desirepath.eventlog.hashing import hash_and_check, hash_strings
from desirepath.eventlog.log import DamagedError, Log, open_log
from desirepath.eventlog.prepare import prepare


def walks(log: Log) -> dict[str, str]:
    return {id_: "".join(e.event for e in log.timeline(id_)[0].events) for id_ in log.case_ids(log.cases)}


def files(cache: Path) -> list[str]:
    """What lies in the cache but the locks."""
    return [file.name for file in cache.iterdir() if not file.name.endswith(".lock")]


def test_events_of_a_customer_in_the_order_of_time(make: Any) -> None:
    rows = [*make.walk("v", "ab"), *make.walk("u", "cd")][::-1]
    log = make.log(rows)
    assert walks(log) == {"u": "cd", "v": "ab"}
    assert (log.case_count, log.event_count) == (2, 4)


def test_linked_ids_are_one_person(make: Any) -> None:
    log = make.log([*make.walk("email:1", "a"), *make.walk("u", " b")], links={"email:1": "u"})
    assert walks(log) == {"u": "ab"}
    assert log.timeline("email:1") == log.timeline("u")


def test_without_a_customer_the_case_stands_in_and_without_both_the_event(make: Any) -> None:
    rows = [
        *make.walk("k", "a"),
        *make.walk(None, "bc", case="k"),  # the case k, not the customer k
        {"customer": None, "event": "d", "at": 0},
        {"customer": None, "event": "e", "at": 0},
    ]
    log = make.log(rows)
    offset, _, event, _ = log.flat()
    spans = pairwise(offset)
    assert sorted("".join(log.event_names[c] for c in event[a:z]) for a, z in spans) == ["a", "bc", "d", "e"]
    assert sorted(log.case_ids(log.cases)) == ["1-3", "1-4", "k", "k"]


def test_by_case_the_customer_stands_in(make: Any) -> None:
    rows = [*make.walk("u", "ab", case="1"), *make.walk("u", " c", case="2"), *make.walk("u", "d")]
    log = make.log(rows, "case")
    assert {id_: log.timeline(id_)[0].customer for id_ in "12"} == {"1": "u", "2": "u"}
    assert sorted("".join(e.event for e in t.events) for t in log.timeline("u", by="customer")) == ["ab", "c", "d"]
    assert log.person_count == 1


def test_the_first_named_person_owns_a_case(make: Any) -> None:
    rows = [{"customer": c, "event": "a", "at": i, "case": "1"} for i, c in enumerate([None, "v", "u"])]
    assert make.log(rows, "case").timeline("1")[0].customer == "v"


def test_dimensions_that_never_change_within_a_case_are_stored_per_case(make: Any) -> None:
    rows = [
        {"customer": "u", "event": "a", "at": 0, "d_market": "DE", "d_page": "x"},
        {"customer": "u", "event": "a", "at": 1, "d_market": "DE", "d_page": None},
        {"customer": "v", "event": "a", "at": 0, "d_market": None, "d_page": "y"},
    ]
    log = make.log(rows, dims=("market", "page"))
    assert log.dimensions == {"market": ("DE",), "page": ("x", "y")}
    assert {name: (log.columns[name].per_case, log.columns[name].codes.size) for name in log.dimensions} == {
        "market": (True, 2),
        "page": (False, 3),
    }
    assert [e.dimensions for e in log.timeline("u")[0].events] == [
        {"market": "DE", "page": "x"},
        {"market": "DE", "page": None},
    ]


def test_the_customers_table_fills_in_what_events_lack(make: Any) -> None:
    rows = [
        {"customer": "u", "event": "a", "at": 0, "d_tier": "gold"},
        {"customer": "email:1", "event": "a", "at": 1},
        {"customer": "v", "event": "a", "at": 0},
    ]
    known = [
        {"customer": "email:1", "d_tier": "old", "import": 1},
        {"customer": "u", "d_tier": "new", "import": 2},
        {"customer": "v", "d_age": "30"},
    ]
    log = make.log(rows, customers=known, links={"email:1": "u"}, dims=("tier", "age"))
    assert [e.dimensions["tier"] for e in log.timeline("u")[0].events] == ["gold", "new"]
    assert log.timeline("v")[0].events[0].dimensions == {"tier": None, "age": "30"}


def test_a_dimension_that_nobody_has_is_missing_everywhere(make: Any) -> None:
    log = make.log(make.walk("u", "a"), dims=("weather",))
    assert log.timeline("u")[0].events[0].dimensions == {"weather": None}


def test_event_and_channel_need_not_be_asked_for(make: Any) -> None:
    log = make.log(make.walk("u", "a", channel="web", d_channel="x"), dims=("event", "channel"))
    assert log.dimensions == {}
    assert log.channels == ("web",)


def test_codes_are_as_small_as_they_can_be_and_zero_is_a_missing_value(make: Any) -> None:
    few = make.log([*make.walk("u", "ba", channel="web"), *make.walk("u", "  a")]).columns
    assert (few["event"].codes.dtype, few["event"].codes.tolist()) == (np.uint8, [2, 1, 1])
    assert (few["channel"].values, few["channel"].codes.tolist()) == (("web",), [1, 1, 0])
    for names, width in ((255, np.uint8), (256, np.uint16), (70_000, np.uint32)):
        log = make.log([{"customer": "u", "event": f"e{i:05d}", "at": i} for i in range(names)])
        assert log.columns["event"].codes.dtype == width
        assert walks(log)["u"] == "".join(f"e{i:05d}" for i in range(names))


def test_times_take_four_bytes_where_whole_seconds_of_a_century_do(make: Any) -> None:
    second, century = 1_000_000, 100 * 366 * 86_400_000_000
    for times, width, unit in (
        ([-second, 0, 5 * second], np.uint32, second),
        ([0, 1], np.int64, 1),
        ([-century, second], np.int64, 1),
    ):
        log = make.log([{"customer": "u", "event": "a", "at": at} for at in times])
        assert (log.time.dtype, log.unit) == (width, unit)
        assert [e.time for e in log.timeline("u")[0].events] == log.flat()[1].tolist() == times
        assert (log.first, log.last) == (times[0], times[-1])


def test_an_id_that_is_not_there(make: Any) -> None:
    assert make.log(make.walk("u", "a")).timeline("w") == ()
    assert make.log([]).timeline("w") == ()


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "customer": st.sampled_from(["u", "v", "w", "ü", "", None]),
                "case": st.sampled_from(["k", "l", None]),
                "event": st.sampled_from("abc"),
                "at": st.integers(-5, 5),
                "import": st.integers(1, 3),
            }
        ),
        max_size=40,
    ),
    notion=st.sampled_from(["customer", "case"]),
    bits=st.integers(0, 4),
    batch=st.integers(1, 10),
    budget=st.sampled_from([0, 300, 1 << 29]),
    piece=st.integers(1, 10),
)
def test_any_partitioning_makes_the_same_log(
    make: Any, rows: Any, notion: str, bits: int, batch: int, budget: int, piece: int
) -> None:
    """Whether staged in memory or on disk, read and copied in pieces of any size."""
    whole = make.log(rows, notion)
    with (
        patch.object(staging, "ROWS_A_PARTITION", 1),
        patch.object(staging, "MOST_PARTITION_BITS", bits),
        patch.object(staging, "BUDGET", budget),
        patch.object(rewriting, "_PIECE", piece),
    ):
        split = make.log(rows, notion, batch=batch)
    for one, other in zip(whole.flat(), split.flat(), strict=True):
        np.testing.assert_array_equal(one, other)
    for name in ("offset", "hash", "person", "begin"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(split, name))
    for a, z in ((whole.keys, split.keys), (whole.directory.names, split.directory.names)):
        assert (a.end.tolist(), a.data.tolist()) == (z.end.tolist(), z.data.tolist())
    assert (whole.others.hash.tolist(), whole.others.case.tolist()) == (
        split.others.hash.tolist(),
        split.others.case.tolist(),
    )
    order = list(zip(whole.person.tolist(), whole.hash.tolist(), strict=True))
    assert order == sorted(order)
    assert not list(split.folder.glob("stage*"))


@pytest.mark.parametrize("odd", [0, 1, -(1 << 50), 1 << 57])
def test_whole_seconds_and_other_times_stand_side_by_side(make: Any, odd: int) -> None:
    """Times of a piece are staged in seconds where they are whole, and lie between 1970 and 2106."""
    times = [3_000_000, 5_000_000, odd, 4_000_000, (1 << 32) * 1_000_000 - 1_000_000]
    rows = [{"customer": "u", "event": letter, "at": at} for letter, at in zip("abcde", times, strict=True)]
    log = make.log(rows, batch=2)
    (walk,) = log.timeline("u")
    assert [(e.event, e.time) for e in walk.events] == sorted(zip("abcde", times, strict=True), key=lambda e: e[1])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), st.integers(0, 2)), max_size=200))
def test_order_is_by_case_time_import_and_row(events: Any) -> None:
    case, time, import_ = (np.array([e[k] for e in events], np.int64) for k in range(3))
    row = np.arange(len(events))[::-1].copy()
    offset, perm = building.ordered(case.astype(np.int32), time, import_, row, 4)
    assert perm.tolist() == np.lexsort((row, import_, time, case)).tolist()
    assert offset.tolist() == [int((case < c).sum()) for c in range(5)]
    _, as_it_stands = building.ordered(case.astype(np.int32), time, None, None, 4)
    assert as_it_stands.tolist() == np.lexsort((np.arange(len(events)), time, case)).tolist()


def test_a_big_case_in_reverse_order_is_sorted_all_the_same(make: Any) -> None:
    rows = [{"customer": "u", "event": "a", "at": -i} for i in range(5000)]
    assert (np.diff(make.log(rows).flat()[1]) == 1).all()


def test_hashes_tell_null_from_empty_and_are_the_same_everywhere() -> None:
    hashes = hash_strings(pa.array(["", None, "a", "12345678", "123456789", "a"]))
    assert hashes[1] == 0 and (hashes[[0, 2, 3, 4]] != 0).all()
    assert len(set(hashes.tolist())) == 5
    assert hashes[2] == hashes[5] == hash_strings(pa.array(["a"]))[0]
    assert hash_strings(pa.array(["x", "a"]).slice(1))[0] == hashes[2]


class TestCache:
    @pytest.fixture
    def lake(self, make: Any) -> Any:
        return make.Lake.of([*make.walk("u", "ab", d_market="DE"), *make.walk("v", "c")])

    def prepare(self, make: Any, lake: Any, cache: Path, **more: Any) -> Log:
        return prepare(lake, make.links(more.pop("links", {})), "customer", cache, **more)

    def test_is_used_again(self, make: Any, lake: Any, tmp_path: Path) -> None:
        first = self.prepare(make, lake, tmp_path)
        assert self.prepare(make, lake, tmp_path).folder == first.folder
        assert lake.reads == 1

    def test_is_stale_when_the_lake_or_the_links_change(self, make: Any, lake: Any, tmp_path: Path) -> None:
        self.prepare(make, lake, tmp_path)
        assert self.prepare(make, lake, tmp_path, links={"v": "u"}).case_count == 1
        lake.events = lake.events.slice(2)
        assert self.prepare(make, lake, tmp_path).event_count == 1
        assert len(files(tmp_path)) == 1

    def test_serves_fewer_dimensions_and_keeps_those_it_had(self, make: Any, lake: Any, tmp_path: Path) -> None:
        self.prepare(make, lake, tmp_path, dims=("market",))
        assert set(self.prepare(make, lake, tmp_path).dimensions) == {"market"}
        assert lake.reads == 1
        assert set(self.prepare(make, lake, tmp_path, dims=("page",)).dimensions) == {"market", "page"}
        assert len(files(tmp_path)) == 1

    def test_both_notions_live_side_by_side(self, make: Any, lake: Any, tmp_path: Path) -> None:
        self.prepare(make, lake, tmp_path)
        prepare(lake, make.links({}), "case", tmp_path)
        self.prepare(make, lake, tmp_path)
        assert lake.reads == 2

    @pytest.mark.parametrize(
        "file", ["time.bin", "offset.bin", "column0.bin", "key.bin", "dead.bin", "links.arrow", "manifest.json"]
    )
    @pytest.mark.parametrize("harm", ["truncated", "removed", "changed"])
    def test_that_was_harmed_is_built_again_and_that_is_said(
        self, make: Any, lake: Any, tmp_path: Path, caplog: Any, file: str, harm: str
    ) -> None:
        harmed = self.prepare(make, lake, tmp_path).folder / file
        content = harmed.read_bytes() or b"12345678"
        assert not caplog.records
        if harm == "truncated":
            harmed.write_bytes(content[:-1])
        elif harm == "removed":
            harmed.unlink()
        else:
            harmed.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
            os.utime(harmed, ns=(0, 0))
        log = self.prepare(make, lake, tmp_path)
        assert lake.reads == 2
        assert walks(log) == {"u": "ab", "v": "c"}
        assert files(tmp_path) == [log.folder.name]
        self.said(caplog, harmed.parent)

    def said(self, caplog: Any, folder: Path) -> None:
        """That this folder was damaged, once and as a warning."""
        (record,) = caplog.records
        assert (record.name, record.levelname) == ("desirepath", "WARNING")
        assert record.getMessage() == f"the event log {folder.name} is damaged or of another version; it is built again"

    @pytest.mark.parametrize("written", [{"columns": []}, {"cases": 7}, {"unit": 1}, {"state": {}}, {"segments": [0]}])
    def test_whose_manifest_was_edited_is_built_again(
        self, make: Any, lake: Any, tmp_path: Path, caplog: Any, written: dict[str, Any]
    ) -> None:
        manifest = self.prepare(make, lake, tmp_path).folder / "manifest.json"
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **written}))
        assert walks(self.prepare(make, lake, tmp_path)) == {"u": "ab", "v": "c"}
        assert lake.reads == 2
        self.said(caplog, manifest.parent)

    @pytest.mark.parametrize("content", ["", "[]", "null", "{", '{"version": 2}'])
    def test_whose_manifest_is_something_else_is_built_again(
        self, make: Any, lake: Any, tmp_path: Path, caplog: Any, content: str
    ) -> None:
        manifest = self.prepare(make, lake, tmp_path).folder / "manifest.json"
        manifest.write_text(content)
        assert walks(self.prepare(make, lake, tmp_path)) == {"u": "ab", "v": "c"}
        self.said(caplog, manifest.parent)

    def test_of_another_version_is_built_again(
        self, make: Any, lake: Any, tmp_path: Path, monkeypatch: Any, caplog: Any
    ) -> None:
        with monkeypatch.context() as older:
            older.setattr("desirepath.eventlog.log.VERSION", 0)
            older.setattr("desirepath.eventlog.writing.VERSION", 0)
            folder = self.prepare(make, lake, tmp_path).folder
        with pytest.raises(DamagedError):
            open_log(folder)
        assert walks(self.prepare(make, lake, tmp_path)) == {"u": "ab", "v": "c"}
        assert lake.reads == 2
        self.said(caplog, folder)

    def test_a_collision_of_ids_is_avoided_by_another_seed(
        self, make: Any, lake: Any, tmp_path: Path, monkeypatch: Any
    ) -> None:
        """Two ids of one hash: all is done again, and every id is found as before."""

        def colliding(*_: Any, **__: Any) -> Any:
            monkeypatch.undo()
            raise building.CollisionError

        monkeypatch.setattr("desirepath.eventlog.prepare.build", colliding)
        log = self.prepare(make, lake, tmp_path)
        assert lake.reads == 2
        assert walks(log) == {"u": "ab", "v": "c"}
        more = {"customer": "v", "event": "d", "at": 5 * make.MINUTE, "import": 2}
        lake.events = pa.concat_tables([lake.events, make.table([more])], promote_options="default")
        assert walks(self.prepare(make, lake, tmp_path)) == {"u": "ab", "v": "cd"}

    @pytest.mark.parametrize("batch", [1, 1000])
    def test_ids_of_one_hash_are_told_apart(self, make: Any, tmp_path: Path, batch: int) -> None:
        """Their second hashes differ, though it may be that only one of them was written out."""
        rows = [*make.walk("u", "ab"), *make.walk("v", "c"), *make.walk("u", "   d")]

        def alike(keys: Any, seed: int) -> Any:
            hashes, check = hash_and_check(keys, seed)
            return (hashes if seed else np.full_like(hashes, 7)), check

        with patch.object(staging, "hash_and_check", alike):
            log = make.log(rows, batch=batch)
        assert walks(log) == {"u": "abd", "v": "c"}

    def test_a_failure_leaves_nothing_behind(self, make: Any, lake: Any, tmp_path: Path) -> None:
        def stop(what: str, done: float, total: float | None) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self.prepare(make, lake, tmp_path, progress=stop)
        assert files(tmp_path) == []

    def test_a_full_disk_is_said_and_leaves_nothing_behind(
        self, make: Any, lake: Any, tmp_path: Path, monkeypatch: Any
    ) -> None:
        def full(*_: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("desirepath.eventlog.writing.Writer.append", full)
        with pytest.raises(LakeError, match="No space left on device"):
            self.prepare(make, lake, tmp_path)
        assert files(tmp_path) == []

    def test_a_folder_that_cannot_be_made_is_said(self, make: Any, lake: Any, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(LakeError, match="Not a directory"):
            self.prepare(make, lake, tmp_path / "file" / "cache")

    def test_what_a_killed_process_left_is_swept_by_the_next_one(self, make: Any, lake: Any, tmp_path: Path) -> None:
        (tmp_path / ".building-customer-1").mkdir()
        (tmp_path / ".building-customer-1" / "stage").touch()
        (tmp_path / ".building-case-1").mkdir()  # of the other notion: somebody may be at work there
        log = self.prepare(make, lake, tmp_path)
        assert sorted(files(tmp_path)) == [".building-case-1", log.folder.name]

    def test_two_at_once(self, make: Any, lake: Any, tmp_path: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            logs = list(pool.map(lambda _: self.prepare(make, lake, tmp_path), range(8)))
        assert all(walks(log) == {"u": "ab", "v": "c"} for log in logs)
        assert len(files(tmp_path)) == 1

    def test_says_how_far_it_is(self, make: Any, lake: Any, tmp_path: Path) -> None:
        said: list[tuple[str, float, float | None]] = []
        self.prepare(make, lake, tmp_path, progress=lambda *now: said.append(now))
        assert said == [("reading events", 3, None), ("sorting events", 1, 1)]
