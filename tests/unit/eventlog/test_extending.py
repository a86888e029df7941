from typing import Any
import numpy as np, pytest, pyarrow as pa
from hypothesis import given, settings, strategies as st, HealthCheck
from desirepath.eventlog.prepare import prepare
from desirepath.eventlog.runner import summarise
from desirepath.eventlog.model import Rules, Scope
import desirepath.eventlog.extending as ex
import desirepath.eventlog.prepare as pr
from tests.unit.eventlog.test_reference import assert_same, EVENTS, CUSTOMERS, all_rules, SCOPES

EV = st.lists(
    st.fixed_dictionaries(
        {
            "import": st.integers(1, 4),
            "at": st.integers(0, 40).map(lambda s: s * 1_000_000),
            "customer": st.sampled_from(["u", "v", "w", "u2", None]),
            "case": st.sampled_from(["k", "l", "u", None]),
            "event": st.sampled_from("abcde"),
            "channel": st.sampled_from(["web", "shop", None]),
            "d_page": st.sampled_from(["1", "2", None]),
        }
    ),
    max_size=30,
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    events=EV,
    customers=CUSTOMERS,
    notion=st.sampled_from(["customer", "case"]),
    rules=all_rules(),
    scope=SCOPES,
    steps=st.lists(st.sets(st.integers(1, 4)), min_size=2, max_size=4),
    linked=st.lists(st.sampled_from([{}, {"u2": "u"}]), min_size=4, max_size=4),
)
def test_x(make, events, customers, notion, rules, scope, steps, linked):
    ex.MOST = 10.0
    events = sorted(events, key=lambda e: e["import"])
    lake = make.Lake.of(events, customers)
    lake.batch = 3
    folder = make.folder()
    for vis, lk in zip(steps, linked):
        lake.visible = vis
        log = prepare(lake, make.links(lk), notion, folder, dims=("tier", "page"))
        new = prepare(lake, make.links(lk), notion, make.folder(), dims=("tier", "page"))
        a, b = summarise(log, rules, scope, 2), summarise(new, rules, scope, 2)
        assert_same(a, b)
        assert sorted(log.case_ids(log.cases)) == sorted(new.case_ids(new.cases))
        for i in log.case_ids(log.cases)[:3]:
            assert log.timeline(i) == new.timeline(i)
            assert log.timeline(i, "customer") == new.timeline(i, "customer")
