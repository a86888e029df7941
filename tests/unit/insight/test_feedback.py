"""Scores become emotion, KPIs follow their definitions, and other people's words stay out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from desirepath.insight.feedback import Feedback, bounds, columns, emotions
from desirepath.insight.kpis import asked_for, kpis_of
from desirepath.lake.schema import FEEDBACK


def said(*rows: dict[str, Any], links: dict[str, str] | None = None) -> tuple[Feedback, dict[str, int]]:
    full = [{"import": 1, "row": i, "id": str(i), "kind": "survey", "source": "s", **row} for i, row in enumerate(rows)]
    links = links or {}
    known = pa.table({"id": [*links], "person": [*links.values()]}, pa.schema([("id", "string"), ("person", "string")]))
    return columns(pa.Table.from_pylist(full, FEEDBACK), known)


def answers(scale: str, *scores: float) -> Feedback:
    return said(*({"score": s, "scale": scale} for s in scores))[0]


def everything(feedback: Feedback, min_n: int = 1) -> dict[str, Any]:
    return kpis_of(feedback, np.ones(len(feedback), bool), min_n)


@pytest.mark.parametrize(
    ("score", "scale", "emotion"),
    [
        (0, "nps", -2), (5, "nps", 0), (10, "nps", 2),
        (1, "csat5", -2), (4, "csat5", 1), (4, "csat7", 0),
        (7, "ces7", 2), (7, "ces7_effort", -2),
        (3, "stars", 0), (1, "thumbs", 2), (0, "thumbs", -2), (-0.5, "sentiment", -1),
        (75, "0..100", 1), (75, "100..0", -1), (-5, "-5..5", -2),
        (6, "stars", None), (-1, "nps", None), (3, "smileys", None), (3, None, None), (3, "5..5", None),
    ],
)  # fmt: skip
def test_scores_map_linearly_from_the_worst_to_the_best_answer(score: float, scale: str, emotion: float | None) -> None:
    (found,) = emotions(np.array([score], float), np.array([scale], object))
    assert np.isnan(found) if emotion is None else found == pytest.approx(emotion)


def test_a_scale_of_ones_own() -> None:
    assert bounds(" -1.5 .. 2") == (-1.5, 2.0)
    assert bounds("0-100") is None


def test_nps_has_its_standard_error() -> None:
    nps = everything(answers("nps", *[10] * 885, *[7] * 326, *[0] * 76))["nps"]
    assert nps.value == pytest.approx(62.859, abs=5e-4)
    p, d = 885 / 1287, 76 / 1287
    half = 1.959964 * 100 * np.sqrt((p + d - (p - d) ** 2) / 1287)
    assert (nps.low, nps.high) == pytest.approx((nps.value - half, nps.value + half), abs=1e-4)
    assert (nps.n, nps.unit) == (1287, "points")


def test_an_nps_stays_between_its_bounds() -> None:
    assert everything(answers("nps", 10, 10, 10, 0))["nps"].high == 100


def test_csat_names_its_variant_and_keeps_its_scales_apart() -> None:
    five, seven = everything(answers("csat5", 5, 4, 3, 1)), everything(answers("csat7", 7, 6, 5))
    assert (five["csat_mean"].value, five["csat_top2"].value) == (3.25, 0.5)
    assert (seven["csat7_mean"].value, seven["csat7_top2"].value) == (6, pytest.approx(2 / 3))


def test_effort_is_turned_into_ease() -> None:
    mixed, _ = said({"score": 6, "scale": "ces7"}, {"score": 6, "scale": "ces7_effort"})
    assert everything(mixed)["ces_mean"].value == 4  # 6 and 8 − 6


def test_only_kpis_with_data_unless_the_journey_asks() -> None:
    found = everything(answers("thumbs", 1, 1, 0))
    assert set(found) == {"thumbs_share", "emotion"}
    assert found["thumbs_share"].value == pytest.approx(2 / 3)
    kpis, lacking = asked_for(["nps", "thumbs", "footfall", "charm"], found, [{"metric": "footfall"}])
    assert (kpis["nps"].value, kpis["nps"].n) == (None, 0)
    assert lacking == ["nps", "charm"]


def test_few_answers_are_withheld() -> None:
    found = everything(answers("stars", 5, 5), min_n=3)
    assert {(k.value, k.withheld, k.n) for k in found.values()} == {(None, "n<3", 2)}


def test_competitors_and_our_own_words_are_counted_and_left_out() -> None:
    feedback, counts = said(
        {"score": 5, "scale": "stars"},
        {"score": 1, "scale": "stars", "about": "Rival"},
        {"score": 1, "scale": "stars", "author": "company"},
        {"score": 9, "scale": "stars", "customer": "a"},
    )
    assert len(feedback) == 2
    assert counts == {
        "total": 4, "competitors": 1, "own_words": 1, "undated": 2, "without_customer": 1, "unusable_score": 1,
    }  # fmt: skip


def test_answers_of_one_person_under_two_ids_are_one_cluster() -> None:
    feedback, _ = said(
        {"customer": "a"}, {"customer": "email:x"}, {"customer": "b"}, {"case": "o1"}, {"case": "o1"}, {}, {},
        links={"email:x": "a"},
    )  # fmt: skip
    clusters = feedback.cluster.tolist()
    assert clusters[0] == clusters[1]
    assert clusters[3] == clusters[4]
    assert len(set(clusters)) == 5
