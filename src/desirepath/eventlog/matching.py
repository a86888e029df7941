"""Rules and scope, compiled into lookup tables: what an event means follows from its codes alone.

On each axis (event name, channel, every dimension that is asked about) the values that no condition tells apart form
one class; a table over the combinations of classes then gives an event's touchpoint and its flags. Globs are those of
`fnmatch`, case-sensitive; a missing value fulfils no condition, not even `*`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import translate

import numpy as np
from numpy.typing import NDArray

from desirepath.errors import DesirepathError
from desirepath.eventlog.log import Column, Log
from desirepath.eventlog.model import Ints, Rules, Scope
from desirepath.eventlog.unpacking import Codes

START = 1
END = 2
MOST_CONDITIONS = 60
Condition = Mapping[str, NDArray[np.bool_]]
"""Per axis that it restricts: which codes (missing last) fulfil it."""


@dataclass(frozen=True)
class Axis:
    """A column that conditions look at, and the class of each of its codes."""

    column: str
    classes: Codes


@dataclass(frozen=True)
class Compiled:
    """How to read events: `touch` (−1: unmatched) and `flags` per combination of classes, first axis slowest.

    Flags: bit 0 fulfils the start rule, bit 1 the end rule, bit 2 + k the k-th condition of the scope for events to
    fulfil; a walk is in scope when its events together have all the bits of `needed`. `cases` are the conditions
    that a case fulfils as a whole: the column, and which of its codes do.
    """

    axes: tuple[Axis, ...]
    touch: Codes
    flags: Ints
    needed: int
    cases: tuple[tuple[str, NDArray[np.bool_]], ...]


def compile_rules(log: Log, rules: Rules, scope: Scope) -> Compiled:
    """The tables for this log."""
    if len(scope.where) > MOST_CONDITIONS:
        raise DesirepathError(f"more than {MOST_CONDITIONS} conditions at once", hint="ask with fewer of them")
    known = log.columns
    alternatives = [
        (t, condition)
        for t, matches in enumerate(rules.touchpoints)
        for condition in (_condition(match, known) for match in matches)
        if condition is not None
    ]
    flagged = [(bit, _condition(rule, known)) for bit, rule in ((START, rules.start), (END, rules.end)) if rule]
    asked = [
        (name, _condition(Rules.Match(where={name: values}), known)) for name, values in sorted(scope.where.items())
    ]
    of_cases = [(name, asks[name]) for name, asks in asked if asks is not None and known[name].per_case]
    of_events = [asks for name, asks in asked if asks is None or not known[name].per_case]
    flagged += [(4 << k, asks) for k, asks in enumerate(of_events)]
    present = [c for _, c in [*alternatives, *flagged] if c is not None]
    used = [name for name in known if any(name in condition for condition in present)]
    classes = {name: _classes([c[name] for c in present if name in c]) for name in used}
    shape = tuple(int(classes[name].max()) + 1 for name in used)
    touch = np.full(shape, -1, np.int32)
    for t, condition in reversed(alternatives):
        touch[_combinations(condition, classes, shape)] = t
    flags = np.zeros(shape, np.int64)
    for bit, fulfilled in flagged:
        if fulfilled is not None:
            flags[_combinations(fulfilled, classes, shape)] |= bit
    needed = sum(4 << k for k in range(len(of_events)))
    axes = tuple(Axis(name, classes[name]) for name in used)
    return Compiled(axes, touch.ravel(), flags.ravel(), needed, tuple(of_cases))


def _condition(match: Rules.Match, columns: Mapping[str, Column]) -> Condition | None:
    """What the match asks of each axis; None when it asks for a dimension that the log does not have."""
    asked = {}
    for name, globs in (("event", match.event), ("channel", match.channel)):
        if globs:
            asked[name] = globbed(columns[name].values, globs)
    for name, values in match.where.items():
        if name not in columns:
            return None
        wanted = set(values)
        exact = np.array([*(value in wanted for value in columns[name].values), False])
        asked[name] = asked[name] & exact if name in asked else exact
    return asked


def globbed(values: tuple[str, ...], globs: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which values any of the globs matches; a missing one, at the end, never."""
    literal = {g for g in globs if not any(c in g for c in "*?[")}
    patterns = [re.compile(translate(g)).match for g in globs if g not in literal]
    return np.array([*(v in literal or any(matches(v) for matches in patterns) for v in values), False])


def _classes(conditions: list[NDArray[np.bool_]]) -> Codes:
    """Number the codes so that two have the same number exactly when every condition treats them alike."""
    signature = np.packbits(np.stack(conditions, axis=1), axis=1)
    return np.unique(signature, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int32)


def _combinations(condition: Condition, classes: Mapping[str, Codes], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    fulfilled = np.ones(shape, np.bool_)
    for axis, (name, of_code) in enumerate(classes.items()):
        if name in condition:
            of_class = np.zeros(shape[axis], np.bool_)
            of_class[of_code] = condition[name]
            fulfilled &= of_class.reshape([-1 if k == axis else 1 for k in range(len(shape))])
    return fulfilled
