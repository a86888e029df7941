"""The four catalogues say the same things, and numbers look as readers of each language write them."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from desirepath.locale import catalogue, nearest, numbers, say
from desirepath.texts import LANGUAGES

PACKAGE = Path(__file__).parents[3] / "src" / "desirepath"


def places(message: str) -> set[str]:
    return {f"{name}:{kind}" for _, name, kind, _ in Formatter().parse(message) if name}


def all_places(message: str | dict[str, str]) -> set[str]:
    return places(message) if isinstance(message, str) else set().union(*map(places, message.values()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_message_with_the_same_places(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert list(other) == list(english)
    assert {k: all_places(m) for k, m in other.items()} == {k: all_places(m) for k, m in english.items()}
    assert all(text.strip() for m in other.values() for text in ([m] if isinstance(m, str) else m.values()))


NAMED_BY_THE_DATA = {"kpi", "channel"}
"""Metrics and channels are what journeys and sources call them; the catalogue knows the usual names."""


def test_every_message_is_said_somewhere() -> None:
    files = [f for f in PACKAGE.rglob("*") if f.suffix in (".py", ".js", ".html")]
    source = "\n".join(f.read_text("utf-8") for f in files)
    words = set(re.findall(r"\w+", source))
    built = set(re.findall(r'f"([a-z_]+)\.\{[^}]*\}([.\w]*)"', source))
    built |= {(family, "") for family in re.findall(r"""name_of\(["'](\w+)["']""", source)}

    def said(key: str) -> bool:
        family, word = key.split(".", 1)
        endings = [rest for start, rest in built if start == family and word.endswith(rest)]
        named = any(word.removesuffix(rest) in words for rest in endings)
        return key in source or named or family in NAMED_BY_THE_DATA

    assert [key for key in catalogue("en") if not said(key)] == []


def test_every_measure_and_baseline_of_a_finding_has_its_words() -> None:
    source = "\n".join(f.read_text("utf-8") for f in (PACKAGE / "insight" / "findings").glob("*.py"))
    measures = set(re.findall(r'(?:"measure": |\.evidence\()"(\w+)"', source))
    baselines = set(re.findall(r'(?:"compared_with": |\.evidence\("\w+", )"(\w+)"', source))
    assert {"wait_before", "loop_rate"} <= measures and {"other_steps", "other_stages"} <= baselines
    assert {f"measure.{m}" for m in measures} | {f"compare.{b}" for b in baselines} <= set(catalogue("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_messages_have_exactly_the_categories_of_their_language(language: str) -> None:
    categories = {numbers.plural(n, language) for n in (*range(200), 1_000_000, 1.5)} | {"other"}
    for key, message in catalogue(language).items():
        if isinstance(message, dict):
            assert set(message) == categories, key


@pytest.mark.parametrize(
    ("language", "n", "text"),
    [
        ("en", 1, "1 customer"),
        ("en", 1234, "1,234 customers"),
        ("ru", 1, "1 клиент"),
        ("ru", 3, "3 клиента"),
        ("ru", 11, "11 клиентов"),
        ("ru", 21, "21 клиент"),
        ("zh-Hans", 2, "2 位客户"),
        ("zh-Hant", 2, "2 位顧客"),
    ],
)
def test_counts_agree_with_their_noun(language: str, n: int, text: str) -> None:
    assert say("line.customers", language, n=n) == text


def test_a_place_takes_a_text_in_several_languages() -> None:
    name = {"en": "Till", "ru": "Касса"}
    assert say("line.step_untimed", "ru", source=name, target="X", share=0.314) == "Касса → X: 31\xa0% проходов"


def test_readers_of_other_languages_get_the_nearest_words() -> None:
    assert [nearest(tag) for tag in ("zh-TW", "zh-CN", "zh", "zh-Hant-HK", "ru-RU", "en-GB", "pt")] == [
        "zh-Hant",
        "zh-Hans",
        "zh-Hans",
        "zh-Hant",
        "ru",
        "en",
        "en",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0, "0 s"),
        (0.42, "0.4 s"),
        (59.6, "1 min"),
        (185, "3 min 5 s"),
        (3_599.7, "1 h"),
        (9_000, "2 h 30 min"),
        (187_200, "2 d 4 h"),
        (4_000_000, "46 d"),
        (40_000_000, "1 y 98 d"),
        (-90, "−1 min 30 s"),
    ],
)
def test_durations_show_their_two_largest_units(seconds: float | None, text: str) -> None:
    assert numbers.duration(seconds, "en").replace("\xa0", " ") == text


def test_durations_in_the_other_languages() -> None:
    two_days = [numbers.duration(187_200, tag).replace("\xa0", " ") for tag in ("zh-Hans", "zh-Hant", "ru")]
    assert two_days == ["2 天 4 小时", "2 天 4 小時", "2 дн. 4 ч"]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["12,480", "31.4%", "31%", "7.5%", "−1.2", "+18", "€6.35", "30 Jun 2026"]),
        ("zh-Hans", ["12,480", "31.4%", "31%", "7.5%", "−1.2", "+18", "€6.35", "2026年6月30日"]),
        ("zh-Hant", ["12,480", "31.4%", "31%", "7.5%", "−1.2", "+18", "€6.35", "2026年6月30日"]),
        ("ru", ["12 480", "31,4 %", "31 %", "7,5 %", "−1,2", "+18", "6,35 €", "30 июн. 2026 г."]),
    ],
)
def test_numbers_look_as_their_readers_write_them(language: str, texts: list[str]) -> None:
    written = [
        numbers.integer(12_480, language),
        numbers.percent(0.314, language),
        numbers.share(0.314, language),
        numbers.share(0.075, language),
        numbers.score(-1.2, language),
        numbers.points(18.4, language),
        numbers.money(6.35, language, "EUR"),
        numbers.date("2026-06-30T21:00:00Z", language),
    ]
    assert [text.replace("\xa0", " ").replace("\u202f", " ") for text in written] == texts
