"""Segments or periods side by side: what differs between them by more than chance.

Shares are contrasted by their counts (Newcombe's interval, pooled score test), means by Welch's test. With more than
two segments each stands against all others together. Every contrast counts among the tests that
Benjamini–Hochberg corrects; durations have no interval here and are shown without a claim.

A difference is no cause: segments differ in more than their name, and periods in more than what was done in between.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from scipy.special import stdtrit

from desirepath.errors import DesirepathError
from desirepath.insight.intervals import Mean, Z, benjamini_hochberg, difference, p_differs, p_more
from desirepath.insight.model import Emotion, Estimate, MapData, Wait

LEVEL = 0.05
"""The false discovery rate up to which something counts as different."""
LEAST_SHARE = 0.01
"""Steps from one touchpoint to another that fewer take in every segment are not contrasted."""
Place = tuple[str, str | None, str | None]
"""What is measured; stage; touchpoint, or two of them as `a > b`."""


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    n: int


Measured = TypeVar("Measured", Share, Mean)


@dataclass(frozen=True)
class Contrast:
    """One measure in one segment against all others together (of two periods: after against before).

    `p` is adjusted for all contrasts of the comparison; `size` is the difference as a share of the measure's scale.
    """

    measure: str
    stage: str | None
    touchpoint: str | None
    segment: str
    value: float
    n: int
    other: float
    other_n: int
    difference: Estimate
    size: float
    p: float
    differs: bool


@dataclass(frozen=True)
class Duration:
    """The median and 90th percentile of a stay or a wait in each segment, in seconds."""

    measure: str  # dwell | wait_before
    stage: str
    touchpoint: str | None
    segments: dict[str, Wait]


@dataclass(frozen=True)
class Comparison:
    """What was compared, and how it differs: largest differences first, those that may be chance at the end."""

    journey: str
    by: str  # the dimension, `persona` or `period`
    segments: dict[str, dict[str, Any]]  # {cases, customers, events, from, to}
    contrasts: tuple[Contrast, ...]
    durations: tuple[Duration, ...]
    untested: int  # contrasts left out, for one side has fewer than `min_n`
    notes: tuple[dict[str, Any], ...]  # {key, params}

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return dataclasses.asdict(self)


def compare(by: str, maps: Mapping[str, MapData], min_n: int, notes: Sequence[dict[str, Any]] = ()) -> Comparison:
    """The maps of the segments against each other; they were made without withholding anything."""
    if len(maps) < 2:
        raise DesirepathError(f"only one {by} to compare: {', '.join(maps) or 'none'}", hint="at least two are needed")
    steps = _steps(maps.values())
    shares = {name: dict(_shares(data, steps)) for name, data in maps.items()}
    means = {name: dict(_means(data)) for name, data in maps.items()}
    one, few = _contrasts(shares, _of_shares, _whole, min_n)
    more, fewer = _contrasts(means, _of_means, _whole_mean, min_n)
    drafts = one + more
    adjusted = benjamini_hochberg([draft.p for draft in drafts])
    found = [dataclasses.replace(d, p=p, differs=p <= LEVEL) for d, p in zip(drafts, adjusted, strict=True)]
    found.sort(key=lambda c: (not c.differs, -abs(c.size), c.measure, c.stage or "", c.touchpoint or "", c.segment))
    return Comparison(
        journey=next(iter(maps.values())).journey.id,
        by=by,
        segments={name: _segment(data) for name, data in maps.items()},
        contrasts=tuple(found),
        durations=tuple(_durations(maps, min_n)),
        untested=few + fewer,
        notes=tuple(notes),
    )


def _contrasts(
    of: Mapping[str, Mapping[Place, Measured]],
    contrast: Callable[[Place, str, Measured, Measured], Contrast],
    whole: Callable[[Sequence[Measured]], Measured],
    min_n: int,
) -> tuple[list[Contrast], int]:
    """Each segment against all others (of two, the second against the first); and how many rest on too little."""
    found, untested = [], 0
    for name in of if len(of) > 2 else list(of)[1:]:
        others = [of[other] for other in of if other != name]
        for place, mine in of[name].items():
            there = [segment[place] for segment in others if place in segment]
            if there and min(mine.n, (rest := whole(there)).n) >= min_n:
                found.append(contrast(place, name, mine, rest))
            else:
                untested += 1
    return found, untested


def _segment(data: MapData) -> dict[str, Any]:
    return {
        "cases": data.cases, "customers": data.customers, "events": data.events,
        "from": data.period["from"] or data.period["data_from"], "to": data.period["to"] or data.period["data_to"],
    }  # fmt: skip


def _steps(maps: Iterable[MapData]) -> tuple[tuple[str, str], ...]:
    """The steps from touchpoint to touchpoint that in some segment are taken by enough."""
    found = set()
    for data in maps:
        cases = {t.id: t.cases for t in data.touchpoints}
        found |= {(s.source, s.target) for s in data.touchpoint_transitions if s.cases >= LEAST_SHARE * cases[s.source]}
    return tuple(sorted(found))


def _shares(data: MapData, steps: Sequence[tuple[str, str]]) -> Iterator[tuple[Place, Share]]:
    """Of a map all shares, by their counts."""
    yield from _rate(("conversion", None, None), data.completed)
    yield from _rate(("fitting_share", None, None), data.conformance.fitting_share)
    for stage in data.stages:
        yield ("stage_reach", stage.id, None), Share(stage.entered, data.cases)
        yield from _rate(("drop_rate", stage.id, None), stage.drop_rate)
    at = {t.id: t for t in data.touchpoints}
    for t in data.touchpoints:
        yield ("touchpoint_reach", t.stage, t.id), Share(t.cases, data.cases)
        yield from _rate(("repeat_rate", t.stage, t.id), t.repeat_rate)
    taken = {(step.source, step.target): step.cases for step in data.touchpoint_transitions}
    for source, target in steps:
        yield (
            ("next_step", at[source].stage, f"{source} > {target}"),
            Share(taken.get((source, target), 0), at[source].cases),
        )


def _rate(place: Place, found: Estimate) -> Iterator[tuple[Place, Share]]:
    if found.value is not None:
        yield place, Share(round(found.value * found.n), found.n)


def _means(data: MapData) -> Iterator[tuple[Place, Mean]]:
    """Of a map all means with the standard errors that their intervals tell."""
    yield from _felt(("emotion", None, None), data.emotion)
    yield from _scored(data.kpis, None, None)
    for stage in data.stages:
        yield from _felt(("emotion", stage.id, None), stage.emotion)
        yield from _scored(stage.kpis, stage.id, None)
    for t in data.touchpoints:
        yield from _felt(("emotion", t.stage, t.id), t.emotion)


_SCALES = {"nps": 200.0, "csat_mean": 4.0, "csat7_mean": 6.0, "ces_mean": 6.0, "stars_mean": 4.0, "emotion": 4.0}
"""From the worst to the best; of shares it is 1."""


def _felt(place: Place, found: Emotion) -> Iterator[tuple[Place, Mean]]:
    """By the interval of the answers: who does not answer is, by and large, the same in all segments."""
    if None not in (found.score, found.sampling_low, found.sampling_high):
        yield place, _mean(found.score, found.sampling_low, found.sampling_high, found.n, found.n_eff)  # type: ignore[arg-type]


def _scored(kpis: Mapping[str, Estimate], stage: str | None, touchpoint: str | None) -> Iterator[tuple[Place, Mean]]:
    for name, k in kpis.items():
        if name in _SCALES and name != "emotion" and None not in (k.value, k.low, k.high):
            yield (name, stage, touchpoint), _mean(k.value, k.low, k.high, k.n, float(k.n))  # type: ignore[arg-type]


def _mean(value: float, low: float, high: float, n: int, n_eff: float) -> Mean:
    """From its interval, of which one end may stand at the end of the scale: the longer half tells the error."""
    df = max(1.0, n_eff - 1)
    se = max(max(high - value, value - low) / float(stdtrit(df, 0.975)), 1e-9)
    return Mean(value, low, high, n, n_eff, se, df)


def _whole(parts: Sequence[Share]) -> Share:
    return Share(sum(p.hits for p in parts), sum(p.n for p in parts))


def _whole_mean(parts: Sequence[Mean]) -> Mean:
    """Of several segments, each by its number of answers."""
    n = sum(p.n for p in parts)
    value = sum(p.n * p.value for p in parts) / n
    se = math.sqrt(sum((p.n * p.se) ** 2 for p in parts)) / n
    return Mean(value, value - Z * se, value + Z * se, n, sum(p.n_eff for p in parts), se, sum(p.df for p in parts))


def _of_shares(place: Place, segment: str, mine: Share, rest: Share) -> Contrast:
    value, low, high = difference(mine.hits, mine.n, rest.hits, rest.n)
    upper = p_more(mine.hits, mine.n, rest.hits, rest.n)
    lower = p_more(rest.hits, rest.n, mine.hits, mine.n)
    gap = Estimate(value, low, high, mine.n + rest.n, "share")
    p = min(1.0, 2 * min(upper, lower))
    return Contrast(*place, segment, mine.hits / mine.n, mine.n, rest.hits / rest.n, rest.n, gap, value, p, False)


def _of_means(place: Place, segment: str, mine: Mean, rest: Mean) -> Contrast:
    value = mine.value - rest.value
    va, vb = mine.se**2, rest.se**2
    df = (va + vb) ** 2 / (va**2 / mine.df + vb**2 / rest.df)
    half = float(stdtrit(df, 0.975)) * math.sqrt(va + vb)
    gap = Estimate(value, value - half, value + half, mine.n + rest.n, "points" if place[0] == "nps" else "score")
    size = value / _SCALES[place[0]]
    return Contrast(
        *place, segment, mine.value, mine.n, rest.value, rest.n, gap, size, p_differs(mine, rest), False
    )  # fmt: skip


def _durations(maps: Mapping[str, MapData], min_n: int) -> Iterator[Duration]:
    """Stays in stages and waits before touchpoints, where any segment has them."""

    first = next(iter(maps.values()))
    for k, stage in enumerate(first.stages):
        if found := _told({name: data.stages[k].dwell for name, data in maps.items()}, min_n):
            yield Duration("dwell", stage.id, None, found)
    for k, t in enumerate(first.touchpoints):
        if found := _told({name: data.touchpoints[k].wait_before for name, data in maps.items()}, min_n):
            yield Duration("wait_before", t.stage, t.id, found)


def _told(waits: Mapping[str, Wait], min_n: int) -> dict[str, Wait]:
    """Those there are, of few only how many."""
    return {name: w if w.n >= min_n else Wait(None, None, w.n, f"n<{min_n}") for name, w in waits.items() if w.n}
