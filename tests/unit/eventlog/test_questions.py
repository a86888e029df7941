"""Questions beside the summary, on walks so short that every answer can be checked in the head."""

from __future__ import annotations

from typing import Any

import pytest

from desirepath.eventlog.model import Path, Rules, Scope
from desirepath.eventlog.runner import (
    channel_moves,
    completed,
    errands,
    follows,
    follows_by,
    sessions,
    stages,
    summaries,
    summarise,
    variants,
)

M = Rules.Match
MINUTE = 60_000_000


def rules(**more: Any) -> Rules:
    return Rules(tuple((M(event=(letter,)),) for letter in "abc"), (0, 0, 1), 2, **more)


@pytest.fixture
def log(make: Any) -> Any:
    """Four customers; an hour lies between two sessions of u."""
    rows = [
        *make.walk("u", "ab", channel="web", d_market="DE"),
        *make.walk("u", "c", start=62, channel="app", d_market="DE"),
        *make.walk("v", "ac", channel="app", d_market="FR"),
        *make.walk("w", "ba", channel=None, d_market="DE"),
        *make.walk("email:1", "b", channel="web", d_market="FR"),
    ]
    return make.log(rows, links={"email:1": "x"}, dims=("market",))


def paths(log: Any, scope: Scope) -> dict[str, int]:
    return {"".join(log.event_names[c] for c in path): n for path, n in variants(log, scope)}


def test_an_audience_is_named_by_any_of_its_ids(log: Any) -> None:
    assert paths(log, Scope(audience=("v", "email:1", "nobody"))) == {"ac": 1, "b": 1}
    assert paths(log, Scope(audience=())) == {}


def test_paths_taken_and_not_taken(log: Any) -> None:
    a_then_c = (("a",), ("c",))
    assert paths(log, Scope(paths=(Path(a_then_c),))) == {"abc": 1, "ac": 1}
    assert paths(log, Scope(paths=(Path(a_then_c, within_s=120),))) == {"ac": 1}
    assert paths(log, Scope(paths=(Path(a_then_c, taken=False),))) == {"ba": 1, "b": 1}
    assert paths(log, Scope(paths=(Path((("[ab]",), ("[bc]",))), Path((("b",),), taken=False)))) == {"ac": 1}
    assert paths(log, Scope(paths=(Path((("z",),), taken=False),))) == paths(log, Scope())


def test_conditions_work_together(log: Any) -> None:
    scope = Scope(where={"market": ("DE",)}, audience=("u", "v"), paths=(Path((("b",),)),))
    assert paths(log, scope) == {"abc": 1}


def test_sessions_are_cut_after_a_pause(log: Any) -> None:
    found = sessions(log, 1800, Scope(), by="market")
    assert found.groups == ("DE", "FR", None)
    assert found.sessions.tolist() == [3, 2, 0]
    assert found.customers.tolist() == [2, 2, 0]
    assert found.events.tolist() == [5, 3, 0]
    assert found.single.tolist() == [1, 1, 0]
    assert found.duration.n.tolist() == [3, 2, 0]
    assert found.duration.median.tolist()[:2] == [60.0, 30.0]


def test_channels_lead_to_the_end_or_to_nothing(log: Any) -> None:
    found = channel_moves(log, rules(end=M(event=("c",))), Scope())
    assert found.channels == ("app", "web")
    app, web, missing, start, conversion, nothing = range(6)
    counts = {(a, b): int(n) for a, row in enumerate(found.moves) for b, n in enumerate(row) if n}
    assert counts == {
        (start, web): 2, (web, web): 1, (web, app): 1, (app, conversion): 2,  # u
        (start, app): 1, (app, app): 1,  # v
        (start, missing): 1, (missing, missing): 1, (missing, nothing): 1,  # w
        (web, nothing): 1,  # x
    }  # fmt: skip


def test_stages_in_the_order_drawn(log: Any) -> None:
    flow = stages(log, rules(), Scope(), by="market")
    assert flow.entered.tolist() == [[2, 1], [2, 1], [0, 0]]
    assert flow.in_order.tolist() == [[2, 1], [2, 1], [0, 0]]
    assert flow.last.tolist() == [[1, 1], [1, 1], [0, 0]]
    assert flow.dwell[0].median.tolist()[0] == 62 * 60


def test_groups_are_what_a_filter_selects(log: Any) -> None:
    grouped = summaries(log, rules(), Scope(), "market")
    for market in ("DE", "FR"):
        alone = summarise(log, rules(), Scope(where={"market": (market,)}))
        assert grouped[market].touch_cases.tolist() == alone.touch_cases.tolist()
        assert grouped[market].touch_loops.tolist() == alone.touch_loops.tolist()
        assert grouped[market].variants == alone.variants
        own = follows(log, Scope(where={"market": (market,)}))
        assert follows_by(log, Scope(), "market")[market].wait.median.tolist() == own.wait.median.tolist()


def test_errands_are_the_summary_without_names(log: Any) -> None:
    by_visit = rules(session_gap=1800.0)
    whole, part = summarise(log, by_visit, Scope()), errands(log, by_visit, Scope())
    assert (part.cases, part.customers, part.events) == (whole.cases, whole.customers, whole.events) == (5, 4, 8)
    for name in ("touch_cases", "touch_events", "touch_last", "touch_loops", "stage_entered", "stage_continued"):
        assert getattr(part, name).tolist() == getattr(whole, name).tolist()
    assert part.touch_transitions.wait.median.tolist() == whole.touch_transitions.wait.median.tolist()
    assert (part.event_names, part.variants, part.transitions.count.size) == ((), (), 0)


def test_cases_that_reach_the_end(log: Any) -> None:
    assert completed(log, rules(end=M(event=("c",))), Scope()) == 2
    assert completed(log, rules(end=M(event=("b",)), start=M(event=("a",)), trim=True), Scope()) == 1
