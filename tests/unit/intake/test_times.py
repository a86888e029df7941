"""What cells say as times: formats, units, day or month first, zones, and what is no believable time."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.intake import times, zones


def read(*cells, time_format=None):
    """(what each cell says in wall-clock or UTC time, the clock)"""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("CREATE TABLE cells (x VARCHAR, n INT)")
    con.executemany("INSERT INTO cells VALUES (?, ?)", [[c, i] for i, c in enumerate(cells)])
    clock = times.decide(times.evidence(con, "cells", "nullif(trim(x), '')"), "t", time_format)
    wall, zoned = clock.sql("x")
    found = con.execute(f"SELECT {wall}, {zoned} FROM cells ORDER BY n").fetchall()
    said = [None if us is None else str(np.datetime64(us, "us"))[:19] + ("Z" if z else "") for us, z in found]
    return said, clock


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2024-05-01", "2024-05-01T00:00:00"),
        ("2024-05-01 10:20", "2024-05-01T10:20:00"),
        ("2024-05-01T10:20:30.123456", "2024-05-01T10:20:30"),
        ("2024-05-01T10:20:30Z", "2024-05-01T10:20:30Z"),
        ("2024-05-01T10:20:30.5+02:00", "2024-05-01T08:20:30Z"),
        ("2024-05-01 10:20:30-0300", "2024-05-01T13:20:30Z"),
        ("2024-05-01 10:20:30+05", "2024-05-01T05:20:30Z"),
        ("2024-05-01 10:20:30 UTC", "2024-05-01T10:20:30Z"),
        ("2024/5/1 9:05", "2024-05-01T09:05:00"),
        ("2024.05.01 09:05", "2024-05-01T09:05:00"),
        ("2024-05-01 03:04 PM", "2024-05-01T15:04:00"),
        ("20240501", "2024-05-01T00:00:00"),
        ("20240501102030", "2024-05-01T10:20:30"),
        ("20240501T102030Z", "2024-05-01T10:20:30Z"),
        ("2024-05", "2024-05-01T00:00:00"),
        ("1 May 2024", "2024-05-01T00:00:00"),
        ("May 1, 2024 10:20", "2024-05-01T10:20:00"),
        ("01-May-24", "2024-05-01T00:00:00"),
        ("Wednesday, May 1, 2024 3:04:05 PM", "2024-05-01T15:04:05"),
        ("Wed, 01 May 2024 10:20:30 +0200", "2024-05-01T08:20:30Z"),
        ("Wed May 01 10:20:30 +0000 2024", "2024-05-01T10:20:30Z"),
        ("2024年5月1日 10:20", "2024-05-01T10:20:00"),
        ("2024-02-30", None),
        ("31/02/2024", None),
        ("tomorrow", None),
        ("infinity", None),
        ("10:30", None),
        ("U2024-05-01", None),
    ],
)
def test_one_cell(cell, said):
    assert read(cell)[0] == [said]


@pytest.mark.parametrize(
    ("cells", "first", "order", "word"),
    [
        (["05/03/2024", "31/03/2024"], "2024-03-05", "day_first", "first number above 12"),
        (["05/03/2024", "03/31/2024"], "2024-05-03", "month_first", "second number above 12"),
        (["05.03.24 10:00", "06.03.24"], "2024-03-05", "day_first", "cannot be told apart"),
        (["01/02/2024", "02/02/2024", "01/03/2024", "02/03/2024"], "2024-02-01", "day_first", "order of time"),
        (["02/01/2024", "02/02/2024", "03/01/2024", "03/02/2024"], "2024-02-01", "month_first", "order of time"),
        (["05/03/2024 1:00 pm", "05/03/2024 2:00 pm"], "2024-05-03", "month_first", "twelve hours"),
        (
            ["31/03/2024", "30/03/2024", "03/31/2024"],
            "2024-03-31",
            "day_first",
            "2 cells can only be day first, 1 only",
        ),
    ],
)
def test_day_or_month_first_is_decided_from_the_whole_column(cells, first, order, word):
    said, clock = read(*cells)
    assert (said[0][:10], clock.order) == (first, order)
    assert word in clock.assumptions[0]


def test_the_mapping_overrules_the_column():
    assert read("05/03/2024", time_format="month_first")[0] == ["2024-05-03T00:00:00"]
    assert read("03h05 2024", time_format="%mh%d %Y")[0] == ["2024-03-05T00:00:00"]


@pytest.mark.parametrize(
    ("cells", "said", "unit"),
    [
        (["1541105830", "1541105831.5"], "2018-11-01T20:57:10Z", "s"),
        (["1541105830796"], "2018-11-01T20:57:10Z", "ms"),
        (["1.541105830796E12"], "2018-11-01T20:57:10Z", "ms"),
        (["1541105830796123"], "2018-11-01T20:57:10Z", "us"),
        (["1541105830796123456"], "2018-11-01T20:57:10Z", "ns"),
        (["42059.4832407407", "42059"], "2015-02-24T11:35:52", "excel"),
    ],
)
def test_the_unit_of_numbers_is_decided_from_their_size(cells, said, unit):
    found, clock = read(*cells)
    assert (found[0], clock.unit) == (said, unit)
    assert clock.assumptions


def test_a_wholly_relative_clock_is_accepted_and_said():
    said, clock = read("0", "5", "17.5")
    assert said == ["1970-01-01T00:00:00Z", "1970-01-01T00:00:05Z", "1970-01-01T00:00:17Z"]
    assert clock.relative and "relative clock" in clock.assumptions[0]
    _, clock = read("1970-01-01 00:00:00", "1970-01-02 03:00:00")
    assert clock.relative and "relative clock" in clock.assumptions[0]


def test_zeros_among_later_times_are_no_relative_clock():
    _, clock = read("0", "0", "1541105830")
    assert (clock.unit, clock.relative) == ("s", False)


@given(
    at=st.datetimes(datetime(1971, 1, 1), datetime(2090, 1, 1)).map(lambda d: d.replace(microsecond=0)),
    hours=st.integers(-12, 14),
)
@settings(max_examples=40, deadline=None)
def test_iso_times_with_offset_equal_python(at, hours):
    aware = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert read(aware.isoformat())[0] == [aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")]


ZONES = ["Europe/Berlin", "America/Sao_Paulo", "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]


@given(
    at=st.datetimes(datetime(1950, 1, 1), datetime(2037, 1, 1)).map(
        lambda d: d.replace(second=0, microsecond=0, fold=0)
    ),
    name=st.sampled_from(ZONES),
)
@settings(max_examples=200, deadline=None)
def test_local_times_equal_zoneinfo(at, name):
    zone = ZoneInfo(name)
    utc, missing, twice = zones.to_utc(np.array([_us(at)]), name)
    first, second = at.replace(tzinfo=zone), at.replace(tzinfo=zone, fold=1)
    there = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == at
    assert missing[0] == (not there)
    assert twice[0] == (there and first.utcoffset() != second.utcoffset())
    assert int(utc[0]) == _us(first.astimezone(UTC).replace(tzinfo=None))


def test_the_hour_that_is_skipped_and_the_hour_that_comes_twice():
    spring, autumn = datetime(2024, 3, 31, 2, 30), datetime(2024, 10, 27, 2, 30)
    utc, missing, twice = zones.to_utc(np.array([_us(spring), _us(autumn)]), "Europe/Berlin")
    assert missing.tolist() == [True, False]
    assert twice.tolist() == [False, True]
    assert int(utc[1]) == _us(datetime(2024, 10, 27, 0, 30))


def _us(at: datetime) -> int:
    return round((at - datetime(1970, 1, 1)) / timedelta(microseconds=1))


CLICKS = "source: web\ncustomer: user\nevent: event\nat: time\n"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2024-03-31 02:30", "local time that does not exist (the clocks went forward)"),
        ("2199-01-01 00:00", "time in the future"),
        ("1970-01-01 00:00:00", "epoch zero: looks like a missing time"),
        ("1970-01-01T00:00:00Z", "epoch zero: looks like a missing time"),
        ("0001-01-01 00:00", "time before 1900"),
        ("2024-13-01 10:00", "impossible time"),
        ("noon", "not a time"),
        ("", "no time"),
    ],
)
def test_what_is_no_believable_time_is_quarantined(bench, cell, reason):
    bench.put(clicks_csv=f"user,event,time\nu1,home,2024-05-01 10:00\nu2,buy,{cell}\n")
    bench.take(CLICKS + "timezone: Europe/Berlin\n")
    assert bench.quarantine() == [(3, "time", cell, reason, True)]
    assert bench.rows("events", "at") == [("2024-05-01T08:00:00",)]


def test_an_ambiguous_local_time_is_the_first_and_said(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,2024-10-27 02:30\n")
    summary = bench.take(CLICKS + "timezone: Europe/Berlin\n")
    assert bench.rows("events", "at") == [("2024-10-27T00:30:00",)]
    assert any("1 local times exist twice" in a for a in summary.assumptions)


def test_a_date_is_the_beginning_of_its_day_even_where_midnight_is_skipped(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,2017-10-15\n")
    summary = bench.take(CLICKS + "timezone: America/Sao_Paulo\n")
    assert (summary.accepted, bench.rows("events", "at")) == (1, [("2017-10-15T03:00:00",)])


def test_a_relative_clock_comes_in_with_its_zero(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,0\nu1,buy,60\n")
    summary = bench.take(CLICKS)
    assert bench.rows("events", "at") == [("1970-01-01T00:00:00",), ("1970-01-01T00:01:00",)]
    assert any("relative clock" in a for a in summary.assumptions)


def test_epoch_zero_among_later_numbers_is_quarantined(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,1541105830796\nu2,buy,0\n")
    summary = bench.take(CLICKS)
    assert summary.reasons == {"epoch zero: looks like a missing time": 1}


def test_a_column_is_judged_over_all_files(bench):
    bench.put(a_csv="user,event,time\nu1,home,01/02/2024\n", b_csv="user,event,time\nu1,buy,02/13/2024\n")
    bench.take(CLICKS)
    assert bench.rows("events", "at") == [("2024-01-02T00:00:00",), ("2024-02-13T00:00:00",)]


def test_the_far_future_begins_where_the_mapping_says(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,2024-05-01\nu1,stay,2199-01-01\n")
    assert bench.take(CLICKS + "future_days: 100000\n").accepted == 2
