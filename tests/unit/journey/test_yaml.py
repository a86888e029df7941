import re
from pathlib import Path

import pytest

from desirepath import yaml
from desirepath.errors import JourneyError
from desirepath.journey.model import Journey, Persona, Session
from desirepath.journey.yaml import dump, load

COFFEE = """\
journey: buying-coffee
title: {en: Buying coffee, zh-Hans: 买咖啡, zh-Hant: 買咖啡, ru: Покупка кофе}
goal: Find out why morning visitors do not come back
start: {event: [app_open, shop_enter, ad_click]}
end: {event: purchase, nth: 3}
personas: [commuter]
stages:
  - id: choose
    name: {en: Choosing, ru: Выбор}
    touchpoints:
      - id: menu-board
        name: Menu board
        channel: store
        importance: high
        match: [{event: menu_*}, {event: product_view, where: {channel: store}}]
        owner: Store design
        assumed_emotion: {commuter: -1}
    cards:
      - {id: c1, lane: pain_points, text: Too many kinds, evidence: [{verbatim: 812}]}
kpis: [conversion, repeat_purchase, nps]
"""


def with_(old: str, new: str) -> str:
    assert old in COFFEE
    return COFFEE.replace(old, new)


def test_a_journey_is_written_as_it_was_read() -> None:
    assert dump(load(COFFEE)) == COFFEE


def test_short_forms() -> None:
    journey = load(
        with_("{commuter: -1}", "-1.5")
        .replace("[{event: menu_*}, {event: product_view, where: {channel: store}}]", "menu_*")
        .replace("start: {event: [app_open, shop_enter, ad_click]}", "start: app_open\ncase: {session: 30m}")
        .replace("end: {event: purchase, nth: 3}", "end: [pay, leave]")
    )
    (touchpoint,) = journey.touchpoints
    assert touchpoint.assumed_emotion == {"all": -1.5}
    assert touchpoint.match[0].event == ("menu_*",)
    assert journey.start is not None and journey.start.event == ("app_open",)
    assert journey.end is not None and (journey.end.event, journey.end.nth) == (("pay", "leave"), 1)
    assert journey.case == Session(session="30m") and journey.case.seconds == 1800
    assert journey.personas == (Persona(id="commuter", name="commuter"),)
    assert "assumed_emotion: -1.5" in dump(journey)


def test_text_stays_as_written_and_evidence_is_resolved() -> None:
    journey = load(with_("name: Menu board", "name: 1.10").replace("{channel: store}", "{late: yes, day: 2024-01-01}"))
    (touchpoint,) = journey.touchpoints
    assert touchpoint.name == "1.10"
    assert touchpoint.match[1].where == {"late": ("yes",), "day": ("2024-01-01",)}
    assert journey.stages[0].cards[0].evidence == ({"verbatim": 812},)


def test_nothing_after_a_key_means_that_it_is_not_there() -> None:
    assert load("journey: a\ntitle: A\ngoal:\nstages:\n") == Journey(id="a", title="A")
    assert load("{journey: a, title: A, goal: null, stages: ~}") == Journey(id="a", title="A")


def test_a_file_says_its_name_in_errors(tmp_path: Path) -> None:
    path = tmp_path / "coffee.yaml"
    path.write_text(with_("importance: high", "importance: hihg"), "utf-8")
    with pytest.raises(JourneyError) as raised:
        load(path)
    assert raised.value.where == "coffee.yaml:14:9"
    assert raised.value.hint == "did you mean 'high'?"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_understood(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "j.yaml").write_text(COFFEE, encoding)
    assert load(tmp_path / "j.yaml") == load(COFFEE)


