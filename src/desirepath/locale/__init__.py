"""The words of the interface in four languages: `say(key, language, **params)`.

A catalogue (`en.json` …) is a flat object; a message is a text with `{name}` or `{name:kind}` places, or one text per
CLDR plural category, chosen by the parameter `n`. The kinds are those of `numbers.FORMATS` (integer, percent,
duration …), so a message says how its numbers look. Parameters may themselves be texts in several languages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

from desirepath.texts import LANGUAGES, pick

Message = str | dict[str, str]


@cache
def catalogue(language: str) -> Mapping[str, Message]:
    """All messages of one interface language."""
    text = resources.files(__package__).joinpath(f"{language}.json").read_text("utf-8")
    messages: dict[str, Message] = json.loads(text)
    return messages


def nearest(language: str) -> str:
    """The interface language that serves a reader of `language` best: `zh-TW` reads `zh-Hant`, others English."""
    if language in LANGUAGES:
        return language
    main, *rest = language.replace("_", "-").split("-")
    if main == "zh":
        return "zh-Hant" if {"hant", "tw", "hk", "mo"} & {part.lower() for part in rest} else "zh-Hans"
    return main if main in LANGUAGES else "en"


def has(key: str) -> bool:
    """Whether the catalogues hold this message."""
    return key in catalogue("en")


def say(key: str, language: str, **params: Any) -> str:
    """The message in the reader's language, its places filled; an unknown key is a KeyError."""
    from desirepath.locale import numbers

    tag = nearest(language)
    message = catalogue(tag)[key]
    if isinstance(message, dict):
        message = message.get(numbers.plural(params["n"], tag)) or message["other"]
    return _Filler(tag).vformat(message, (), params)


class _Filler(Formatter):
    """`str.format` with the kinds of `numbers` and with texts in several languages."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        from desirepath.locale import numbers

        if isinstance(value, dict):
            value = pick(value, self.language)
        if format_spec in numbers.FORMATS:
            return numbers.FORMATS[format_spec](value, self.language)
        return str(super().format_field(value, format_spec))
