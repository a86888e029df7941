"""A journey at a glance: what is of late, what was before, and when it is stale."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from desirepath.insight.health import health, weeks
from desirepath.insight.settings import Settings


def seen(first, last, findings=(), emotion=None):
    return SimpleNamespace(
        period={"data_from": first, "data_to": last}, customers=7, cases=9, findings=findings, emotion=emotion
    )


def test_the_last_four_weeks_hold_the_last_event_and_the_four_before_end_where_they_begin():
    late, early = weeks(seen("2026-01-01T00:00:00Z", "2026-03-29T12:00:00Z"))
    assert late == ("2026-03-01T12:00:00.000001+00:00", "2026-03-29T12:00:00.000001+00:00")
    assert early == ("2026-02-01T12:00:00.000001+00:00", late[0])


def test_before_the_data_begins_there_is_nothing():
    assert weeks(seen("2026-03-20T00:00:00Z", "2026-03-29T12:00:00Z"))[1] is None
    assert weeks(seen(None, None)) == (None, None)


@pytest.mark.parametrize(("day", "stale"), [(14, False), (16, True)])
def test_it_is_stale_when_nothing_came_for_longer_than_a_map_allows(day, stale):
    whole = seen("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")  # four weeks: a quarter of them is less than 14 days
    found = health(whole, None, None, datetime(2026, 3, day, tzinfo=UTC), Settings())
    assert found.stale is stale


def test_the_worst_is_the_heaviest_pain():
    findings = tuple(SimpleNamespace(id=i, polarity=p) for i, p in (("a", "delight"), ("b", "pain"), ("c", "pain")))
    late = seen(None, None, emotion="late")
    found = health(seen(None, None, findings), late, None, datetime(2026, 3, 1, tzinfo=UTC), Settings())
    assert (found.worst.id, found.emotion, found.emotion_before, found.stale) == ("b", "late", None, False)
