"""Preparing: whose case an event is, what is stored where, and a cache that is never trusted blindly."""

from __future__ import annotations

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.errors import LakeError
from desirepath.eventlog import building, staging
from desirepath.eventlog.hashing import hash_strings
from desirepath.eventlog.log import DamagedError, Log, open_log
from desirepath.eventlog.prepare import prepare


def walks(log: Log) -> dict[str, str]:
    return {id_: "".join(e.event for e in log.timeline(id_)[0].events) for id_ in log.case_ids(range(log.case_count))}


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
    assert sorted("".join(log.event_names[c] for c in log.event[a:z]) for a, z in spans(log)) == ["a", "bc", "d", "e"]
    assert sorted(log.case_ids(np.arange(4))) == ["1-3", "1-4", "k", "k"]


def spans(log: Log) -> list[tuple[int, int]]:
    return list(zip(log.offset[:-1].tolist(), log.offset[1:].tolist(), strict=True))


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
    assert {name: (d.per_case, d.codes.size) for name, d in log.dims.items()} == {
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


def test_codes_are_as_small_as_they_can_be(make: Any) -> None:
    assert make.log(make.walk("u", "a")).event.dtype == np.uint8
    many = [{"customer": "u", "event": f"e{i}", "at": i} for i in range(300)]
    log = make.log(many)
    assert log.event.dtype == np.uint16
    assert walks(log)["u"] == "".join(f"e{i}" for i in range(300))


def test_an_id_that_is_not_there(make: Any) -> None:
    assert make.log(make.walk("u", "a")).timeline("w") == ()
    assert make.log([]).timeline("w") == ()


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "customer": st.sampled_from(["u", "v", "w", "ü", ""]),
                "event": st.sampled_from("abc"),
                "at": st.integers(-5, 5),
                "import": st.integers(1, 3),
            }
        ),
        max_size=40,
    ),
    bits=st.integers(0, 4),
    chunk=st.integers(1, 10),
)
def test_any_partitioning_makes_the_same_log(make: Any, rows: Any, bits: int, chunk: int) -> None:
    whole = make.log(rows)
    with patch.object(staging, "CHUNK", chunk), patch.object(staging, "MOST_PARTITION_BITS", bits):
        split = make.log(rows, batch=1)
    for name in ("offset", "time", "event", "hash"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(split, name))
    assert whole.names.combine_chunks().equals(split.names.combine_chunks())
    assert (np.diff(whole.hash.astype(object)) > 0).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), st.integers(0, 2)), max_size=200))
def test_order_is_by_case_time_import_and_row(events: Any) -> None:
    case, time, import_ = (np.array([e[k] for e in events], np.int64) for k in range(3))
    row = np.arange(len(events))[::-1].copy()
    for array in (time, import_, row):
        array.setflags(write=False)
    offset, perm = building.ordered(case, time, import_, row, 4)
    assert perm.tolist() == np.lexsort((row, import_, time, case)).tolist()
    assert offset.tolist() == [int((case < c).sum()) for c in range(5)]


def test_a_big_case_in_reverse_order_is_sorted_all_the_same(make: Any) -> None:
    rows = [{"customer": "u", "event": "a", "at": -i} for i in range(5000)]
    assert (np.diff(make.log(rows).time) == 1).all()


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
        assert len(list(tmp_path.iterdir())) == 1

    def test_serves_fewer_dimensions_and_keeps_those_it_had(self, make: Any, lake: Any, tmp_path: Path) -> None:
        self.prepare(make, lake, tmp_path, dims=("market",))
        assert set(self.prepare(make, lake, tmp_path).dims) == {"market"}
        assert lake.reads == 1
        assert set(self.prepare(make, lake, tmp_path, dims=("page",)).dims) == {"market", "page"}
        assert len(list(tmp_path.iterdir())) == 1

    def test_both_notions_live_side_by_side(self, make: Any, lake: Any, tmp_path: Path) -> None:
        self.prepare(make, lake, tmp_path)
        prepare(lake, make.links({}), "case", tmp_path)
        self.prepare(make, lake, tmp_path)
        assert lake.reads == 2

    @pytest.mark.parametrize(
        "file", ["time.bin", "offset.bin", "event.bin", "names.arrow", "links.arrow", "manifest.json"]
    )
    @pytest.mark.parametrize("harm", ["truncated", "removed", "changed"])
    def test_is_built_again_when_harmed(self, make: Any, lake: Any, tmp_path: Path, file: str, harm: str) -> None:
        harmed = self.prepare(make, lake, tmp_path).folder / file
        content = harmed.read_bytes()
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

    @pytest.mark.parametrize("written", [{"event_names": ["x", "y", "z"]}, {"persons": 7}])
    def test_whose_manifest_was_edited_is_built_again(
        self, make: Any, lake: Any, tmp_path: Path, written: dict[str, Any]
    ) -> None:
        manifest = self.prepare(make, lake, tmp_path).folder / "manifest.json"
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **written}))
        assert walks(self.prepare(make, lake, tmp_path)) == {"u": "ab", "v": "c"}
        assert lake.reads == 2

    def test_of_another_version_is_built_again(self, make: Any, lake: Any, tmp_path: Path, monkeypatch: Any) -> None:
        with monkeypatch.context() as older:
            older.setattr("desirepath.eventlog.log.VERSION", 0)
            older.setattr("desirepath.eventlog.prepare.VERSION", 0)
            folder = self.prepare(make, lake, tmp_path).folder
        with pytest.raises(DamagedError):
            open_log(folder)
        self.prepare(make, lake, tmp_path)
        assert lake.reads == 2

    def test_a_failure_leaves_nothing_behind(self, make: Any, lake: Any, tmp_path: Path) -> None:
        def stop(what: str, done: float, total: float | None) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self.prepare(make, lake, tmp_path, progress=stop)
        assert list(tmp_path.iterdir()) == []

    def test_a_full_disk_is_said_and_leaves_nothing_behind(
        self, make: Any, lake: Any, tmp_path: Path, monkeypatch: Any
    ) -> None:
        def full(*_: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("desirepath.eventlog.prepare._Writer.append", full)
        with pytest.raises(LakeError, match="No space left on device"):
            self.prepare(make, lake, tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_cannot_be_made_is_said(self, make: Any, lake: Any, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(LakeError, match="Not a directory"):
            self.prepare(make, lake, tmp_path / "file" / "cache")

    def test_what_a_killed_process_left_is_swept_after_a_day(self, make: Any, lake: Any, tmp_path: Path) -> None:
        old, young = tmp_path / ".building-1", tmp_path / ".building-2"
        for left in (old, young):
            left.mkdir()
        os.utime(old, (0, 0))
        self.prepare(make, lake, tmp_path)
        assert young.exists() and not old.exists()

    def test_two_at_once(self, make: Any, lake: Any, tmp_path: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            logs = list(pool.map(lambda _: self.prepare(make, lake, tmp_path), range(8)))
        assert all(walks(log) == {"u": "ab", "v": "c"} for log in logs)
        assert len(list(tmp_path.iterdir())) == 1

    def test_says_how_far_it_is(self, make: Any, lake: Any, tmp_path: Path) -> None:
        said: list[tuple[str, float, float | None]] = []
        self.prepare(make, lake, tmp_path, progress=lambda *now: said.append(now))
        assert said == [("reading events", 3, None), ("sorting events", 1, 1)]
