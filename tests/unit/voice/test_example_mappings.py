"""The example mappings read files of the form that the products export."""

import json
from pathlib import Path

import pytest

import desirepath as dp

EXAMPLES = Path(__file__).parents[3] / "examples"
FILES = {
    "zendesk_tickets": (
        "tickets.csv",
        "id,created_at,requester_id,description,satisfaction_rating,status,priority\n"
        "7,2025-03-01T10:00:00Z,c1,Card was charged twice,bad,open,high\n"
        "8,2025-03-01T11:00:00Z,c2,Thanks,unoffered,solved,low\n",
        [0.0, None],
    ),
    "surveymonkey": (
        "s.csv",
        "Respondent ID,End Date,Email Address,How likely is it that you would recommend us to a friend or colleague?,"
        "What is the main reason for your score?\n11,2025-03-01 10:00:00,a@b.example,9,Quick\n",
        [9.0],
    ),
    "typeform": (
        "t.csv",
        "#,How likely are you to recommend us?,What could we do better?,Submit Date (UTC)\n"
        "ab1,3,Queues,2025-03-01 10:00:00\n",
        [3.0],
    ),
    "qualtrics": (
        "q.csv",
        "ResponseId,EndDate,RecipientEmail,Q1_NPS,Q2,UserLanguage\nR_1,2025-03-01 10:00:00,a@b.example,10,Lovely,EN\n",
        [10.0],
    ),
    "app_store_reviews": (
        "reviews_2025.csv",
        "Review Submit Date and Time,Star Rating,Review Text,Reviewer Language,Device,App Version Name\n"
        "2025-03-01T10:00:00Z,2,Crashes at checkout,en,p9,1.2\n",
        [2.0],
    ),
    "google_reviews": (
        "reviews.json",
        json.dumps([{"reviewId": "r1", "createTime": "2025-03-01T10:00:00Z", "comment": "Good", "starRating": "FOUR"}]),
        [4.0],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_an_export_is_read(name: str, tmp_path: Path) -> None:
    file, content, scores = FILES[name]
    (tmp_path / file).write_text(content, encoding="utf-8")
    ws = dp.init(tmp_path / "ws")
    done = ws.ingest(tmp_path / file, mapping=EXAMPLES / f"{name}.yaml")
    assert done.feedback == len(scores) and done.quarantined == 0
    rows = ws.lake.arrow("feedback", ["row", "score", "at", "text"]).read_all().sort_by("row").to_pylist()
    assert [r["score"] for r in rows] == scores
    assert all(r["text"] and r["at"] for r in rows)
