"""What readers get: Arrow streams, DuckDB views, files, and what is known about sources."""

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from desirepath.lake import SourceInfo
from desirepath.lake.schema import EVENTS, TABLES

DAY = timedelta(days=1)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_without_rows_reads_as_empty(lake, table):
    assert lake.arrow(table).read_all() == TABLES[table].empty_table()
    with duckdb.connect() as con:
        lake.register(con, table)
        assert con.sql(f"FROM {table}").to_arrow_table().schema.names == TABLES[table].names
    assert lake.files(table) == []


def test_rows_have_the_types_of_the_schema(put, lake):
    put(events=[{"at": NOON, "value": 2.5, "d_market": "TW"}])
    table = lake.arrow("events").read_all()
    assert table.schema.names == [*EVENTS.names, "d_market"]
    assert [table.schema.field(f.name).type for f in EVENTS] == [f.type for f in EVENTS]
    assert table["at"].to_pylist() == [NOON]


def test_columns_can_be_chosen_and_unknown_dimensions_are_empty(put, lake):
    put(events=[{"customer": "anna"}])
    assert lake.arrow("events", ["d_market", "customer"]).read_all().to_pylist() == [
        {"d_market": None, "customer": "anna"}
    ]
    with pytest.raises(KeyError, match="colour"):
        lake.arrow("events", ["colour"])


def test_duckdb_sees_the_visible_rows_in_utc(put, lake):
    put(events=[{"customer": "anna", "at": NOON, "d_market": "TW"}])
    put(events=[{"customer": "ben", "at": NOON + DAY}], replace=True)
    with duckdb.connect() as con:
        lake.register(con, "events")
        lake.register(con, "events", as_of=1, name="earlier")
        assert con.execute("SELECT customer FROM events").fetchall() == [("ben",)]
        query = "SELECT customer, strftime(\"at\", '%d %H:%M'), d_market FROM earlier"
        assert con.execute(query).fetchall() == [("anna", "01 12:00", "TW")]


def test_a_folder_may_be_called_anything(open_lake, put, seen, tmp_path):
    (tmp_path / "it's [a] *?").mkdir()
    lake = open_lake(tmp_path / "it's [a] *?")
    put(into=lake, events=[{"customer": "anna", "event_id": "1"}, {"customer": "anna", "event_id": "1"}])
    put(into=lake, events=[{"customer": "ben"}])
    lake.compact()
    with duckdb.connect() as con:
        lake.register(con, "events", as_of=1)
        assert con.execute("SELECT customer FROM events").fetchall() == [("anna",)]
    assert lake.erase(["ben"]).remaining == 0
    assert seen("events", "customer", into=lake) == ["anna"]


def test_dimensions_are_those_of_the_visible_imports(put, lake):
    put(events=[{"d_market": "TW"}], customers=[{"d_tier": "gold"}])
    put(events=[{"d_device": "phone", "d_b": None}], replace=True)
    assert (lake.dimensions(), lake.dimensions("customers")) == (("b", "device"), ())
    assert lake.dimensions(as_of=1) == ("market",)


class TestFingerprint:
    """It stands for the visible rows of the tables."""

    def test_changes_with_an_import_into_the_table_only(self, put, lake):
        before = lake.fingerprint("events"), lake.fingerprint("feedback"), lake.fingerprint()
        put(events=[{}])
        after = lake.fingerprint("events"), lake.fingerprint("feedback"), lake.fingerprint()
        assert [a != b for a, b in zip(before, after, strict=True)] == [True, False, True]

    def test_changes_with_a_replacement_and_is_kept_as_of_before(self, put, lake):
        put(events=[{}])
        before = lake.fingerprint("events")
        put(replace=True)
        assert lake.fingerprint("events") != before
        assert lake.fingerprint("events", as_of=1) == before

    def test_changes_with_an_erasure_and_not_with_a_compaction(self, put, lake):
        put(events=[{"customer": "anna"}])
        put(events=[{"customer": "ben"}])
        before = lake.fingerprint("events")
        lake.compact()
        assert lake.fingerprint("events") == before
        lake.erase(["nobody"])
        assert lake.fingerprint("events") == before
        lake.erase(["anna"])
        assert lake.fingerprint("events") != before


