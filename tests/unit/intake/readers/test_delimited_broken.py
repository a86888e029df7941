"""What is broken is set apart with its line and reason, and the rows around it survive."""

import pytest

from desirepath.errors import IntakeError
from desirepath.intake.readers import Limits

HEAD = "id,name,text\n1,Anna,good\n"
TAIL = "8,Olga,fine\n9,Ivan,well\n"


def broken(table):
    return [(b.row, b.line, b.reason) for b in table.broken]


def test_too_few_and_too_many_cells(read):
    table = read(HEAD + "2,Bo\n3,Cy,ok,more\n" + TAIL)
    assert broken(table) == [
        (1, 3, "too few cells: 2 where 3 are expected"),
        (2, 4, "too many cells: 4 where 3 are expected"),
    ]
    assert [row[0] for row in table.rows.values()] == ["1", "8", "9"] and table.broken[0].value == "2,Bo"


def test_another_separator_in_some_lines(read):
    table = read(HEAD + "2;Bo;ok\n" + TAIL)
    assert broken(table) == [(1, 3, "too few cells: 1 where 3 are expected")] and len(table.rows) == 3


def test_an_unclosed_quote_costs_one_row(read):
    table = read(HEAD + '2,"Bo,ok\n' + TAIL)
    assert broken(table) == [(1, 3, "a quote is opened and never closed")]
    assert [row[0] for row in table.rows.values()] == ["1", "8", "9"] and table.lines[3] == 5


def test_an_unclosed_quote_before_quoted_rows(read):
    table = read(HEAD + '2,"Bo,ok\n7,"Eva","multi\nline"\n' + TAIL)
    assert broken(table) == [(1, 3, "broken quotes")]
    assert [*table.rows.values()][1] == ("7", "Eva", "multi\nline") and table.lines == {0: 2, 2: 4, 3: 6, 4: 7}


def test_text_after_a_closing_quote(read):
    table = read(HEAD + '2,"Bo" x,ok\n3,"he said "no" twice",ok\n' + TAIL)
    assert broken(table) == [(1, 3, "broken quotes"), (2, 4, "broken quotes")] and len(table.rows) == 3


def test_a_damaged_cell_of_several_lines_is_one_row(read):
    table = read(HEAD + '2,Bo,"first\nhe said "no"\nlast"\n' + TAIL)
    assert broken(table) == [(1, 3, "broken quotes")]
    assert [row[0] for row in table.rows.values()] == ["1", "8", "9"] and [*table.lines.values()] == [2, 6, 7]


def test_an_unclosed_quote_far_from_the_end_of_a_long_file(read):
    lines = [f"{i},Anna,good; but late" for i in range(400_000)]
    lines[300_000] = '300000,"Anna,good, but late'
    table = read("id,name,text\n" + "\n".join(lines))
    assert broken(table) == [(300_000, 300_002, "a quote is opened and never closed")] and table.total == 400_000


def test_the_header_again_in_files_put_together(read):
    table = read("\ufeff" + HEAD + "\ufeff" + HEAD + TAIL)
    assert table.lines == {0: 2, 2: 4, 3: 5, 4: 6}
    assert broken(table) == [(1, 3, "the header again")] and [row[0] for row in table.rows.values()] == list("1189")


def test_a_cell_after_the_separator_that_ends_every_row(read):
    rows = "".join(f"{i},{i},\n" for i in range(1000))
    table = read("a,b\n" + rows + "\n7,7,7\n8,8,\n")
    assert broken(table) == [(1000, 1003, "too many cells")] and table.rows[1001] == ("8", "8")


def test_nul_bytes(read):
    table = read(HEAD.encode() + b"2,B\0o,ok\n" + b"\0" * 50 + b"\n" + TAIL.encode())
    assert broken(table) == [(1, 3, "NUL byte"), (2, 4, "NUL byte")] and len(table.rows) == 3


def test_two_encodings_in_one_file(read):
    rows = "".join(f"{i},Анна,хорошо\n" for i in range(10))
    table = read(("id,name,text\n" + rows).encode() + "10,Иван,плохо\n".encode("cp1251") + TAIL.encode())
    assert broken(table) == [(10, 12, "bytes that are not valid UTF-8")] and "some lines are not" in table.said
    assert table.rows[9] == ("9", "Анна", "хорошо") and "\\xc8" in table.broken[0].value


def test_some_utf_8_in_a_file_of_another_encoding(read):
    rows = "".join(f"{i},Анна,очень хорошо, спасибо\n".replace(", ", " ") for i in range(30))
    table = read(("id,name,text\n" + rows).encode("cp1251") + "30,Иван,плохо\n".encode() + TAIL.encode())
    assert broken(table) == [(30, 32, "UTF-8 in a file that is cp1251")]
    assert table.rows[0] == ("0", "Анна", "очень хорошо спасибо")


def test_damaged_utf_16(read):
    damaged = (HEAD + "2,?,ok\n" + TAIL).encode("utf-16-le").replace("?".encode("utf-16-le"), b"\x00\xd8")
    table = read(b"\xff\xfe" + damaged)
    assert broken(table) == [(1, 3, "bytes that are not valid UTF-16-LE")] and len(table.rows) == 3


def test_a_cell_of_ten_megabytes_is_read(read):
    big = "x" * 10_000_000
    assert read(HEAD + f"2,Bo,{big}\n" + TAIL).rows[1] == ("2", "Bo", big)
    assert read(f"id,name,text\n2,Bo,{big}\n" + TAIL).rows[0][2] == big


@pytest.mark.parametrize("cell", ["x" * 3000, '"' + "x y\n" * 1000 + '"', "x" * 200_000])
def test_a_cell_beyond_the_limit_is_set_apart(read, cell):
    table = read(HEAD + f"2,Bo,{cell}\n" + TAIL, limits=Limits(cell=1000))
    assert [(b.row, b.line) for b in table.broken] == [(1, 3)] and "larger than 1,000 bytes" in table.broken[0].reason
    assert len(table.broken[0].value) < 1100 and [row[0] for row in table.rows.values()] == ["1", "8", "9"]


def test_a_line_without_end_is_not_held(read):
    endless = b"2,Bo," + b"x" * 30_000_000 + b"\n"
    table = read(HEAD.encode() + endless + TAIL.encode(), limits=Limits(cell=1_000_000))
    assert [(b.row, b.line) for b in table.broken] == [(1, 3)] and len(table.rows) == 3


@pytest.mark.parametrize("content", [b"", b"\n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file(read, content):
    with pytest.raises(IntakeError, match="empty"):
        read(content)
