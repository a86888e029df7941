"""What the map rests on: how much each source brought and for which time; and the metrics that others computed.

Metrics stand beside the counts of cases and are never mixed into them: they belong to a period and a place, and no
filter on cases can narrow them.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from desirepath.eventlog.model import Scope
from desirepath.insight.feedback import Feedback
from desirepath.insight.ground import Ground
from desirepath.insight.measures import moment
from desirepath.lake import Lake


def metrics(lake: Lake, scope: Scope) -> tuple[dict[str, Any], ...]:
    """The metrics whose own period overlaps the period asked for."""
    names = ["metric", "from", "to", "stage", "touchpoint", "value", "n", "source"]
    rows = lake.arrow("metrics", names).read_all()
    starts, ends = (rows[name].cast("int64").to_pylist() for name in ("from", "to"))
    others = rows.drop_columns(["from", "to"]).to_pylist()
    found = [
        {**row, "from": moment(start), "to": moment(end)}
        for row, start, end in zip(others, starts, ends, strict=True)
        if (scope.end is None or start < scope.end) and (scope.start is None or end > scope.start)
    ]
    found.sort(key=lambda m: tuple("" if m[name] is None else str(m[name]) for name in names))
    return tuple({name: m[name] for name in names} for m in found)


def sources(ground: Ground, feedback: Feedback, numbers: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Each source with its events, feedback and metrics, the largest first."""
    events: Counter[str] = Counter()
    times: dict[str, list[int]] = {}
    for kind in ground.kinds:
        events[kind.source] += kind.count
        times.setdefault(kind.source, []).extend((kind.first, kind.last))
    said = Counter(feedback.source.tolist())
    for source in said:
        dated = feedback.at[(feedback.source == source) & feedback.dated]
        times.setdefault(source, []).extend([int(np.min(dated)), int(np.max(dated))] if len(dated) else [])
    measured = Counter(str(m["source"]) for m in numbers)
    names = sorted({*events, *said, *measured}, key=lambda s: (-events[s] - said[s] - measured[s], s))
    return tuple(
        {
            "source": name,
            "events": events[name],
            "feedback": said[name],
            "metrics": measured[name],
            "from": moment(min(times.get(name, ()), default=None)),
            "to": moment(max(times.get(name, ()), default=None)),
        }
        for name in names
    )
