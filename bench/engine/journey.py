"""The journey whose living map is measured: 7 stages of 3 touchpoints, over all 60 event names."""

from __future__ import annotations

from typing import Any

from bench.engine.workload import EVENTS, STAGES

TOUCHPOINTS = 3
ID = "bench"


def document() -> dict[str, Any]:
    """The journey document."""
    stages = [{"id": f"stage-{s}", "name": f"Stage {s}", "touchpoints": _touchpoints(s)} for s in range(len(STAGES))]
    return {"id": ID, "title": "The journey of the benchmark", "stages": stages}


def _touchpoints(stage: int) -> list[dict[str, Any]]:
    parts = [STAGES[stage][k::TOUCHPOINTS] for k in range(TOUCHPOINTS)]
    return [
        {
            "id": f"touchpoint-{stage}-{k}",
            "name": f"Touchpoint {stage}.{k}",
            "match": {"event": [EVENTS[e] for e in part]},
        }
        for k, part in enumerate(parts)
    ]