@pytest.mark.parametrize(
    ("text", "where", "what", "hint"),
    [
        (with_("owner:", "ownr:"), "16:9", "unknown key 'ownr'", "did you mean 'owner'?"),
        (with_("title:", "xyz:"), "1:1", "title is missing", "also line 2, column 1: unknown key 'xyz'"),
        (with_("journey:", "id:"), "1:1", "unknown key 'id'", "did you mean 'journey'?"),
        (
            with_("lane: pain_points", "lane: pain-point"),
            "19:18",
            "no lane 'pain-point'",
            "did you mean 'pain_points'?",
        ),
        (with_("{commuter: -1}", "{comuter: -1}"), "17:27", "no persona 'comuter'", "did you mean 'commuter'?"),
        (with_("text: Too", "touchpoint: menubord, text: Too"), "19:37", "no touchpoint", "did you mean 'menu-board'?"),
        (with_("{commuter: -1}", "-3"), "17:9", "assumed_emotion", None),
        (with_("nth: 3", "nth: often"), "5:24", "end.nth 'often' should be a whole number", None),
        (with_("id: menu-board", "id: choose"), "11:9", "the id 'choose' is already used by stages[0]", None),
        (with_("id: menu-board", "id: menu board"), "11:9", "'menu board' is not an id", None),
        (with_("ru: Выбор", "Russian: Выбор"), "9:5", "'Russian' is not a language tag", "write text"),
        (with_("goal:", "case: session\ngoal:"), "3:1", "'session' is not a case notion", "{session: 30m}"),
        (with_("goal:", "case: {session: soon}\ngoal:"), "3:8", "'soon' is not a time such as 30m", None),
        (with_("goal:", "trim: maybe\ngoal:"), "3:1", "trim 'maybe' should be true or false", None),
        (with_("{event: menu_*}", "{}"), "15:17", "would match everything", "{event: purchase}"),
        (with_("goal:", "title:"), "3:1", "the key 'title' stands twice", "first in line 2, column 1"),
        (with_("name: Menu board", "name: [a, b]"), "12:9", "should be text", None),
        (with_("- id: choose", "- id: choose\n   x"), "9:4", "cannot be read as YAML", None),
        (with_("[commuter]", "&a [*a]"), "6:11", "nested deeper", None),
        (with_("Menu board", "!!python/name:os.system x"), "12:15", "tag", None),
        (with_("Menu board", "!mine x"), "12:15", "tag !mine", None),
        (with_("Menu board", "\x00"), "12:1", "U+0000", None),
        (with_("goal:", "? [a]\n: b\ngoal:"), "3:3", "a key should be a word", None),
        (with_("en: Buying coffee", "en: Buying, drinking"), "2:21", "the key 'drinking' has no value", "in quotes"),
        (with_("lane: pain_points", "lane"), "19:18", "the key 'lane' has no value", "in quotes"),
        (with_("{en: Choosing, ru: Выбор}", "\n      en: Choosing\n      ru:"), "11:7", "'ru' has no value", "leave"),
        ("- a\n- b\n", "1:1", "is not a journey", "journey: some-id"),
        ("", "1:1", "is not a journey", "journey: some-id"),
        ("title: A\njourney: a\n---\ntitle: B\n", "4:1", "a second document", "one journey a file"),
    ],
)
def test_what_is_wrong_where_and_what_would_be_right(text: str, where: str, what: str, hint: str | None) -> None:
    with pytest.raises(JourneyError) as raised:
        load(text)
    line, column = where.split(":")
    assert raised.value.where == f"line {line}, column {column}"
    assert what in raised.value.what
    assert hint in raised.value.hint if hint and raised.value.hint else raised.value.hint == hint


def test_every_fault_is_told_at_once_up_to_five() -> None:
    text = re.sub(r"(name|channel|importance|owner|match|lane):", r"x_\1:", COFFEE)
    with pytest.raises(JourneyError) as raised:
        load(text)
    assert str(raised.value).count("also line") == 4
    assert "and 5 more" in str(raised.value)


def laughs(rounds: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, rounds)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("bomb", "what"),
    [
        (laughs(9), "grows to more than"),
        ("[" * 50_000 + "\n", "nested deeper"),
        ("{a: " * 50_000 + "\n", "nested deeper"),
        ("x: [" + "&a a," * 9_000 + "*b]\n", "undefined alias"),
        ("journey: a\ntitle: " + "x" * 1_000_001, "is larger than"),
        ("journey: a\ntitle: A\nstages: [{id: s, name: S, cards: [{id: c, lane: needs, text: t, evidence: [{n: "
         + "9" * 5000 + "}]}]}]\n", "cannot be read as int"),
    ],
    ids=["aliases", "list depth", "mapping depth", "anchors", "size", "digits"],
)  # fmt: skip
def test_bombs_are_refused(bomb: str, what: str) -> None:
    with pytest.raises(JourneyError, match=what):
        load(bomb)


def test_a_document_of_too_many_values_is_refused_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "MAX_NODES", 100)
    with pytest.raises(JourneyError, match=r"line 100, column 3: .*more than 100 values"):
        load("- a\n" * 200)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("journey: a\ntitle: café\n".encode("latin-1"))
    (tmp_path / "big.yaml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(JourneyError, match=r"latin.yaml:2: is not a text in UTF-8"):
        load(tmp_path / "latin.yaml")
    with pytest.raises(JourneyError, match="is larger than"):
        load(tmp_path / "big.yaml")
    with pytest.raises(JourneyError, match="No such file"):
        load(str(tmp_path / "none.yaml"))
    with pytest.raises(JourneyError, match="directory"):
        load(tmp_path)
