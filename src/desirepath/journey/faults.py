"""Turns what pydantic says about a document into one `JourneyError` for the person who wrote it.

A fault's place is the longest part of pydantic's path that exists in the document. Unknown keys, lanes, references and
words come with the nearest known one ("did you mean").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from desirepath.errors import JourneyError, did_you_mean
from desirepath.journey import model
from desirepath.journey.model import where
from desirepath.yaml import Document, Place

SHOWN = 5
"""As many faults are told at once."""

_MODELS: dict[str, type[model.Part]] = {
    "stages": model.Stage,
    "touchpoints": model.Touchpoint,
    "cards": model.Card,
    "personas": model.Persona,
    "lanes": model.Lane,
    "match": model.Rule,
    "start": model.Rule,
    "end": model.End,
    "case": model.Session,
}
_WORDS = {
    "missing": "is missing",
    "string_type": "should be text",
    "dict_type": "should be `key: value` pairs",
    "model_type": "should be `key: value` pairs",
    "tuple_type": "should be a list",
    "float_parsing": "should be a number",
    "float_type": "should be a number",
    "int_parsing": "should be a whole number",
    "int_type": "should be a whole number",
    "bool_parsing": "should be true or false",
    "bool_type": "should be true or false",
}
_HINTS = {
    "case": "write customer, case, or {session: 30m}",
    "text_language": "write text, or one text per language such as {en: …, zh-Hans: …, ru: …}",
    "rule_empty": "say which events are meant, for example {event: purchase}",
}


def explain(error: ValidationError, document: Document) -> JourneyError:
    """The error for the person: the first fault in full, the next ones in short."""
    data = document.value
    told: dict[Place, tuple[str, str | None]] = {}
    for detail in error.errors():
        if detail["type"] == "literal_error" and isinstance(detail["input"], Mapping):
            continue  # the other half of a union says it better
        place = _place(detail, data)
        if place not in told:
            told[place] = (_what(detail, place), _hint(detail, place))
    found = sorted(((place, *fault) for place, fault in told.items()), key=lambda fault: document.position(fault[0]))
    (place, what, hint), *others = found
    also = [f"also {document.where(other)}: {w}" for other, w, _ in others[: SHOWN - 1]]
    if len(told) > SHOWN:
        also.append(f"and {len(told) - SHOWN} more")
    lines = [hint] if hint else []
    return JourneyError(what, where=document.where(place), hint="\n    ".join([*lines, *also]) or None)


def model_at(place: Place) -> type[model.Part] | None:
    """What part of a journey a mapping at this place is; None where its keys are free (languages, personas …)."""
    owner = next((step for step in reversed(place) if isinstance(step, str)), None)
    return model.Journey if owner is None else _MODELS.get(owner)


def _place(detail: ErrorDetails, data: Any) -> Place:
    loc = tuple(detail["ctx"]["path"]) if detail["type"] == "journey" else detail["loc"]
    path: Place = ()
    for step in loc:
        inside = (
            step in data if isinstance(data, Mapping) else isinstance(data, list | tuple) and step in range(len(data))
        )
        if inside:
            data = data[step]
            path = (*path, step)
    return (*path, loc[-1]) if detail["type"] == "missing" else path


def _what(detail: ErrorDetails, path: Place) -> str:
    kind = detail["type"]
    if kind == "journey":
        return str(detail["ctx"]["what"])
    name = where(path)
    if kind == "extra_forbidden":
        return f"unknown key '{_spoken(path[-1])}'"
    if kind == "missing":
        return f"{_spoken(path[-1])} is missing" if len(path) == 1 else f"{where(path[:-1])} has no '{path[-1]}'"
    given = "" if isinstance(detail["input"], Mapping | list | tuple) else f" '{_short(detail['input'])}'"
    if kind == "string_pattern_mismatch" and path[-1:] == ("session",):
        return f"{name}{given} is not a time such as 30m, 2h or 1d"
    if kind == "string_pattern_mismatch":
        return f"{name}{given} is not an id: up to 80 characters, without spaces and / : ; #"
    if kind == "literal_error":
        return f"{name}{given} is not one of {', '.join(_expected(detail))}"
    if kind in _HINTS:
        return f"{name}: {detail['msg']}"
    message = _WORDS.get(kind) or detail["msg"].replace("Input should", "should")
    return f"{name}{given} {message}"


def _hint(detail: ErrorDetails, path: Place) -> str | None:
    kind = detail["type"]
    if kind == "journey":
        return did_you_mean(detail["ctx"]["given"], detail["ctx"]["known"])
    if kind == "extra_forbidden":
        part = model_at(path[:-1]) or model.Journey
        known = [_spoken(f) if part is model.Journey else f for f in part.model_fields]
        return did_you_mean(str(path[-1]), known) or f"known here: {', '.join(known)}"
    if kind == "literal_error":
        return did_you_mean(str(detail["input"]), _expected(detail))
    return _HINTS.get(kind)


def _spoken(key: str | int) -> str:
    return "journey" if key == "id" else str(key)


def _expected(detail: ErrorDetails) -> list[str]:
    return re.findall(r"'([^']*)'", str(detail["ctx"]["expected"]))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
