"""Every question has the same answer on the cluster as on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from desirepath.eventlog.locate import locate
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.prepare import prepare
from desirepath.eventlog.runner import funnel, retention, stages, summaries, summarise, variants
from desirepath.eventlog.spark.engine import Spark

from . import lakes

M = Rules.Match
RULES = Rules(
    touchpoints=(
        (M(event=("e00001",)),),
        (M(event=("e00002",), channel=("app", "web")),),
        (M(where={"tier": ("gold",)}),),
    ),
    stage=(0, 1, 1),
    stages=2,
    end=M(event=("e00003",)),
)
SCOPES = {
    "everything": Scope(),
    "a period": Scope(start=300 * lakes.HOUR, end=900 * lakes.HOUR),
    "a customer's dimension": Scope(where={"tier": ("gold", "a")}),
    "an event's dimension": Scope(where={"device": ("b",), "channel": ("store",)}),
    "nothing": Scope(where={"tier": ("no such",)}),
}


@pytest.fixture(scope="module")
def spark(cluster: Any, settings: dict[str, str]) -> Iterator[Spark]:
    spark = Spark(cluster.address, events_a_partition=1500, settings=settings)
    yield spark
    spark.close()


@pytest.fixture(scope="module", params=["customer", "case"])
def both(request: Any, spark: Spark, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """A log here, and the same events on the cluster."""
    folder = tmp_path_factory.mktemp("made up")
    lake, links = lakes.lake(folder / "lake"), lakes.links()
    return tuple(
        make(lake, links, request.param, folder / "cache", dims=("device", "tier")) for make in (prepare, spark.prepare)
    )


def same(here: Any, there: Any) -> None:
    if is_dataclass(here) or isinstance(here, tuple):
        pairs = (astuple(here), astuple(there)) if is_dataclass(here) else (here, there)
        assert len(pairs[0]) == len(pairs[1])
        for a, b in zip(*pairs, strict=True):
            same(a, b)
    elif isinstance(here, np.ndarray):
        np.testing.assert_array_equal(here, there)
    else:
        assert here == there


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES.keys())
def test_summaries_are_the_same(both: tuple[Any, Any], scope: Scope) -> None:
    same(*(summarise(source, RULES, scope) for source in both))


def test_the_names_and_values_are_the_same(both: tuple[Any, Any]) -> None:
    log, engine = both
    assert engine.log.event_names == tuple(n for n in log.event_names if n != "hidden")
    assert engine.log.dimensions == log.dimensions
    assert engine.prepared.events == log.event_count


def test_summaries_by_a_dimension_are_the_same(both: tuple[Any, Any]) -> None:
    here, there = (summaries(source, RULES, Scope(), "tier") for source in both)
    assert here.keys() == there.keys()
    for value in here:
        same(here[value], there[value])


@pytest.mark.parametrize(
    "change", [{"session_gap": 90000.0}, {"trim": True, "start": M(event=("e00002",)), "end_nth": 2}]
)
def test_sessions_and_trimmed_cases_are_the_same(both: tuple[Any, Any], change: dict[str, Any]) -> None:
    same(*(summarise(source, replace(RULES, **change), Scope()) for source in both))


QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "funnel": lambda source: funnel(source, [{0}, {1}, {2, 3}], 1e6, Scope(), "channel"),
    "retention": lambda source: retention(source, 604800, 0, Scope()),
    "stages": lambda source: stages(source, RULES, Scope(), "device"),
    "variants": lambda source: variants(source, Scope(), 10_000),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_other_questions_have_the_same_answer(both: tuple[Any, Any], question: Callable[[Any], Any]) -> None:
    same(*(question(source) for source in both))


@pytest.mark.parametrize("by", ["customer", "case"])
def test_people_stand_at_the_same_place(both: tuple[Any, Any], by: Any) -> None:
    rng = np.random.default_rng(2)
    ids = [(f"c{k}" if by == "customer" else f"order {k}") for k in rng.integers(170, size=500)] + ["unknown"]
    times = rng.integers(2100, size=501) * lakes.HOUR
    scope = SCOPES["a period"]
    here, there = (locate(source, RULES, scope, pa.array(ids), by, times, 1e6) for source in both)
    same(here, there)
    assert (here[0] >= 0).any() and here[1].any() and not here[1].all()


def test_many_event_names(spark: Spark, tmp_path: Path) -> None:
    lake = lakes.lake(tmp_path / "lake", names=600)
    here = prepare(lake, lakes.links(), "customer", tmp_path / "cache")
    there = spark.prepare(lake, lakes.links(), "customer", tmp_path / "cache")
    assert len(here.event_names) > 256
    same(*(summarise(source, RULES, Scope()) for source in (here, there)))


def test_a_lake_without_events(spark: Spark, tmp_path: Path) -> None:
    lake = replace(lakes.lake(tmp_path / "lake"), visible=())
    here, there = (
        make(lake, lakes.links(), "customer", tmp_path / "cache", dims=("tier",)) for make in (prepare, spark.prepare)
    )
    assert summarise(there, RULES, Scope()).events == summarise(here, RULES, Scope()).events == 0


def test_partitions_stay_until_the_evidence_changes(spark: Spark, tmp_path: Path) -> None:
    lake, cache = lakes.lake(tmp_path / "lake"), tmp_path / "cache"
    first = spark.prepare(lake, lakes.links(), "customer", cache, dims=("device", "tier")).prepared
    assert spark.prepare(lake, lakes.links(), "customer", cache, dims=("tier",)).prepared.id == first.id
    erased = replace(lake, visible=(1, 2), stamp="erased")
    second = spark.prepare(erased, lakes.links(), "customer", cache, dims=("tier",)).prepared
    assert second.events < first.events
    assert [folder.name for folder in (cache / "spark").iterdir()] == [f"customer-{second.id}"]


def test_partitions_that_are_gone_are_prepared_again(
    spark: Spark, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    import shutil

    lake, cache = lakes.lake(tmp_path / "lake"), tmp_path / "cache"
    first = spark.prepare(lake, lakes.links(), "customer", cache)
    shutil.rmtree(cache / "spark")
    second = spark.prepare(lake, lakes.links(), "customer", cache)
    assert second.prepared.id != first.prepared.id and second.prepared.events == first.prepared.events
    assert "are gone" in caplog.text


def test_answers_of_many_tasks_are_merged_on_the_cluster(
    spark: Spark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desirepath.eventlog.spark import cluster

    monkeypatch.setattr(cluster, "MOST_ANSWERS", 2)
    lake = lakes.lake(tmp_path / "lake")
    here = prepare(lake, lakes.links(), "customer", tmp_path / "cache")
    there = spark.prepare(lake, lakes.links(), "customer", tmp_path / "cache")
    same(*(summarise(source, RULES, Scope()) for source in (here, there)))
