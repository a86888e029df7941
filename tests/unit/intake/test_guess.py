"""A mapping from names and values alone, with how sure it is, and questions about what cannot be known."""

import pytest

from desirepath.errors import IntakeError
from desirepath.intake.guess import guess
from desirepath.intake.mapping_yaml import load
from desirepath.intake.readers.files import find_files


def guessed(bench, kind=None, **files):
    bench.put(**files)
    return guess(find_files([bench.files]), kind)


@pytest.mark.parametrize(
    "header",
    [
        "user_id,event,timestamp,channel",
        "CustomerID,activity,event_time,Channel",
        "id_cliente,evento,data_hora,canal",
        "用户id,事件,时间,渠道",
        "ид_клиента,событие,дата,канал",
        "case:concept:name,concept:name,time:timestamp,channel",
    ],
)
def test_events_by_the_names_of_five_tongues(bench, header):
    found = guessed(
        bench, a_csv=f"{header}\nu1,home,2024-05-01 10:00,web\nu2,buy,2024-05-01 11:00,app\nu1,buy,2024-05-02,web\n"
    )
    assert not found.questions
    (block,) = found.mapping.blocks
    who, event, at, channel = header.split(",")
    assert (block.kind, block.customer.column, block.event.column, block.at.column, block.channel.column) == (
        "events",
        who,
        event,
        at,
        channel,
    )
    assert all(0.5 <= sure <= 0.95 for sure in found.confidences.values())


def test_where_only_the_case_is_known_it_is_the_customer(bench):
    found = guessed(bench, a_csv="case_id,activity,time\n1,a,2024-05-01\n1,b,2024-05-02\n2,a,2024-05-03\n")
    (block,) = found.mapping.blocks
    assert (block.customer.column, block.case.column) == ("case_id", "case_id")
    assert any("each case (case_id) is taken for one" in a for a in found.assumptions)


def test_sessions_are_cases_and_groups_are_dimensions(bench):
    rows = "".join(
        f"u{i % 5},s{i % 12},{('buy', 'home')[i % 2]},2024-05-{i % 28 + 1:02},{('web', 'ios')[i % 3 % 2]},{i * 7.5}\n"
        for i in range(60)
    )
    found = guessed(bench, a_csv="user,session,event,time,platform,price\n" + rows)
    (block,) = found.mapping.blocks
    assert (block.case.column, block.value.column, list(block.dimensions)) == ("session", "price", ["platform"])


def test_times_of_a_life_cycle_become_events_and_plans_do_not(bench):
    found = guessed(
        bench,
        a_csv="order_id,customer_id,order_purchase_timestamp,delivered_at,estimated_delivery_date\n"
        "1,c1,2024-05-01,2024-05-04,2024-05-03\n2,c2,2024-05-02,,2024-05-03\n",
    )
    (block,) = found.mapping.blocks
    assert [e.event.constant for e in block.all_events] == ["purchase", "delivered"]
    assert any("estimated_delivery_date is a plan" in a for a in found.assumptions)


@pytest.mark.parametrize(
    ("column", "values", "scale"),
    [
        ("nps", "0 3 9 10", "nps"),
        ("score", "0 6 9 10", "nps"),
        ("stars", "1 3 5 5", "stars"),
        ("satisfaction", "1 3 5 4", "csat5"),
        ("ces", "1 7 6 2", "ces7"),
        ("label", "0 1 1 0", "thumbs"),
        ("sentiment", "-1 0 1 1", "sentiment"),
        ("sentiment", "negative neutral positive positive", "sentiment"),
        ("rating", "1 10 8 7", "1..10"),
        ("score", "0 35 90 100", "0..100"),
        ("оценка", "1 2 5 4", "stars"),
    ],
)
def test_scores_and_their_scale(bench, column, values, scale):
    rows = "".join(f"{v},what people wrote about it {i}\n" for i, v in enumerate(values.split()))
    (block,) = guessed(bench, a_csv=f"{column},comment\n{rows}").mapping.blocks
    (part,) = block.feedback
    assert (block.kind, part.text.column, part.score.column, part.score.scale) == ("feedback", "comment", column, scale)


