"""The commands of editing: what each does, what takes it back, and that nobody's work is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from desirepath.errors import JourneyError
from desirepath.journey import templates
from desirepath.journey.model import Journey
from desirepath.journey.ops import ConflictError, Op, apply, dump

CAFE = Journey.model_validate(
    {
        "id": "coffee",
        "title": {"en": "Coffee", "ru": "Кофе"},
        "personas": [{"id": "commuter", "name": "Commuter"}, {"id": "student", "name": "Student"}],
        "lanes": [{"id": "law", "name": "Law"}, {"id": "risk", "name": "Risk", "after": "law"}],
        "stages": [
            {
                "id": "choose",
                "name": "Choosing",
                "touchpoints": [
                    {"id": "menu", "name": "Menu board", "assumed_emotion": {"commuter": -1, "all": 1}},
                    {"id": "app", "name": "App", "match": [{"event": ["app_*"]}]},
                ],
                "cards": [
                    {"id": "c1", "lane": "actions", "text": "Looks", "touchpoint": "menu", "persona": "commuter"},
                    {"id": "c2", "lane": "actions", "text": "Asks"},
                ],
            },
            {
                "id": "pay",
                "name": "Paying",
                "cards": [{"id": "c3", "lane": "thoughts", "text": "?", "touchpoint": "app"}],
            },
            {"id": "leave", "name": "Leaving"},
        ],
    }
)
OPS: TypeAdapter[tuple[Op, ...]] = TypeAdapter(tuple[Op, ...])


def ops(*given: dict[str, Any]) -> tuple[Op, ...]:
    return OPS.validate_python(given)


def done(*given: dict[str, Any], to: Journey = CAFE) -> Journey:
    """The journey after the operations; on the way it is made sure that the inverse restores it."""
    after, inverse = apply(to, ops(*given))
    restored, again = apply(after, inverse)
    assert restored == to
    assert apply(restored, again)[0] == after
    return after


def card(journey: Journey, id_: str) -> Any:
    return next(c for s in journey.stages for c in s.cards if c.id == id_)


SET = {"op": "set", "part": "card", "id": "c2", "field": "text", "value": "Waits", "was": "Asks"}


def test_a_text_is_set() -> None:
    assert card(done(SET), "c2").text == "Waits"


def test_what_is_left_away_is_as_by_default() -> None:
    set_ = {"op": "set", "part": "touchpoint", "id": "menu", "field": "importance"}
    high = done({**set_, "value": "high", "was": "medium"})
    assert high.touchpoints[0].importance == "high"
    assert done({**set_, "was": "high"}, to=high).touchpoints[0].importance == "medium"


def test_one_language_is_set_beside_the_others() -> None:
    title = {"op": "set", "part": "journey", "id": "coffee", "field": "title"}
    assert done({**title, "key": "ru", "value": "Кофейня", "was": "Кофе"}).title == {"en": "Coffee", "ru": "Кофейня"}
    assert done({**title, "key": "ru", "was": "Кофе"}).title == {"en": "Coffee"}


def test_an_emotion_is_assumed_for_one_persona() -> None:
    after = done(
        {"op": "set", "part": "touchpoint", "id": "menu", "field": "assumed_emotion", "key": "student", "value": 2}
    )
    assert after.touchpoints[0].assumed_emotion == {"commuter": -1, "all": 1, "student": 2}


def test_parts_are_added_where_they_are_wanted() -> None:
    def order(**where: Any) -> list[str]:
        value = {"id": "new", "lane": "needs", "text": "!"}
        after = done({"op": "add", "part": "card", "stage": "choose", "value": value, **where})
        return [c.id for c in after.stages[0].cards]

    assert order(after="c1") == ["c1", "new", "c2"]
    assert order(after=None) == ["new", "c1", "c2"]
    assert order() == ["c1", "c2", "new"]
    assert order(after="somebody-removed-it") == ["c1", "c2", "new"]


def test_a_card_moves_to_another_stage_and_lane() -> None:
    after = done({"op": "move", "part": "card", "id": "c1", "stage": "pay", "lane": "needs", "after": "c3"})
    assert [[c.id for c in s.cards] for s in after.stages] == [["c2"], ["c3", "c1"], []]
    assert card(after, "c1").lane == "needs"


def test_stages_change_places() -> None:
    after = done({"op": "move", "part": "stage", "id": "leave", "after": None})
    assert [s.id for s in after.stages] == ["leave", "choose", "pay"]


@pytest.mark.parametrize(
    ("part", "id_"),
    [("touchpoint", "menu"), ("touchpoint", "app"), ("persona", "commuter"), ("stage", "choose"), ("lane", "law")],
)
def test_what_referred_to_a_removed_part_lets_go_of_it_and_comes_back_with_it(part: str, id_: str) -> None:
    assert f"'{id_}'" not in str(dump(done({"op": "remove", "part": part, "id": id_})))


def test_a_lane_with_cards_stays() -> None:
    full = done({"op": "set", "part": "card", "id": "c2", "field": "lane", "value": "risk", "was": "actions"})
    with pytest.raises(JourneyError, match="still holds 1 card"):
        apply(full, ops({"op": "remove", "part": "lane", "id": "risk"}))


def test_another_text_that_is_there_by_now_is_shown_and_not_written_over() -> None:
    with pytest.raises(ConflictError) as raised:
        apply(CAFE, ops({**SET, "was": "Asks a friend"}))
    assert (raised.value.now, raised.value.wanted) == ("Asks", "Waits")


A, B, C = ({"verbatim": each} for each in "abc")
RESTS = {"op": "set", "part": "card", "id": "c2", "field": "evidence"}


def rests(journey: Journey) -> list[Any]:
    return list(card(journey, "c2").evidence)


def test_what_two_attach_at_once_is_both_there() -> None:
    one = done({**RESTS, "value": [A]})
    both = done({**RESTS, "value": [B]}, to=one)  # who attached it had seen nothing yet
    assert rests(both) == [A, B]
    assert rests(done({**RESTS, "value": [A, C], "was": [A]}, to=both)) == [A, B, C]
    assert rests(done({**RESTS, "value": [B]}, to=both)) == [A, B]  # the same by two is there once


def test_taking_evidence_away_takes_nothing_else() -> None:
    both = done({**RESTS, "value": [A, B]})
    assert rests(done({**RESTS, "value": [], "was": [A]}, to=both)) == [B]
    assert rests(done({**RESTS, "value": [C], "was": [A]}, to=both)) == [B, C]
    assert rests(done({**RESTS, "was": [A, B]}, to=done({**RESTS, "value": [C], "was": [A, B]}, to=both))) == [C]


def test_attaching_is_undone_whatever_others_have_attached_since() -> None:
    mine, back = apply(CAFE, ops({**RESTS, "value": [A]}))
    assert rests(apply(done({**RESTS, "value": [A, B], "was": [A]}, to=mine), back)[0]) == [B]


def test_other_lists_are_not_mixed() -> None:
    match = {"op": "set", "part": "touchpoint", "id": "app", "field": "match", "value": [{"event": ["x"]}], "was": []}
    with pytest.raises(ConflictError):
        apply(CAFE, ops(match))
    with pytest.raises(ConflictError):
        apply(done({**RESTS, "value": [A]}), ops({**RESTS, "value": "nonsense", "was": [B]}))


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.booleans(), st.booleans()), max_size=12))
def test_evidence_of_two_who_attach_at_once_is_what_each_attached_and_nobody_took_away(steps: list[Any]) -> None:
    """Against a set: a change does to it what its author meant, however old what they saw is."""
    server, sees, wanted = CAFE, [CAFE, CAFE], set[str]()
    for who, number, attaches, looks in steps:
        sees[who] = server if looks else sees[who]
        before, piece = rests(sees[who]), (A, B, C)[number]
        value = [*before, piece] if attaches and piece not in before else [each for each in before if each != piece]
        if value != before:
            sees[who] = done({**RESTS, "value": value, "was": before}, to=sees[who])
            server = done({**RESTS, "value": value, "was": before}, to=server)
            (wanted.add if piece in value else wanted.discard)(piece["verbatim"])
    assert {each["verbatim"] for each in rests(server)} == wanted and len(rests(server)) == len(wanted)


def test_two_who_write_the_same_agree() -> None:
    assert done(SET, {**SET, "was": "Asks a friend"}) == done(SET)


def test_a_text_for_what_was_removed_is_shown() -> None:
    with pytest.raises(ConflictError, match="not there any more") as raised:
        apply(CAFE, ops({"op": "remove", "part": "card", "id": "c2"}, SET))
    assert raised.value.wanted == "Waits"


def test_what_is_gone_already_may_be_removed() -> None:
    assert done({"op": "remove", "part": "card", "id": "nobody"}) == CAFE


def test_what_changed_since_it_was_seen_is_not_removed() -> None:
    seen = {"id": "c2", "lane": "actions", "text": "Asks", "evidence": []}
    remove = {"op": "remove", "part": "card", "id": "c2", "was": seen}
    assert "c2" not in str(dump(done(remove)))
    with pytest.raises(ConflictError):
        apply(CAFE, ops(SET, remove))


def test_all_or_none() -> None:
    with pytest.raises(JourneyError):
        apply(CAFE, ops(SET, {"op": "move", "part": "card", "id": "c1", "stage": "nowhere"}))
    assert card(CAFE, "c2").text == "Asks"


def test_a_version_is_put_in_the_place_of_another_only_as_long_as_that_is_there() -> None:
    other = {"id": "coffee", "title": "Other"}
    replace = {"op": "replace", "value": other, "was": dump(CAFE)}
    assert done(replace).title == "Other"
    with pytest.raises(ConflictError):
        apply(CAFE, ops(SET, replace))


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({**SET, "field": "txt"}, "did you mean 'text'"),
        ({**SET, "field": "id"}, "has no 'id' that can be set"),
        ({"op": "add", "part": "card", "stage": "choose", "value": {"text": "no id"}}, "has no id"),
        ({"op": "add", "part": "card", "value": {"id": "x"}}, "lies in a stage"),
        ({"op": "add", "part": "card", "stage": "chose", "value": {"id": "x"}}, "did you mean 'choose'"),
        ({"op": "add", "part": "stage", "value": {"id": "menu", "name": "Menu"}}, "already used"),
        ({"op": "add", "part": "persona", "stage": "pay", "value": {"id": "x"}}, "lies in no stage"),
        ({"op": "move", "part": "card", "id": "c1", "after": "c1"}, "after itself"),
        ({"op": "move", "part": "card", "id": "c1", "lane": "nope"}, "no lane 'nope'"),
        ({"op": "move", "part": "persona", "id": "student", "lane": "needs"}, "lies in no lane"),
        ({"op": "set", "part": "card", "id": "c2", "field": "emotion", "value": 9}, "less than or equal to 2"),
        ({"op": "set", "part": "card", "id": "c2", "field": "text", "key": "ru", "value": "?"}, "set it as a whole"),
        ({"op": "set", "part": "stage", "id": "pay", "field": "name", "was": "Paying"}, "has no 'name'"),
        ({"op": "replace", "value": {"id": "tea", "title": "Tea"}, "was": dump(CAFE)}, "for good"),
    ],
)
def test_what_cannot_be_done_is_said(bad: dict[str, Any], said: str) -> None:
    with pytest.raises(JourneyError, match=said):
        apply(CAFE, ops(bad))


# Any commands, of several people at once


@st.composite
def commands(draw: st.DrawFn, seen: Journey, name: str) -> dict[str, Any]:
    """A command that somebody may give who sees this journey; ids of new parts are their own."""
    document = dump(seen)
    stages = [s["id"] for s in document.get("stages", [])]
    touchpoints = [t["id"] for s in document.get("stages", []) for t in s.get("touchpoints", [])]
    cards = [c for s in document.get("stages", []) for c in s.get("cards", [])]
    personas = [p["id"] for p in document.get("personas", [])]
    lists = {"stage": stages, "touchpoint": touchpoints, "card": [c["id"] for c in cards], "persona": personas}
    part = draw(st.sampled_from([p for p in lists if lists[p]] or ["stage"]))
    ids = lists[part]
    kinds = ["add", *(["set", "move", "remove"] if ids else [])]
    kind = draw(st.sampled_from(kinds))
    where = {"stage": draw(st.sampled_from(stages))} if part in ("touchpoint", "card") else {}
    if kind == "add":
        new: dict[str, Any] = {"id": name}
        new |= {"lane": "needs", "text": name} if part == "card" else {"name": name}
        after = draw(st.sampled_from([None, *ids]))
        return {"op": "add", "part": part, "value": new, "after": after, **where}
    id_ = draw(st.sampled_from(ids))
    if kind == "set":
        field = "text" if part == "card" else "name"
        return {"op": "set", "part": part, "id": id_, "field": field, "value": draw(st.sampled_from("ABC")),
                "was": _of(document, part, id_)[field]}  # fmt: skip
    if kind == "move":
        others = [None, *(i for i in ids if i != id_)]
        return {"op": "move", "part": part, "id": id_, "after": draw(st.sampled_from(others)), **where}
    return {"op": "remove", "part": part, "id": id_, "was": _of(document, part, id_)}


def _of(document: dict[str, Any], part: str, id_: str) -> dict[str, Any]:
    lists = [document, *document.get("stages", [])]
    return next(p for owner in lists for p in owner.get(f"{part}s", []) if p["id"] == id_)


@given(st.data())
def test_any_commands_can_be_taken_back_and_done_again(data: st.DataObject) -> None:
    journey, backs = CAFE, []
    for _ in range(data.draw(st.integers(1, 8))):
        journey, back = apply(journey, ops(data.draw(commands(journey, f"new{len(backs)}"))))
        backs.append(back)
    end, agains = journey, []
    for back in reversed(backs):
        journey, again = apply(journey, back)
        agains.append(again)
    assert journey == CAFE
    for again in reversed(agains):
        journey, _ = apply(journey, again)
    assert journey == end


@given(st.data())
def test_two_who_edit_at_once_end_with_the_same_map_and_lose_nothing(data: st.DataObject) -> None:
    """Each sees only what has come to them. What is accepted is on the map until it is changed in plain sight."""
    log: list[tuple[Op, ...]] = []
    server, sees = CAFE, [CAFE, CAFE]
    got = [0, 0]
    texts: dict[tuple[str, str], str] = {}
    for step in range(data.draw(st.integers(1, 12))):
        who = data.draw(st.integers(0, 1))
        if data.draw(st.booleans()):
            sees[who] = _follow(sees[who], log[got[who] :])
            got[who] = len(log)
        command = data.draw(commands(sees[who], f"new{step}"))
        before = dump(server)
        try:
            server, _ = apply(server, ops(command))
        except JourneyError as refused:
            assert isinstance(refused, ConflictError) or "stage" in refused.what, refused
            assert dump(server) == before
            continue
        log.append(ops(command))
        _remember(texts, command, server)
    for who in (0, 1):
        assert _follow(sees[who], log[got[who] :]) == server
    for (part, id_), text in texts.items():
        assert _of(dump(server), part, id_)["text" if part == "card" else "name"] == text


def _follow(journey: Journey, news: list[tuple[Op, ...]]) -> Journey:
    for one in news:
        journey, _ = apply(journey, one)
    return journey


def _remember(texts: dict[tuple[str, str], str], command: dict[str, Any], server: Journey) -> None:
    """What must be on the map from here on: every text added or set, until its part or its stage is removed."""
    kind, part = command["op"], command["part"]
    if kind == "set":
        texts[part, command["id"]] = command["value"]
    elif kind == "add":
        value = command["value"]
        texts[part, value["id"]] = value.get("text") or value["name"]
    elif kind == "remove":
        gone = {command["id"]}
        if part == "stage":  # seen as a whole by who removed it, or refused
            gone |= {p["id"] for list_ in ("touchpoints", "cards") for p in command["was"].get(list_, [])}
        for key in [key for key in texts if key[1] in gone]:
            del texts[key]


def test_templates_can_be_taken_apart_and_put_together_again() -> None:
    cafe = templates.load("cafe")
    done(*({"op": "remove", "part": "stage", "id": stage.id} for stage in cafe.stages), to=cafe)
