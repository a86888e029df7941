"""The voice on public sets, against what their README gives and what the issue asks for."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

import desirepath as dp
from desirepath.voice.bootstrap import bootstrap
from desirepath.voice.language import detect
from desirepath.voice.learned import fit
from desirepath.voice.lexicon import lexicons
from desirepath.voice.quality import macro_f1

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("DESIREPATH_DATA", ROOT.parent / "shared" / "data"))
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data sets are not at {DATA}"),
]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def comments() -> tuple[list[str], np.ndarray]:
    """Olist's comments with 1–2 or 4–5 stars."""
    found = [r for r in rows("olist/olist_order_reviews_dataset.csv") if r["review_comment_message"].strip()]
    found = [r for r in found if r["review_score"] != "3"]
    return [r["review_comment_message"] for r in found], np.array([int(r["review_score"]) > 3 for r in found]).astype(
        int
    )


def test_olist_learned_from_its_own_stars(comments: tuple[list[str], np.ndarray]) -> None:
    quality = fit(*comments).quality
    assert quality.n == 1_513
    assert quality.macro_f1 is not None and quality.macro_f1 >= 0.88
    assert quality.ece is not None and quality.ece <= 0.05


def test_olist_without_any_stars(comments: tuple[list[str], np.ndarray]) -> None:
    texts, stars = comments
    reading = bootstrap(texts, lexicons()["pt"]).read(texts)
    assert macro_f1(stars, (reading.score > 0).astype(int), 2) >= 0.85


def test_delivery_without_any_ratings() -> None:
    found = rows("reviews_zh_delivery/waimai_10k.csv")[::3]
    texts, y = [r["review"] for r in found], np.array([int(r["label"]) for r in found])
    reading = bootstrap(texts, lexicons()["zh-Hans"]).read(texts)
    assert macro_f1(y, (reading.score > 0).astype(int), 2) >= 0.8


@pytest.mark.parametrize(
    ("file", "column", "language"),
    [
        ("reviews_zh_delivery/waimai_10k.csv", "review", "zh-Hans"),
        ("tweets_en_airline/Tweets_6col.csv", "text", "en"),
        ("nps_survey_pt/pesquisa_nps.csv", "Resposta", "pt"),
    ],
)
def test_languages(file: str, column: str, language: str) -> None:
    texts = [t for r in rows(file) if len(t := r[column].strip()) > 3][:600]
    assert np.mean([told.language == language for told in detect(texts)]) >= 0.95


def test_nps_survey(tmp_path: Path) -> None:
    ws = dp.init(tmp_path / "ws")
    ws.ingest(DATA / "nps_survey_pt" / "pesquisa_nps.csv", mapping=ROOT / "examples" / "nps_survey_pt.yaml")
    found = ws.voice().overview()
    assert found["feedback"] == 1_287
    assert len(found["nps_groups_against_score"]) == 1
