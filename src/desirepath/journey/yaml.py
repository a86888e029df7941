"""The journey document as YAML 1.2: `load` and `dump`, without loss (comments aside).

Scalars reach the model as they are written (`1.10` stays `1.10` where text is wanted); only `evidence`, whose keys are
free, is resolved to numbers and truth values. A field without a value is not given; a language, a persona or a
condition without one is a fault.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from desirepath.errors import JourneyError
from desirepath.files import read_text
from desirepath.journey import faults
from desirepath.journey.model import Journey
from desirepath.journey.yaml_dump import dump
from desirepath.yaml import Document, Place, documents

__all__ = ["dump", "load"]


def load(document: str | Path) -> Journey:
    """The journey in a file, or in a text of its own (a string with line breaks, or one that begins with `{`).

    Raises `JourneyError` with file, line and column for anything that is not a journey.
    """
    if isinstance(document, str) and ("\n" in document or document.lstrip()[:1] in ("", "{")):
        return _load(document, "")
    path = Path(document)
    return _load(read_text(path, JourneyError), path.name)


def _load(text: str, source: str) -> Journey:
    document, *others = [*documents(text, source, JourneyError, typed={"evidence"})] or [Document(source)]
    if not isinstance(document.value, dict):
        hint = "begin with `journey: some-id`, `title:` and `stages:`"
        raise JourneyError("is not a journey", where=document.where(()) or "line 1, column 1", hint=hint)
    if others:
        hint = "write one journey a file, without `---` inside"
        raise JourneyError("a second document begins here", where=others[0].where(()), hint=hint)
    if "id" in document.value:
        raise JourneyError("unknown key 'id'", where=document.where(("id",)), hint="did you mean 'journey'?")
    journey = _with_id(document)
    try:
        return Journey.model_validate(journey.value)
    except ValidationError as error:
        raise faults.explain(error, journey) from None


def _with_id(document: Document) -> Document:
    """The document as the model names its fields: `journey` is its id."""
    value = {"id" if key == "journey" else key: part for key, part in document.value.items()}
    positions = {("id",) if place == ("journey",) else place: at for place, at in document.positions.items()}
    return Document(document.source, _given(value, (), document), positions)


def _given(value: Any, place: Place, document: Document) -> Any:
    if "evidence" in place:
        return value
    if isinstance(value, list):
        return [_given(item, (*place, i), document) for i, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    empty = next((key for key, part in value.items() if part is None), None)
    if empty is not None and faults.model_at(place) is None:
        hint = "write its value behind it, or leave the key out"
        raise JourneyError(f"the key '{empty}' has no value", where=document.where((*place, empty)), hint=hint)
    return {key: _given(part, (*place, key), document) for key, part in value.items() if part is not None}
