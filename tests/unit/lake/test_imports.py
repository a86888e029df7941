"""An import is visible from its commit on, as a whole or not at all."""

import pyarrow as pa
import pytest

from desirepath.lake import Lake


def test_an_import_shows_all_its_tables_at_once_when_it_is_committed(lake, write, seen):
    with lake.begin("shop") as import_:
        write(import_, "events", {"customer": "anna"})
        write(import_, "feedback", {"text": "good"})
        assert (seen("events", "customer"), seen("feedback", "text")) == ([], [])
        import_.commit({})
        assert (seen("events", "customer"), seen("feedback", "text")) == (["anna"], ["good"])


def test_rows_carry_the_number_of_their_import(put, seen):
    put(events=[{"customer": "anna"}, {"customer": "ben"}])
    put(events=[{"customer": "carl"}])
    assert seen("events", "import", "row", "customer") == [(1, 0, "anna"), (1, 1, "ben"), (2, 0, "carl")]


def test_an_import_that_is_left_without_commit_leaves_nothing(lake, write, seen, put):
    with lake.begin("shop") as import_:
        write(import_, "events", {"customer": "anna"})
    assert (seen("events", "customer"), list(lake.root.rglob("*.parquet"))) == ([], [])
    assert put(events=[{"customer": "ben"}]) > import_.id
    assert seen("events", "customer") == ["ben"]


def test_an_import_that_fails_leaves_nothing_and_lets_the_next_one_in(lake, write, put, seen):
    with pytest.raises(ZeroDivisionError), lake.begin("shop") as import_:
        write(import_, "events", {"customer": "anna"})
        raise ZeroDivisionError
    assert list(lake.root.rglob("*.parquet")) == []
    put(events=[{"customer": "ben"}])
    assert seen("events", "customer") == ["ben"]


def test_one_import_may_write_a_table_many_times(lake, write, seen):
    with lake.begin("shop") as import_:
        written = [write(import_, "events", *({"customer": c} for c in group)) for group in ("abc", "", "de")]
        import_.commit({})
    assert written == [3, 0, 2]
    assert sorted(seen("events", "customer")) == list("abcde")
    assert len(lake.files("events")) == 1


def test_a_large_table_is_cut_into_several_files(lake, put, seen, monkeypatch):
    monkeypatch.setattr("desirepath.lake.importing.TARGET_BYTES", 0)
    monkeypatch.setattr("desirepath.lake.parquet.GROUP_ROWS", 2)
    put(events=[{"customer": c} for c in "abcde"])
    assert (seen("events", "customer"), len(lake.files("events"))) == (list("abcde"), 3)


def test_dimensions_come_as_they_appear(put, seen, lake, write):
    put(events=[{"customer": "anna"}])
    with lake.begin("app") as import_:
        write(import_, "events", {"customer": "ben", "d_market": "TW"})
        write(import_, "events", {"customer": "carl", "d_device": "phone"})
        import_.commit({})
    put(events=[{"customer": "dora", "d_market": "PT"}])
    assert seen("events", "customer", "d_device", "d_market") == [
        ("anna", None, None),
        ("ben", None, "TW"),
        ("carl", "phone", None),
        ("dora", None, "PT"),
    ]


def test_columns_may_come_in_any_order_and_kindred_type(lake, seen):
    with lake.begin("shop") as import_:
        table = pa.table({"source": ["shop"], "row": pa.array([0], pa.int32()), "customer": ["anna"]})
        table = table.set_column(0, "source", table["source"].dictionary_encode())
        import_.write("customers", table.to_batches(), table.schema)
        import_.commit({})
    assert seen("customers", "customer", "source") == [("anna", "shop")]


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ({"row": [0], "source": ["s"]}, "customer"),
        ({"row": [0], "source": ["s"], "customer": ["a"], "age": [7]}, "age"),
    ],
)
def test_rows_with_the_wrong_columns_are_a_fault_of_the_caller(lake, columns, wrong):
    table = pa.table(columns)
    with pytest.raises(ValueError, match=wrong), lake.begin("shop") as import_:
        import_.write("customers", table.to_batches(), table.schema)


def test_an_empty_value_where_none_may_be_is_a_fault_of_the_caller(lake, write):
    with pytest.raises(ValueError, match="'event' has 1 empty"), lake.begin("shop") as import_:
        write(import_, "events", {"event": None})


def test_the_state_as_of_an_earlier_import_can_be_read(put, seen, lake):
    for customer in "abc":
        put(events=[{"customer": customer, f"d_{customer}": "x"}])
    assert [seen("events", "customer", as_of=n) for n in range(4)] == [[], ["a"], ["a", "b"], ["a", "b", "c"]]
    assert lake.dimensions(as_of=2) == ("a", "b")
    assert lake.arrow("events", as_of=1).schema.names[-1] == "d_a"


