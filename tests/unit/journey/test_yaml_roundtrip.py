"""What is dumped loads to the same journey, whatever its texts hold."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desirepath.journey.model import (
    FEELINGS,
    LANES,
    Card,
    End,
    Journey,
    Lane,
    Persona,
    Rule,
    Session,
    Stage,
    Touchpoint,
)
from desirepath.journey.yaml import dump, load

words = st.one_of(
    st.text(max_size=12),
    st.text(alphabet=" \n\t:#-'\"{}[],&*!|>%@`\\~?\u0085\u2028\u00a0\ufeff\x00\x07e1.😀点ж", max_size=8),
    st.sampled_from(
        ["", "null", "yes", "1.10", "0x1F", "2024-01-01", "- a", "a: b", "a #b", "'", "\n", " x ", "=", "<<"]
    ),
)
texts = st.one_of(words, st.dictionaries(st.sampled_from(["en", "ru", "zh-Hans", "pt-BR"]), words, min_size=1))
maybe = st.none() | texts
strings = st.lists(words, max_size=3).map(tuple)
emotions = st.floats(-2, 2)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=3,
)
conditions = st.dictionaries(words, strings, max_size=2)
rules = st.builds(Rule, event=st.lists(words, min_size=1, max_size=3), channel=strings, where=conditions)
ends = st.builds(End, event=st.just(("e",)), where=conditions, nth=st.integers(2, 9))


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    ids = iter(draw(st.lists(st.from_regex(r"[^\s/:;#]{1,6}", fullmatch=True), min_size=40, max_size=40, unique=True)))
    own = draw(
        st.lists(st.builds(Lane, id=st.builds(lambda: next(ids)), name=texts, after=st.sampled_from(LANES)), max_size=1)
    )
    personas = draw(
        st.lists(
            st.builds(
                Persona,
                id=st.builds(lambda: next(ids)),
                name=texts,
                summary=maybe,
                goals=st.lists(texts, max_size=2),
                preferred_channels=strings,
                rule=conditions,
            )
            | st.builds(lambda: next(ids)).map(lambda i: Persona(id=i, name=i)),
            max_size=2,
        )
    )
    known = [p.id for p in personas]
    touchpoints = st.builds(
        Touchpoint,
        id=st.builds(lambda: next(ids)),
        name=texts,
        description=maybe,
        channel=st.none() | words,
        importance=st.sampled_from(["low", "medium", "high"]),
        moment_of_truth=st.booleans(),
        match=st.lists(rules, max_size=2),
        assumed_emotion=st.dictionaries(st.sampled_from([*known, "all"]), emotions, max_size=2),
        assumed_feeling=st.dictionaries(st.sampled_from([*known, "all"]), st.sampled_from(FEELINGS), max_size=2),
    )
    cards = st.builds(
        Card,
        id=st.builds(lambda: next(ids)),
        lane=st.sampled_from([*LANES, *(lane.id for lane in own)]),
        text=texts,
        persona=st.sampled_from([None, *known]),
        emotion=st.none() | emotions,
        evidence=st.lists(st.dictionaries(words, values, max_size=2), max_size=2),
    )
    stages = st.builds(
        Stage,
        id=st.builds(lambda: next(ids)),
        name=texts,
        customer_goal=maybe,
        touchpoints=st.lists(touchpoints, max_size=2),
        cards=st.lists(cards, max_size=3),
    )
    return draw(
        st.builds(
            Journey,
            id=st.builds(lambda: next(ids)),
            title=texts,
            goal=maybe,
            state=st.sampled_from(["as_is", "to_be"]),
            case=st.sampled_from(["customer", "case", Session(session="30m")]),
            start=st.none() | rules,
            end=st.none() | ends,
            trim=st.booleans(),
            personas=st.just(tuple(personas)),
            stages=st.lists(stages, max_size=3),
            lanes=st.just(tuple(own)),
            kpis=strings,
        )
    )


@settings(
    max_examples=100,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(journeys())
def test_a_journey_survives_its_yaml(journey: Journey) -> None:
    assert load("\n" + dump(journey)) == journey
