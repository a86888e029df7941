"""Parquet keeps its types; structs are flattened; a damaged file is refused."""

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from desirepath.errors import IntakeError


def written(tmp_path, table, **options):
    pq.write_table(table, tmp_path / "w.parquet", **options)
    return (tmp_path / "w.parquet").read_bytes()


def test_native_types_and_ordinals_over_row_groups(read, tmp_path):
    table = pa.table({"n": pa.array(range(1000)), "at": pa.array(range(1000), pa.timestamp("us", "UTC"))})
    got = read(written(tmp_path, table, row_group_size=300), "a.parquet")
    assert got.rows[999] == (999, table["at"][999].as_py()) and got.total == 1000 and got.lines[999] == 1000


def test_nested_columns(read, tmp_path):
    table = pa.table(
        {
            "s": pa.array([{"a": 1, "b": {"c": "x"}}, {"a": 2, "b": None}]),
            "l": pa.array([[1, 2], None]),
            "d": pa.array(["x", "y"]).dictionary_encode(),
        }
    )
    got = read(written(tmp_path, table), "a.parquet")
    assert got.columns == ("s.a", "s.b.c", "l", "d")
    assert got.rows == {0: (1, "x", "[1, 2]", "x"), 1: (2, None, None, "y")}


def test_packed(read, tmp_path):
    assert read(gzip.compress(written(tmp_path, pa.table({"a": [1]}))), "a.parquet.gz").rows == {0: (1,)}


def test_truncated_and_damaged(read, tmp_path):
    content = written(tmp_path, pa.table({"a": [f"{i * 7919}" for i in range(400_000)]}), row_group_size=50_000)
    with pytest.raises(IntakeError, match=r"a\.parquet: the Parquet file is damaged or cut short"):
        read(content[:-100], "a.parquet")
    middle = len(content) // 2
    with pytest.raises(IntakeError, match=r"damaged after \d\d\d,\d\d\d rows"):
        read(content[:middle] + b"\xff" * 3000 + content[middle + 3000 :], "a.parquet")