def test_replace_supersedes_the_earlier_imports_of_the_source_only(put, seen, lake):
    put("shop", events=[{"customer": "anna"}])
    put("app", events=[{"customer": "ben"}])
    put("shop", events=[{"customer": "carl"}], replace=True)
    put("shop", events=[{"customer": "dora"}])
    assert lake.visible() == (2, 3, 4)
    assert seen("events", "customer") == ["ben", "carl", "dora"]
    assert seen("events", "customer", as_of=2) == ["anna", "ben"]


def test_a_replacement_that_fails_supersedes_nothing(put, seen, lake, write):
    put("shop", events=[{"customer": "anna"}])
    with lake.begin("shop", replace=True) as import_:
        write(import_, "events", {"customer": "ben"})
    assert seen("events", "customer") == ["anna"]


def test_a_file_is_known_again_by_its_content_within_its_source(put, lake):
    put("shop", files=[("a.csv", "11"), ("b.csv", "22")])
    assert (lake.find_file("shop", "22"), lake.find_file("shop", "33"), lake.find_file("app", "22")) == (1, None, None)
    put("shop", files=[("c.csv", "33")], replace=True)
    assert (lake.find_file("shop", "22"), lake.find_file("shop", "33")) == (None, 2)


def test_the_source_keeps_the_mapping_that_was_last_given(lake):
    from desirepath.database.tables import Source

    for mapping in ({"files": ["a.csv"]}, {"files": ["b.csv"]}, None):
        with lake.begin("shop", mapping=mapping) as import_:
            import_.commit({})
    with lake.database.read() as session:
        assert session.get_one(Source, "shop").mapping == {"files": ["b.csv"]}


class TestRepeatedEvents:
    """`event_id` is unique within a source: the first one counts."""

    def test_within_an_import(self, put, seen):
        put(events=[{"event_id": i, "channel": c} for i, c in [("1", "a"), ("2", "b"), ("1", "c"), ("1", "d")]])
        assert seen("events", "channel") == ["a", "b"]

    def test_in_an_earlier_import_of_the_source(self, put, seen):
        put("shop", events=[{"event_id": "1", "channel": "a"}])
        put("app", events=[{"event_id": "1", "channel": "b"}])
        put("shop", events=[{"event_id": "1", "channel": "c"}, {"event_id": "2", "channel": "d"}])
        assert seen("events", "channel") == ["a", "b", "d"]

    def test_events_without_id_are_all_kept(self, put, seen):
        put(events=[{"channel": "a"}, {"channel": "a"}, {"event_id": "1", "channel": "b"}])
        assert seen("events", "channel") == ["a", "a", "b"]

    def test_what_a_replacement_brings_again_counts(self, put, seen):
        put(events=[{"event_id": "1", "channel": "a"}])
        put(events=[{"event_id": "1", "channel": "b"}], replace=True)
        put(events=[{"event_id": "1", "channel": "c"}])
        assert seen("events", "channel") == ["b"]

    def test_an_import_of_nothing_but_repeats_is_empty(self, put, seen, lake):
        put(events=[{"event_id": "1"}])
        put(events=[{"event_id": "1"}])
        assert (seen("events", "import"), [s.events for s in lake.sources()]) == ([1], [1])

    def test_over_several_files_and_slices(self, put, seen, monkeypatch):
        monkeypatch.setattr("desirepath.lake.importing.TARGET_BYTES", 0)
        monkeypatch.setattr("desirepath.lake.parquet.GROUP_ROWS", 2)
        monkeypatch.setattr("desirepath.lake.repeats.SLICE", 1)
        put(events=[{"event_id": str(i % 7), "channel": str(i)} for i in range(20)])
        put(events=[{"event_id": str(i % 9), "channel": str(20 + i)} for i in range(20)])
        assert seen("events", "channel") == [*map(str, range(7)), "27", "28"]

    def test_how_many_there_were_is_told_before_the_commit(self, lake, write):
        with lake.begin("shop") as import_:
            write(import_, "events", {"event_id": "1"}, {"event_id": "1"})
            assert [import_.deduplicate(), import_.deduplicate()] == [1, 0]
            write(import_, "events", {"event_id": "1"}, {"event_id": "2"})
            import_.commit({})
        assert [s.events for s in lake.sources()] == [2]


def test_a_lake_that_is_opened_again_is_the_same(put, lake, seen):
    put(events=[{"customer": "anna", "d_market": "TW"}])
    again = Lake(lake.root, lake.database)
    assert seen("events", "customer", "d_market", into=again) == [("anna", "TW")]
    assert again.fingerprint() == lake.fingerprint()
