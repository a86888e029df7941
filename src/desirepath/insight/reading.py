"""A journey's rules and the cases asked about, held against the prepared log: what deeper questions begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from desirepath.errors import DesirepathError, did_you_mean
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.prepare import prepare
from desirepath.insight.ground import Ground, survey
from desirepath.insight.rules import BUILT_IN, case_notion, conditions, dimension_values, to_rules
from desirepath.journey.model import Journey
from desirepath.lake import Lake
from desirepath.progress import Progress, silent


@dataclass(frozen=True)
class Reading:
    """A journey, its rules, and the cases of the log that are asked about."""

    journey: Journey
    rules: Rules
    scope: Scope
    ground: Ground
    log: Log


def read(
    journey: Journey,
    lake: Lake,
    links: pa.Table,
    cache: Path,
    *,
    scope: Scope,
    filters: Mapping[str, Sequence[str]],
    persona: str | None = None,
    dims: Sequence[str] = (),
    progress: Progress = silent,
) -> Reading:
    """Prepares the log with all dimensions that the rules, the filters and the question (`dims`) use."""
    dimensions = tuple(sorted({*lake.dimensions("events"), *lake.dimensions("customers")}))
    for name in dims:
        if name not in (*dimensions, *BUILT_IN):
            hint = did_you_mean(name, dimensions) or f"there are {', '.join((*dimensions, *BUILT_IN))}"
            raise DesirepathError(f"there is no dimension '{name}' in the evidence", hint=hint)
    where, _ = conditions(journey, scope, filters, persona, dimensions)
    ground = survey(lake, dimension_values(journey), cache)
    rules = to_rules(journey, ground.event_names, dimensions)
    asked = {n for matches in rules.touchpoints for m in matches for n in m.where} | set(where) | set(dims)
    asked |= {n for m in (rules.start, rules.end) if m for n in m.where}
    log = prepare(lake, links, case_notion(journey)[0], cache, dims=sorted(asked - set(BUILT_IN)), progress=progress)
    return Reading(journey, rules, replace(scope, where=where), ground, log)