def test_sources_say_what_is_visible_of_them(put, lake):
    put("shop", events=[{"at": NOON}], files=[("old.csv", "0")])
    put(
        "shop",
        replace=True,
        events=[{"at": NOON + DAY}, {"at": NOON}],
        feedback=[{"at": NOON + 2 * DAY}, {"at": None}],
        quarantine=[{"row": 7}, {"row": 7, "column": "b"}, {"row": 8, "whole_row": False}],
        files=[("a.csv", "1"), ("b.csv", "2")],
    )
    put("footfall", metrics=[{"from": NOON, "to": NOON + DAY}])
    footfall, shop = lake.sources()
    assert footfall == SourceInfo("footfall", 1, 0, 0, 0, 0, 1, None, None, footfall.imported)
    assert shop == SourceInfo("shop", 1, 6, 1, 2, 2, 0, NOON, NOON + 2 * DAY, shop.imported)
    assert shop.imported < footfall.imported


def test_quarantine_is_listed_in_order_and_by_pages(put, lake):
    put("shop", quarantine=[{"row": 5, "value": "e"}, {"row": 3, "value": "c"}])
    put("app", quarantine=[{"value": "x"}])
    assert lake.quarantine()["value"].to_pylist() == ["c", "e", "x"]
    assert lake.quarantine("shop", limit=1, offset=1)["value"].to_pylist() == ["e"]
    assert lake.quarantine().schema.names == TABLES["quarantine"].names


class TestCompaction:
    """Small files become large ones, and nobody notices."""

    def test_merges_files_and_keeps_every_earlier_state(self, put, lake, seen):
        for customer in "abcd":
            put(events=[{"customer": customer, f"d_{customer}": "x"}], replace=customer == "c")
        before = [seen("events", "customer", as_of=n) for n in range(5)]
        lake.compact()
        assert len(lake.files("events")) == 1
        assert [seen("events", "customer", as_of=n) for n in range(5)] == before
        assert before == [[], ["a"], ["a", "b"], ["c"], ["c", "d"]]
        put(events=[{"customer": "e"}])
        assert (seen("events", "customer"), len(lake.files("events"))) == (["c", "d", "e"], 2)

    def test_whoever_reads_already_reads_on(self, put, lake):
        put(events=[{"customer": "anna"}])
        put(events=[{"customer": "ben"}])
        reader = lake.arrow("events", ["customer"])
        lake.compact()
        assert reader.read_all()["customer"].to_pylist() == ["anna", "ben"]

    def test_files_out_of_use_go_when_the_grace_is_over(self, put, lake, monkeypatch):
        put(events=[{"customer": "anna"}])
        put(events=[{"customer": "ben"}])
        monkeypatch.setattr("desirepath.lake.delta.GRACE_H", 0)
        lake.compact()
        assert [str(p) for p in lake.root.rglob("*.parquet")] == lake.files("events")


class TestPieces:
    """Rows to be read apart, and whether they are known to ascend: then nobody has to compare them."""

    def rows(self, lake):
        found = lake.select("events")
        pieces = [piece.read(["import", "row"]) for piece in found.pieces()]
        return found.ascending, [row for piece in pieces for row in zip(*piece.to_pydict().values(), strict=True)]

    @pytest.mark.parametrize("name", ["{n:05}", "{m:05}"])
    def test_the_files_of_an_import_stand_in_the_order_of_their_rows(self, lake, put, monkeypatch, name):
        """Whatever they are called."""
        monkeypatch.setattr(
            "desirepath.lake.delta.Table.part",
            lambda table, i, n: table.folder / f"{i:010}-{name.format(n=n, m=99 - n)}.parquet",
        )
        monkeypatch.setattr("desirepath.lake.importing.TARGET_BYTES", 0)
        monkeypatch.setattr("desirepath.lake.parquet.GROUP_ROWS", 2)
        put(events=[{"customer": c} for c in "abcde"])
        put(events=[{"customer": c} for c in "fghi"])
        assert len(lake.files("events")) == 5
        ascending, rows = self.rows(lake)
        assert ascending and rows == sorted(rows) and len(rows) == 9

    def test_rows_that_were_written_in_another_order_are_not_known_to_ascend(self, lake, write):
        with lake.begin("shop") as import_:
            write(import_, "events", {"row": 2}, {"row": 3})
            write(import_, "events", {"row": 0}, {"row": 1})
            import_.commit({})
        ascending, rows = self.rows(lake)
        assert not ascending and sorted(rows) == [(1, n) for n in range(4)]

    def test_nor_are_those_of_files_that_overlap(self, lake, write, monkeypatch):
        monkeypatch.setattr("desirepath.lake.importing.TARGET_BYTES", 0)
        monkeypatch.setattr("desirepath.lake.parquet.GROUP_ROWS", 2)
        with lake.begin("shop") as import_:
            write(import_, "events", {"row": 0}, {"row": 2})
            write(import_, "events", {"row": 1}, {"row": 3})
            import_.commit({})
        assert len(lake.files("events")) == 2
        assert not self.rows(lake)[0]
