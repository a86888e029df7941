"""Workbooks: the first sheet with a table, cells as exact text, errors set apart."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from desirepath.errors import IntakeError
from desirepath.intake.readers import Limits


def workbook(*sheets: tuple[str, list[list[object]]], top: int = 0, left: int = 0) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows, top):
                for c, value in enumerate(row, left):
                    if isinstance(value, dt.datetime):
                        sheet.write_datetime(r, c, value, moment)
                    elif isinstance(value, dt.date):
                        sheet.write_datetime(r, c, value, day)
                    elif isinstance(value, str) and value.startswith("#"):
                        sheet.write_formula(r, c, "=1/0", None, value)
                    elif value is not None:
                        sheet.write(r, c, value)
    return out.getvalue()


def test_cells_are_exact_text(read):
    moment = dt.datetime(2011, 7, 21, 8, 44, 13)
    rows = [
        ["id", "at", "day", "x", "ok"],
        [17850.0, moment, dt.date(2011, 7, 21), 1.1, True],
        ["a", None, None, -0.5, False],
    ]
    table = read(workbook(("T", rows)), "a.xlsx")
    assert table.columns == ("id", "at", "day", "x", "ok")
    assert table.rows == {
        0: ("17850", "2011-07-21T08:44:13", "2011-07-21", "1.1", "true"),
        1: ("a", "", "", "-0.5", "false"),
    }


def test_the_first_sheet_with_a_table_and_a_title(read):
    rows = [["Sales of May"], [], ["id", "city", "n"], [1, "Porto", 7], [], [2, "Faro", 8]]
    table = read(workbook(("Cover", [["Hello"]]), ("Data", rows), ("More", rows), top=1, left=2), "a.xlsx")
    assert (table.columns, table.rows) == (("id", "city", "n"), {0: ("1", "Porto", "7"), 1: ("2", "Faro", "8")})
    assert table.lines == {0: 5, 1: 7}
    for said in ("sheet 'Data'", "not read: 'Cover', 'More'", "1 title row ", "header in row 4"):
        assert said in table.said


def test_error_cells_are_set_apart(read):
    table = read(workbook(("T", [["id", "n"], [1, 2], [2, "#DIV/0!"], [3, "#N/A"], [4, 5]])), "a.xlsx")
    assert table.rows == {0: ("1", "2"), 3: ("4", "5")}
    assert [(b.row, b.line, b.column, b.value) for b in table.broken] == [(1, 3, "n", "#DIV/0!"), (2, 4, "n", "#N/A")]


def test_cells_beyond_the_columns(read):
    rows = [["id", "n"], *([i, i] for i in range(300)), [300, 1, "note"]]
    table = read(workbook(("T", rows)), "a.xlsx")
    assert table.total == 301 and [(b.row, b.line, b.value) for b in table.broken] == [(300, 302, "note")]


def test_header_only_and_empty(read):
    table = read(workbook(("T", [["id", "n"]])), "a.xlsx")
    assert (table.columns, table.total) == (("id", "n"), 0) and "no rows" in table.said
    with pytest.raises(IntakeError, match="empty"):
        read(workbook(("T", [])), "a.xlsx")


def test_workbooks_of_other_programs(read, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "at"])
    book.active.append([1, dt.datetime(2024, 2, 29, 23, 59, 59)])
    book.save(tmp_path / "o.xlsx")
    assert read((tmp_path / "o.xlsx").read_bytes(), "a.xlsx").rows == {0: ("1", "2024-02-29T23:59:59")}


def test_damaged_and_bombs(read):
    content = workbook(("T", [["id", "n"], *([i, f"text {i}"] for i in range(5000))]))
    with pytest.raises(IntakeError, match="cut short"):
        read(content[: len(content) // 2], "a.xlsx")
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/x.bin", b"\0" * 20_000_000)
    with pytest.raises(IntakeError, match="bomb"):
        read(out.getvalue(), "a.xlsx", Limits(ratio_from=1 << 20))
    with pytest.raises(IntakeError, match="unpacks to more than 1 MB"):
        read(out.getvalue(), "a.xlsx", Limits(document=1 << 20))
