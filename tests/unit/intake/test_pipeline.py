"""What rows become: events of one or several times, feedback, metrics, customers; what goes to quarantine and why."""

import pytest

from desirepath.errors import IntakeError, MappingError

CLICKS = "source: web\nfiles: [clicks.csv]\ncustomer: user\nevent: event\nat: time\n"


def test_one_row_is_one_event(bench):
    bench.put(clicks_csv="user,event,time\n u1 ,home,2024-05-01 10:00\nu2,buy,2024-05-01 10:05\n")
    summary = bench.take(CLICKS)
    assert bench.rows("events", "customer", "event", "at") == [
        ("u1", "home", "2024-05-01T10:00:00"),
        ("u2", "buy", "2024-05-01T10:05:00"),
    ]
    assert (summary.rows, summary.accepted, summary.quarantined) == (2, 2, 0)
    assert (summary.events, summary.customers, summary.first, summary.last) == (
        2,
        2,
        "2024-05-01T10:00:00.000000Z",
        "2024-05-01T10:05:00.000000Z",
    )
    assert any("UTC" in a for a in summary.assumptions)


def test_an_id_keeps_all_its_characters(bench):
    bench.put(clicks_csv="user,event,time\nu00a0u,tau,2024-05-01\n0,nan-u,2024-05-02\n")
    bench.take(CLICKS)
    assert bench.rows("events", "customer", "event") == [("u00a0u", "tau"), ("0", "nan-u")]


def test_one_row_is_several_events_and_a_missing_time_is_none(bench):
    bench.put(orders_csv="id,who,bought,paid,sent\nA,u1,2024-05-01,2024-05-02,2024-05-03\nB,u2,2024-05-01,,\n")
    bench.take(
        """
        source: shop
        files: [orders.csv]
        case: id
        customer: who
        events:
          - {event: bought, at: bought}
          - {event: paid, at: paid, channel: {constant: bank}}
          - {event: sent, at: sent}
        channel: {constant: web}
        """
    )
    assert bench.rows("events", "case", "event", "channel") == [
        ("A", "bought", "web"),
        ("A", "paid", "bank"),
        ("A", "sent", "web"),
        ("B", "bought", "web"),
    ]


def test_events_of_one_row_and_one_time_keep_the_order_of_the_mapping(bench):
    bench.put(orders_csv="who,a,b\nu1,2024-05-01,2024-05-01\nu2,2024-05-01,2024-05-01\n")
    bench.take("source: s\ncustomer: who\nevents: [{event: second, at: b}, {event: first, at: a}]\n")
    assert [e for (e,) in bench.rows("events", "event")] == ["second", "first", "second", "first"]


def test_a_row_none_of_whose_times_can_be_read_is_quarantined_with_the_first_bad_one(bench):
    bench.put(orders_csv="who,a,b\nu1,,\nu2,,soon\nu3,2024-05-01,soon\n")
    summary = bench.take("source: s\ncustomer: who\nevents: [{event: a, at: a}, {event: b, at: b}]\n")
    assert bench.quarantine() == [
        (2, "a", "", "no time", True),
        (3, "b", "soon", "not a time", True),
        (4, "b", "soon", "not a time", False),
    ]
    assert (summary.rows, summary.accepted, summary.quarantined) == (3, 1, 2)
    assert summary.reasons == {"no time": 1, "not a time": 1}
    assert summary.cells == {"not a time": 1}


@pytest.mark.parametrize("nobody", ["", "null", "NaN", "guest", "anonymous", "-1"])
def test_a_row_without_customer_is_quarantined(bench, nobody):
    bench.put(clicks_csv=f"user,event,time\nu1,home,2024-05-01\n{nobody},buy,2024-05-02\n")
    summary = bench.take(CLICKS)
    assert bench.quarantine() == [(3, "user", nobody, "no customer", True)]
    assert summary.reasons == {"no customer": 1}


def test_anonymous_rows_are_kept_where_the_mapping_says_so(bench):
    bench.put(clicks_csv="user,event,time\n,home,2024-05-01\n")
    summary = bench.take(CLICKS + "anonymous: keep\n")
    assert bench.rows("events", "customer", "event") == [(None, "home")]
    assert (summary.accepted, summary.customers) == (1, 0)


