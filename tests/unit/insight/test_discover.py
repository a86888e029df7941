"""`discover` finds planted stages and their order, the case notion, start and end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import kendalltau
from sklearn.metrics import adjusted_rand_score

from desirepath.database import Database
from desirepath.errors import DesirepathError
from desirepath.insight.discover import discover
from desirepath.journey.model import Journey, Session
from desirepath.journey.yaml import dump, load
from desirepath.lake import Lake
from desirepath.lake.schema import EVENTS
from desirepath.simulate import blueprint
from desirepath.simulate.blueprint import Blueprint
from desirepath.simulate.cafe import CAFE
from desirepath.simulate.company import blocks
from desirepath.simulate.rules import Rules

NO_LINKS = pa.table({"id": pa.array([], pa.string()), "person": pa.array([], pa.string())})
Discover = Callable[..., Journey]


@pytest.fixture
def found(tmp_path: Path) -> Discover:
    """Discovers the journey of events given as columns (customer, event, µs, channel, case)."""

    def run(
        customer: Sequence[str],
        event: Sequence[str],
        at: Sequence[int],
        channel: Sequence[str | None] | None = None,
        case: Sequence[str | None] | None = None,
    ) -> Journey:
        n = len(event)
        rows = {
            "row": pa.array(range(n), pa.int64()),
            "at": pa.array(at, pa.int64()).cast(pa.timestamp("us", tz="UTC")),
            "customer": pa.array(customer, pa.string()),
            "case": pa.array(case or [None] * n, pa.string()),
            "event": pa.array(event, pa.string()),
            "channel": pa.array(channel or [None] * n, pa.string()),
            "source": pa.array(["test"] * n),
        }
        schema = pa.schema([f for f in EVENTS if f.name != "import"])
        table = pa.table({f.name: rows.get(f.name, pa.nulls(n, f.type)) for f in schema}, schema)
        lake = Lake(tmp_path / "lake", Database.open(tmp_path / "workspace.db", create=True))
        with lake.begin("test") as into:
            into.write("events", table.to_batches(), schema)
            into.commit({})
        return discover(lake, NO_LINKS, tmp_path / "cache")

    return run


def events_of(plan: Blueprint, customers: int) -> tuple[list[str], list[str], list[int], list[str]]:
    (block,) = blocks(Rules(plan), customers, seed=1)
    steps = [plan.steps[s] for s in block.walked.step]
    who = [f"c{c}" for c in block.walked.customer]
    return who, [s.event for s in steps], (block.walked.at * 1000).tolist(), [s.channel for s in steps]


def agreement(journey: Journey, plan: Blueprint) -> tuple[float, float]:
    """Adjusted Rand index of the stages and Kendall's τ-b of their order, over the event names."""
    stage = {m.event[0]: s for s, drawn in enumerate(journey.stages) for t in drawn.touchpoints for m in t.match}
    true = [plan.stages.index(plan.event_stage[name]) for name in stage]
    drawn = list(stage.values())
    return adjusted_rand_score(true, drawn), float(kendalltau(true, drawn).statistic)


@pytest.mark.parametrize("seed", range(10))
def test_stages_of_a_company_with_neutral_names_are_found(found: Discover, seed: int) -> None:
    plan = blueprint.random(seed)
    journey = found(*events_of(plan, 600))
    assert len(journey.touchpoints) == len(plan.event_stage)
    rand, tau = agreement(journey, plan)
    assert rand >= 0.8
    assert tau >= 0.9
    assert load(dump(journey)) == journey


def test_stages_of_the_cafe_are_found_with_the_help_of_words(found: Discover) -> None:
    journey = found(*events_of(CAFE, 1500))
    rand, tau = agreement(journey, CAFE)
    assert rand >= 0.8
    assert tau >= 0.9
    assert journey.case == "customer"  # parcels arrive days after the visit that ordered them
    channels = {t.match[0].event[0]: t.channel for t in journey.touchpoints}
    assert channels["menu_view"] == "app"
    assert channels["payment_done"] is None  # paid in the app, on the web and by invoice
    assert journey.end is not None
    assert {"coffee_served", "order_pickup", "order_delivered"} <= set(journey.end.event)


def shop_walks(visits: int, pause_s: int) -> tuple[list[str], list[str], list[int]]:
    """Everybody comes several times and walks home, product, cart, purchase, ten seconds a step."""
    who, event, at = [], [], []
    for c in range(30):
        for v in range(visits):
            for i, name in enumerate(("home", "product", "cart", "purchase")):
                who.append(f"c{c}")
                event.append(name)
                at.append((v * pause_s + i * 10 + c) * 1_000_000)
    return who, event, at


def test_pauses_cut_customers_into_visits(found: Discover) -> None:
    journey = found(*shop_walks(visits=5, pause_s=86_400))
    assert isinstance(journey.case, Session)
    assert 40 < journey.case.seconds < 86_400


def test_a_customer_who_comes_once_is_the_case(found: Discover) -> None:
    assert found(*shop_walks(visits=1, pause_s=0)).case == "customer"


def test_the_sources_own_cases_are_taken(found: Discover) -> None:
    who, event, at = shop_walks(visits=5, pause_s=86_400)
    case = [f"{c}-{t // 86_400_000_000}" for c, t in zip(who, at, strict=True)]
    assert found(who, event, at, case=case).case == "case"


def test_start_end_and_names_come_from_words(found: Discover) -> None:
    journey = found(*shop_walks(visits=1, pause_s=0))
    assert journey.start is not None
    assert journey.start.event == ("home",)
    assert journey.end is not None
    assert journey.end.event == ("purchase",)
    assert [t.match[0].event[0] for t in journey.touchpoints] == ["home", "product", "cart", "purchase"]
    assert isinstance(journey.stages[0].name, dict)
    assert journey.stages[0].name["ru"] == "Знакомство"


def test_rare_names_stay_unmatched_and_numbered_ones_become_one(found: Discover) -> None:
    who, event, at = [], [], []
    rng = np.random.default_rng(3)
    for c in range(400):
        for i, name in enumerate(("open", f"page_{rng.integers(200)}", "basket [new]", "buy")):
            who.append(f"c{c}")
            event.append(name)
            at.append((i * 10 + c) * 1_000_000)
    event[2] = "typo"
    journey = found(who, event, at)
    names = {t.id: t.match[0].event for t in journey.touchpoints}
    assert "typo" not in names
    assert len(names) == 4
    assert len(names["page"]) > 100
    assert names["basket-new"] == ("basket [[]new]",)


def test_no_events_is_an_error_that_says_so(found: Discover) -> None:
    with pytest.raises(DesirepathError, match="no events"):
        found([], [], [])
