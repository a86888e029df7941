"""How strong feelings are overheard: learned from how often places are answered, and told by the interval."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from desirepath.insight.answering import UNKNOWN, Answering, learn
from desirepath.insight.emotion import emotion_of, pooled
from desirepath.insight.feedback import columns
from desirepath.insight.place import Placed
from desirepath.lake.schema import FEEDBACK

NO_LINKS = pa.table({"id": pa.array([], "string"), "person": pa.array([], "string")})
PLACES, EVENTS = 20, 2_000
Floats = np.ndarray


def company(seed: int, strength: float, kind: str = "survey") -> tuple[Placed, Floats, Floats]:
    """Answers at places where customers feel differently, the events there, and what all of them felt on average.

    Answers are whole stars, given with a probability of 5 % · exp(strength · (|felt| − 1)).
    """
    rng = np.random.default_rng(seed)
    felt = np.clip(rng.normal(rng.uniform(-0.5, 1.4, PLACES)[:, None], 0.8, (PLACES, EVENTS)), -2, 2).round()
    answers = rng.random(felt.shape) < 0.05 * np.exp(strength * (np.abs(felt) - 1))
    place = np.nonzero(answers)[0]
    told = felt[answers]
    rows = [
        {"import": 1, "row": i, "id": str(i), "kind": kind, "source": "s", "score": 3 + e, "scale": "csat5"}
        for i, e in enumerate(told.tolist())
    ]
    feedback, _ = columns(pa.Table.from_pylist(rows, FEEDBACK), NO_LINKS)
    voice = Placed(feedback, np.arange(len(told)), place, np.zeros(len(told), np.int64), {})
    return voice, np.full(PLACES, EVENTS), felt.mean(1)


@pytest.mark.parametrize("strength", [0.0, 0.4, -0.3])
def test_how_often_places_are_answered_tells_how_much_strong_feelings_are_overheard(strength: float) -> None:
    found = [learn(*company(seed, strength)[:2]) for seed in range(10)]
    assert np.mean([a.mean[0] for a in found]) == pytest.approx(strength, abs=0.06)
    inside = [abs(a.mean[0] - strength) <= 2 * np.sqrt(a.covariance[0, 0]) for a in found]
    assert sum(inside) >= 8


def test_the_interval_holds_what_all_felt_where_that_of_the_answers_does_not() -> None:
    whole, answers, off, off_all = [], [], [], []
    for seed in range(10):
        voice, there, felt = company(seed, 0.5)
        answering = learn(voice, there)
        for e, truth in zip(points(voice, there, answering), felt, strict=True):
            assert None not in (e.score, e.low, e.high, e.everyone, e.sampling_low, e.sampling_high)
            whole.append(e.low <= truth <= e.high)
            answers.append(e.sampling_low <= truth <= e.sampling_high)
            off.append(e.score - truth)
            off_all.append(e.everyone - truth)
    assert np.mean(answers) < 0.75 < 0.9 <= np.mean(whole)
    assert abs(np.mean(off_all)) < 0.05 < 0.1 < np.mean(off)


def test_where_nearly_all_answer_or_nobody_is_known_the_interval_is_that_of_the_answers() -> None:
    voice, _, _ = company(0, 0.5)
    answers = int(voice.at_touchpoint(0).sum())
    for there in (answers, 0):
        e = emotion_of(voice.feedback, voice.at_touchpoint(0), 5, UNKNOWN, there)
        assert (e.low, e.high, e.everyone) == (e.sampling_low, e.sampling_high, e.score)


def test_what_is_told_unasked_teaches_nothing_and_is_less_sure_than_what_is_asked() -> None:
    asked, there, _ = company(0, 0.5)
    unasked, _, _ = company(0, 0.5, kind="review")
    assert learn(unasked, there) is UNKNOWN
    rows = asked.at_touchpoint(
        int(np.argmax([asked.feedback.emotion[asked.at_touchpoint(t)].mean() for t in range(20)]))
    )
    shift, variance = learn(asked, there).shift(asked.feedback, rows, EVENTS)
    assert shift > 0.05
    guessed, doubt = UNKNOWN.shift(unasked.feedback, rows, EVENTS)
    assert guessed == 0 and doubt > 3 * variance


def test_places_asked_at_different_rates_teach_less() -> None:
    voice, there, _ = company(0, 0.4)
    uneven = (there * np.random.default_rng(1).lognormal(0.5, 1.0, PLACES)).astype(np.int64)
    assert learn(voice, uneven).covariance[0, 0] > 4 * learn(voice, there).covariance[0, 0]


def test_pooling_does_not_forget_who_did_not_answer() -> None:
    voice, there, _ = company(0, 0.5)
    for e in pooled(points(voice, there, learn(voice, there))):
        assert e.pooled_low <= e.pooled <= e.pooled_high
        assert e.pooled_high - e.pooled_low > e.sampling_high - e.sampling_low


def points(voice: Placed, there: Floats, answering: Answering) -> list:
    return [emotion_of(voice.feedback, voice.at_touchpoint(t), 5, answering, int(there[t])) for t in range(PLACES)]
