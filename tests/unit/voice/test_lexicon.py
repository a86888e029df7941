"""Words of feeling with negation, degree, contrast and emoji, in each language."""

import pytest

from desirepath.voice.lexicon import lexicons, signs_of
from desirepath.voice.texts import clean

GOOD = {
    "en": ("The staff were friendly and quick", "Not bad at all", "I love it 😍"),
    "ru": ("Очень вежливый персонал, всё быстро", "Проблем нет, спасибо"),
    "pt": ("Entrega rápida, produto ótimo", "Chegou antes do prazo, recomendo"),
    "zh-Hans": ("服务很热情，味道不错", "不贵，还会再来"),
    "zh-Hant": ("服務很熱情，味道不錯", "CP值很高，還會再來"),
}
BAD = {
    "en": ("The queue was terrible and staff were rude", "not good", "never again"),
    "ru": ("Ужасное обслуживание, хамят", "Не рекомендую"),
    "pt": ("Péssimo, produto veio quebrado", "Não recebi o produto"),
    "zh-Hans": ("送餐太慢，很难吃", "不好吃，不会再来"),
    "zh-Hant": ("出餐超慢，很難吃", "態度很差"),
}


@pytest.mark.parametrize(("language", "text"), [(k, t) for k, texts in GOOD.items() for t in texts])
def test_praise(language: str, text: str) -> None:
    assert lexicons()[language].read(text).score > 0.2


@pytest.mark.parametrize(("language", "text"), [(k, t) for k, texts in BAD.items() for t in texts])
def test_complaint(language: str, text: str) -> None:
    assert lexicons()[language].read(text).score < -0.2


def score(text: str) -> float:
    return lexicons()["en"].read(clean(text)).score


def test_grammar_moves_the_weight() -> None:
    assert score("very good") > score("good") > score("somewhat good") > 0
    assert score("not good") < 0
    assert score("good but slow") < score("slow but good")
    assert score("good!!!") > score("good")


def test_emoji_speak_every_language() -> None:
    assert sum(signs_of("😍👍")) > 0 > sum(signs_of("😡👎"))
    assert signs_of(":-)") == [1.0] and signs_of(":(") == [-1.0] and signs_of("at 10:30 (noon)") == []


def test_nothing_found_is_no_feeling() -> None:
    found = lexicons()["en"].read("The table is made of wood")
    assert (found.score, found.hits) == (0.0, 0)


@pytest.mark.parametrize("language", sorted(GOOD))
def test_a_word_has_one_weight(language: str) -> None:
    lexicon = lexicons()[language]
    assert lexicon.function and lexicon.feelings
    assert all(-2 <= weight <= 2 for weight in lexicon.words.exact.values())
