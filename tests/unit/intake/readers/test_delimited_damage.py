"""One damaged place costs at most the row it is in: every other row is read, with its own ordinal and line."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = st.sampled_from(["Anna", "Bo", "Жанна", "O'Neil", "", "5 x", "José"])
TEXTS = st.sampled_from(["fine", "good, really", 'said "no"', "two\nlines", "", "x;y"])
DAMAGE = [b'"', b"\0", b"\xff", b",", b"\\", b'""', b"\xd0", b""]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damage") / "t.csv"


@settings(max_examples=300, deadline=None)
@given(
    cells=st.lists(st.tuples(NAMES, TEXTS), min_size=8, max_size=20),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    place=st.floats(0, 1, exclude_max=True),
    damage=st.sampled_from(DAMAGE),
)
def test_one_damaged_place_costs_one_row(
    path: Path, read_path: Callable[..., Any], cells: list[tuple[str, str]], quoting: int, place: float, damage: bytes
) -> None:
    rows = [(f"id{i:02}", name, text, str(i * 37)) for i, (name, text) in enumerate(cells)]
    records = []
    for row in [("key", "имя_клиента", "text", "n"), *rows]:
        out = io.StringIO()
        csv.writer(out, quoting=quoting, lineterminator="\n").writerow(row)  # type: ignore[arg-type]
        records.append(out.getvalue().encode())
    victim = 1 + int(place * len(rows))
    at = int(place * 7919) % (len(records[victim]) - 1)
    lines, line = {}, 1
    for i, record in enumerate(records):
        lines[i - 1] = line
        line += record.count(b"\n")
    records[victim] = records[victim][:at] + damage + records[victim][at + (damage == b"") :]
    path.write_bytes(b"".join(records))

    read = read_path(path)

    found = {row[0]: (row, read.lines[ordinal]) for ordinal, row in read.rows.items()}
    for i, row in enumerate(rows):
        if i != victim - 1:
            assert found[row[0]] == (row, lines[i])
    assert all(b.line is not None and lines[victim - 1] <= b.line < lines[victim - 1] + 2 for b in read.broken)
