"""The field's standard numbers from scores: NPS, CSAT, CES, stars, thumbs, and the conversion and repeat of cases.

NPS = 100·(p − d), p the share of 9–10, d of 0–6, with SE = 100·√((p + d − (p − d)²)/n_eff); n_eff is n when nobody
answers twice. CSAT comes as mean and as top-two-box share, for 1–5 and 1–7 apart. CES is 1–7 with 7 = easy; answers
on the effort scale are turned round (8 − x). Means have the cluster-robust interval of `intervals.py`, shares Wilson's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.model import Rules, Summary
from desirepath.insight.emotion import mean_of
from desirepath.insight.feedback import Feedback
from desirepath.insight.intervals import Z, clustered_mean, independent
from desirepath.insight.measures import rate, withheld
from desirepath.insight.model import Estimate

PROMOTER, DETRACTOR = 9, 6
Mask = NDArray[np.bool_]


def kpis_of(feedback: Feedback, rows: Mask, min_n: int) -> dict[str, Estimate]:
    """Every number that these rows of feedback have data for."""
    scored = feedback.where(rows & ~np.isnan(feedback.emotion))
    return dict(_kpis(scored, min_n)) if len(scored) else {}


def _kpis(feedback: Feedback, min_n: int) -> Iterator[tuple[str, Estimate]]:
    def on(*scales: str) -> Mask:
        return np.asarray(np.logical_or.reduce([feedback.scale == scale for scale in scales]))

    if (nps := on("nps")).any():
        yield "nps", _nps(feedback, nps, min_n)
    for suffix, points in (("", 5), ("7", 7)):
        if (csat := on(f"csat{points}")).any():
            yield f"csat{suffix}_mean", _mean(feedback.score, feedback, csat, points, min_n)
            yield f"csat{suffix}_top2", _share(feedback.score >= points - 1, csat, min_n)
    if (ces := on("ces7", "ces7_effort")).any():
        ease = np.where(feedback.scale == "ces7_effort", 8 - feedback.score, feedback.score)
        yield "ces_mean", _mean(ease, feedback, ces, 7, min_n)
    if (stars := on("stars")).any():
        yield "stars_mean", _mean(feedback.score, feedback, stars, 5, min_n, "stars")
    if (thumbs := on("thumbs")).any():
        yield "thumbs_share", _share(feedback.score >= 0.5, thumbs, min_n)
    mean = mean_of(feedback, np.ones(len(feedback), bool))
    if mean is not None:
        hidden = withheld(mean.n, min_n)
        low, high = (None, None) if hidden else (mean.low, mean.high)
        yield "emotion", Estimate(None if hidden else mean.value, low, high, mean.n, "score", hidden)


def _nps(feedback: Feedback, rows: Mask, min_n: int) -> Estimate:
    scores, n = feedback.score[rows], int(rows.sum())
    if hidden := withheld(n, min_n):
        return Estimate(None, None, None, n, "points", hidden)
    promoters, detractors = int((scores >= PROMOTER).sum()), int((scores <= DETRACTOR).sum())
    net = (promoters - detractors) / n
    _, n_eff = independent(feedback.cluster[rows])
    half = Z * math.sqrt(((promoters + detractors) / n - net**2) / n_eff)
    return Estimate(100 * net, 100 * max(-1.0, net - half), 100 * min(1.0, net + half), n, "points")


def _mean(
    scores: NDArray[np.float64], feedback: Feedback, rows: Mask, best: int, min_n: int, unit: str = "score"
) -> Estimate:
    n = int(rows.sum())
    if hidden := withheld(n, min_n):
        return Estimate(None, None, None, n, unit, hidden)
    mean = clustered_mean(scores[rows], feedback.cluster[rows], 1, best)
    return Estimate(mean.value, mean.low, mean.high, n, unit)


def _share(hits: Mask, rows: Mask, min_n: int) -> Estimate:
    return rate(int((hits & rows).sum()), int(rows.sum()), min_n)


ALIASES = {"csat": "csat_mean", "ces": "ces_mean", "stars": "stars_mean", "thumbs": "thumbs_share"}
COMPUTED = {
    "nps", "csat_mean", "csat_top2", "csat7_mean", "csat7_top2", "ces_mean", "stars_mean", "thumbs_share", "emotion",
    "conversion", "repeat_purchase",
}  # fmt: skip
"""The names that `kpis` of a journey may ask for; others can only come from metrics."""


def of_cases(rules: Rules, summary: Summary, repeated: tuple[int, int] | None, min_n: int) -> dict[str, Estimate]:
    """conversion: cases that reach the end ÷ all cases. repeat_purchase: customers who reach the journey's end event
    twice or more ÷ customers who reach it at all (`repeated`).
    """
    if rules.end is None:
        return {}
    found = {"conversion": rate(int(summary.completed), int(summary.cases), min_n)}
    return found if repeated is None else found | {"repeat_purchase": rate(*repeated, min_n)}


def asked_for(
    wanted: Sequence[str], found: dict[str, Estimate], metrics: Sequence[dict[str, Any]]
) -> tuple[dict[str, Estimate], list[str]]:
    """The KPIs with data and, without a value, those that the journey asks for; and the names that nothing can fill."""
    names = [ALIASES.get(name, name) for name in wanted]
    empty = {name: Estimate(None, None, None, 0) for name in names if name in COMPUTED and name not in found}
    measured = {m["metric"] for m in metrics}
    lacking = [w for w, name in zip(wanted, names, strict=True) if name not in found and not {w, name} & measured]
    return found | empty, lacking
