"""What of the Spark engine works without Spark: partitions by hand, and what is said where Spark is missing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from desirepath.errors import DesirepathError, WorkspaceError
from desirepath.eventlog.log import open_log
from desirepath.eventlog.model import Rules
from desirepath.eventlog.spark import asking, files
from desirepath.eventlog.spark.cluster import Prepared
from desirepath.eventlog.spark.engine import Note, Spark, forget
from desirepath.eventlog.spark.partition import FACT, Shape

SHAPE = Shape("customer", {"event": ("a", "b", "c"), "channel": ("app",), "tier": ("gold",)})


def rows(*events: tuple[str, str]) -> pa.Table:
    named = [
        {"import": 1, "row": i, "at": i * 10**6, "customer": c, "event": e, FACT: False}
        for i, (c, e) in enumerate(events)
    ]
    return pa.Table.from_pylist(named, SHAPE._nothing().schema)


def test_every_partition_knows_all_names_and_values_whether_they_occur_there_or_not(tmp_path: Path) -> None:
    log = SHAPE.log([rows(("anna", "c"))], tmp_path / "one")
    assert log.event_names == ("a", "b", "c") and log.channels == ("app",) and log.dimensions == {"tier": ("gold",)}
    nothing = SHAPE.log([], tmp_path / "none")
    assert nothing.event_names == log.event_names and nothing.event_count == 0


def test_a_log_is_the_same_after_the_way_through_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIECE", 7)  # so that there are many
    log = SHAPE.log([rows(("anna", "a"), ("ben", "b"), ("anna", "c"))], tmp_path / "cache")
    batches = list(files.packed(5, log.folder))
    assert list(files.laid(batches, tmp_path / "laid")) == [5]
    found = open_log(tmp_path / "laid" / "5")
    assert found.timeline("anna") == log.timeline("anna")
    assert list(files.laid(batches, tmp_path / "laid")) == [5]  # once more does no harm
    assert [folder.name for folder in (tmp_path / "laid").iterdir()] == ["5"]


def test_a_partition_that_does_not_come_as_a_whole_is_not_laid_out(tmp_path: Path) -> None:
    log = SHAPE.log([rows(("anna", "a"))], tmp_path / "cache")
    table = pa.Table.from_batches(files.packed(0, log.folder))
    cut = table.slice(0, len(table) - 1).to_batches()
    with pytest.raises(OSError, match="did not come as a whole"):
        list(files.laid(cut, tmp_path / "laid"))
    assert list((tmp_path / "laid").iterdir()) == []


def test_of_a_query_met_in_several_partitions_the_latest_walk_is_meant() -> None:
    def met(latest: int, case: int, touch: int) -> Any:
        one = np.ones(1, np.int64)
        return {
            "query": one * 7, "touch": one * touch, "inside": one == 1,
            "latest": one * latest, "earliest": one * latest,
            "person": np.ones(1, np.uint64), "case": np.full(1, case, np.uint64),
        }  # fmt: skip

    job = asking.Locate(Rules((), (), 0), None, None, "customer", np.empty(0), 0)  # type: ignore[arg-type]
    assert job.add(met(5, 1, 0), met(6, 2, 1))["touch"].tolist() == [1]
    assert job.add(met(6, 2, 1), met(6, 1, 0))["touch"].tolist() == [0]  # of equals the first by hash
    never = np.iinfo(np.int64).min
    assert job.add(met(never, 1, -1), met(0, 2, 1))["touch"].tolist() == [1]


def test_examples_go_back_to_their_partitions() -> None:
    examples = np.array([(3 << 48) + 17, 5, (3 << 48) + 2])
    found = asking.examples_by_unit(examples, 48)
    assert {unit: (at.tolist(), of.tolist()) for unit, (at, of) in found.items()} == {
        0: ([1], [5]),
        3: ([0, 2], [17, 2]),
    }


def test_without_pyspark_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(DesirepathError, match=r"pip install 'desirepath\[spark\]'"):
        _ = Spark("spark://nowhere:7077").session


def test_engines_and_settings_that_there_are_not(tmp_path: Path) -> None:
    with pytest.raises(DesirepathError, match="there is no engine 'flink'"):
        Spark.of("flink", {}, tmp_path)
    with pytest.raises(WorkspaceError, match="unknown setting: memory"):
        Spark.of("spark://a:1", {"memory": "1g"}, tmp_path)


def test_a_note_that_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "spark-customer.json").write_text('{"mark": "x"}', "utf-8")
    assert Note(tmp_path / "spark-customer.json").read() is None


def test_after_an_erasure_no_partitions_are_left(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    common = asking.Common(0, 0, None)
    for notion, path in (("customer", f"file:{tmp_path.resolve()}/spark/x"), ("case", "s3a://bucket/y")):
        Note(tmp_path / f"spark-{notion}.json").write("mark", Prepared(path, "x", SHAPE, common, 1, 1))
    (tmp_path / "spark" / "x").mkdir(parents=True)
    forget(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert "s3a://bucket/y still holds" in caplog.text and "spark/x" not in caplog.text
