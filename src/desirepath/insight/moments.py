"""The moments of a touchpoint, and how far its answers are about other moments than most of what happens there is.

A touchpoint may claim events of several names: a ticket is opened, and solved a day later. Names that follow each other
within an hour (the median wait) are one moment. An answer is about the moment that its customer met last there, at or
before it. Where people are asked after one moment only, nobody tells how the others felt. Let W be the moments' shares
of the events and A those of the answers, and let the moments' means lie about their touchpoint's as touchpoints' lie
about the journey's (variance τ², DerSimonian & Laird 1986). Then the mean of the answers misses that of all who were
there by a number of variance τ²·Σ (A − W)².
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.model import Notion, Rules, Scope, Summary
from desirepath.insight.emotion import mean_of
from desirepath.insight.ground import Ground
from desirepath.insight.place import Locate, Placed, last_met
from desirepath.voice.curve import between

APART_S = 3600.0
LEAST = 5
"""Answers of known moment, below which nothing is said."""
UNHEARD, HARDLY = 0.25, 0.25
"""A moment of so much of what happens is unheard with less than this share of the answers that it should have."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moment:
    """Event names of a touchpoint that come together, and how many such events are in scope."""

    touchpoint: int
    names: tuple[str, ...]
    events: float


@dataclass(frozen=True)
class Unheard:
    """A moment that hardly an answer is about, with its shares of the touchpoint's events and answers."""

    moment: Moment
    events: float
    answers: float


@dataclass(frozen=True)
class Mix:
    """What the answers' mix of moments leaves open: a variance of each touchpoint's mean, and the moments unheard."""

    variance: Floats
    unheard: tuple[Unheard, ...]


def mix_of(
    voice: Placed, rules: Rules, ground: Ground, summary: Summary, notion: Notion, by: Callable[[Rules], Locate]
) -> Mix:
    """By touchpoint; `by` says where customers were last by some rules."""
    size = len(rules.touchpoints)
    found = moments(rules, ground, summary) if len(voice.feedback) else []
    if not found:
        return Mix(np.zeros(size), ())
    met = last_met(voice.feedback, Scope(), by(_apart(rules, found)), notion)[0]
    unlike, unheard = np.zeros(size), []
    for t in sorted({moment.touchpoint for moment in found}):
        own = [m for m, moment in enumerate(found) if moment.touchpoint == t]
        here = voice.at_touchpoint(t) & ~np.isnan(voice.feedback.emotion)
        answers = np.array([int((met[here] == m).sum()) for m in own])
        if answers.sum() < LEAST:
            continue
        events = np.array([found[m].events for m in own])
        told, happened = answers / answers.sum(), events / events.sum()
        unlike[t] = float(((told - happened) ** 2).sum())
        for m, a, w in zip(own, told.tolist(), happened.tolist(), strict=True):
            if w >= UNHEARD and a < HARDLY * w:
                unheard.append(Unheard(found[m], w, a))
    return Mix(_spread(voice, size) * unlike, tuple(unheard))


def moments(rules: Rules, ground: Ground, summary: Summary) -> list[Moment]:
    """Those of all touchpoints with more than one, touchpoint by touchpoint."""
    claimed = ground.touchpoints_by_event(rules)
    matched = dict(zip(summary.event_names, summary.event_touchpoint_count.tolist(), strict=True))
    near = _near(summary)
    found = []
    for t in range(len(rules.touchpoints)):
        names = [name for name, of in sorted(claimed.items()) if of[t] and matched.get(name)]
        groups = _together(names, near)
        if len(groups) < 2:
            continue
        for group in groups:
            of_name = [matched[n] * claimed[n][t] / sum(c for k, c in claimed[n].items() if k >= 0) for n in group]
            found.append(Moment(t, group, sum(of_name)))
    return found


def _apart(rules: Rules, found: Sequence[Moment]) -> Rules:
    """Rules by which every moment is a touchpoint of its own."""
    return replace(
        rules,
        touchpoints=tuple(_only(rules.touchpoints[moment.touchpoint], moment.names) for moment in found),
        stage=tuple(rules.stage[moment.touchpoint] for moment in found),
    )


def _only(matches: Sequence[Rules.Match], names: Sequence[str]) -> tuple[Rules.Match, ...]:
    """The same alternatives, for some names."""
    kept = [[n for n in names if not m.event or any(fnmatchcase(n, g) for g in m.event)] for m in matches]
    return tuple(
        replace(match, event=tuple(glob.escape(name) for name in own))
        for match, own in zip(matches, kept, strict=True)
        if own
    )


def _near(summary: Summary) -> set[frozenset[str]]:
    """Pairs of names that usually follow each other within an hour, in the more frequent order."""
    names, moves = summary.event_names, summary.transitions
    most: dict[frozenset[str], tuple[int, float]] = {}
    for a, b, n, wait in zip(moves.source, moves.target, moves.count.tolist(), moves.wait.median.tolist(), strict=True):
        pair = frozenset((names[a], names[b]))
        most[pair] = max(most.get(pair, (0, 0.0)), (n, wait), key=lambda of: of[0])
    return {pair for pair, (_, wait) in most.items() if wait <= APART_S}


def _together(names: Sequence[str], near: set[frozenset[str]]) -> list[tuple[str, ...]]:
    """The names in groups, each connected by pairs that are near."""
    groups: list[set[str]] = []
    for name in names:
        met = [group for group in groups if any(frozenset((name, other)) in near for other in group)]
        groups = [group for group in groups if group not in met] + [{name}.union(*met)]
    return [tuple(sorted(group)) for group in groups]


def _spread(voice: Placed, touchpoints: int) -> float:
    """τ²: how differently touchpoints feel, their answers' own errors taken off."""
    means = [mean_of(voice.feedback, voice.at_touchpoint(t)) for t in range(touchpoints)]
    told = [(mean.value, mean.se**2) for mean in means if mean is not None and mean.n >= LEAST and mean.se > 0]
    return between(*np.array(told).T) if len(told) > 1 else 0.0
