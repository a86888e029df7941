"""The voice and the event log together: at which touchpoint each text belongs, and which customers are not heard."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from desirepath import sqltext
from desirepath.errors import DesirepathError
from desirepath.eventlog.model import Scope
from desirepath.eventlog.prepare import prepare
from desirepath.insight.feedback import read
from desirepath.insight.ground import survey
from desirepath.insight.place import locating, place
from desirepath.insight.rules import BUILT_IN, case_notion, dimension_values, to_rules
from desirepath.insight.settings import Settings
from desirepath.journey.model import Journey
from desirepath.lake import Lake
from desirepath.voice.coverage import coverage

if TYPE_CHECKING:
    from desirepath.voice.voice import Voice


def places_of(journey: Journey, lake: Lake, links: pa.Table, cache: Path, settings: Settings) -> dict[str, str]:
    """The touchpoint of each piece of feedback that states one or follows one, by feedback id."""
    ground = survey(lake, dimension_values(journey), cache)
    dimensions = tuple(sorted({*lake.dimensions("events"), *lake.dimensions("customers")}))
    rules = to_rules(journey, ground.event_names, dimensions)
    asked = {n for matches in rules.touchpoints for m in matches for n in m.where}
    asked |= {n for m in (rules.start, rules.end) if m for n in m.where}
    log = prepare(lake, links, case_notion(journey)[0], cache, dims=sorted(asked - set(BUILT_IN)))
    feedback, _ = read(lake, links)
    placed = place(feedback, journey, rules, Scope(), locating(log, rules, settings))
    names = [t.id for t in journey.touchpoints]
    rows = np.flatnonzero(placed.touchpoint >= 0)
    return {str(placed.feedback.id[i]): names[int(placed.touchpoint[i])] for i in rows}


def coverage_by(lake: Lake, links: pa.Table, voice: Voice, by: str) -> dict[str, Any]:
    """Customers of each value of a dimension (the value most of their events have), and how they were heard."""
    if by not in lake.dimensions("events"):
        known = ", ".join(sorted(lake.dimensions("events"))) or "none"
        raise DesirepathError(f"events have no dimension {by!r}", where="--by", hint=f"there are: {known}")
    with lake.duck() as con:
        lake.register(con, "events")
        column = sqltext.name(f"d_{by}")
        rows = con.execute(
            f"SELECT customer, mode({column}) FROM events "
            f"WHERE customer IS NOT NULL AND {column} IS NOT NULL GROUP BY 1"
        ).fetchall()
    person = dict(zip(links["id"].to_pylist(), links["person"].to_pylist(), strict=True))
    group = {person.get(c, c): str(v) for c, v in rows}
    customers = lake.arrow("feedback", ["import", "row", "customer"]).read_all()
    customers = customers.sort_by([("import", "ascending"), ("row", "ascending")])["customer"].to_pylist()
    who = [person.get(c, c) for c in customers]
    emotion = np.where(voice.ours, voice.hearing.heard.emotion, np.nan)
    return asdict(coverage(by, [group.get(w) for w in who], dict(Counter(group.values())), who, emotion))
