"""A reader is asked about each text once; what it said is there again, also after a kill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from desirepath.voice.readers import Remembered, UnreachableError


@dataclass
class Words:
    """Finds "good" delightful and "bad" frustrating, and says nothing of other texts."""

    name: str = "words"
    layer: str = "folder"
    error: float = 0.5
    batch: int = 2
    asked: list[list[str]] = field(default_factory=list)
    breaks_after: int = 99

    def read(self, texts: Sequence[str]) -> np.ndarray:
        if len(self.asked) >= self.breaks_after:
            raise UnreachableError("gone")
        self.asked.append(list(texts))
        return np.array([{"good": 2.0, "bad": -2.0}.get(text, np.nan) for text in texts])


def test_each_text_is_read_once(tmp_path: Path) -> None:
    words = Words()
    assert Remembered(words, tmp_path).read(["good", "bad", "good"]).tolist() == [2.0, -2.0, 2.0]
    again = Remembered(words, tmp_path).read(["bad", "good", "hm"])
    assert again[:2].tolist() == [-2.0, 2.0] and np.isnan(again[2])
    assert words.asked == [["good", "bad"], ["hm"]]


def test_another_model_is_asked_anew(tmp_path: Path) -> None:
    Remembered(Words(), tmp_path).read(["good"])
    other = Words("another")
    Remembered(other, tmp_path).read(["good"])
    assert other.asked == [["good"]]


def test_what_was_said_before_a_reader_broke_off_is_kept(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError):
        Remembered(Words(breaks_after=1), tmp_path).read(["good", "bad", "hm"])
    words = Words()
    found = Remembered(words, tmp_path).silent.read(["good", "bad", "hm"])
    assert found[:2].tolist() == [2.0, -2.0] and np.isnan(found[2])
    assert words.asked == [], "who is silent is not asked"


def test_a_line_cut_short_by_a_kill_is_one_text_less(tmp_path: Path) -> None:
    Remembered(Words(), tmp_path).read(["good", "bad"])
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text("utf-8")[:-5], "utf-8")
    words = Words()
    assert Remembered(words, tmp_path).read(["good", "bad"]).tolist() == [2.0, -2.0]
    assert words.asked == [["bad"]]
    assert Remembered(Words(breaks_after=0), tmp_path).read(["good", "bad"]).tolist() == [2.0, -2.0]


def test_the_mark_tells_whether_more_was_said(tmp_path: Path) -> None:
    reader = Remembered(Words(), tmp_path)
    before = reader.mark
    reader.read(["hm"])
    assert reader.mark == before
    reader.read(["good"])
    assert reader.mark != before == Remembered(Words("words"), tmp_path / "elsewhere").mark
