"""Lines of text exports: joining, quoting, times, compression."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import numpy as np

from desirepath.simulate.lines import Sink, decimals, local_times, numbers, quoted, words


def test_blocks_become_one_file(tmp_path: Path) -> None:
    sink = Sink(tmp_path / "a.csv", "n,text\n", mark=True)
    sink.write([numbers(np.array([1, 2])), ",", quoted(['say "hi"', ""])], 2)
    sink.write([numbers(np.array([], np.int64)), ",", quoted([])], 0)
    sink.write([numbers(np.array([3])), ",", quoted(["two\nlines"])], 1)
    sink.close()
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert read == [["n", "text"], ["1", 'say "hi"'], ["2", ""], ["3", "two\nlines"]]
    assert sink.rows == 3


def test_compressed_files_carry_no_time(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        sink = Sink(tmp_path / name)
        sink.write([words(("x", "y"), np.array([1, 0]))], 2)
        sink.close()
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == b"y\nx\n"
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_times_and_amounts_as_people_write_them() -> None:
    at = np.array([1_741_000_000_123, -1])
    assert local_times(at, "%d.%m.%Y %H:%M:%S").to_pylist() == ["03.03.2025 11:06:40", ""]
    assert decimals(np.array([3.5, 12.05, 0.999]), ",").to_pylist() == ["3,50", "12,05", "1,00"]
