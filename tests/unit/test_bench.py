"""The benchmark compares like with like: our answers to its questions are DuckDB's, in both forms."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from bench import limit, process, report
from bench.engine import duck, fused, ours
from bench.engine.answers import Near, agree
from bench.engine.roster import ALL, ENGINES, MAPS
from bench.engine.workload import QUESTIONS, facts, files
from bench.generate import generate
from bench.plot import growth

ROWS = 20_000


def answer(engine: type, folder: Path, question: str) -> Any:
    asked = engine(folder, question)
    asked.before()
    found = getattr(asked, question.lower())()
    if isinstance(asked, duck.Engine):
        asked.con.close()
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small log, and DuckDB's own form of it, from which its other questions start."""
    path = tmp_path_factory.mktemp("bench") / "log"
    generate(path, ROWS)
    answer(duck.Engine, path, "W0")
    return path


@pytest.mark.parametrize("question", ALL)
def test_all_engines_give_the_same_answers(folder: Path, question: str) -> None:
    expected = answer(ours.Engine, folder, question)
    assert expected
    others = {name: form.form for name, form in ENGINES.items() if question in form.questions}
    for peer in (duck.Engine, duck.Ordered, ours.Anew):
        if (peer.__module__.rpartition(".")[2], peer.__name__) in others.values():
            assert agree(expected, answer(peer, folder, question)), peer


@pytest.mark.parametrize("question", MAPS)
def test_the_yardstick_counts_what_the_map_counts(folder: Path, question: str) -> None:
    counted = answer(ours.Engine, folder, question)
    assert counted["cases"] and agree(counted, answer(fused.Engine, folder, question))


def test_the_new_events_are_the_next_ones_to_arrive(folder: Path) -> None:
    old, both = files(folder, "W0"), files(folder, "W7")
    assert answer(ours.Engine, folder, "W0")["events"] == ROWS
    with duckdb.connect() as con:
        seen = con.execute(f'select "import", count(*) from read_parquet({both}) group by all order by all').fetchall()
        before, after = (
            con.execute(f'select max(epoch_us("at")) from read_parquet({f})').fetchone() for f in (old, both)
        )
    assert seen == [(1, ROWS), (2, ROWS // 100)]
    assert before < after


def test_what_the_limit_counts_is_there(folder: Path) -> None:
    known = facts(folder)
    query = f"""
        with log as (select customer, "import" > 1 as new from read_parquet({files(folder, "W7")})),
             who as (select customer, count(*) as n, count_if(not new) as old from log group by all)
        select sum(n) filter (n > old), count(*) filter (old > 0) from who"""
    with duckdb.connect() as con:
        touched, cases = con.execute(query).fetchone() or ()
    assert known["touched"] == pytest.approx(touched, rel=0.01)
    assert known["cases"] == pytest.approx(cases, rel=0.01)
    of_files, of_memory = limit.needed(folder)
    assert of_files.keys() | of_memory.keys() == QUESTIONS.keys()
    assert of_files["W7"] < of_files["W0"] / 50


def test_a_worker_answers_in_a_process_of_its_own(folder: Path) -> None:
    worker = process.Worker("duckdb", "W0", folder)
    worker.run()
    worker.run()
    worker.end()
    assert not worker.failed and len(worker.runs) == 2
    assert all(run["s"] > 0 and run["mb"] > 10 for run in worker.runs)


def test_who_has_no_answer_says_why(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = process.Worker("duckdb", "W9", folder)
    worker.run()
    worker.end()
    assert "w9" in worker.failed
    monkeypatch.setattr(process, "ROOT", tmp_path)
    missing = process.Worker("pm4py", "W1", folder)
    missing.end()
    assert "not installed" in missing.failed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({(0, 1): (3, 5.0, 6.0)}, {(0, 1): (4, 5.0, 6.0)}),
        ({(0, 1): (3, 5.0, 6.0)}, {(0, 1): (3, 5.0, 8.0)}),
        ({(0, 1): (3, 5.0, 6.0)}, {(0, 1): (3, Near(7.0, 1.0), None)}),
        ({(0, 1): 3}, {(0, 1): 3, (0, 2): 1}),
        ([(2, (0, 1))], [(2, (1, 0))]),
        ([1.0], [float("nan")]),
    ],
)
def test_different_answers_are_told_apart(one: Any, other: Any) -> None:
    assert agree(one, one)
    assert not agree(one, other)


def test_an_engine_that_says_less_agrees_in_what_it_says() -> None:
    assert agree({(0, 1): (3, 5.0, 6.0)}, {(0, 1): (3, Near(5.5, 1.0), None)})


def test_the_page_is_written_between_its_markers(tmp_path: Path) -> None:
    def figures(seconds: dict[str, float]) -> dict[str, Any]:
        return {e: {"median_s": s, "peak_mb": 100, "lacks": "", "same": True} for e, s in seconds.items()}

    for size, events in ("1m", 10**6), ("10m", 10**7):
        run = {q: figures({"desirepath": events / 1e7, "duckdb": events / 1e6}) for q in QUESTIONS}
        bound = {"memory_gb_s": 30, "cache_gb_s": 10, "seconds": dict.fromkeys(QUESTIONS, events / 1e9)}
        about = {"events": events, "machine": "2 cores", "date": "2026-11-26", "versions": {"x": "1"}, "limit": bound}
        (tmp_path / f"{size}.json").write_text(json.dumps(run))
        (tmp_path / f"{size}.about.json").write_text(json.dumps(about))
    text = report.page(report.read(tmp_path))
    assert "| W1 | **0.1** (10.0× duckdb) | **1** (10.0× duckdb) |" in text
    assert "| W1 | 1 (100×) | 10 (100×) |" in text  # above the limit
    assert "All answers were the same" in text


def test_linear_growth_is_drawn_as_a_straight_line() -> None:
    picture = growth({"W1": [(10**6, 0.01), (10**7, 0.1), (10**8, 1.0)]})
    (x0, y0), (x1, y1), (x2, y2) = [map(float, at) for at in re.findall(r'<circle cx="(.*?)" cy="(.*?)"', picture)]
    assert x1 - x0 == pytest.approx(x2 - x1, abs=2) and y0 - y1 == pytest.approx(y1 - y2, abs=1)
    assert len(picture) < 8_000
