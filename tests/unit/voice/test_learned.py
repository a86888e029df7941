"""The learned model: sure of what is plain, calibrated, the same every time; figures to check in the head."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desirepath.voice import store
from desirepath.voice.bootstrap import bootstrap
from desirepath.voice.learned import APART, Hints, best_costs, fit, folds, learnable, seen
from desirepath.voice.lexicon import lexicons
from desirepath.voice.quality import Quality, ece, macro_f1
from desirepath.voice.teaching import askable, margin, most_helpful

NOUNS = ["coffee", "tea", "cake", "bread", "soup", "queue", "till", "app", "order", "delivery", "counter", "waiter"]
TEXTS = [f"the {n} was {w} today" for n in NOUNS for w in ("zorp", "blim")] * 3
LABELS = np.array([0, 2] * len(NOUNS) * 3)


def test_unknown_words_are_learned_from_ratings() -> None:
    model = fit([f"{t} {i}" for i, t in enumerate(TEXTS)], LABELS)
    assert model.predict(["my lamp was blim", "the chair was zorp"]).tolist() == [2, 0]
    assert model.quality.macro_f1 == 1.0 and model.quality.n == len(TEXTS)
    p = model.probabilities(["zorp", "blim"])
    assert np.allclose(p.sum(1), 1) and p[0, 0] > 0.5 > p[1, 0]


def test_the_same_texts_give_the_same_model() -> None:
    one, two = (fit(TEXTS, LABELS).probabilities(["blim soup"]) for _ in range(2))
    assert (one == two).all()


def test_labels_by_chance_are_seen_to_be_chance() -> None:
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(NOUNS, 4)) for _ in range(300)]
    quality = fit(texts, rng.integers(0, 2, 300) * 2).quality
    assert quality.macro_f1 is not None and 0.35 < quality.macro_f1 < 0.65


def test_one_class_teaches_nothing() -> None:
    assert not learnable(np.zeros(100, int)) and not learnable(np.array([0, 1] * 4))
    with pytest.raises(ValueError, match="two classes"):
        fit(["a", "b"], np.array([1, 1]))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), min_size=10, max_size=60))
def test_texts_that_say_the_same_stay_in_one_fold(rows: list[tuple[int, int]]) -> None:
    y, groups = np.array([r[0] for r in rows]), np.unique([r[1] for r in rows], return_inverse=True)[1]
    found = folds(y, groups, 5, 0)
    assert all(len(set(found[groups == g])) == 1 for g in set(groups))
    assert set(found) <= set(range(5))


def test_figures() -> None:
    y, said = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert macro_f1(y, said, 2) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert ece(np.array([[0.8, 0.2]] * 5), np.array([0, 0, 0, 0, 1])) == pytest.approx(0)
    assert ece(np.array([[1.0, 0.0]] * 2), np.array([0, 1])) == pytest.approx(0.5)
    found = Quality.of(y, said, np.eye(2)[said], [0, 2])
    assert found.confusion == ((1, 1), (0, 2)) and found.accuracy == 0.75


def test_a_kept_model_serves_until_enough_has_changed(tmp_path) -> None:
    model = fit(TEXTS, LABELS)
    store.keep(tmp_path, "en", model, TEXTS, LABELS)
    again = store.find(tmp_path, "en", [*TEXTS, "one more"], np.append(LABELS, 0))
    assert again is not None and (again.probabilities(["blim"]) == model.probabilities(["blim"])).all()
    assert again.quality == model.quality
    assert store.find(tmp_path, "en", TEXTS * 2, np.tile(LABELS, 2)) is None
    assert store.find(tmp_path, "en", TEXTS, 2 - LABELS) is None
    (tmp_path / "voice-en.npz").write_bytes(b"damaged")
    assert store.find(tmp_path, "en", TEXTS, LABELS) is None


def test_a_model_of_another_make_is_made_anew(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(store, "MADE", "three experts")
    store.keep(tmp_path, "en", fit(TEXTS, LABELS), TEXTS, LABELS)
    heard = store.key("feedback", {}, "")
    assert store.find(tmp_path, "en", TEXTS, LABELS) is not None
    monkeypatch.undo()
    assert store.find(tmp_path, "en", TEXTS, LABELS) is None
    assert store.key("feedback", {}, "") != heard


def test_stacked_experts_may_differ_from_their_mean() -> None:
    margins = np.array([[3.0, 1.0, -1.0, 1.0, 1.0]])  # two classes: one margin an expert, the second class's
    assert seen(margins, 2).tolist() == [pytest.approx([-1.0, 1.0, 2 * APART, 0.0, -2 * APART, 0.0, 0.0])]


def test_each_expert_has_the_cost_that_does_best_for_it() -> None:
    y = np.array([0, 0, 1, 1])
    right, wrong = np.array([-1.0, -1, 1, 1]), np.array([1.0, 1, -1, -1])
    first = np.stack([right, wrong, wrong, right, wrong], 1)[:, :, None]  # texts × experts × one margin
    second = np.stack([wrong, right, wrong, right, right], 1)[:, :, None]
    assert best_costs([first, second], y, 2) == [0, 1, 0, 0, 1]


def test_without_ratings_the_lexicon_teaches_the_domains_own_words() -> None:
    rng = np.random.default_rng(1)
    glad = [f"excellent and friendly, really zippy {w}" for w in rng.choice(NOUNS, 120)]
    sore = [f"terrible and rude, really gloopy {w}" for w in rng.choice(NOUNS, 120)]
    found = bootstrap([f"{t} {i}" for i, t in enumerate(glad + sore)], lexicons()["en"])
    assert found.taught_by >= 200
    assert found.read(["zippy"]).score[0] > 0 > found.read(["gloopy"]).score[0]
    assert bootstrap(["good", "bad"], lexicons()["en"]).table is None


def test_hints_help_where_ratings_are_few() -> None:
    texts, labels = TEXTS[:20], LABELS[:20]
    guessed = Hints([f"this is flarn {i}" for i in range(60)], np.full(60, 2), np.ones(60))
    alone, hinted = (fit(texts, labels, hints=h).probabilities(["flarn"])[0, 1] for h in (None, guessed))
    assert hinted > alone


def test_the_unsure_are_asked_for_first() -> None:
    certainty = np.array([0.9, 0.01, 0.5, 0.02, 0.8, 0.03])
    chosen = most_helpful(certainty, np.array([False, False, False, True, False, False]), 1, seed=1)
    assert chosen[0] in (1, 5, 2, 4)
    assert most_helpful(certainty, np.ones(6, bool), 3).size == 0
    assert askable(["same text", "same text", "x", "y" * 2_000]).tolist() == [True, False, False, False]
    assert margin(np.array([[0.5, 0.3, 0.2]])) == pytest.approx([0.2])


def test_of_many_places_the_probability_tells_how_often_one_is_right() -> None:
    """Twelve places with a word of their own, which half of the texts have: the others could be about any place."""
    rng = np.random.default_rng(1)
    place = rng.integers(0, 12, 1200)
    clear = rng.random(1200) < 0.5
    about = np.where(clear, np.array([f"place{letter}" for letter in "abcdefghijkl"])[place], "something")
    texts = [f"{thing} was number {i}" for i, thing in enumerate(about.tolist())]
    model = fit(texts[:800], place[:800], costs=(0.25,))
    found = model.probabilities(texts[800:])
    sure, right = found.max(1), found.argmax(1) == place[800:]
    assert right[clear[800:]].mean() > 0.95 and sure[clear[800:]].mean() > 0.7
    assert sure[~clear[800:]].mean() < 0.3
    assert model.quality.ece is not None and model.quality.ece < 0.2