def test_a_customer_number_that_went_through_a_spreadsheet_loses_its_decimals(bench):
    bench.put(clicks_csv="user,event,time\n17850.0,home,2024-05-01\n17850,buy,2024-05-02\n")
    summary = bench.take(CLICKS)
    assert summary.customers == 1
    assert any("17850.0" in a for a in summary.assumptions)


def test_dimensions_are_columns_constants_value_maps_and_sql(bench):
    bench.put(clicks_csv="user,event,time,dev,due\nu1,home,2024-05-03,m,2024-05-01\nu2,home,2024-05-01,d,2024-05-02\n")
    bench.take(
        CLICKS
        + """
dimensions:
  device: {column: dev, values: {m: mobile}}
  site: {constant: main}
  late: {sql: "case when time > due then 'yes' else 'no' end"}
  due: due
"""
    )
    assert bench.rows("events", "d_device", "d_site", "d_late", "d_due") == [
        ("mobile", "main", "yes", "2024-05-01"),
        ("d", "main", "no", "2024-05-02"),
    ]


def test_lookups_follow_keys_through_other_files(bench):
    bench.put(
        reviews_csv="order,text\nA,good\nB,bad\nC,lost\n",
        orders_csv="order,account\nA,7\nB,8.0\n",
        people_csv="account,person,person2\n7,anna,x\n8,boris,y\n8,carla,z\n",
    )
    summary = bench.take(
        """
        source: s
        files: [reviews.csv]
        kind: feedback
        feedback:
          text: text
          customer:
            column: order
            lookup: [{file: orders.csv, key: order, take: account}, {file: people.csv, key: account, take: person}]
        """
    )
    assert bench.rows("feedback", "text", "customer") == [("good", "anna"), ("bad", "boris"), ("lost", None)]
    assert summary.rows == 3
    assert summary.feedback_without_customer == 1
    assert summary.cells == {"customer not found in people.csv": 1}
    assert any("people.csv" in a and "first row" in a for a in summary.assumptions)


def test_a_row_whose_customer_is_not_in_the_lookup_file_is_quarantined_for_that(bench):
    bench.put(clicks_csv="key,event,time\nk9,buy,2024-05-01\nk1,buy,2024-05-01\n", who_csv="key,user\nk1,u1\n")
    mapping = CLICKS.replace("user", "{column: key, lookup: {file: who.csv, key: key, take: user}}")
    bench.take(mapping, "clicks.csv")  # the lookup file lies beside it
    assert bench.quarantine() == [(2, "key", "k9", "customer not found in who.csv", True)]


def test_columns_are_renamed(bench):
    bench.put(clicks_csv="Kunde,Was,Wann\nu1,home,2024-05-01\n")
    bench.take(CLICKS + "rename: {Kunde: user, Was: event, Wann: time}\n")
    assert bench.rows("events", "customer", "event") == [("u1", "home")]


def test_a_number_column_with_text_costs_the_cell_only(bench):
    bench.put(clicks_csv="user,event,time,price\nu1,buy,2024-05-01,9.5\nu2,buy,2024-05-01,gratis\nu3,buy,2024-05-01,\n")
    summary = bench.take(CLICKS + "value: price\n")
    assert bench.rows("events", "customer", "value") == [("u1", 9.5), ("u2", None), ("u3", None)]
    assert bench.quarantine() == [(3, "price", "gratis", "not a number", False)]
    assert (summary.accepted, summary.quarantined) == (3, 0)


def test_decimal_commas_are_told_from_the_column(bench):
    bench.put(clicks_csv='user,event,time,price\nu1,buy,2024-05-01,"1.234,50 €"\nu2,buy,2024-05-01,"7,5"\n')
    summary = bench.take(CLICKS + "value: price\n")
    assert bench.rows("events", "value") == [(1234.5,), (7.5,)]
    assert "price: the comma is read as the decimal sign" in summary.assumptions


