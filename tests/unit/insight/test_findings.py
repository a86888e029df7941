"""Planted trouble is found where it lies, with its figures; chance is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from desirepath.insight.model import Finding, MapData

JOURNEY = """
journey: j
title: J
case: CASE
end: {event: d}
stages:
  - {id: first, name: First, touchpoints: [{id: a, name: A, match: [{event: a}]}]}
  - {id: second, name: Second, touchpoints: [{id: b, name: B, match: [{event: b}]}]}
  - {id: third, name: Third, touchpoints: [{id: c, name: C, match: [{event: c}]}]}
  - {id: last, name: Last, touchpoints: [{id: d, name: D, match: [{event: d}]}]}
"""
HOUR, DAY = 1, 24
Walk = tuple[str, float]


def walks(**counts: int) -> list[dict[str, Any]]:
    """So many customers for each path; a letter an event, an hour apart, `_` a day of waiting."""
    rows: list[dict[str, Any]] = []
    for path, count in counts.items():
        for i in range(count):
            name, at = f"{path}-{i}", 0
            for step in path:
                if step == "_":
                    at += DAY
                    continue
                rows.append({"customer": name, "case": name, "at": at, "event": step})
                at += HOUR
    return rows


def found(map_: MapData) -> dict[str, Finding]:
    return {f.id: f for f in map_.findings}


def journey(case: str = "case") -> str:
    return JOURNEY.replace("CASE", case)


def test_a_stage_that_loses_more_than_the_others(company: Any) -> None:
    finding = found(company(walks(abcd=100, ab=100, a=10, abc=10)).map(journey()))["drop_off:second"]
    # second: 100 of 210 stop; the others: 10 of 220 in first, 10 of 110 in third; the last is the end
    (evidence,) = finding.evidence
    assert (evidence["hits"], evidence["n"], evidence["baseline_hits"], evidence["baseline_n"]) == (100, 210, 20, 330)
    assert finding.outcome_lost.value == pytest.approx(210 * (100 / 210 - 20 / 330))
    assert finding.outcome_lost.low > 0
    assert finding.severity == pytest.approx((100 / 210 - 20 / 330) / (1 - 20 / 330))
    assert (finding.cases, finding.share) == (210, 210 / 220)
    assert finding.weight == pytest.approx(finding.share * finding.severity * finding.outcome_lost.value / 220)
    assert finding.confidence > 0.999
    assert finding.title == "48% go no further than “Second” (elsewhere 6.1%)"
    assert (finding.stage, finding.touchpoint, finding.polarity) == ("second", None, "pain")


def test_equal_stages_are_no_finding(company: Any) -> None:
    assert found(company(walks(a=100, ab=90, abc=81, abcd=729)).map(journey())) == {}  # a tenth everywhere


def test_few_cases_are_no_finding(company: Any) -> None:
    assert found(company(walks(abcd=10, ab=9)).map(journey())) == {}


def test_a_long_wait(company: Any) -> None:
    finding = found(company(walks(ab_cd=50)).map(journey()))["long_wait:c"]
    (evidence,) = finding.evidence
    assert (evidence["median_s"], evidence["baseline_s"], evidence["n"]) == (25 * 3600, 3600, 50)
    assert evidence["after"] == "b"
    assert finding.severity == pytest.approx(24 / 25)
    assert finding.title.replace("\xa0", " ") == "1 d 1 h from “B” to “C” (other steps 1 h)"


def test_a_loop(company: Any) -> None:
    findings = found(company(walks(abcbcd=60, abcd=40)).map(journey()))
    (evidence,) = findings["loop:b"].evidence
    assert (evidence["hits"], evidence["n"], evidence["returns"], evidence["unit"]) == (60, 100, 60, "cases")
    assert "loop:a" not in findings


def test_the_next_errand_of_a_customer_is_neither_wait_nor_loop_nor_way_back(company: Any) -> None:
    shop = company(walks(abcd_abcd_abcd=40))
    assert set(found(shop.map(journey("case")))) != set()
    assert found(shop.map(journey("customer"))) == {}
    back = company(walks(abcbcd=60, abcd=40)).map(journey("customer"))
    assert found(back)["loop:b"].evidence[0]["unit"] == "visits"
    assert any("judged visit by visit" in note for note in back.notes)


def test_a_customers_history_that_ends_with_the_journey_is_one_errand(company: Any) -> None:
    trimmed = journey("customer").replace("end: {event: d}", "end: {event: d}\ntrim: true")
    finding = found(company(walks(ab_cd=50)).map(trimmed))["long_wait:c"]
    assert finding.evidence[0]["unit"] == "cases"
    assert "long_wait:c" not in found(company(walks(ab_cd=50)).map(journey("customer")))


def test_falling_back_to_an_earlier_stage(company: Any) -> None:
    shop = company(walks(abcbcd=60, abcd=40))
    finding = found(shop.map(journey()))["backtrack:second"]
    assert (finding.evidence[0]["hits"], finding.evidence[0]["n"]) == (60, 100)
    assert "backtrack:first" not in found(shop.map(journey()))


def test_a_bounce(company: Any) -> None:
    finding = found(company(walks(a=100, abcd=100)).map(journey()))["bounce:first"]
    # 100 of 200 come once; else 100 cases in 400 events end: one in four
    assert (finding.evidence[0]["value"], finding.evidence[0]["baseline"]) == (0.5, 0.25)


def said(path: str, count: int, touchpoint: str, *stars: int) -> Iterator[dict[str, Any]]:
    for i in range(count):
        score = stars[i % len(stars)]
        yield {"customer": f"{path}-{i}", "touchpoint": touchpoint, "score": score, "scale": "stars", "at": 9}


def test_low_and_high_emotion(company: Any) -> None:
    voice = [*said("abcd", 50, "a", 3, 4), *said("abcd", 50, "b", 1, 2), *said("abcd", 50, "c", 5)]
    findings = found(company(walks(abcd=50), voice).map(journey()))
    low, high = findings["low_emotion:b"], findings["high_emotion:c"]
    assert (low.polarity, high.polarity) == ("pain", "delight")
    assert low.evidence[0]["value"] == -1.5
    assert low.evidence[0]["baseline"] == pytest.approx((0.5 + 2) / 2)
    assert low.severity == pytest.approx((1.25 + 1.5) / 4)
    assert low.outcome_lost.value == 50  # all fifty unhappy, nobody elsewhere
    assert low.outcome_lost.unit == "unhappy_cases"
    assert high.outcome_lost.value == pytest.approx(-25)  # half of those elsewhere are
    assert "low_emotion:a" not in findings
    assert high.title == "Customers feel better at “C”: +2.0 (baseline −0.5)"


def test_unhappiness_everywhere_is_the_journeys(company: Any) -> None:
    findings = found(
        company(walks(abcd=50), [*said("abcd", 50, "a", 1, 2), *said("abcd", 50, "b", 1, 2)]).map(journey())
    )
    assert set(findings) == {"low_emotion:journey"}
    assert (findings["low_emotion:journey"].stage, findings["low_emotion:journey"].share) == (None, 1)


def test_one_loud_customer_is_no_finding(company: Any) -> None:
    loud = [{"customer": "abcd-0", "touchpoint": "a", "score": 1, "scale": "stars", "at": 9} for _ in range(50)]
    assert found(company(walks(abcd=50), [*loud, *said("abcd", 50, "b", 3, 4, 5)]).map(journey())) == {}


def test_the_heaviest_come_first(company: Any) -> None:
    findings = company(walks(abcd=100, ab=100, a=60, ab_cd=200)).map(journey()).findings
    weights = [f.weight for f in findings]
    assert weights == sorted(weights, reverse=True)
    assert len(findings) > 1


def test_chance_alone_seldom_makes_a_finding(company: Any) -> None:
    """Ten thousand-case journeys without any trouble: each step is left with the same chance."""
    random = np.random.default_rng(5)
    alarms = 0
    for _ in range(10):
        steps = np.minimum(random.geometric(0.25, 1000), 5)  # a quarter leaves after every step
        counts = {path: int((steps == i + 1).sum()) for i, path in enumerate(("a", "ab", "abc", "abcd"))}
        counts["abcd"] += int((steps == 5).sum())
        stages = company(walks(**counts)).map(journey().replace("end: {event: d}\n", "")).findings
        alarms += any(f.kind == "drop_off" for f in stages)
    assert alarms <= 2
