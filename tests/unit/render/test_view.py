"""What every format of a map shows, decided in `build_view`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desirepath.insight.model import MapData
from desirepath.render.build import build_view
from desirepath.render.view import Figure, Item, View
from desirepath.texts import LANGUAGES


def item(view: View, id_: str) -> Item:
    return next(i for row in view.rows for cell in row.cells for i in cell if i.id == id_)


def facts(item: Item) -> dict[str, Figure]:
    return {f.id: f for f in item.facts}


def test_the_head_says_whom_and_when(view: View) -> None:
    assert (view.title, view.period) == ("Buying coffee", "1 Jan 2026 – 30 Jun 2026")  # [from, to)
    assert view.filters == ("market = Taipei / London", "device = phone")
    assert {f.id: f.text for f in view.facts}["following"] == "31.8%"


def test_a_stage_says_entered_drop_off_dwell_and_emotion_each_with_its_interval_or_count(view: View) -> None:
    choosing = {f.id: f for f in view.columns[3].figures}
    assert [choosing[id_].text for id_ in ("entered", "drop_rate", "dwell", "emotion", "nps")] == [
        "8,240",
        "31.4%",
        "3\xa0min 5\xa0s",
        "−0.9",
        "−12",
    ]
    assert choosing["drop_rate"].tip == "95% interval 30.6% to 32.2%, n = 8,240"
    assert choosing["emotion"].tone == "pain"


def test_a_withheld_number_says_so_instead_of_showing_itself(view: View) -> None:
    wallet = item(view, "wallet")
    assert facts(wallet)["emotion"].text == "n < 5"
    assert "fewer than 5" in facts(wallet)["emotion"].tip
    assert wallet.tone == "neutral"


def test_the_curve_passes_the_touchpoints_and_leaves_a_gap_where_nothing_is_known(view: View) -> None:
    points = {p.id: p for p in view.curves[0].points}
    assert (points["menu_board"].x, points["menu_board"].y) == (3.125, -1.6)  # the first of four in the fourth stage
    assert points["menu_board"].moment_of_truth
    assert "poster" not in points  # its stage is known from others
    assert points["return"].y is None and points["return"].x == 6.5


def test_valleys_are_marked_as_low_points(view: View) -> None:
    assert [p.id for p in view.curves[0].points if p.low_point] == ["queue", "menu_board", "pickup"]


def test_a_touchpoint_that_is_only_spoken_about_shows_how_much_was_said(cafe: MapData, view: View) -> None:
    silent = tuple(replace(t, cases=0, events=0) if t.id == "seat" else t for t in cafe.touchpoints)
    assert item(build_view(replace(cafe, touchpoints=silent), "en"), "seat").detail == "128 answers"
    assert item(view, "wifi").detail == "Not walked"


def test_each_persona_that_the_team_assumed_something_of_has_a_curve(view: View) -> None:
    assert [(c.kind, c.label) for c in view.curves[1:]] == [("assumed", "Commuter"), ("assumed", "Student")]


def test_evidence_and_the_teams_words_stand_in_one_lane_and_can_be_told_apart(view: View) -> None:
    pains = next(row for row in view.rows if row.id == "pain_points").cells[3]
    assert [(i.kind, i.source, i.verdict) for i in pains] == [
        ("finding", "evidence", None),
        ("finding", "evidence", None),
        ("card", "document", "supported"),
    ]


def test_lanes_without_anything_are_left_out_and_own_lanes_stand_where_they_belong(view: View, cafe: MapData) -> None:
    assert [row.id for row in view.rows][-3:] == ["owners", "training", "backstage"]
    bare = cafe.journey.model_copy(
        update={"stages": tuple(s.model_copy(update={"cards": ()}) for s in cafe.journey.stages)}
    )
    rows = build_view(replace(cafe, journey=bare, findings=(), metrics=()), "en").rows
    assert [row.id for row in rows] == ["touchpoints", "owners", "backstage"]


def test_a_finding_opens_to_its_comparison(view: View) -> None:
    drop_off = next(i for i in view.findings if i.id == "finding:f2")
    assert drop_off.text == "31% go no further than “Choosing” (elsewhere 14%)"
    evidence = facts(drop_off)["evidence"]
    assert (evidence.label, evidence.text, evidence.tip) == ("Drop-off", "31.4%", "2,590 of 8,240")
    assert evidence.definition == "In the other stages: 14.2% (n = 42,500) · Difference 17.2% (16.1% to 18.3%)"


def test_the_heaviest_finding_has_weight_one(view: View) -> None:
    assert max(i.weight or 0 for i in view.findings) == 1


def test_a_series_of_metrics_is_one_item_with_its_latest_value_in_front(cafe: MapData) -> None:
    june = cafe.metrics[0]
    may = {**june, "from": "2026-05-01", "to": "2026-06-01", "value": 39_000.0}
    metric = next(
        i
        for row in build_view(replace(cafe, metrics=(june, may)), "en").rows
        if row.id == "metrics"
        for i in row.cells[2]
    )
    assert metric.text == "Footfall 41,250"
    assert metric.detail == "1 Jun 2026 – 30 Jun 2026, 2 values since 1 May 2026 · door counter"
    assert [f.text for f in metric.facts] == ["41,250", "39,000"]


def test_steps_back_and_over_a_stage_are_not_drawn(view: View) -> None:
    edges = {(e.source, e.target): e for e in view.edges}
    assert edges["window", "queue"].drawn and edges["greeting", "menu_board"].drawn
    assert edges["menu_board", "queue"].back and not edges["menu_board", "queue"].drawn
    assert not edges["search", "window"].drawn and not edges["search", "window"].back
    assert edges["window", "queue"].text == "Shop window → Queue at the door: 60% of cases, median 45\xa0s"


def test_events_without_a_touchpoint_are_ghosts_in_the_stage_they_fit(view: View) -> None:
    ghosts = {n.label: n.stage for n in view.nodes if n.ghost}
    assert ghosts == {"wallet_refused": 4, "asks_for_toilet_code": 5, "leaves_queue": 2, "投诉_微信": -1}


def test_stages_stand_where_the_median_stays_before_them_end(view: View) -> None:
    stages = [m for m in view.moments if m.kind == "stage"]
    assert [m.at_s for m in stages][:4] == [0, 7200, 7200 + 88_000, 7200 + 88_000 + 310]
    assert stages[1].text == "after 2\xa0h · takes 1\xa0d"
    assert next(m for m in view.moments if m.id == "wifi").at_s is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_shows_the_same_picture(cafe: MapData, view: View, language: str) -> None:
    other = build_view(cafe, language)
    assert [len(row.cells) for row in other.rows] == [len(row.cells) for row in view.rows]
    assert [p.y for p in other.curves[0].points] == [p.y for p in view.curves[0].points]
    assert other.words.keys() == view.words.keys()


def test_an_empty_map_still_makes_a_picture(cafe: MapData) -> None:
    nothing = replace(
        cafe, cases=0, customers=0, events=0, findings=(), touchpoint_transitions=(), metrics=(), sources=(), notes=()
    )
    view = build_view(nothing, "ru")
    assert view.findings == () and view.edges == ()
    assert view.columns[0].share is None


def test_caveats_are_said_in_the_readers_language(cafe: MapData) -> None:
    measured = replace(cafe, caveats=({"key": "note.undated_left_out", "params": {"n": 1310}},))
    assert build_view(measured, "en").notes == ("Feedback without a date, left out because a period is set: 1,310.",)
    assert build_view(measured, "ru").notes != build_view(measured, "en").notes


def test_a_reader_of_arabic_reads_from_the_right(cafe: MapData) -> None:
    assert build_view(cafe, "ar").direction == "rtl"
