"""Numbers, shares, durations, dates and money as a reader of each language writes them (CLDR, through Babel).

Durations show their two largest units, rounded (`2 d 4 h`); a minus is U+2212; None is an en dash.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

NOTHING = "–"
_UNITS = (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def plural(n: float, language: str) -> str:
    """The CLDR plural category of `n`."""
    category: str = _locale(language).plural_form(n)
    return category


def integer(value: float | None, language: str) -> str:
    """`12,480`."""
    return _text(value, lambda v: format_decimal(round(v), format="#,##0", locale=_locale(language)))


def decimal(value: float | None, language: str) -> str:
    """At most one digit after the point below a thousand, none above: `4.3`."""
    pattern = "#,##0" if value is not None and abs(value) >= 1000 else "#,##0.#"
    return _text(value, lambda v: format_decimal(v, format=pattern, locale=_locale(language)))


def fixed(value: float | None, language: str) -> str:
    """Two digits after the point: `4.16`."""
    return _text(value, lambda v: format_decimal(v, format="#,##0.00", locale=_locale(language)))


def score(value: float | None, language: str) -> str:
    """A signed number with one digit, as emotion is written: `−1.2`, `+0.4`."""
    return _text(value, lambda v: _signed(v, format_decimal(v, format="0.0", locale=_locale(language))))


def points(value: float | None, language: str) -> str:
    """A signed whole number, as NPS is written: `+32`."""
    return _text(value, lambda v: _signed(v, format_decimal(round(v), format="#,##0", locale=_locale(language))))


def percent(value: float | None, language: str) -> str:
    """A fraction as a percentage with one digit below 99.95 %: `31.4%`; tiny shares keep two digits."""

    def text(v: float) -> str:
        digits = 4 if 0 < abs(v) < 0.001 else 3
        rounded = 1.0 if v == 1 else round(v, digits)
        return str(format_percent(rounded, locale=_locale(language), decimal_quantization=False))

    return _text(value, text)


def money(value: float | None, language: str, currency: str = "EUR") -> str:
    """An amount in its currency, whole from a thousand on."""
    whole = value is not None and abs(value) >= 1000
    return _text(
        round(value) if whole and value is not None else value,
        lambda v: format_currency(v, currency, locale=_locale(language), decimal_quantization=not whole),
    )


def duration(seconds: float | None, language: str) -> str:
    """The two largest units: `2 d 4 h`, `2 天 4 小时`, `2 дн. 4 ч`; below a second one digit."""
    from desirepath.locale import catalogue

    if seconds is None:
        return NOTHING
    words = catalogue(language)
    sign, left = ("−" if seconds < 0 else ""), abs(seconds)

    def part(unit: str, count: str) -> str:
        message = words[f"unit.{unit}"]
        assert isinstance(message, str)
        return message.replace("{n}", count)

    if left < 1:
        return sign + part("second", decimal(round(left, 1), language))
    first = next(i for i, (_, size) in enumerate(_UNITS) if left >= size or size == 1)
    smallest = _UNITS[min(first + 1, len(_UNITS) - 1)][1]
    left = round(left / smallest) * smallest
    parts = []
    for unit, size in _UNITS[max(first - 1, 0) : first + 2]:
        count, left = divmod(left, size)
        if count:
            parts.append(part(unit, integer(count, language)))
    return sign + " ".join(parts[:2])


def date(value: str | dt.date | dt.datetime | None, language: str) -> str:
    """A day: `4 Mar 2026`, `2026年3月4日`."""
    if value is None:
        return NOTHING
    day = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    pattern = "d MMM y" if language == "en" else "medium"
    return str(format_date(day, format=pattern, locale=_locale(language)))


FORMATS: dict[str, Callable[[Any, str], str]] = {
    "integer": integer,
    "decimal": decimal,
    "fixed": fixed,
    "score": score,
    "points": points,
    "percent": percent,
    "duration": duration,
    "date": date,
}
"""What may stand after the colon of a place in a message."""


def _text(value: float | None, write: Callable[[float], str]) -> str:
    return NOTHING if value is None else str(write(value)).replace("-", "−")


def _signed(value: float, text: str) -> str:
    return f"+{text}" if value > 0 and any(c in "123456789" for c in text) else text
