from hypothesis import given
from hypothesis import strategies as st

from desirepath.journey import templates
from desirepath.journey.diff import Change, Place, describe, diff
from desirepath.journey.model import Card, Journey, Lane, Persona, Rule, Stage, Touchpoint


def stages(**ids: str) -> tuple[Stage, ...]:
    """`stages(choose="menu barista")`."""
    return tuple(
        Stage(id=s, name=s.title(), touchpoints=tuple(Touchpoint(id=t, name=t.title()) for t in names.split()))
        for s, names in ids.items()
    )


def journey(*drawn: Stage, **fields: object) -> Journey:
    return Journey.model_validate({"id": "j", "title": "J", "stages": drawn, **fields})


def kinds(old: Journey, new: Journey) -> list[tuple[str, str, str]]:
    return [(c.kind, c.part, c.id) for c in diff(old, new)]


def test_nothing_changed() -> None:
    cafe = templates.load("cafe")
    assert diff(cafe, cafe) == ()
    assert describe(()) == "Nothing changed."


def test_parts_come_and_go() -> None:
    old = journey(*stages(choose="menu", pay="till"))
    new = journey(*stages(choose="menu barista", enjoy=""))
    assert kinds(old, new) == [
        ("removed", "stage", "pay"),
        ("added", "stage", "enjoy"),
        ("removed", "touchpoint", "till"),
        ("added", "touchpoint", "barista"),
    ]


def test_a_touchpoint_that_lies_in_another_stage_has_moved() -> None:
    old, new = journey(*stages(choose="menu till", pay="")), journey(*stages(choose="menu", pay="till"))
    assert diff(old, new) == (
        Change("moved", "touchpoint", "till", "Till", old=Place("choose", 2), new=Place("pay", 1)),
    )
    assert describe(diff(old, new)) == "Moved touchpoint 'Till' (till) from stage choose to pay"


def test_the_fewest_parts_have_moved_within_a_list() -> None:
    old, new = journey(*stages(a="", b="", c="", d="")), journey(*stages(d="", a="", b="", c=""))
    assert diff(old, new) == (Change("moved", "stage", "d", "D", old=Place(None, 4), new=Place(None, 1)),)


def test_a_part_that_comes_in_front_moves_nothing() -> None:
    assert kinds(journey(*stages(a="x")), journey(*stages(n="", a="x"))) == [("added", "stage", "n")]


def test_every_changed_field_with_its_old_and_new_value() -> None:
    before = Touchpoint(id="menu", name="Menu", match=(Rule(event=("menu_*",)),), assumed_emotion={"all": -1})
    after = before.model_copy(update={"owner": "Design", "match": (), "assumed_emotion": {"all": 0.5}})
    card = Card(id="c", lane="needs", text="Quick")
    old = journey(Stage(id="s", name="S", touchpoints=(before,), cards=(card,)), goal="G", personas=("p",))
    new = journey(
        Stage(id="s", name="S", touchpoints=(after,), cards=(card.model_copy(update={"lane": "thoughts"}),)),
        personas=(Persona(id="p", name="Pat"),),
        lanes=(Lane(id="own", name="Own"),),
    )
    assert describe(diff(old, new)).splitlines() == [
        "Changed journey 'J': goal 'G' → nothing",
        "Changed touchpoint 'Menu' (menu): match {event: 'menu_*'} → nothing",
        "Changed touchpoint 'Menu' (menu): owner nothing → 'Design'",
        "Changed touchpoint 'Menu' (menu): assumed_emotion {all: -1} → {all: 0.5}",
        "Changed card 'Quick' (c): lane 'needs' → 'thoughts'",
        "Changed persona 'Pat' (p): name 'p' → 'Pat'",
        "Added lane 'Own' (own)",
    ]


@given(st.permutations("abcdef"), st.permutations("abcdef"), st.integers(0, 6), st.integers(0, 6))
def test_there_is_a_change_exactly_where_documents_differ(a: list[str], b: list[str], cut_a: int, cut_b: int) -> None:
    def drawn(order: list[str], cut: int) -> Journey:
        return journey(*stages(one=" ".join(order[:cut]), two=" ".join(order[cut:])))

    old, new = drawn(a, cut_a), drawn(b, cut_b)
    changes = diff(old, new)
    assert bool(changes) == (old != new)
    assert all(c.kind == "moved" for c in changes)
    moved = {c.id for c in changes}
    for s in (0, 1):
        still = [t.id for t in old.stages[s].touchpoints if t.id not in moved]
        assert still == [t.id for t in new.stages[s].touchpoints if t.id not in moved]
