"""Mappings in YAML: read, written, and refused with line and column."""

import pytest

from desirepath.errors import MappingError
from desirepath.intake.mapping_yaml import dump, load

ORDERS = """
source: orders
files: [olist_orders_dataset.csv]
kind: events
timezone: America/Sao_Paulo
case: order_id
customer: {column: customer_id, lookup: {file: customers.csv, key: customer_id, take: customer_unique_id}}
events:
  - {event: purchased, at: order_purchase_timestamp}
  - {event: {column: step}, at: order_approved_at}
dimensions:
  status: order_status
  late: {sql: "case when a > b then 'yes' else 'no' end"}
  yes: {column: yes_or_no, values: {yes: "1", no: null}}
---
source: hotel_reviews
files: reviews.csv
kind: feedback
feedback: {id: id, text: review, score: {column: label, scale: thumbs}, kind: review, language: null}
---
source: loyalty
kind: keys
keys: {customer: id, email: mail, phone: {column: tel, region: PT}}
"""


def test_blocks_say_what_rows_yield():
    orders, reviews, loyalty = load(ORDERS).blocks
    assert orders.customer.lookup[0].take == "customer_unique_id"
    assert [(e.event.constant, e.event.column, e.at.column) for e in orders.all_events] == [
        ("purchased", None, "order_purchase_timestamp"),
        (None, "step", "order_approved_at"),
    ]
    assert orders.dimensions["yes"].values == {"yes": "1", "no": None}
    assert (reviews.files, reviews.feedback[0].kind.constant, reviews.feedback[0].language) == (
        ("reviews.csv",),
        "review",
        None,
    )
    assert [(k, v.column, v.type, v.region) for k, v in loyalty.keys.items()] == [
        ("customer", "id", "customer", None),
        ("email", "mail", "email", None),
        ("phone", "tel", "phone", "PT"),
    ]


def test_a_written_mapping_reads_back_the_same():
    mapping = load(ORDERS)
    assert load(dump(mapping)) == mapping


def test_blocks_may_stand_in_a_list():
    listed = "- {source: a, customer: c, event: e, at: t}\n- {source: b, customer: c, event: e, at: t}\n"
    assert [b.source for b in load(listed).blocks] == ["a", "b"]


def test_a_file_is_read_and_named_in_errors(tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text("source: a\nkind: event\n")
    with pytest.raises(MappingError, match=r"^m.yaml:2:1: kind 'event' is not one of"):
        load(path)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n" for before, name in ["ab", "bc", "cd", "de", "ef"]
)
EVENTS = "source: x\ncustomer: c\nevent: e\nat: t\n"


@pytest.mark.parametrize(
    ("text", "what", "place", "hint"),
    [
        ("source: x\ncutsomer: y\n", "unknown key 'cutsomer'", "line 2, column 1", "did you mean 'customer'"),
        (EVENTS + "dimensions: {d: {colum: x}}\n", "unknown key 'colum'", "line 5, column 18", "did you mean 'column'"),
        ("source: x\nkind: event\n", "not one of events, feedback", "line 2, column 1", "did you mean 'events'"),
        ("kind: events\n", "'source' is missing", "line 1, column 1", ""),
        ("source: x\nevents:\n  - {event: a}\n", "'at' is missing in events.0", "line 3, column 5", ""),
        ("source: x\nevent: e\nat: t\n", "needs `customer`", "line 1, column 1", ""),
        ("source: x\ncustomer: c\n", "needs `event` and `at`", "line 1, column 1", ""),
        (EVENTS + "timezone: Mars/Base\n", "no time zone that is known: 'Mars/Base'", "line 1, column 1", ""),
        (EVENTS + "time_format: fuzzy\n", "time_format that is neither", "line 1, column 1", ""),
        (
            EVENTS + "case: {column: a, constant: b}\n",
            "exactly one of column, constant and sql",
            "line 5, column 1",
            "",
        ),
        (
            "source: x\nkind: feedback\nfeedback: {text: t, score: {column: s, scale: ten}}\n",
            "is no scale",
            "line 3",
            "",
        ),
        ("source: x\nkind: feedback\nfeedback: {id: t}\n", "needs a text or a score", "line 3", ""),
        ("source: x\nkind: metrics\nmetrics: {metric: m, from: f, value: v}\n", "either `to` or `every", "line 3", ""),
        ("source: x\nkind: keys\nkeys: {email: mail}\n", "at least two `keys`", "line 1", ""),
        (
            EVENTS + "feedback: {text: t}\n",
            "a block of events does not use `feedback`",
            "line 5, column 1",
            "of its own",
        ),
        (EVENTS + "metrics: {metric: m, from: f, every: day, value: v}\n", "does not use `metrics`", "line 5", "`---`"),
        (EVENTS + "keys: {customer: c, email: e}\n", "does not use `keys`", "line 5", "of its own"),
        (EVENTS + "events: [{event: a, at: b}]\n", "with a list of `events` does not use `event`", "line 3", "leave"),
        (
            "source: x\nkind: feedback\nfeedback: {text: t}\nevents: [{event: a, at: b}]\n",
            "a block of feedback does not use `events`",
            "line 4, column 1",
            "of its own",
        ),
        (
            "source: x\nkind: customers\ncustomer: c\ncase: d\n",
            "customers does not use `case`",
            "line 4",
            "leave it out",
        ),
        (EVENTS + "sql: select 1\n", "a block of events with `sql` does not use `event`", "line 3", "leave it out"),
        ("source: x\nsource: y\n", "stands twice", "line 2, column 1", "first in line 1"),
        (EVENTS + "dimensions: {a: b, c}\n", "the key 'c' has no value", "line 5, column 20", "in quotes"),
        ("source: [\n", "cannot be read as YAML", "line 2, column 1", ""),
        ("source: !!python/object:os.system x\n", "is not understood", "line 1", ""),
        ("source: " + "[" * 60 + "]" * 60 + "\n", "nested deeper", "line 1", ""),
        (BOMB, "grows to more than 50,000 values", "line", ""),
        ("\n", "holds no mapping", "", "source: NAME"),
        ("- just\n- words\n", "is not a mapping", "line 1", ""),
    ],
)
def test_what_is_wrong_and_where(text, what, place, hint):
    with pytest.raises(MappingError) as error:
        load(text)
    assert what in error.value.what
    assert place in (error.value.where or "")
    assert hint in (error.value.hint or "")
