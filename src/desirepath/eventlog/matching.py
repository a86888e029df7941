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
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Ints, Rules, Scope

START = 1
END = 2
MOST_CONDITIONS = 60
Condition = Mapping[str, NDArray[np.bool_]]
"""Per axis that it restricts: which codes (missing last) fulfil it."""
Column = tuple[tuple[str, ...], NDArray[np.integer], bool]
"""Values, codes (the number of values where missing), and whether there is one per case instead of per event."""


@dataclass(frozen=True)
class Axis:
    """A column that conditions look at, and the class of each of its codes."""

    codes: NDArray[np.integer]
    per_case: bool
    classes: Ints


@dataclass(frozen=True)
class Compiled:
    """How to read events: `touch` (−1: unmatched) and `flags` per combination of classes, first axis slowest.

    Flags: bit 0 fulfils the start rule, bit 1 the end rule, bit 2 + k the k-th condition of the scope; a case is in
    scope when its events together have all the bits of `needed`.
    """

    axes: tuple[Axis, ...]
    touch: Ints
    flags: Ints
    needed: int

    def read(self, log: Log, first: int, last: int) -> tuple[Ints | np.int64, Ints]:
        """Touchpoint and flags of every event of the cases [first, last); one touchpoint where no axis tells apart."""
        bounds = log.offset[first : last + 1]
        index: Ints | None = None
        for axis in self.axes:
            if axis.per_case:
                of_axis = np.repeat(axis.classes[axis.codes[first:last]], np.diff(bounds))
            else:
                of_axis = axis.classes.take(axis.codes[bounds[0] : bounds[-1]])
            index = of_axis if index is None else index * (axis.classes.max() + 1) + of_axis
        if index is None:
            events = int(bounds[-1] - bounds[0])
            return self.touch[0], np.full(events, self.flags[0])
        return self.touch.take(index), self.flags.take(index)


def compile_rules(log: Log, rules: Rules, scope: Scope) -> Compiled:
    """The tables for this log."""
    if len(scope.where) > MOST_CONDITIONS:
        raise DesirepathError(f"more than {MOST_CONDITIONS} conditions at once", hint="ask with fewer of them")
    known = columns(log)
    alternatives = [
        (t, condition)
        for t, matches in enumerate(rules.touchpoints)
        for condition in (_condition(match, known) for match in matches)
        if condition is not None
    ]
    flagged = [(bit, _condition(rule, known)) for bit, rule in ((START, rules.start), (END, rules.end)) if rule]
    for k, (name, values) in enumerate(sorted(scope.where.items())):
        flagged.append((4 << k, _condition(Rules.Match(where={name: values}), known)))
    present = [c for _, c in [*alternatives, *flagged] if c is not None]
    used = [name for name in known if any(name in condition for condition in present)]
    classes = {name: _classes([c[name] for c in present if name in c]) for name in used}
    shape = tuple(int(classes[name].max()) + 1 for name in used)
    touch = np.full(shape, -1, np.int64)
    for t, condition in reversed(alternatives):
        touch[_combinations(condition, classes, shape)] = t
    flags = np.zeros(shape, np.int64)
    for bit, fulfilled in flagged:
        if fulfilled is not None:
            flags[_combinations(fulfilled, classes, shape)] |= bit
    needed = sum(4 << k for k in range(len(scope.where)))
    axes = tuple(Axis(known[name][1], known[name][2], classes[name]) for name in used)
    return Compiled(axes, touch.ravel(), flags.ravel(), needed)


def columns(log: Log) -> dict[str, Column]:
    """Everything that can be asked about."""
    own = {"event": (log.event_names, log.event, False), "channel": (log.channels, log.channel, False)}
    return {**{name: (d.values, d.codes, d.per_case) for name, d in log.dims.items()}, **own}


def _condition(match: Rules.Match, columns: Mapping[str, Column]) -> Condition | None:
    """What the match asks of each axis; None when it asks for a dimension that the log does not have."""
    asked = {}
    for name, globs in (("event", match.event), ("channel", match.channel)):
        if globs:
            asked[name] = _globbed(columns[name][0], globs)
    for name, values in match.where.items():
        if name not in columns:
            return None
        wanted = set(values)
        exact = np.array([*(value in wanted for value in columns[name][0]), False])
        asked[name] = asked[name] & exact if name in asked else exact
    return asked


def _globbed(values: tuple[str, ...], globs: tuple[str, ...]) -> NDArray[np.bool_]:
    literal = {g for g in globs if not any(c in g for c in "*?[")}
    patterns = [re.compile(translate(g)).match for g in globs if g not in literal]
    return np.array([*(v in literal or any(matches(v) for matches in patterns) for v in values), False])


def _classes(conditions: list[NDArray[np.bool_]]) -> Ints:
    """Number the codes so that two have the same number exactly when every condition treats them alike."""
    signature = np.packbits(np.stack(conditions, axis=1), axis=1)
    return np.unique(signature, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _combinations(condition: Condition, classes: Mapping[str, Ints], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    fulfilled = np.ones(shape, np.bool_)
    for axis, (name, of_code) in enumerate(classes.items()):
        if name in condition:
            of_class = np.zeros(shape[axis], np.bool_)
            of_class[of_code] = condition[name]
            fulfilled &= of_class.reshape([-1 if k == axis else 1 for k in range(len(shape))])
    return fulfilled
