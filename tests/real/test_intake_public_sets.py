"""Intake of the public data sets by `examples/`: every row accounted for, the figures of their README."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desirepath.database.database import Database
from desirepath.intake.pipeline import ingest
from desirepath.lake.lake import Lake

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("DESIREPATH_DATA", ROOT.parent / "shared" / "data"))
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data sets are not in {DATA} (set DESIREPATH_DATA)"),
]


@pytest.fixture
def lake(tmp_path):
    database = Database.open(tmp_path / "workspace.db", create=True)
    yield Lake(tmp_path / "lake", database)
    database.close()


def take(lake, name, *, mapped=True):
    mapping = ROOT / "examples" / f"{name.partition('/')[0]}.yaml" if mapped else None
    summary = ingest(lake, lake.database, [DATA / name], mapping=mapping)
    assert summary.accepted + summary.quarantined == summary.rows
    assert sum(summary.reasons.values()) == summary.quarantined
    return summary


def ask(lake, query):
    with lake.duck() as con:
        for table in ("events", "feedback", "quarantine"):
            lake.register(con, table)
        return con.execute(query).fetchall()


def test_olist_orders_and_reviews(lake):
    summary = take(lake, "olist")
    assert (summary.rows, summary.quarantined) == (4_000 + 3_986, 0)
    assert (summary.events, summary.feedback, summary.cases, summary.customers) == (15_831, 3_986, 4_000, 3_998)
    late = dict(ask(lake, 'SELECT d_late, count(DISTINCT "case") FROM events GROUP BY ALL'))
    assert round(late["yes"] / (late["yes"] + late["no"]), 4) == 0.0859
    stars = ask(
        lake,
        'SELECT late, round(avg(score), 2) FROM (SELECT DISTINCT "case", d_late AS late FROM events) '
        'JOIN feedback USING ("case") GROUP BY late',
    )
    assert dict(stars) == {"no": 4.29, "yes": 2.43, "undelivered": 1.81}
    assert dict(ask(lake, 'SELECT d_status, count(DISTINCT "case") FROM events GROUP BY ALL')) == {
        "delivered": 3898, "shipped": 39, "canceled": 23, "unavailable": 17, "processing": 14, "invoiced": 9,
    }  # fmt: skip


def test_olist_leads_by_origin(lake):
    assert take(lake, "olist_leads").quarantined == 0
    counts = "count(*) FILTER (event = 'contacted'), count(*) FILTER (event = 'won')"
    rows = ask(lake, f"SELECT d_origin, {counts} FROM events GROUP BY ALL")
    found = {origin: (asked, won) for origin, asked, won in rows}
    assert found["organic search"] == (2_296, 271)
    assert found["paid search"] == (1_586, 195)
    assert found["social"] == (1_350, 75)
    assert found["unknown"] == (1_099, 179)


def test_shop_clicks_with_no_mapping(lake):
    summary = take(lake, "shop_clicks/ecom.csv.gz", mapped=False)
    assert (summary.events, summary.customers, summary.cases) == (31_106, 600, 3_605)
    assert lake.dimensions() == ("acquisition_channel", "platform", "user_cohort", "user_lifecycle")


def test_both_copies_of_the_help_desk(lake):
    take(lake, "helpdesk")
    assert ask(lake, 'SELECT source, count(*), count(DISTINCT "case") FROM events GROUP BY ALL ORDER BY ALL') == [
        ("helpdesk", 21_348, 4_580),
        ("helpdesk_offsets", 21_348, 4_580),
    ]


def test_music_app_logs_have_blank_users(lake):
    summary = take(lake, "music_app_logs")
    assert (len(summary.files), summary.rows, summary.reasons) == (30, 8_056, {"no customer": 286})
    assert summary.first[:10] == "2018-11-01"


def test_nps_survey_scores(lake):
    summary = take(lake, "nps_survey_pt")
    assert (summary.rows, summary.feedback) == (1_287, 1_287)
    groups = ("score >= 9", "score BETWEEN 7 AND 8", "score < 7")
    counts = [ask(lake, f"SELECT count(*) FROM feedback WHERE {group}")[0][0] for group in groups]
    assert counts == [885, 326, 76]
    assert ask(lake, "SELECT count(text) FROM feedback") == [(872,)]


def test_tweets_before_and_after_a_spreadsheet_are_of_the_same_days(lake):
    summary = take(lake, "tweets_en_airline")
    assert summary.rows == 2 * 14_640
    days = ask(
        lake, 'SELECT source, min("at")::DATE::VARCHAR, max("at")::DATE::VARCHAR FROM feedback GROUP BY ALL ORDER BY 1'
    )
    assert days[0][1:] == days[1][1:] == ("2015-02-17", "2015-02-24")


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("reviews_zh_hotel", 7_766),
        ("reviews_zh_delivery", 11_987),
        ("reviews_en_lounge", 2_264),
        ("questions_en_banking", 10_003),
        ("tweets_ru_banks", 3_313),
    ],
)
def test_feedback_sets_come_in_whole(lake, name, rows):
    summary = take(lake, name)
    assert (summary.rows, summary.accepted) == (rows, rows)
    assert not summary.cells


def test_small_logs_are_sources_of_their_own(lake):
    take(lake, "xes_small")
    counts = dict(ask(lake, 'SELECT source, count(DISTINCT "case") FROM events GROUP BY ALL'))
    assert (counts["running_example"], counts["road_fines"], counts["ocel_orders"]) == (6, 100, 2_000)
