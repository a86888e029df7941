"""JSON and NDJSON: nested objects as a.b, numbers as written, bad lines set apart."""

import json

import pytest

from desirepath.errors import IntakeError
from desirepath.intake.readers import Limits


def dicts(table):
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows.values()]


def test_scalars_are_text_as_written(read):
    table = read(
        '{"i": 570306133677760513999, "f": 1.10, "e": 1e-7, "b": true, "n": null, "s": "\\u0416 \\"x\\""}\n{"s": ""}\n',
        "a.ndjson",
    )
    assert dicts(table) == [
        {"i": "570306133677760513999", "f": "1.10", "e": "1e-7", "b": "true", "n": None, "s": 'Ж "x"'},
        {"i": None, "f": None, "e": None, "b": None, "n": None, "s": ""},
    ]  # fmt: skip


def test_nested_objects_are_flattened_and_lists_are_json(read):
    table = read('{"a": {"b": {"c": 1}, "d": [1.50, "x", {"y": null}]}, "e": {}}\n{"a": null}\n', "a.ndjson")
    assert table.columns == ("a.b.c", "a.d", "e")
    assert table.rows == {0: ("1", '[1.50, "x", {"y": null}]', "{}"), 1: (None, None, None)}


def test_a_bad_line_costs_itself(read):
    content = '{"a": "漢字"}\n{"a": oops}\n\n[1]\n{"a": 2}\n{"a": "\\ud83d"}\n'.encode() + b'{"a": "\xff"}\n{"a": 3'
    table = read(content, "a.ndjson")
    assert table.rows == {0: ("漢字",), 3: ("2",)} and table.lines == {0: 1, 3: 5} and table.total == 7
    assert [(b.row, b.line, b.reason.partition(":")[0]) for b in sorted(table.broken, key=lambda b: b.row)] == [
        (1, 2, "not valid JSON"),
        (2, 4, "not a JSON object"),
        (4, 6, "half a surrogate pair"),
        (5, 7, "bytes that are not valid UTF-8"),
        (6, 8, "not valid JSON"),
    ]


def test_a_line_beyond_the_limit_costs_itself(read):
    table = read('{"a": 1}\n{"a": "' + "x" * 5000 + '"}\n{"a": 2}\n', "a.ndjson", Limits(cell=1000))
    assert table.rows == {0: ("1",), 2: ("2",)} and table.broken[0].line == 2


def test_deep_nesting_costs_its_line(read):
    table = read('{"a": 1}\n{"a": ' + "[" * 200_000 + "]" * 200_000 + "}\n", "a.ndjson")
    assert table.rows == {0: ("1",)} and table.broken[0].line == 2


def test_a_list_of_objects(read):
    table = read('[\n {"a": 1, "b": "x"},\n {"b": "y",\n  "a": 2}\n]\n', "a.json")
    assert table.columns == ("a", "b") and table.rows == {0: ("1", "x"), 1: ("2", "y")} and table.lines == {0: 2, 1: 3}


def test_the_list_is_found_inside_its_wrapper(read):
    table = read('{"meta": {"tags": [{"t": 1}]},\n "response": {"items": [{"a": 1}, {"a": 2}], "n": 2}}', "a.json")
    assert table.rows == {0: ("1",), 1: ("2",)} and "'response.items'" in table.said


def test_documents_one_after_the_other(read):
    table = read('{\n "a": 1,\n "l": [{"x": 1}]\n}\n{\n "a": 2\n}\n', "a.json")
    assert [row["a"] for row in dicts(table)] == ["1", "2"] and table.lines == {0: 1, 1: 5}


def test_one_object_and_plain_values(read):
    assert read('{"a": 1, "b": [1, 2]}', "a.json").rows == {0: ("1", "[1, 2]")}
    assert read('["x", "y"]', "a.json").rows == {0: ("x",), 1: ("y",)}


def test_nothing_in_it(read):
    assert read("[]", "a.json").total == 0
    with pytest.raises(IntakeError, match="not valid JSON"):
        read("nonsense", "a.json")
    assert len(read("nonsense\nmore\n", "a.ndjson").broken) == 2


def test_what_is_no_object_among_objects_is_broken(read):
    table = read('[{"a": 1},\n 7,\n {"a": 2}]', "a.json")
    assert table.rows == {0: ("1",), 2: ("2",)} and [(b.row, b.line, b.value) for b in table.broken] == [(1, 2, "7")]


def test_a_long_document_is_read_through_a_window(read):
    rows = [{"i": i, "text": "Ж漢" * (i % 50)} for i in range(20_000)]
    table = read(json.dumps({"data": rows}, ensure_ascii=False), "a.json")
    assert table.total == 20_000 and table.rows[19_999] == ("19999", "Ж漢" * 49)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings(read, encoding):
    assert read('[{"a": "Ж"}]'.encode(encoding), "a.json").rows == {0: ("Ж",)}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('[{"a": 1},\n {"a": ', "line 2, column 8: not valid JSON: the file ends in the middle"),
        ('[{"a": 1},\n {"a": "x', "line 2, column 8: not valid JSON: the file ends in the middle"),
        ('[{"a": 1},\n {"a" 2}]', "line 2, column 7: not valid JSON: Expecting ':' delimiter"),
        ('[{"a": 1}\n {"a": 2}]', "line 2, column 2: not valid JSON: expected '\\]'"),
        ('[{"a": ' + "[" * 200_000, "nested too deeply|ends in the middle"),
    ],
)
def test_a_damaged_document_is_refused_with_its_place(read, content, what):
    with pytest.raises(IntakeError, match=what):
        read(content, "a.json")