def test_exact_repeats_are_kept_unless_the_mapping_drops_them(bench):
    text = "user,event,time\nu1,buy,2024-05-01\nu1,buy,2024-05-01\n,buy,2024-05-01\n,buy,2024-05-01\n"
    bench.put(clicks_csv=text)
    assert bench.take(CLICKS).events == 2
    dropped = bench.take(CLICKS.replace("web", "again") + "duplicates: drop\n")
    assert (dropped.rows, dropped.accepted, dropped.quarantined, dropped.events, dropped.duplicates) == (4, 2, 2, 1, 1)


def test_an_event_id_comes_in_once_also_from_a_later_file(bench):
    bench.put(clicks_csv="id,user,event,time\n1,u1,buy,2024-05-01\n1,u1,buy,2024-05-01\n2,u1,buy,2024-05-02\n")
    first = bench.take(CLICKS + "event_id: id\n")
    bench.put(clicks_csv="id,user,event,time\n2,u1,buy,2024-05-02\n3,u1,buy,2024-05-03\n")
    second = bench.take(CLICKS + "event_id: id\n")
    assert (first.rows, first.accepted, first.events, first.duplicates) == (3, 3, 2, 1)
    assert (second.rows, second.accepted, second.events, second.duplicates) == (2, 2, 1, 1)
    assert sorted(i for (i,) in bench.rows("events", "event_id")) == ["1", "2", "3"]


def test_one_event_id_for_several_events_of_a_row_drops_none(bench):
    bench.put(orders_csv="id,who,a,b\n1,u1,2024-05-01,2024-05-02\n")
    summary = bench.take("source: s\ncustomer: who\nevent_id: id\nevents: [{event: a, at: a}, {event: b, at: b}]\n")
    assert (summary.events, summary.duplicates) == (2, 0)


def test_feedback_needs_a_text_or_a_score_within_its_scale(bench):
    bench.put(survey_csv="id,who,note,said\n1,u1,10,fine\n2,,11,well\n3,u3,-1,\n4,u4,,\n5,u5,good,\n")
    summary = bench.take(
        """
        source: survey
        files: [survey.csv]
        kind: feedback
        feedback: {id: id, text: said, score: {column: note, scale: nps}, customer: who, kind: survey}
        """
    )
    assert bench.rows("feedback", "id", "customer", "text", "score", "scale") == [
        ("1", "u1", "fine", 10.0, "nps"),
        ("2", None, "well", None, None),
    ]
    assert bench.quarantine() == [
        (3, "note", "11", "outside its scale nps (0–10)", False),
        (4, "note", "-1", "outside its scale nps (0–10)", True),
        (5, "said", "", "no text and no score", True),
        (6, "note", "good", "not a number", True),
    ]
    assert (summary.rows, summary.accepted, summary.quarantined) == (5, 2, 3)


def test_feedback_without_id_is_called_by_import_and_row(bench):
    bench.put(survey_csv="said\nfine\nwell\n")
    bench.take("source: s\nkind: feedback\nfeedback: {text: said, language: {constant: en}, kind: interview}\n")
    assert bench.rows("feedback", "id", "kind", "language", "at") == [
        ("1-0", "interview", "en", None),
        ("1-1", "interview", "en", None),
    ]


def test_words_become_scores_by_a_value_map(bench):
    bench.put(tweets_csv="text,mood\nyes,positive\nno,negative\n")
    bench.take(
        "source: s\nkind: feedback\n"
        "feedback: {text: text, score: {column: mood, scale: sentiment, values: {positive: 1, negative: -1}}}\n"
    )
    assert bench.rows("feedback", "score") == [(1.0,), (-1.0,)]


def test_one_row_can_hold_several_pieces_of_feedback(bench):
    bench.put(lounge_csv="who,food,wifi\nu1,5,2\nu2,4,\n")
    bench.take(
        """
        source: s
        kind: feedback
        feedback:
          - {score: {column: food, scale: stars}, touchpoint: {constant: food}, customer: who}
          - {score: {column: wifi, scale: stars}, touchpoint: {constant: wifi}, customer: who}
        """
    )
    assert bench.rows("feedback", "customer", "touchpoint", "score") == [
        ("u1", "food", 5.0),
        ("u1", "wifi", 2.0),
        ("u2", "food", 4.0),
    ]


