"""Texts in several languages: either plain, or one text per language (`{en: …, zh-Hans: …}`)."""

from __future__ import annotations

Text = str | dict[str, str]

LANGUAGES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "ru": "Русский"}
"""The languages of the interface by BCP 47 tag, each under its own name."""

_KIN = {"zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans"}


def pick(text: Text | None, language: str = "en") -> str:
    """The text in `language`, else in its nearest kin, else in English, else in whatever comes first."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    for tag in (language, language.split("-")[0], _KIN.get(language, ""), "en"):
        if tag in text:
            return text[tag]
    return next(iter(text.values()), "")
