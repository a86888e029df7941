"""One person over several systems: normalised hashed keys, merges by rules, and merges taken back."""

import itertools
import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.errors import DesirepathError
from desirepath.intake import identity, keys
from desirepath.intake.identity import Rules, decide, join, links, resolve, undo


def joined(*pairs, decisions=(), rules=None):
    table = pa.table(
        {"a": pa.array([a for a, _ in pairs], pa.string()), "b": pa.array([b for _, b in pairs], pa.string())}
    )
    persons = join(table, list(decisions), rules or Rules())
    found = dict(zip(persons.links["id"].to_pylist(), persons.links["person"].to_pylist(), strict=True))
    return found, [(r.a, r.b, r.reason) for r in persons.refused]


def test_ids_that_are_joined_are_one_person_named_by_the_best_id():
    assert joined(("email:e", "device:d"), ("u1", "email:e")) == ({"email:e": "u1", "device:d": "u1"}, [])
    assert joined(("phone:p", "email:e")) == ({"phone:p": "email:e"}, [])


def test_nothing_to_join():
    assert joined() == ({}, [])


@pytest.mark.parametrize("value", ["0", "000", "--", "-1", "null", "Guest", "ANONYMOUS", "undefined", "NaN"])
def test_values_that_identify_nobody_join_nobody(value):
    found, refused = joined(("u1", f"loyalty:{value}"), ("u2", f"loyalty:{value}"))
    assert found == {}
    assert {r for *_, r in refused} == {"a value that identifies nobody"}


def test_two_identified_customers_are_not_merged():
    found, refused = joined(("u1", "email:e"), ("u2", "email:e"))
    assert found == {"email:e": "u1"}
    assert refused == [("email:e", "u2", "two persons with a customer id of their own")]


def test_a_person_may_have_so_many_ids_of_a_type():
    rules = Rules({"customer": 1, "email": 2})
    found, refused = joined(*[("u1", f"email:e{i}") for i in range(4)], rules=rules)
    assert found == {"email:e0": "u1", "email:e1": "u1"}
    assert [r for *_, r in refused] == ["more than 2 email ids"] * 2


def test_a_decision_by_hand_overrules_and_can_be_split():
    pairs = [("u1", "email:e"), ("u2", "email:e")]
    assert joined(*pairs, decisions=[("merge", "u1", "u2")])[0] == {"u2": "u1", "email:e": "u1"}
    assert joined(("u1", "email:e"), decisions=[("split", "email:e", "u1")]) == (
        {},
        [("email:e", "u1", "split by hand")],
    )


IDS = st.sampled_from(
    ["u1", "u2", "u3", "email:a", "email:b", "phone:p", "device:x", "device:y", "loyalty:7", "loyalty:0"]
)


@given(st.lists(st.tuples(IDS, IDS), max_size=12), st.randoms())
@settings(max_examples=100, deadline=None)
def test_persons_do_not_depend_on_the_order_and_keep_the_rules(pairs, chance):
    shuffled = [(b, a) if chance.random() < 0.5 else (a, b) for a, b in pairs]
    chance.shuffle(shuffled)
    found, refused = joined(*pairs)
    assert (found, refused) == joined(*shuffled)
    persons = {}
    for id_ in {i for pair in pairs for i in pair}:
        persons.setdefault(found.get(id_, id_), set()).add(id_)
    for members in persons.values():
        assert sum(":" not in m for m in members) <= 1
        assert sum(m.startswith("loyalty:") for m in members) <= 1
    said_no = {frozenset(r[:2]) for r in refused}
    for a, b in pairs:
        same = found.get(a, a) == found.get(b, b)
        assert same or frozenset((a, b)) in said_no


def test_a_large_component_is_joined_whole():
    chain = list(itertools.pairwise([f"device:d{i:05d}" for i in range(5_000)]))
    random.Random(1).shuffle(chain)
    found, refused = joined(*chain, rules=Rules(others=10_000))
    assert (len(found), set(found.values()), refused) == (4_999, {"device:d00000"}, [])


def test_keys_of_one_row_are_normalised_hashed_and_paired(bench):
    bench.put(
        crm_csv="id,mail,tel\nu1, Anna@Example.org ,+351 912 345 678\nu2,not-an-address,912345679\nu3,,\n",
        app_csv="mail,event,time\nanna@example.ORG,open,2024-05-01\n",
    )
    summary = bench.take(
        "source: crm\nfiles: [crm.csv]\nkind: keys\n"
        "keys: {customer: id, email: mail, phone: {column: tel, region: PT}}\n"
        "---\nsource: app\nfiles: [app.csv]\ncustomer: {column: mail, type: email}\nevent: event\nat: time\n"
    )
    (app_id,) = bench.rows("events", "customer")[0]
    assert app_id.startswith("email:") and "anna" not in app_id
    pairs = bench.rows("keys", "a", "b")
    assert ("u1", app_id) in pairs
    assert [b[:6] for a, b in pairs if a == "u2"] == ["phone:"]
    assert summary.reasons == {"fewer than two keys": 1}
    assert summary.cells == {"not an e-mail address": 1}
    found = dict(zip(*[c.to_pylist() for c in links(bench.lake, bench.database).columns], strict=True))
    assert found[app_id] == "u1"


def test_a_phone_is_the_same_however_it_is_written():
    written = ["+351 912 345 678", "00351912345678", "912-345-678", "(912) 345678"]
    assert len({keys.phone(t, "PT", "secret") for t in written}) == 1
    assert keys.phone("912345678", None, "secret") is None
    assert keys.phone("hello", "PT", "secret") is None


def test_another_workspace_hashes_otherwise():
    assert keys.canonical("a@b.org", "email", "one") != keys.canonical("a@b.org", "email", "two")


def test_sql_and_python_make_the_same_ids(bench):
    hidden = keys.secret(bench.database)
    bench.put(a_csv="who,event,time\n A@B.org,x,2024-05-01\n")
    bench.take("source: a\ncustomer: {column: who, type: email}\nevent: event\nat: time\n")
    assert bench.rows("events", "customer") == [(keys.canonical(" A@B.org", "email", hidden),)]


def test_decisions_are_kept_and_taken_back(bench):
    number = decide(bench.database, "merge", "u2", "u1", reason="same address", author="ana")
    assert links(bench.lake, bench.database).to_pylist() == [{"id": "u2", "person": "u1"}]
    undo(bench.database, number)
    assert resolve(bench.lake, bench.database).links.num_rows == 0
    with pytest.raises(DesirepathError, match="no decision"):
        undo(bench.database, number)
    with pytest.raises(DesirepathError, match="merge or split"):
        decide(bench.database, "marry", "a", "b")


def test_merges_change_no_event(bench):
    bench.put(a_csv="who,event,time\nu1,x,2024-05-01\nu2,x,2024-05-01\n")
    bench.take("source: a\ncustomer: who\nevent: event\nat: time\n")
    decide(bench.database, "merge", "u1", "u2")
    assert bench.rows("events", "customer") == [("u1",), ("u2",)]
    assert identity.links(bench.lake, bench.database).num_rows == 1