def test_a_bad_time_leaves_feedback_undated(bench):
    bench.put(s_csv="said,when\nfine,2024-05-01\nwell,some day\n")
    bench.take("source: s\nkind: feedback\nfeedback: {text: said, at: when}\n")
    assert bench.rows("feedback", "text", "at") == [("fine", "2024-05-01T00:00:00"), ("well", None)]
    assert bench.quarantine() == [(3, "when", "some day", "not a time", False)]


def test_metrics_have_a_name_a_period_and_a_value(bench):
    bench.put(m_csv="kpi,month,value,base\nfootfall,2024-01,100,7\nfootfall,2024-02,,7\n,2024-03,5,\nnps,soon,5,\n")
    summary = bench.take(
        "source: s\nkind: metrics\nmetrics: {metric: {column: kpi}, from: month, every: month, value: value, n: base}\n"
    )
    assert bench.rows("metrics", "metric", "from", "to", "value", "n") == [
        ("footfall", "2024-01-01T00:00:00", "2024-02-01T00:00:00", 100.0, 7)
    ]
    assert summary.reasons == {"no value": 1, "no name of the metric": 1, "not a time": 1}


def test_what_is_known_of_customers_comes_as_dimensions(bench):
    bench.put(people_csv="id,tier\nu1,gold\nu2,\n")
    bench.take("source: crm\nkind: customers\ncustomer: id\ndimensions: {tier: tier}\n")
    assert bench.rows("customers", "customer", "d_tier") == [("u1", "gold"), ("u2", None)]


