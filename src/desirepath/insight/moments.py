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
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.model import Notion, Rules, Scope, Summary
from desirepath.insight.emotion import mean_of
from desirepath.insight.ground import Ground, any_glob
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


def mix_of(voice: Placed, rules: Rules, found: Sequence[Moment], notion: Notion, at: Locate) -> Mix:
    """By touchpoint; `at` says at which of the moments found customers were last (`apart`)."""
    size = len(rules.touchpoints)
    if not found:
        return Mix(np.zeros(size), ())
    of_moment = [moment.touchpoint for moment in found]
    told_there = voice.where(np.isin(voice.touchpoint, of_moment) & ~np.isnan(voice.feedback.emotion))
    met = last_met(told_there.feedback, Scope(), at, notion)[0]
    unlike, unheard = np.zeros(size), []
    for t in sorted(set(of_moment)):
        own = np.flatnonzero(np.equal(of_moment, t)).tolist()
        here = met[told_there.at_touchpoint(t)]
        answers = np.array([int((here == m).sum()) for m in own])
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


def apart(rules: Rules, found: Sequence[Moment]) -> Rules:
    """Rules by which every moment is a touchpoint of its own."""
    return replace(
        rules,
        touchpoints=tuple(_only(rules.touchpoints[moment.touchpoint], moment.names) for moment in found),
        stage=tuple(rules.stage[moment.touchpoint] for moment in found),
    )


def _only(matches: Sequence[Rules.Match], names: Sequence[str]) -> tuple[Rules.Match, ...]:
    """The same alternatives, for some names."""
    kept = [[n for n in names if not match.event or any_glob(match.event, n)] for match in matches]
    return tuple(
        replace(match, event=tuple(glob.escape(name) for name in own))
        for match, own in zip(matches, kept, strict=True)
        if own
    )


def _near(summary: Summary) -> set[frozenset[str]]:
    """Pairs of names that usually follow each other within an hour, in the more frequent order."""
    names, moves = summary.event_names, summary.transitions
    low, high = np.minimum(moves.source, moves.target), np.maximum(moves.source, moves.target)
    order = np.lexsort((-moves.count, high, low))
    pair = np.stack([low[order], high[order]])
    first = np.append(True, (pair[:, 1:] != pair[:, :-1]).any(axis=0))[: order.size]
    near = order[first & (moves.wait.median[order] <= APART_S)]
    return {frozenset((names[a], names[b])) for a, b in zip(low[near].tolist(), high[near].tolist(), strict=True)}


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
