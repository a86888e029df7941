"""What differs between segments by more than chance is said, and nothing else."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from desirepath.errors import DesirepathError
from desirepath.insight.compare import Comparison, Contrast, compare
from desirepath.insight.intervals import difference
from desirepath.insight.settings import Settings

JOURNEY = """
journey: j
title: J
end: {event: c}
stages:
  - {id: first, name: First, touchpoints: [{id: a, name: A, match: [{event: a}]}]}
  - {id: second, name: Second, touchpoints: [{id: b, name: B, match: [{event: b}]}]}
  - {id: third, name: Third, touchpoints: [{id: c, name: C, match: [{event: c}]}]}
"""


def walks(market: str, **counts: int) -> list[dict[str, Any]]:
    """So many customers of a market for each path; a letter an event, an hour apart."""
    return [
        {"customer": f"{market}-{path}-{i}", "at": hour, "event": step, "d_market": market}
        for path, count in counts.items()
        for i in range(count)
        for hour, step in enumerate(path)
    ]


def by_market(evidence: Any, *markets: str, min_n: int = 5) -> Comparison:
    maps = {m: evidence.map(JOURNEY, where={"market": (m,)}, settings=Settings(min_n=1)) for m in markets}
    return compare("market", maps, min_n)


def of(found: Comparison, measure: str, place: str | None, segment: str) -> Contrast:
    (contrast,) = [
        c for c in found.contrasts if (c.measure, c.touchpoint or c.stage, c.segment) == (measure, place, segment)
    ]
    return contrast


def test_two_segments_are_contrasted_once_the_second_with_the_first(company: Any) -> None:
    evidence = company(walks("north", abc=90, ab=10) + walks("south", abc=40, ab=60))
    found = by_market(evidence, "north", "south")
    assert {c.segment for c in found.contrasts} == {"south"}
    contrast = of(found, "conversion", None, "south")
    assert (contrast.value, contrast.n, contrast.other, contrast.other_n) == (0.4, 100, 0.9, 100)
    assert (contrast.difference.value, contrast.difference.low, contrast.difference.high) == pytest.approx(
        difference(40, 100, 90, 100)
    )
    assert contrast.differs and contrast.p < 1e-9
    assert {n: s["cases"] for n, s in found.segments.items()} == {"north": 100, "south": 100}


def test_of_three_segments_each_stands_against_the_others_together(company: Any) -> None:
    evidence = company(walks("x", abc=50, ab=50) + walks("y", abc=50, ab=50) + walks("z", abc=90, ab=10))
    contrast = of(by_market(evidence, "x", "y", "z"), "conversion", None, "z")
    assert (contrast.value, contrast.other, contrast.other_n) == (0.9, 0.5, 200)


def test_a_touchpoint_taken_instead_of_another_is_seen_in_the_next_step(company: Any) -> None:
    evidence = company(walks("wallet", ab=80, ac=20) + walks("card", ab=20, ac=80))
    found = by_market(evidence, "card", "wallet")
    contrast = of(found, "next_step", "a > b", "wallet")
    assert (contrast.value, contrast.other) == (0.8, 0.2)
    assert contrast.differs


def test_large_differences_come_first_and_those_that_may_be_chance_last(company: Any) -> None:
    evidence = company(walks("north", abc=90, ab=10, a=5) + walks("south", abc=40, ab=60, a=6))
    found = by_market(evidence, "north", "south")
    assert [c.differs for c in found.contrasts] == sorted((c.differs for c in found.contrasts), reverse=True)
    sizes = [abs(c.size) for c in found.contrasts if c.differs]
    assert sizes == sorted(sizes, reverse=True)


def test_too_few_on_one_side_are_counted_not_contrasted(company: Any) -> None:
    evidence = company(walks("north", abc=100) + walks("isle", abc=4))
    found = by_market(evidence, "north", "isle")
    assert found.contrasts == () and found.untested > 0
    assert [d.segments["isle"].withheld for d in found.durations] == ["n<5"] * len(found.durations)


def test_scores_are_contrasted_by_their_means(company: Any) -> None:
    feedback = [
        {"customer": f"{market}-ab-{i}", "at": 0, "score": float(score), "scale": "stars", "touchpoint": "a"}
        for market, low in (("north", 1), ("south", 4))
        for i in range(60)
        for score in [low + i % 2]
    ]
    evidence = company(walks("north", ab=60) + walks("south", ab=60), feedback)
    found = by_market(evidence, "north", "south")
    stars = of(found, "stars_mean", None, "south")
    assert (stars.value, stars.other, stars.difference.value) == pytest.approx((4.5, 1.5, 3))
    assert stars.differs and stars.difference.low > 2.5
    assert of(found, "emotion", "a", "south").differs


def test_segments_of_one_make_differ_in_nothing_nineteen_times_of_twenty(company: Any) -> None:
    """At a false discovery rate of 5 %, comparisons where nothing differs say so in at least 19 of 20, by and large."""
    rng, wrong = np.random.default_rng(4), 0
    for _ in range(20):
        rows: list[dict[str, Any]] = []
        for market in ("x", "y"):
            counts = rng.multinomial(150, [0.5, 0.3, 0.2])
            rows += walks(market, **dict(zip(("abc", "ab", "a"), counts.tolist(), strict=True)))
        found = by_market(company(rows), "x", "y")
        wrong += any(c.differs for c in found.contrasts)
    assert wrong <= 4


def test_one_segment_is_nothing_to_compare(company: Any) -> None:
    with pytest.raises(DesirepathError, match="only one market"):
        by_market(company(walks("north", abc=5)), "north")


def test_as_json_it_has_plain_values(company: Any) -> None:
    said = by_market(company(walks("north", abc=9) + walks("south", abc=9)), "north", "south").to_json()
    assert set(said) == {f.name for f in dataclasses.fields(Comparison)}
    assert said["contrasts"][0]["difference"]["unit"] == "share"
