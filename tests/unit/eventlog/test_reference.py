"""Every number of a summary against a slow reference that follows the definitions word by word."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from fnmatch import fnmatchcase
from typing import Any
from unittest.mock import patch

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desirepath.eventlog import blocks, counting, staging
from desirepath.eventlog import log as log_
from desirepath.eventlog.measures import stages, tally
from desirepath.eventlog.model import Rules, Scope, Summary, Transitions, Waits
from desirepath.eventlog.runner import summarise

M = Rules.Match
SECOND = 1_000_000
MATCHES = st.builds(
    M,
    event=st.lists(st.sampled_from(["a", "b", "c", "d", "[ab]", "?", "x*"]), max_size=2).map(tuple),
    channel=st.lists(st.sampled_from(["web", "sh*", "*"]), max_size=1).map(tuple),
    where=st.dictionaries(
        st.sampled_from(["tier", "page", "none"]), st.sampled_from([("1",), ("1", "2"), ()]), max_size=1
    ),
)
EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "import": st.integers(1, 2),
            "at": st.integers(0, 40).map(lambda s: s * SECOND),
            "customer": st.sampled_from(["u", "v", "w", "u2", None]),
            "case": st.sampled_from(["k", "l", "u", None]),
            "event": st.sampled_from("abcd"),
            "channel": st.sampled_from(["web", "shop", None]),
            "d_page": st.sampled_from(["1", "2", None]),
        }
    ),
    max_size=30,
)
CUSTOMERS = st.dictionaries(st.sampled_from(["u", "v", "u2"]), st.sampled_from(["1", "2"])).map(
    lambda tiers: [{"customer": c, "d_tier": t} for c, t in tiers.items()]
)


@st.composite
def all_rules(draw: st.DrawFn) -> Rules:
    stage = tuple(sorted(draw(st.lists(st.integers(0, 3), max_size=5))))
    return Rules(
        touchpoints=tuple(draw(st.lists(MATCHES, max_size=2).map(tuple)) for _ in stage),
        stage=stage,
        stages=4,
        start=draw(st.none() | MATCHES),
        end=draw(st.none() | MATCHES),
        end_nth=draw(st.integers(1, 2)),
        trim=draw(st.booleans()),
        session_gap=draw(st.none() | st.sampled_from([0.0, 3.0, 10.0])),
    )


SCOPES = st.builds(
    Scope,
    start=st.none() | st.integers(0, 20).map(lambda s: s * SECOND),
    end=st.none() | st.integers(10, 41).map(lambda s: s * SECOND),
    where=st.dictionaries(
        st.sampled_from(["tier", "page", "channel", "event", "none"]),
        st.lists(st.sampled_from(["1", "2", "web", "a", "b"]), max_size=3).map(tuple),
        max_size=2,
    ),
)


def fulfils(match: M, event: dict[str, Any]) -> bool:
    for globs, value in ((match.event, event["event"]), (match.channel, event["channel"])):
        if globs and (value is None or not any(fnmatchcase(value, g) for g in globs)):
            return False
    return all(event[name] in values for name, values in match.where.items())


def cases_of(events: list[dict[str, Any]], notion: str, linked: dict[str, str], customers: list[dict[str, str]]) -> Any:
    """Cases as (person, events in the total order)."""
    tiers = {linked.get(c["customer"], c["customer"]): c["d_tier"] for c in customers}
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row, e in enumerate(events):
        person = linked.get(e["customer"], e["customer"])
        own, other = (person, e["case"]) if notion == "customer" else (e["case"], person)
        key = ("own", own) if own is not None else ("other", other) if other is not None else ("row", row)
        found[key].append({**e, "row": row, "person": person, "page": e["d_page"], "none": None})
    out = []
    for key, case in found.items():
        case.sort(key=lambda e: (e["at"], e["import"], e["row"]))
        person = next((e["person"] for e in case if e["person"] is not None), key)
        for e in case:
            e["tier"] = tiers.get(person)
        out.append((key if notion == "customer" else person, case))
    return out


def walks_of(cases: Any, rules: Rules, scope: Scope) -> list[tuple[Any, list[dict[str, Any]], int | None]]:
    """Walks in scope as (person, events, index of the event that reaches the end)."""
    pieces = []
    for person, case in cases:
        cut = [0]
        for i in range(1, len(case)):
            if rules.session_gap is not None and case[i]["at"] - case[i - 1]["at"] > rules.session_gap * SECOND:
                cut.append(i)
        pieces += [(person, case[a:z]) for a, z in zip(cut, [*cut[1:], len(case)], strict=True)]
    out = []
    for person, piece in pieces:
        if rules.trim and rules.start is not None:
            begin = next((i for i, e in enumerate(piece) if fulfils(rules.start, e)), len(piece))
            piece = piece[begin:]
        ends = [i for i, e in enumerate(piece) if rules.end is not None and fulfils(rules.end, e)]
        finish = ends[rules.end_nth - 1] if len(ends) >= rules.end_nth else None
        if rules.trim and finish is not None:
            piece = piece[: finish + 1]
        if (
            piece
            and (scope.start is None or piece[0]["at"] >= scope.start)
            and (scope.end is None or piece[0]["at"] < scope.end)
            and all(any(e[name] in values for e in piece) for name, values in scope.where.items())
        ):
            out.append((person, piece, finish))
    return out


def waits(durations: dict[Any, list[int]], items: list[Any]) -> Waits:
    values = [np.array(durations.get(item, []), np.int64) for item in items]
    return Waits(
        np.array([v.size for v in values], np.int64),
        *(np.array([np.quantile(v, q) / 1e6 if v.size else np.nan for v in values]) for q in (0.5, 0.9)),
    )


def transitions(durations: dict[Any, list[int]], cases: Counter[Any]) -> Transitions:
    pairs = sorted(durations)
    wait = waits(durations, pairs)
    source, target = np.array(pairs, np.int64).reshape(-1, 2).T
    return Transitions(source, target, wait.n, np.array([cases[p] for p in pairs], np.int64), wait)


def reference(events: Any, customers: Any, linked: Any, notion: str, rules: Rules, scope: Scope) -> Summary:
    names = sorted({e["event"] for e in events})
    touches, stages = len(rules.touchpoints), rules.stages
    walks = walks_of(cases_of(events, notion, linked, customers), rules, scope)
    c: dict[str, Counter[Any]] = defaultdict(Counter)
    people: dict[Any, set[Any]] = defaultdict(set)
    times: dict[int, list[int]] = defaultdict(list)
    step: dict[Any, list[int]] = defaultdict(list)
    link: dict[Any, list[int]] = defaultdict(list)
    dwell: dict[Any, list[int]] = defaultdict(list)
    variants: Counter[tuple[int, ...]] = Counter()
    paths = []
    for person, piece, finish in walks:
        code = [names.index(e["event"]) for e in piece]
        touch = [
            next((t for t, ms in enumerate(rules.touchpoints) if any(fulfils(m, e) for m in ms)), -1) for e in piece
        ]
        met = [(i, t, rules.stage[t], piece[i]["at"]) for i, t in enumerate(touch) if t >= 0]
        people["all"].add(person)
        c["event"].update(code)
        c["event cases"].update(set(code))
        c["event matched"].update(code[i] for i, *_ in met)
        for a, b, x, y in zip(code, code[1:], piece, piece[1:], strict=False):
            step[a, b].append(y["at"] - x["at"])
        c["step"].update(set(itertools.pairwise(code)))
        variants[tuple(q for i, q in enumerate(code) if i == 0 or q != code[i - 1])[:20]] += 1
        for _, t, s, at in met:
            people["touch", t].add(person)
            people["stage", s].add(person)
            times[t].append(at)
        c["touch"].update(t for _, t, _, _ in met)
        c["touch cases"].update({t for _, t, _, _ in met})
        c["stage cases"].update({s for _, _, s, _ in met})
        c["repeat cases"].update(t for t, n in Counter(t for _, t, _, _ in met).items() if n > 1)
        moves = list(itertools.pairwise(met))
        c["loops"].update(y[1] for k, (x, y) in enumerate(moves) if x[1] != y[1] and y[1] in [m[1] for m in met[:k]])
        for x, y in moves:
            if x[1] != y[1]:
                link[x[1], y[1]].append(y[3] - x[3])
        c["link"].update({(x[1], y[1]) for x, y in moves if x[1] != y[1]})
        c["backtrack"].update({y[2] for x, y in moves if y[2] < x[2]})
        visits = [m for k, m in enumerate(met) if k == 0 or m[2] != met[k - 1][2]]
        for x, y in itertools.pairwise(visits):
            dwell[x[2]].append(y[3] - x[3])
        for s in {m[2] for m in met}:
            first = next(m[0] for m in met if m[2] == s)
            if any(m[0] > first and m[2] > s for m in met) or (finish is not None and finish >= first):
                c["continued"][s] += 1
        if met:
            c["last"][met[-1][1]] += 1
            c["stage last"][met[-1][2]] += 1
            c["single"][met[0][2]] += len(met) == 1
            paths.append([m[2] for m in met])
    with_data = sorted({s for path in paths for s in path})
    skipping = [p for p in paths if any(min(p) < s < max(p) and s not in p for s in with_data)]
    back = [p for p in paths if any(b < a for a, b in itertools.pairwise(p))]
    late = [p for p in paths if p[0] != with_data[0]]
    fitting = [p for p in paths if p not in skipping and p not in back and p not in late]

    def per(name: str, n: int) -> np.ndarray:
        return np.array([c[name][k] for k in range(n)], np.int64)

    def persons(kind: str, n: int) -> np.ndarray:
        return np.array([len(people[kind, k]) for k in range(n)], np.int64)

    into = {t: [d for (_, b), ds in link.items() if b == t for d in ds] for t in range(touches)}
    every = [e["at"] for _, piece, _ in walks for e in piece]
    return Summary(
        customers=len(people["all"]),
        cases=len(walks),
        events=len(every),
        first_time=min(every, default=None),
        last_time=max(every, default=None),
        completed=sum(finish is not None for *_, finish in walks),
        event_names=tuple(names),
        event_count=per("event", len(names)),
        event_cases=per("event cases", len(names)),
        event_touchpoint_count=per("event matched", len(names)),
        transitions=transitions(step, c["step"]),
        stage_entered=per("stage cases", stages),
        stage_customers=persons("stage", stages),
        stage_continued=per("continued", stages),
        stage_last=per("stage last", stages),
        stage_single=per("single", stages),
        stage_backtrack=per("backtrack", stages),
        stage_dwell=waits(dwell, list(range(stages))),
        touch_cases=per("touch cases", touches),
        touch_customers=persons("touch", touches),
        touch_events=per("touch", touches),
        touch_repeat_cases=per("repeat cases", touches),
        touch_loops=per("loops", touches),
        touch_first_time=np.array([min(times[t], default=0) for t in range(touches)], np.int64),
        touch_last_time=np.array([max(times[t], default=0) for t in range(touches)], np.int64),
        touch_last=per("last", touches),
        touch_wait=waits(into, list(range(touches))),
        touch_transitions=transitions(link, c["link"]),
        variants=tuple(sorted(variants.items(), key=lambda v: (-v[1], v[0]))),
        variants_total=len(variants),
        fitting_cases=len(fitting),
        matched_cases=len(paths),
        backtracking_cases=len(back),
        skipping_cases=len(skipping),
        late_start_cases=len(late),
    )


def assert_same(got: Any, expected: Any, where: str = "summary") -> None:
    if hasattr(expected, "__dataclass_fields__"):
        for name in expected.__dataclass_fields__:
            assert_same(getattr(got, name), getattr(expected, name), f"{where}.{name}")
    elif isinstance(expected, dict):
        assert list(got) == list(expected), where
        for key, value in expected.items():
            assert_same(got[key], value, f"{where}[{key}]")
    elif isinstance(expected, np.ndarray):
        np.testing.assert_array_equal(got, expected, where)
    else:
        assert got == expected, where


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    events=EVENTS,
    customers=CUSTOMERS,
    linked=st.sampled_from([{}, {"u2": "u"}]),
    notion=st.sampled_from(["customer", "case"]),
    rules=all_rules(),
    scope=SCOPES,
    threads=st.integers(1, 3),
    small=st.booleans(),
    hashed=st.booleans(),
)
@example([], [], {}, "customer", Rules((), (), 0), Scope(), 2, True, True)
def test_every_number_is_as_defined(
    make: Any, events: Any, customers: Any, linked: Any, notion: str, rules: Rules, scope: Scope,
    threads: int, small: bool, hashed: bool,
) -> None:  # fmt: skip
    """Also in many partitions and blocks, with hashed pairs, and with medians found by histogram."""
    with (
        patch.object(staging, "ROWS_A_PARTITION", 4 if small else 1 << 16),
        patch.object(staging, "MOST_PARTITION_BITS", 3),
        patch.object(staging, "BUDGET", 200 if small else 1 << 29),
        patch.object(blocks, "BLOCK", 5 if small else 1 << 16),
        patch.object(counting, "_SAMPLE", 2 if small else 8),
        patch.object(counting, "_ENOUGH", 4 if small else 64),
        patch.object(counting, "_WORTH", 1.0),
        patch.object(log_, "DENSE", 0 if hashed else 256),
        patch.object(stages, "FEW", 0 if hashed else 12),
        patch.object(tally.Sightings, "_LEAST", 3 if small else 1 << 21),
    ):
        log = make.log(events, notion, customers=customers, links=linked, dims=("tier", "page"), batch=2)
        got = summarise(log, rules, scope, threads)
    assert_same(got, reference(events, customers, linked, notion, rules, scope))
    assert all((w >= 0).all() for w in (got.transitions.wait.median, got.touch_transitions.wait.median))
    assert got.transitions.count.sum() == got.events - got.cases
