import pytest

from desirepath.journey import templates
from desirepath.journey.model import Journey, Rule, Stage, Touchpoint
from desirepath.journey.rules import covers, lint, overlaps


def journey(*matches: object, **fields: object) -> Journey:
    touchpoints = [{"id": f"t{i}", "name": f"T{i}", "match": m} for i, m in enumerate(matches)]
    stage = {"id": "s", "name": "S", "touchpoints": touchpoints}
    return Journey.model_validate({"id": "j", "title": "J", "stages": [stage], **fields})


def found(made: Journey) -> list[tuple[str, tuple[str, ...]]]:
    return [(w.kind, w.ids) for w in lint(made)]


def test_a_sound_journey_has_no_warnings() -> None:
    assert lint(journey("view_*", "pay", start="view_home", end="pay")) == []


@pytest.mark.parametrize("name", templates.names())
def test_templates_have_no_warnings(name: str) -> None:
    assert lint(templates.load(name)) == []


def test_gaps() -> None:
    empty = Journey(id="j", title="J", stages=(Stage(id="s", name=" "),))
    assert found(Journey(id="j", title="J")) == [("no_stages", ("j",))]
    assert found(empty) == [("stage_without_touchpoint", ("s",)), ("nameless", ("s",))]
    assert found(journey([])) == [("touchpoint_without_rule", ("t0",))]


def test_touchpoints_that_want_the_same_events() -> None:
    assert found(journey(["a", "b"], [{"event": "b"}, {"event": "a"}])) == [("same_rules", ("t0", "t1"))]
    assert found(journey("menu_*", "menu_board")) == [("covered_rule", ("t0", "t1"))]
    assert found(journey("menu_board", "menu_*")) == [("overlapping_rules", ("t0", "t1"))]
    assert found(journey({"channel": "app"}, {"event": "pay"})) == [("overlapping_rules", ("t0", "t1"))]
    assert found(journey({"event": "view", "where": {"page": "a"}}, {"event": "view", "where": {"page": "b"}})) == []


def test_a_warning_says_what_happens() -> None:
    (warning,) = lint(journey("menu_*", ["order", {"event": "menu_board", "channel": "app", "where": {"late": "yes"}}]))
    assert warning.text == (
        "the rule [menu_board · on app · late = yes] of 'T1' is covered by 'T0', which comes first and takes all"
    )


def test_an_end_that_is_the_start() -> None:
    assert found(journey("a", start="a", end="a")) == [("end_equals_start", ("j",))]
    assert found(journey("a", start="a", end={"event": "a", "nth": 2})) == []


@pytest.mark.parametrize(
    ("a", "b", "covered"),
    [
        ("menu_*", "menu_board", True),
        ("menu_*", "menu_b*", True),
        ("menu_b*", "menu_*", False),
        ("menu_?", "menu_*", False),
        ("menu_??", "menu_*", False),
        ("*", "a?[bc]", False),
        ("a?[bc]", "a?[bc]", True),
        ("?", "*", False),
        ("*a*", "xay*", True),
        ("Menu", "menu", False),
    ],
)
def test_globs_that_cover_one_another(a: str, b: str, covered: bool) -> None:
    assert covers(Rule(event=(a,)), Rule(event=(b,))) is covered


def test_every_condition_counts() -> None:
    a = Rule(event=("a", "b"), where={"late": ("yes",)})
    assert covers(a, Rule(event=("a",), channel=("app",), where={"late": ("yes",), "x": ("1",)}))
    assert not covers(a, Rule(event=("a",)))
    assert not covers(a, Rule(where={"late": ("yes",)}))
    assert overlaps(a, Rule(where={"late": ("yes", "no")}))
    assert not overlaps(a, Rule(where={"late": ("no",)}))
    assert not overlaps(Rule(channel=("app",)), Rule(channel=("web",)))


def test_touchpoint_names_in_any_language() -> None:
    touchpoint = Touchpoint(id="t", name={"ru": "Меню"})
    made = Journey(id="j", title="J", stages=(Stage(id="s", name="S", touchpoints=(touchpoint,)),))
    assert lint(made)[0].text == "the touchpoint 'Меню' has no rule: no event can belong to it"
