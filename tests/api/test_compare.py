"""`desirepath compare` and `Workspace.compare`: segments and periods, asked for by a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.api.conftest import JOURNEY

import desirepath as dp


@pytest.fixture
def markets(tmp_path: Path) -> Path:
    """Walks in January and March: in the north nearly everybody buys, in the south nearly nobody; three elsewhere."""
    rows = ["user_id,event,timestamp,market"]
    for month in (1, 3):
        for market, buyers in (("north", 27), ("south", 3)):
            for i in range(30):
                user = f"{market}{month}-{i}"
                rows.append(f"{user},home,2026-0{month}-01 10:00,{market}")
                rows.append(f"{user},product_view,2026-0{month}-01 10:05,{market}")
                if i < buyers:
                    rows.append(f"{user},purchase,2026-0{month}-01 10:10,{market}")
    rows += [f"nowhere{i},home,2026-03-01 10:00," for i in range(3)]
    (tmp_path / "walks.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "buying.yaml").write_text(JOURNEY, encoding="utf-8")
    ws = dp.init(tmp_path / "shop")
    ws.ingest(tmp_path / "walks.csv")
    ws.add_journey(tmp_path / "buying.yaml")
    ws.close()
    return tmp_path / "shop"


def test_by_a_dimension(cli: Any, markets: Path) -> None:
    said = cli("compare", markets, "buying", "--by", "market", "--json").json
    assert {n: s["cases"] for n, s in said["segments"].items()} == {"north": 60, "south": 60}
    (conversion,) = [c for c in said["contrasts"] if c["measure"] == "conversion"]
    assert (conversion["segment"], conversion["value"], conversion["other"]) == ("south", 0.1, 0.9)
    assert conversion["differs"]
    assert said["notes"] == [{"key": "note.compare_without", "params": {"by": "market", "n": 3}}]


def test_the_terminal_says_it_in_a_table(cli: Any, markets: Path) -> None:
    done = cli("compare", markets, "buying", "--by", "market")
    assert done.code == 0
    assert "Differ by more than chance" in done.out and "conversion" in done.out
    assert "Cases without “market”, in no segment: 3." in done.out


def test_two_periods_of_one_make_do_not_differ(cli: Any, markets: Path) -> None:
    periods = ("--before", "2026-01-01..2026-02-01", "--after", "2026-03-01..2026-04-01")
    said = cli("compare", markets, "buying", *periods, "--where", "market=north", "--json").json
    assert list(said["segments"]) == ["2026-01-01..2026-02-01", "2026-03-01..2026-04-01"]
    assert said["contrasts"] and not any(c["differs"] for c in said["contrasts"])
    assert [n["key"] for n in said["notes"]] == ["note.compare_followed"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "what is to be compared"),
        (("--by", "market", "--before", "2026-01-01..2026-02-01"), "what is to be compared"),
        (("--before", "2026-01-01..2026-02-01"), "what is to be compared"),
        (("--before", "January", "--after", "2026-01-01..2026-02-01"), "two dates"),
        (("--by", "marke"), "events have no 'marke'"),
        (("--by", "persona"), "only one persona to compare: none"),
        (("--by", "market", "--where", "market=north"), "only one market to compare: north"),
        (("--before", "2026-01-01..2026-02-01", "--after", "2026-01-01..2026-02-01"), "only one period to compare"),
        (
            ("--before", "2026-01-01..2026-02-01", "--after", "2026-03-01..2026-04-01", "--from", "2026-01-01"),
            "a third is asked for",
        ),
    ],
)
def test_a_question_that_makes_no_sense(cli: Any, markets: Path, options: tuple[str, ...], said: str) -> None:
    done = cli("compare", markets, "buying", *options)
    assert done.code == 2
    assert said in done.err
