"""The event log on real data, against counts made by other means: ElementTree and plain Python, csv and numpy."""

from __future__ import annotations

import csv
import gzip
import itertools
import os
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pytest

from desirepath.database import Database
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Rules, Scope, Summary
from desirepath.eventlog.prepare import prepare
from desirepath.eventlog.runner import summarise
from desirepath.intake.pipeline import ingest
from desirepath.lake import Lake

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("DESIREPATH_DATA", ROOT.parent / "shared" / "data"))
NO_RULES = Rules((), (), 0)

pytestmark = [pytest.mark.real, pytest.mark.skipif(not DATA.exists(), reason=f"no data sets at {DATA}")]


def log_of(folder: Path, source: Path, mapping: Path | None = None, **more: Any) -> Log:
    database = Database.open(folder / "workspace.db", create=True)
    lake = Lake(folder / "lake", database)
    ingest(lake, database, [source], mapping=mapping)
    links = pa.table({"id": pa.array([], pa.string()), "person": pa.array([], pa.string())})
    return prepare(lake, links, "case", folder / "cache", **more)


def by_names(summary: Summary) -> dict[tuple[str, str], tuple[int, int, float, float]]:
    t = summary.transitions
    names = summary.event_names
    return {
        (names[s], names[e]): (int(n), int(c), float(m), float(p))
        for s, e, n, c, m, p in zip(t.source, t.target, t.count, t.cases, t.wait.median, t.wait.p90, strict=True)
    }


def traces(file: Path) -> list[list[tuple[datetime, str]]]:
    found: list[list[tuple[datetime, str]]] = []
    with gzip.open(file) as content:
        for _, element in ElementTree.iterparse(content):
            if element.tag.rpartition("}")[2] == "trace":
                events = [e for e in element if e.tag.rpartition("}")[2] == "event"]
                values = [{a.get("key"): a.get("value") for a in e} for e in events]
                found.append([(datetime.fromisoformat(v["time:timestamp"]), v["concept:name"]) for v in values])
                element.clear()
    return found


def test_a_bank_s_loan_applications(tmp_path: Path) -> None:
    cases = [sorted(trace, key=lambda event: event[0]) for trace in traces(DATA / "bpic2012" / "bpic2012.xes.gz")]
    waits: dict[Any, list[int]] = defaultdict(list)
    in_cases: Counter[Any] = Counter()
    paths: Counter[Any] = Counter()
    for case in cases:
        steps = list(itertools.pairwise(case))
        for (at, name), (then, following) in steps:
            waits[name, following].append(round((then - at).total_seconds() * 1e6))
        in_cases.update({(x[1], y[1]) for x, y in steps})
        path = [name for i, (_, name) in enumerate(case) if i == 0 or name != case[i - 1][1]]
        paths[tuple(path[:20])] += 1

    summary = summarise(log_of(tmp_path, DATA / "bpic2012"), NO_RULES, Scope())

    assert (summary.cases, summary.events) == (len(cases), sum(map(len, cases))) == (13_087, 262_200)
    found = by_names(summary)
    assert {pair: found[pair][:2] for pair in found} == {p: (len(w), in_cases[p]) for p, w in waits.items()}
    for pair, durations in waits.items():
        expected = np.quantile(np.array(durations), [0.5, 0.9]) / 1e6
        assert found[pair][2:] == pytest.approx(expected, rel=1e-12), pair
    assert summary.variants_total == len(paths)
    walked = {tuple(summary.event_names[code] for code in path): n for path, n in summary.variants}
    assert all(paths[path] == n for path, n in walked.items())
    assert sorted(walked.values()) == sorted(sorted(paths.values())[-len(walked) :])


def test_a_marketplace_s_orders(tmp_path: Path) -> None:
    log = log_of(tmp_path, DATA / "olist", ROOT / "examples" / "olist.yaml", dims=("late", "status"))

    found = by_names(summarise(log, NO_RULES, Scope()))
    hours = {
        ("purchased", "approved"): 0.334,
        ("approved", "handed_to_carrier"): 44.40,
        ("handed_to_carrier", "delivered"): 168.85,
    }
    for pair, expected in hours.items():
        assert found[pair][2] / 3600 == pytest.approx(expected, abs=0.005)

    def orders(**where: str) -> int:
        return summarise(log, NO_RULES, Scope(where={k: (v,) for k, v in where.items()})).cases

    assert orders() == 4000
    with (DATA / "olist" / "olist_orders_dataset.csv").open(newline="") as file:
        statuses = Counter(row["order_status"] for row in csv.DictReader(file))
    assert {status: orders(status=status) for status in statuses} == dict(statuses)
    assert orders(late="yes") / (orders(late="yes") + orders(late="no")) == pytest.approx(0.0859, abs=5e-5)


def test_persons_behind_orders(tmp_path: Path) -> None:
    def column(name: str, key: str, value: str) -> dict[str, str]:
        with (DATA / "olist" / f"olist_{name}_dataset.csv").open(newline="") as file:
            return {row[key]: row[value] for row in csv.DictReader(file)}

    person = column("customers", "customer_id", "customer_unique_id")
    persons = {person[customer] for customer in column("orders", "order_id", "customer_id").values()}
    log = log_of(tmp_path, DATA / "olist", ROOT / "examples" / "olist.yaml")
    assert summarise(log, NO_RULES, Scope()).customers == len(persons) == log.person_count
