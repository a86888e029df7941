"""Planted emotions found again: simulated companies, imported and mapped, their points held against the truth.

For each touchpoint with answers the map gives a mean with its 95 % interval, plain and pooled, and beside it that of
the answers alone. The truth knows what customers *felt* there (all who passed) and what those who answered *told*; the
share of points whose interval holds it is the coverage, the mean of map − truth the bias.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

import desirepath as dp
from desirepath.simulate.company import simulate

CUSTOMERS = 1_000
KINDS = ("", "_pooled", "_sampling")
"""Of intervals: of all who were there, the same pooled, and of those who answer."""


def planted(seeds: int, first: int = 0) -> dict[str, Any]:
    points = [point for seed in range(first, first + seeds) for point in _points(seed)]
    out: dict[str, Any] = {"seeds": seeds, "customers": CUSTOMERS, "points": len(points)}
    for truth in ("felt", "told"):
        known = [p for p in points if p[truth] is not None]
        out[truth] = {
            "points": len(known),
            **{f"coverage{kind}": _coverage(known, truth, kind) for kind in KINDS},
            "bias": float(np.mean([p["score"] - p[truth] for p in known])),
            "bias_everyone": float(np.mean([p["everyone"] - p[truth] for p in known])),
        }
        print(f"planted: {truth}: {out[truth]}", flush=True)
    out["median_half"] = {kind: float(np.median([_half(p, kind) for p in points])) for kind in KINDS}
    out["by_touchpoint"] = _by_touchpoint(points)
    return out


def _coverage(points: list[dict[str, Any]], truth: str, kind: str) -> float:
    return float(np.mean([p[f"low{kind}"] <= p[truth] <= p[f"high{kind}"] for p in points]))


def _half(point: dict[str, Any], kind: str) -> float:
    return float(point[f"high{kind}"] - point[f"low{kind}"]) / 2


def _points(seed: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        made, room = Path(folder) / "company", Path(folder) / "room"
        simulate(made, customers=CUSTOMERS, seed=seed)
        truth = json.loads((made / "truth.json").read_text("utf-8"))["emotion"]
        ws = dp.init(room)
        ws.ingest(made / "exports", mapping=made / "mapping.yaml")
        journey = ws.add_journey(made / "journey.yaml")
        found = ws.map(journey.id).touchpoints
        ws.close()
    points = []
    for t in found:
        felt = t.emotion
        if felt.score is None or truth.get(t.id, {}).get("felt") is None:
            continue
        points.append(
            {
                "seed": seed, "touchpoint": t.id, "n": felt.n, "score": felt.score, "everyone": felt.everyone,
                "low": felt.low, "high": felt.high,
                "low_pooled": felt.pooled_low, "high_pooled": felt.pooled_high,
                "low_sampling": felt.sampling_low, "high_sampling": felt.sampling_high,
                "felt": truth[t.id]["felt"], "told": truth[t.id]["told"], "sources": felt.sources,
            }
        )  # fmt: skip
    print(f"planted: seed {seed}: {_coverage(points, 'felt', ''):.2f} of {len(points)}", flush=True)
    return points


def _by_touchpoint(points: list[dict[str, Any]]) -> dict[str, Any]:
    names = dict.fromkeys(p["touchpoint"] for p in points)
    own = {name: [p for p in points if p["touchpoint"] == name] for name in names}
    return {
        name: {
            "n": float(np.mean([p["n"] for p in of])),
            "bias": float(np.mean([p["score"] - p["felt"] for p in of])),
            "coverage": _coverage(of, "felt", ""),
        }
        for name, of in own.items()
    }
