"""Quarantined rows read again with a corrected mapping, and notes written by hand."""

import pytest

from desirepath.errors import DesirepathError, IntakeError, MappingError
from desirepath.intake.notes import note
from desirepath.intake.replay import replay

CLICKS = "source: web\nfiles: [clicks.csv]\ncustomer: user\nevent: event\nat: time\n"
TEXT = "user,event,time\nu1,home,2024-05-01\n,buy,2024-05-02\nu2,buy,soon\n"


def test_a_replay_takes_in_what_the_corrected_mapping_can_read_and_nothing_twice(bench):
    bench.put(clicks_csv=TEXT)
    bench.take(CLICKS)
    (bench.files / "clicks.csv").unlink()  # the raw cells are kept
    summary = replay(bench.lake, bench.database, "web", CLICKS + "anonymous: keep\n")
    assert (summary.rows, summary.accepted, summary.quarantined, summary.replays) == (2, 1, 1, True)
    assert bench.rows("events", "customer", "event") == [("u1", "home"), (None, "buy")]
    assert bench.quarantine() == [(4, "time", "soon", "not a time", True)]


def test_a_second_replay_sees_only_what_is_left(bench):
    bench.put(clicks_csv=TEXT)
    bench.take(CLICKS)
    replay(bench.lake, bench.database, "web", CLICKS + "anonymous: keep\n")
    fixed = CLICKS.replace("at: time", "at: {column: time, values: {soon: '2024-06-01'}}")
    summary = replay(bench.lake, bench.database, "web", fixed)
    assert (summary.rows, summary.accepted) == (1, 1)
    assert len(bench.rows("events", "event")) == 3
    assert bench.quarantine() == []
    with pytest.raises(IntakeError, match="nothing of 'web' is in quarantine"):
        replay(bench.lake, bench.database, "web", CLICKS)


def test_rows_whose_cells_could_not_be_told_apart_stay_until_their_file_comes_again(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,2024-05-01\nu2,buy\n")
    bench.take(CLICKS)
    summary = replay(bench.lake, bench.database, "web", CLICKS)
    assert (summary.rows, summary.accepted, len(bench.quarantine())) == (1, 0, 1)
    assert any("import their file again" in a for a in summary.assumptions)


def test_a_replay_needs_a_mapping_of_that_source(bench):
    with pytest.raises(MappingError, match="no block of the source 'shop'"):
        replay(bench.lake, bench.database, "shop", CLICKS)


def test_a_note_is_feedback(bench):
    number = note(bench.lake, bench.database, " The queue is long ", touchpoint="counter", kind="interview",
                  customer="u1", at="2024-05-01T10:00:00+02:00", score=9, scale="nps", author="ana")  # fmt: skip
    assert bench.rows("feedback", "id", "text", "touchpoint", "kind", "customer", "at", "score", "scale", "author") == [
        (number, "The queue is long", "counter", "interview", "u1", "2024-05-01T08:00:00", 9.0, "nps", "ana")
    ]


def test_a_note_without_time_is_of_now(bench):
    note(bench.lake, bench.database, "quiet today")
    assert bench.rows("feedback", "kind", "source") == [("observation", "notes")]
    assert bench.rows("feedback", "at")[0][0] >= "2024"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": " "}, "needs a text"),
        ({"text": "x", "kind": "intervew"}, "no kind of feedback"),
        ({"text": "x", "score": 3}, "needs its scale"),
        ({"text": "x", "score": 30, "scale": "nps"}, "outside its scale"),
        ({"text": "x", "at": "soon"}, "not a time"),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused_whole(bench, fields, said):
    with pytest.raises(DesirepathError, match=said):
        note(bench.lake, bench.database, **fields)
    assert bench.rows("feedback", "id") == []