def test_columns_of_keys_are_a_key_table(bench):
    (block,) = guessed(bench, a_csv="customer_id,e-mail,phone\nu1,a@b.org,+351912345678\nu2,c@d.org,\n").mapping.blocks
    assert (block.kind, sorted(block.keys)) == ("keys", ["customer", "email", "phone"])


def test_customers_with_what_is_known_of_them(bench):
    rows = "".join(f"u{i},{'gold' if i % 3 else 'basic'}\n" for i in range(30))
    (block,) = guessed(bench, a_csv="customer_id,tier\n" + rows).mapping.blocks
    assert (block.kind, block.customer.column, list(block.dimensions)) == ("customers", "customer_id", ["tier"])


def test_monthly_numbers_are_metrics(bench):
    (block,) = guessed(bench, a_csv="metric,month,value\nfootfall,2024-01,100\nfootfall,2024-02,120\n").mapping.blocks
    assert (block.kind, block.metrics[0].every) == ("metrics", "month")


def test_names_of_people_are_no_dimension(bench):
    rows = "".join(
        f"u{i % 3},{'Ana' if i % 3 else 'Bo'},{'a' if i % 2 else 'b'},2024-05-01 10:{i:02}\n" for i in range(30)
    )
    found = guessed(bench, a_csv="user,firstName,event,time\n" + rows)
    assert found.mapping.blocks[0].dimensions == {}
    assert any("firstName names people" in a for a in found.assumptions)


def test_what_cannot_be_known_is_asked_with_the_mapping_to_complete(bench):
    bench.put(a_csv="invoice,article,amount,day\n1,mug,3,2024-05-01\n2,cup,4,2024-05-02\n")
    with pytest.raises(IntakeError) as error:
        bench.take(None)
    assert "what happened?" in error.value.what
    assert "source: " in error.value.hint and "day" in error.value.hint


def test_tables_that_are_no_evidence_are_left_out_and_said(bench):
    found = guessed(
        bench,
        a_csv="user_id,event,time\nu1,home,2024-05-01\nu1,buy,2024-05-02\n",
        b_csv="colour,price\nred,5\nblue,6\n",
    )
    assert [b.files for b in found.mapping.blocks] == [("a.csv",)]
    assert any(a.startswith("b.csv: not used") for a in found.assumptions)


def test_a_guess_is_a_mapping_that_can_be_kept(bench):
    from desirepath.intake.mapping_yaml import dump

    found = guessed(bench, a_csv="user_id,event,time,tier\n" + "u1,home,2024-05-01,a\nu2,buy,2024-05-02,b\n" * 5)
    text = dump(found.mapping)
    assert bench.take(text).to_json()["events"] == 10
    assert load(text).blocks[0].customer.column == "user_id"


def test_the_kind_may_be_said(bench):
    text = "user_id,action,date,comment\nu1,open,2024-05-01,hm\nu1,shut,2024-05-02,oh\n"
    assert guessed(bench, a_csv=text).mapping.blocks[0].kind == "events"
    assert guessed(bench, kind="feedback", a_csv=text).mapping.blocks[0].kind == "feedback"


def test_json_files_of_other_keys_are_blocks_of_their_own(bench):
    bench.files.mkdir(exist_ok=True)
    event = '{"user_id":"u%d","event":"home","timestamp":"2024-05-01 10:0%d"%s}\n'
    bench.files.joinpath("clicks.ndjson").write_text("".join(event % (i, i, "") for i in range(5)))
    bench.files.joinpath("more.ndjson").write_text("".join(event % (i, i, ',"coupon":"x"') for i in range(5)))
    post = '{"posted_at":"2024-05-0%d","text":"The queue was long, but the coffee was very good %d","likes":%d}\n'
    bench.files.joinpath("posts.ndjson").write_text("".join(post % (i + 1, i, i) for i in range(5)))
    blocks = guess(find_files([bench.files])).mapping.blocks
    assert [(b.kind, sorted(b.files)) for b in blocks] == [
        ("events", ["clicks.ndjson", "more.ndjson"]),
        ("feedback", ["posts.ndjson"]),
    ]
