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

from desirepath.locale import say

NOTHING = "–"
_UNITS = (("year", 31_536_000), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


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
    """A fraction as a percentage with one digit: `31.4%`."""
    return _percent(value, 1, language)


def share(value: float | None, language: str) -> str:
    """A fraction as a percentage, whole from 10 % on, where many stand side by side: `61%`, `7.5%`."""
    return _percent(value, 1 if value is not None and 0 < abs(value) < 0.0995 else 0, language)


def money(value: float | None, language: str, currency: str = "EUR") -> str:
    """An amount in its currency, whole from a thousand on."""
    locale = _locale(language)
    pattern = locale.currency_formats["standard"].pattern
    if value is not None and abs(value) >= 1000:
        pattern = pattern.replace(".00", "")
    return _text(value, lambda v: format_currency(v, currency, pattern, locale=locale, currency_digits=False))


def duration(seconds: float | None, language: str) -> str:
    """The two largest units, one where it is ten days or minutes and more: `2 d 4 h`, `46 d`, `2 дн. 4 ч`."""
    if seconds is None:
        return NOTHING
    if abs(seconds) < 1:
        return _unit("second", round(seconds, 1), language)
    sizes = [size for _, size in _UNITS]
    first = next(i for i, size in enumerate(sizes) if abs(seconds) >= size)
    alone = _UNITS[first][0] in ("day", "minute") and abs(seconds) >= 10 * sizes[first]
    smallest = sizes[first] if alone else sizes[min(first + 1, len(sizes) - 1)]
    left = round(abs(seconds) / smallest) * smallest
    parts = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(_unit(unit, count, language))
    return ("−" if seconds < 0 else "") + " ".join(parts[:2])


def date(value: str | dt.date | dt.datetime | None, language: str) -> str:
    """A day: `4 Mar 2026`, `2026年3月4日`."""
    if value is None:
        return NOTHING
    day = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    pattern = "d MMM y" if language == "en" else "medium"
    return str(format_date(day, format=pattern, locale=_locale(language)))


def last_day(end: str | None) -> str | None:
    """The last moment of a period that ends before `end`."""
    return (dt.datetime.fromisoformat(end) - dt.timedelta(microseconds=1)).isoformat() if end else None


FORMATS: dict[str, Callable[[Any, str], str]] = {
    "integer": integer,
    "decimal": decimal,
    "fixed": fixed,
    "score": score,
    "points": points,
    "percent": percent,
    "share": share,
    "duration": duration,
    "date": date,
}
"""What may stand after the colon of a place in a message."""


def _unit(unit: str, count: float, language: str) -> str:
    return say(f"unit.{unit}", language, n=count)


def _percent(value: float | None, digits: int, language: str) -> str:
    locale = _locale(language)
    pattern = locale.percent_formats[None].pattern.replace("#,##0", "#,##0" + ".0" * (digits == 1))
    return _text(value, lambda v: format_percent(v, format=pattern, locale=locale))


def _text(value: float | None, write: Callable[[float], str]) -> str:
    return NOTHING if value is None else str(write(value)).replace("-", "−")


def _signed(value: float, text: str) -> str:
    return f"+{text}" if value > 0 and any(c in "123456789" for c in text) else text
