import pytest
from pydantic import ValidationError

from desirepath.journey.model import Card, End, Journey, Lane, Persona, Rule, Session, Stage, Touchpoint


def journey(**parts: object) -> Journey:
    return Journey.model_validate({"id": "j", "title": "J", **parts})


def stage(id_: str, *events: str, cards: tuple[Card, ...] = ()) -> Stage:
    touchpoints = tuple(Touchpoint(id=f"{id_}-{e}", name=e, match=(Rule(event=(e,)),)) for e in events)
    return Stage(id=id_, name=id_, touchpoints=touchpoints, cards=cards)


@pytest.mark.parametrize(("written", "seconds"), [("45s", 45), ("30m", 1800), ("1.5h", 5400), ("0.5 d", 43200)])
def test_a_session_ends_after_its_idle_time(written: str, seconds: float) -> None:
    assert Session(session=written).seconds == seconds


@pytest.mark.parametrize("written", ["0m", "0.0h", "m", "-5m", "30", "30min"])
def test_a_session_needs_a_time(written: str) -> None:
    with pytest.raises(ValidationError):
        Session(session=written)


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"stages": [stage("a"), stage("a")]}, "already used by stages\\[0\\]"),
        ({"stages": [stage("a", cards=(Card(id="a", lane="needs", text="t"),))]}, "already used"),
        ({"personas": ["p", "p"]}, "already used by personas\\[0\\]"),
        ({"personas": ["all"]}, "stands for every persona"),
        ({"lanes": [Lane(id="needs", name="N")]}, "a lane that every journey has"),
        ({"lanes": [Lane(id="own", name="N", after="own")]}, "no other lane"),
        ({"stages": [stage("a", cards=(Card(id="c", lane="own", text="t"),))]}, "no lane 'own'"),
        ({"stages": [stage("a", cards=(Card(id="c", lane="needs", text="t", persona="p"),))]}, "no persona 'p'"),
        ({"stages": [stage("a", cards=(Card(id="c", lane="needs", text="t", touchpoint="t"),))]}, "no touchpoint 't'"),
    ],
)
def test_a_document_that_does_not_hold_together_cannot_be_made(parts: dict[str, object], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        journey(**parts)


def test_a_card_may_lie_in_a_lane_of_the_teams_own() -> None:
    card = Card(id="c", lane="ideas", text="t", persona="p", touchpoint="a-x")
    made = journey(stages=[stage("a", "x", cards=(card,))], lanes=[Lane(id="ideas", name="Ideas")], personas=["p"])
    assert made.personas == (Persona(id="p", name="p"),)


class TestEndBeforeStart:
    stages = (stage("browse", "view_*"), stage("buy", "order", "pay"))

    def test_an_end_that_is_drawn_before_the_start_is_refused(self) -> None:
        with pytest.raises(ValidationError, match=r"would end \(in 'browse'\) before it starts \(in 'buy'\)"):
            journey(stages=self.stages, start=Rule(event=("pay",)), end=End(event=("view_item",)))

    def test_coming_back_a_second_time_is_an_end(self) -> None:
        journey(stages=self.stages, start=Rule(event=("pay",)), end=End(event=("view_item",), nth=2))

    def test_within_one_stage_the_order_is_not_known(self) -> None:
        journey(stages=self.stages, start=Rule(event=("pay",)), end=End(event=("order",)))

    def test_events_outside_the_drawing_are_not_judged(self) -> None:
        journey(stages=self.stages, start=Rule(event=("pay",)), end=End(event=("elsewhere",)))