def test_several_blocks_of_one_source_are_one_import(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,2024-05-01\n", talk_csv="user,said\nu1,fine\nu9,new here\n")
    summary = bench.take(
        CLICKS + "---\nsource: web\nfiles: [talk.csv]\nkind: feedback\nfeedback: {text: said, customer: user}\n"
    )
    assert (summary.rows, summary.events, summary.feedback, summary.imports) == (3, 1, 2, (1,))
    assert summary.match_rate == 0.5


def test_the_same_file_again_adds_nothing_and_is_not_read(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,2024-05-01\n")
    bench.take(CLICKS)
    again = bench.take(CLICKS)
    assert (again.rows, again.events, again.skipped_files, again.imports) == (0, 0, ("clicks.csv",), ())
    assert len(bench.rows("events", "event")) == 1


def test_replace_supersedes_what_the_source_brought_before(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,2024-05-01\n")
    bench.take(CLICKS)
    bench.take(CLICKS + "channel: {constant: web}\n", replace="web")
    assert bench.rows("events", "channel") == [("web",)]
    with pytest.raises(MappingError, match="nothing here is of the source 'orders'"):
        bench.take(CLICKS, replace="orders")


def test_what_is_guessed_takes_the_name_of_the_source_that_it_replaces(bench):
    header = "user_id,event,timestamp\n"
    bench.put(march_csv=f"{header}u1,home,2024-03-01 10:00\nu2,home,2024-03-02 10:00\n")
    bench.take(None, "march.csv")
    bench.put(april_csv=f"{header}u3,home,2024-04-01 10:00\nu4,home,2024-04-02 10:00\n")
    summary = bench.take(None, "april.csv", replace="march")
    assert summary.source == "march"
    assert bench.rows("events", "customer") == [("u3",), ("u4",)]


def test_a_dry_run_counts_the_same_and_keeps_nothing(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,2024-05-01\n,buy,2024-05-01\n")
    dry = bench.take(CLICKS, dry_run=True)
    assert (dry.rows, dry.accepted, dry.quarantined, dry.events, dry.dry_run) == (2, 1, 1, 1, True)
    assert bench.rows("events", "event") == []
    wet = bench.take(CLICKS)
    assert (wet.rows, wet.accepted, wet.quarantined, wet.events) == (2, 1, 1, 1)


def test_the_summary_as_json_has_the_agreed_keys(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,2024-05-01\n")
    said = bench.take(CLICKS).to_json()
    assert {"source", "files", "rows", "accepted", "quarantined", "reasons", "events", "feedback", "customers", "cases",
            "from", "to", "assumptions", "skipped_files"} <= said.keys()  # fmt: skip
    assert said["import"] == 1


def test_a_column_that_is_not_there_is_named_with_the_nearest(bench):
    bench.put(clicks_csv="usr_id,event,time\nu1,home,2024-05-01\n")
    with pytest.raises(MappingError, match=r"no column 'user_id'.*\n.*usr_id"):
        bench.take(CLICKS.replace("customer: user", "customer: user_id"))


def test_a_mapping_that_means_other_files_is_said(bench):
    bench.put(visits_csv="user,event,time\nu1,home,2024-05-01\n")
    with pytest.raises(MappingError, match=r"no file given fits `files: \[clicks.csv\]`"):
        bench.take(CLICKS)


def test_a_lookup_file_that_is_not_there_is_said(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,2024-05-01\n")
    with pytest.raises(MappingError, match=r"lookup file 'who\.csv'"):
        bench.take(CLICKS.replace("user", "{column: user, lookup: {file: who.csv, key: a, take: b}}"))


def test_only_a_header_is_nothing_to_import(bench):
    bench.put(clicks_csv="user,event,time\n")
    with pytest.raises(IntakeError, match="no rows"):
        bench.take(CLICKS)


def test_a_file_none_of_whose_rows_can_be_used_is_refused_and_not_remembered(bench):
    bench.put(clicks_csv="user,event,time\nu1,home,yesterday\nu2,home,\n")
    with pytest.raises(IntakeError, match="none of 2 rows can be used: 1 × not a time; 1 × no time"):
        bench.take(CLICKS)
    bench.put(clicks_csv="user,event,time\nu1,home,2024-05-01\n")
    assert bench.take(CLICKS).events == 1


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("nonsense(", "syntax error"),
        ("cast(event as int)", "Could not convert"),
        ("no_such_column", "no_such_column"),
        ("(select content from read_text('/etc/hostname'))", "disabled"),
    ],
)
def test_sql_that_does_not_work_or_reaches_outside_is_an_error_of_the_mapping(bench, sql, said):
    bench.put(clicks_csv="user,event,time\nu1,home,2024-05-01\n")
    with pytest.raises(MappingError, match=said):
        bench.take(CLICKS + f'dimensions: {{x: {{sql: "{sql}"}}}}\n')


def test_the_escape_hatch_sees_the_files_as_tables(bench):
    bench.put(a_csv="id,who\n1,u1\n2,u2\n", b_csv="id,what,day\n1,buy,2024-05-01\n2,,2024-05-02\n1,sell,2024-05-03\n")
    summary = bench.take(
        """
        source: s
        files: ["*.csv"]
        sql: >-
          SELECT who AS customer, nullif(what, '') AS event, day AS at, 'x' AS tag
          FROM a JOIN b USING (id) ORDER BY day
        """
    )
    assert bench.rows("events", "customer", "event", "d_tag") == [("u1", "buy", "x"), ("u1", "sell", "x")]
    assert (summary.rows, summary.accepted, summary.reasons) == (3, 2, {"no event name": 1})


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT 1 AS customer", "gives no column 'event'"),
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled"),
        ("SELECT * FROM nothing_here", "nothing_here"),
    ],
)
def test_the_escape_hatch_has_only_its_own_files_in_reach(bench, sql, said):
    bench.put(a_csv="id,who\n1,u1\n")
    with pytest.raises(MappingError, match=said):
        bench.take(f"source: s\nfiles: [a.csv]\nsql: {sql}\n")


def test_columns_of_several_files_that_differ_in_case_are_one(bench):
    bench.put(a_csv="User,event,time\nu1,home,2024-05-01\n", b_csv="user,EVENT,time,x\nu2,buy,2024-05-01,1\n")
    bench.take("source: s\ncustomer: user\nevent: event\nat: time\ndimensions: {x: x}\n")
    assert bench.rows("events", "customer", "event", "d_x") == [("u1", "home", None), ("u2", "buy", "1")]
