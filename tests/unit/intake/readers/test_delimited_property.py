"""Whatever Python's csv module writes comes back as it was, with the right ordinals and physical lines."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = st.sampled_from(
    ["web", "app", "Anna", "12", "3.5", "2024-01-31 10:00:00", "", "Москва", "上海", "São Paulo", "a b"]
)
AWKWARD = st.text(alphabet="ab,;\t| \"\n\rЖ漢é\\'", max_size=12)
CELLS = st.one_of(WORDS, WORDS, WORDS, AWKWARD)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(2, 5))
    row = st.lists(CELLS, min_size=width, max_size=width).filter(any)
    body = draw(st.lists(row, min_size=5, max_size=25))
    keys = [[f"id{i}", *cells] for i, cells in enumerate(body)]
    return [["key", *(f"name_{i}" for i in range(width))], *keys]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("property")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    table=tables(),
    separator=st.sampled_from(",;\t|^~"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    ending=st.sampled_from(["\r\n", "\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030-bom"]),
)
def test_what_csv_writes_is_read_back(
    folder: Path,
    read_path: Callable[..., Any],
    table: list[list[str]],
    separator: str,
    quoting: int,
    ending: str,
    encoding: str,
) -> None:
    if ending == "\n":
        table = [[cell.replace("\r", "") for cell in row] for row in table]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=ending)  # type: ignore[arg-type]
    lines = []
    for row in table:
        lines.append(1 + len(re.findall(r"\r\n|\r|\n", out.getvalue())))
        writer.writerow(row)
    text = out.getvalue()
    path = folder / "t.csv"
    path.write_bytes(("\ufeff" + text).encode("gb18030") if encoding == "gb18030-bom" else text.encode(encoding))

    read = read_path(path)

    assert read.columns == tuple(table[0])
    assert list(read.rows.values()) == [tuple(row) for row in table[1:]]
    assert list(read.lines.values()) == lines[1:]
    assert not read.broken
