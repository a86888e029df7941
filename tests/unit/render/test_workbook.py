from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from desirepath.insight.model import MapData
from desirepath.render.build import build_view
from desirepath.render.view import Item, Row
from desirepath.render.workbook import write_workbook


@pytest.fixture(scope="module")
def book(cafe: MapData, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("book") / "map.xlsx"
    write_workbook(cafe, build_view(cafe, "zh-Hans"), path)
    return openpyxl.load_workbook(path)


def test_the_lanes_are_one_sheet_with_the_stages_across(book: openpyxl.Workbook, cafe: MapData) -> None:
    view = build_view(cafe, "zh-Hans")
    rows = list(book["Map"].values)
    assert list(rows[0][1:]) == [column.name for column in view.columns]
    assert [row[0] for row in rows[2:]] == [row.label for row in view.rows]


def test_every_measure_has_its_interval_and_n(book: openpyxl.Workbook, cafe: MapData) -> None:
    head, *lines = book["Measures"].values
    found = {(r[0], r[1], r[2]): dict(zip(head, r, strict=True)) for r in lines}
    stage = cafe.stages[0]
    line = found["stage", stage.id, "drop_rate"]
    assert (line["value"], line["low"], line["high"], line["n"]) == pytest.approx(
        (stage.drop_rate.value, stage.drop_rate.low, stage.drop_rate.high, stage.drop_rate.n)
    )
    withheld = [line for line in found.values() if line["withheld"]]
    assert withheld and all(line["value"] is None for line in withheld)


def test_a_text_that_looks_like_a_formula_stays_a_text(cafe: MapData, tmp_path: Path) -> None:
    view = build_view(cafe, "en")
    bad = Item("x", "=1+1", "", "document", None, "")
    hostile = replace(view, rows=(Row("actions", "@SUM(A1)", ((bad,),) * len(view.columns)),))
    write_workbook(cafe, hostile, tmp_path / "map.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "map.xlsx")["Map"]
    assert sheet["A3"].value == "@SUM(A1)" and sheet["A3"].data_type == "s"
    assert sheet["B3"].value == "=1+1" and sheet["B3"].data_type == "s" and sheet["B3"].quotePrefix
