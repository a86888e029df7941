"""The benchmark compares like with like: our answers to its questions are DuckDB's, in both forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bench.engine import duck, ours
from bench.engine.answers import agree
from bench.engine.workload import QUESTIONS, generate

ROWS = 20_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "log"
    generate(path, ROWS)
    return path


def answer(engine: type, folder: Path, question: str) -> Any:
    asked = engine(folder, question)
    asked.before(question)
    return getattr(asked, question.lower())()


def test_all_engines_give_the_same_answers(folder: Path) -> None:
    for question in QUESTIONS:
        expected = answer(ours.Engine, folder, question)
        assert expected, question
        for peer in (duck.Engine,) if question == "W0" else (duck.Engine, duck.Ordered):
            assert agree(expected, answer(peer, folder, question)), (question, peer)
    assert answer(ours.Engine, folder, "W0")["events"] == ROWS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({(0, 1): (3, 5.0, 6.0)}, {(0, 1): (4, 5.0, 6.0)}),
        ({(0, 1): (3, 5.0, 6.0)}, {(0, 1): (3, 5.0, 8.0)}),
        ({(0, 1): 3}, {(0, 1): 3, (0, 2): 1}),
        ([(2, (0, 1))], [(2, (1, 0))]),
        ([1.0], [float("nan")]),
    ],
)
def test_different_answers_are_told_apart(one: Any, other: Any) -> None:
    assert agree(one, one)
    assert not agree(one, other)
