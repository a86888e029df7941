"""A customer who is erased is gone from every table, every file and the database; nobody else is touched."""

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from desirepath.database.tables import Erasure as ErasureRow
from desirepath.database.tables import LinkDecision
from desirepath.errors import LakeError
from desirepath.lake import erasure
from desirepath.lake.schema import TABLES

SECRET = "anna-4711@x"


def bytes_everywhere(folder):
    """All bytes of a workspace, Parquet files read out."""
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            yield repr(pq.read_table(path).to_pylist()).encode()
        if path.is_file():
            yield path.read_bytes()


def test_the_customers_rows_leave_every_table(put, lake, seen):
    put(
        events=[{"customer": SECRET}, {"customer": "ben"}, {"customer": None}],
        feedback=[{"customer": "ben", "text": "x"}, {"customer": SECRET, "text": "y"}],
        customers=[{"customer": SECRET}, {"customer": "ben"}],
        keys=[{"a": SECRET, "b": "email:1"}, {"a": "email:2", "b": SECRET}, {"a": "ben", "b": "email:3"}],
        quarantine=[{"customer": SECRET, "value": "x"}, {"customer": "ben", "value": "y"}],
        metrics=[{}],
    )
    proof = lake.erase([SECRET])
    assert proof.rows == {"events": 1, "feedback": 1, "metrics": 0, "customers": 1, "keys": 2, "quarantine": 1}
    assert (proof.ids, proof.files, proof.remaining, proof.mentions) == ((SECRET,), 6, 0, {})
    assert seen("events", "customer") == ["ben", None]
    assert (seen("feedback", "text"), seen("customers", "customer")) == (["x"], ["ben"])
    assert (seen("keys", "a", "b"), seen("quarantine", "value")) == ([("ben", "email:3")], ["y"])
    assert (len(seen("metrics", "metric")), lake.sources()[0].events) == (1, 2)


def test_no_file_of_the_workspace_holds_the_id_afterwards(put, lake, tmp_path):
    for replace in (False, False, True):
        put(events=[{"customer": SECRET}, {"customer": "ben"}], customers=[{"customer": SECRET}], replace=replace)
        lake.compact()
    with lake.database.begin() as session:
        session.add(LinkDecision(decision="merge", a="ben", b=SECRET))
    assert any(SECRET.encode() in b for b in bytes_everywhere(tmp_path))
    assert lake.erase([SECRET]).rows["events"] == 3
    assert not any(SECRET.encode() in b for b in bytes_everywhere(tmp_path))


def test_earlier_states_are_read_without_the_customer(put, lake, seen):
    put(events=[{"customer": "anna"}, {"customer": "ben"}])
    put(events=[{"customer": "anna"}, {"customer": "carl"}])
    lake.compact()
    lake.erase(["anna"])
    assert (seen("events", "customer", as_of=1), seen("events", "customer")) == (["ben"], ["ben", "carl"])


def test_several_ids_of_one_person_go_at_once(put, lake, seen):
    put(events=[{"customer": c} for c in ("anna", "email:1", "ben", "phone:2")])
    assert lake.erase(["anna", "email:1", "phone:2"]).rows["events"] == 3
    assert seen("events", "customer") == ["ben"]


def test_words_without_a_customer_go_with_a_case_that_was_theirs_alone(put, lake, seen):
    put(
        events=[
            {"customer": "anna", "case": "1"},
            {"customer": None, "case": "1"},
            {"customer": "anna", "case": "2"},
            {"customer": "ben", "case": "2"},
        ],
        feedback=[{"case": case, "text": case} for case in ("1", "2", "3", None)],
    )
    proof = lake.erase(["anna"])
    assert (proof.rows["events"], proof.rows["feedback"]) == (3, 1)
    assert seen("feedback", "text") == ["2", "3", None]


def test_quarantined_rows_without_customer_go_when_they_hold_the_id_as_a_word(put, lake, seen):
    put(
        quarantine=[
            {"value": "L12", "raw": None},
            {"value": "L123", "raw": '{"card": "L123", "who": "x"}'},
            {"value": "1", "raw": '{"card": "L12"}'},
            {"value": "L12", "customer": "ben"},
            {"value": "2", "raw": '{"mail": "a.b+c@x.org"}'},
            {"value": "3", "raw": '{"mail": "aXb+c@x.org"}'},
        ]
    )
    proof = lake.erase(["loyalty:L12"], also=["a.b+c@x.org"])
    assert (proof.rows["quarantine"], seen("quarantine", "value")) == (3, ["L123", "L12", "3"])
    assert proof.mentions == {"quarantine.value": 1}


def test_words_of_others_that_name_the_customer_stay_and_are_told(put, lake, seen):
    put(feedback=[{"customer": "ben", "text": "ask anna-17!"}, {"customer": "ben", "text": "anna-178"}])
    proof = lake.erase(["anna-17"])
    assert (proof.remaining, proof.mentions) == (0, {"feedback.text": 1})
    assert seen("feedback", "text") == ["ask anna-17!", "anna-178"]


def test_the_proof_finds_what_would_be_left(put, lake, monkeypatch):
    put(events=[{"customer": "anna"}])
    monkeypatch.setattr(erasure, "_erase_from", lambda *_: None)
    proof = lake.erase(["anna"])
    assert (proof.files, proof.remaining, proof.mentions) == (1, 1, {"events.customer": 1})


def test_the_database_remembers_that_there_was_an_erasure_and_not_of_whom(put, lake):
    put(events=[{"customer": "anna"}, {"customer": "ben"}])
    lake.erase(["anna", "nobody"])
    with lake.database.read() as session:
        row = session.scalars(select(ErasureRow)).one()
    assert (row.plan, row.customers, row.proof["rows"]["events"]) == (None, 2, 1)
    assert row.finished >= row.started


def test_erasing_nobody_is_refused(lake):
    with pytest.raises(LakeError, match="no customer"):
        lake.erase([])


@pytest.mark.parametrize("step", range(len(TABLES) + 2))
def test_an_erasure_that_was_interrupted_is_finished_when_the_lake_opens(put, lake, open_lake, seen, monkeypatch, step):
    put(events=[{"customer": "anna", "case": "1"}, {"customer": "ben"}], feedback=[{"case": "1"}], keys=[{}])
    put(events=[{"customer": "anna"}], feedback=[{"customer": "anna"}], customers=[{}], quarantine=[{"value": "anna"}])

    with monkeypatch.context() as patch:
        calls = iter(range(100))

        def interrupted(original):
            def call(*args):
                if next(calls) == step:
                    raise KeyboardInterrupt
                return original(*args)

            return call

        for name in ("_erase_from", "_prove", "_count"):
            patch.setattr(erasure, name, interrupted(getattr(erasure, name)))
        with pytest.raises(KeyboardInterrupt):
            lake.erase(["anna"])

    again = open_lake()
    assert seen("events", "customer", into=again) == ["ben"]
    assert [len(seen(t, "import", into=again)) for t in ("feedback", "customers", "keys", "quarantine")] == [0, 0, 0, 0]
    with again.database.read() as session:
        row = session.scalars(select(ErasureRow)).one()
    assert row.plan is None
    assert row.proof["rows"] == {"events": 2, "feedback": 2, "metrics": 0, "customers": 1, "keys": 1, "quarantine": 1}
