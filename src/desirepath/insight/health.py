"""A journey at a glance: who is on it, how fresh its data is, how it feels of late beside before, and what is worst."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desirepath.insight.model import Emotion, Finding, MapData
from desirepath.insight.settings import Settings

SPAN = timedelta(days=28)
"""Of late: so long before the data ends."""

Period = tuple[str, str]


@dataclass(frozen=True)
class Health:
    """`emotion` is that of the last four weeks of data, `emotion_before` that of the four before; `worst` is a pain."""

    customers: int
    cases: int
    data_from: datetime | None
    data_to: datetime | None
    stale: bool
    emotion: Emotion | None
    emotion_before: Emotion | None
    worst: Finding | None


def weeks(whole: MapData) -> tuple[Period | None, Period | None]:
    """The last four weeks of the data of a map and the four before, as periods; None before its data begins."""
    first, last = _seen(whole)
    if first is None or last is None:
        return None, None
    end = last + timedelta(microseconds=1)  # a period ends before its end
    late, early = (end - SPAN, end), (end - 2 * SPAN, end - SPAN)
    return _period(late), _period(early) if first < early[1] else None


def health(whole: MapData, last: MapData | None, before: MapData | None, now: datetime, settings: Settings) -> Health:
    """What the maps of all data and of those two periods say together."""
    first, end = _seen(whole)
    stale = (
        first is not None
        and end is not None
        and (now - end).total_seconds() > settings.stale_after((end - first).total_seconds())
    )
    return Health(
        customers=whole.customers,
        cases=whole.cases,
        data_from=first,
        data_to=end,
        stale=stale,
        emotion=last.emotion if last else None,
        emotion_before=before.emotion if before else None,
        worst=next((finding for finding in whole.findings if finding.polarity == "pain"), None),
    )


def _seen(data: MapData) -> tuple[datetime | None, datetime | None]:
    first, last = (data.period[name] for name in ("data_from", "data_to"))
    return (datetime.fromisoformat(first), datetime.fromisoformat(last)) if first and last else (None, None)


def _period(ends: tuple[datetime, datetime]) -> Period:
    return ends[0].isoformat(), ends[1].isoformat()
