"""Writes a journey as YAML the way a person would: no defaults, short forms, one line for a rule or a short card."""

from __future__ import annotations

import sys
from io import StringIO
from typing import Any
from unicodedata import east_asian_width

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from desirepath.journey.model import EVERYONE, Card, Journey, Lane, Part, Persona, Rule, Session, Stage, Touchpoint

WIDTH = 96
"""A card or a text in several languages that is about as wide at most is written on one line."""


def dump(journey: Journey) -> str:
    """The journey as YAML; `load(dump(journey)) == journey`."""
    document = {"journey": journey.id, **_fields(journey, skip={"id"})}
    yaml = YAML(typ="rt", pure=True)
    yaml.Representer = _Representer
    yaml.width = sys.maxsize
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(_block(document), out)
    return out.getvalue()


class _Representer(RoundTripRepresenter):
    """Writes `null` where a value is known to be nothing: an empty place is refused inside `{…}`."""

    def represent_null(self, data: None) -> ScalarNode:
        """The word, not nothing."""
        return self.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(type(None), _Representer.represent_null)


def _fields(part: Part, *, skip: frozenset[str] | set[str] = frozenset()) -> dict[str, Any]:
    """The fields that say something, in the model's order and in their short forms."""
    values = ((name, getattr(part, name), field) for name, field in type(part).model_fields.items())
    return {
        name: _short(name, value)
        for name, value, field in values
        if name not in skip and (field.is_required() or value != field.default)
    }


def _short(name: str, value: Any) -> Any:
    match value:
        case Persona() if value == Persona(id=value.id, name=value.id):
            return value.id
        case Session():
            return _flow(_fields(value))
        case Rule():
            return _flow(_fields(value))
        case Card() | Lane() | Persona() | Stage() | Touchpoint():
            return _fields(value)
        case tuple() if name == "match":
            return _flow([_fields(rule) for rule in value])
        case tuple() if name == "evidence":
            return _flow(list(value))
        case tuple() if name in ("event", "channel", "preferred_channels"):
            return _strings(value)
        case tuple():
            items = [_short("", item) for item in value]
            return (
                _flow(items) if all(isinstance(item, str) for item in items) and name in ("kpis", "personas") else items
            )
        case dict() if name in ("where", "rule"):
            return _flow({k: _strings(v) for k, v in value.items()})
        case dict() if name.startswith("assumed_"):
            only = value.get(EVERYONE) if len(value) == 1 else None
            return _flow({k: _number(v) for k, v in value.items()}) if only is None else _number(only)
        case dict():
            return _flow(value) if _fits(value) else value
        case _:
            return _number(value)


def _strings(values: tuple[str, ...]) -> Any:
    return values[0] if len(values) == 1 else _flow(list(values))


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _flow(value: Any) -> Any:
    """The value written on one line: `{a: 1}`, `[a, b]`."""
    if isinstance(value, dict):
        mapping = CommentedMap((_quoted(k), _flow(v)) for k, v in value.items())
        mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        sequence = CommentedSeq(_flow(v) for v in value)
        sequence.fa.set_flow_style()
        return sequence
    return _quoted(value)


def _block(value: Any, key: str = "") -> Any:
    if isinstance(value, CommentedMap | CommentedSeq):
        return value
    if isinstance(value, dict):
        if key == "cards" and _fits(value):
            return _flow(value)
        return CommentedMap((_quoted(k), _block(v, k)) for k, v in value.items())
    if isinstance(value, list):
        return CommentedSeq(_block(v, key) for v in value)
    if isinstance(value, str) and _is_paragraphs(value):
        return LiteralScalarString(value)
    return _quoted(value)


def _is_paragraphs(text: str) -> bool:
    first, *more = text.split("\n")
    lines = more[:-1] if more and not more[-1] else more
    clean = all(line.isprintable() and line == line.rstrip() for line in (first, *lines))
    return bool(more) and clean and first[:1] not in ("", " ") and (not lines or lines[-1] != "")


def _quoted(value: Any) -> Any:
    """Texts that YAML could read as something else (first a sign, spaces at an end, no printable text) in quotes."""
    if not isinstance(value, str) or not value:
        return value
    plain = value.isprintable() and value == value.strip() and (value[0].isalnum() or value[0] in "_(/")
    return value if plain else DoubleQuotedScalarString(value)


def _fits(values: dict[str, Any]) -> bool:
    plain = all(isinstance(v, str | int | float) and "\n" not in str(v) for k, v in values.items() if k != "evidence")
    return plain and sum(len(k) + _width(str(v)) + 4 for k, v in values.items()) <= WIDTH


def _width(text: str) -> int:
    return sum(1 + (east_asian_width(c) in "WF") for c in text)
