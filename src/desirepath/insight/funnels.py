"""Funnels of one's own: of the cases in scope, the share that reaches each of some steps in order, within a window.

A step is a touchpoint (`checkout`), or the event names that a glob means (`event:cart_*`). The share of each step is
of all cases of its group, with Wilson's interval; `from_before` is that of the step before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from desirepath.errors import DesirepathError, did_you_mean
from desirepath.eventlog.chains import MOST_STEPS, Mode
from desirepath.eventlog.runner import funnel as reached
from desirepath.insight.measures import rate
from desirepath.insight.model import Estimate
from desirepath.insight.reading import Reading

EVENT = "event:"


@dataclass(frozen=True)
class FunnelStep:
    """How many cases of a group reach a step."""

    step: str
    reached: int
    share: Estimate
    from_before: Estimate


@dataclass(frozen=True)
class FunnelGroup:
    """The cases of one value of the dimension (None: without any, or all where nothing was asked), step by step."""

    value: str | None
    cases: int
    steps: tuple[FunnelStep, ...]


@dataclass(frozen=True)
class FunnelView:
    """A funnel, by group, the largest first."""

    steps: tuple[str, ...]
    by: str | None
    groups: tuple[FunnelGroup, ...]


def funnel(
    reading: Reading, steps: Sequence[str], *, within_s: float = float("inf"), by: str | None = None,
    mode: Mode = "any", min_n: int = 5,
) -> FunnelView:  # fmt: skip
    """The funnel of these steps; `by` groups cases by the value of their first event."""
    if not 2 <= len(steps) <= MOST_STEPS:
        raise DesirepathError(f"a funnel of {len(steps)} steps", where="steps", hint=f"give 2 to {MOST_STEPS}")
    codes = [_codes(reading, step) for step in steps]
    found = reached(reading.log, codes, within_s, reading.scope, by, mode=mode)
    groups = [
        FunnelGroup(value, cases, _steps(steps, cases, counts, min_n))
        for value, cases, counts in zip(found.groups, found.cases.tolist(), found.reached.tolist(), strict=True)
        if cases or by is None
    ]
    groups.sort(key=lambda group: (-group.cases, group.value or ""))
    return FunnelView(tuple(steps), by, tuple(groups))


def _steps(names: Sequence[str], cases: int, counts: Sequence[int], min_n: int) -> tuple[FunnelStep, ...]:
    before = [cases, *counts[:-1]]
    return tuple(
        FunnelStep(name, n, rate(n, cases, min_n), rate(n, earlier, min_n))
        for name, n, earlier in zip(names, counts, before, strict=True)
    )


def _codes(reading: Reading, step: str) -> list[int]:
    names = reading.log.event_names
    if step.startswith(EVENT):
        glob = step.removeprefix(EVENT)
        found = [code for code, name in enumerate(names) if fnmatchcase(name, glob)]
        if not found:
            hint = did_you_mean(glob, names) or f"there are {', '.join(names[:20])}"
            raise DesirepathError(f"no event is called '{glob}'", where=step, hint=hint)
        return found
    ids = [touchpoint.id for touchpoint in reading.journey.touchpoints]
    if step not in ids:
        hint = did_you_mean(step, ids) or f"there are {', '.join(ids)}; or write {EVENT}NAME"
        raise DesirepathError(f"the journey has no touchpoint '{step}'", where="steps", hint=hint)
    claimed = reading.ground.touchpoints_by_event(reading.rules)
    own = {name for name, by in claimed.items() if by[ids.index(step)]}
    shared = sorted(name for name in own if len(claimed[name]) > 1)
    if shared:
        raise DesirepathError(
            f"'{step}' is told from other touchpoints by more than the name of the event ({shared[0]})",
            where="steps", hint=f"name the events: {EVENT}{shared[0]}",
        )  # fmt: skip
    return [code for code, name in enumerate(names) if name in own]
