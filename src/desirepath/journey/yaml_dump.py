"""Writes a journey as YAML the way a person would: no defaults, short forms, one line for a rule or a short card."""

from __future__ import annotations

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

from desirepath.journey.model import EVERYONE, Card, Journey, Lane, Part, Persona, Rule, Session, Stage, Touchpoint

WIDTH = 118
"""Lines are folded here; a card that fits on one line is written on one."""


def dump(journey: Journey) -> str:
    """The journey as YAML; `load(dump(journey)) == journey`."""
    document = {"journey": journey.id, **_fields(journey, skip={"id"})}
    yaml = YAML(typ="rt", pure=True)
    yaml.width = WIDTH
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(_block(document), out)
    return out.getvalue()


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
        mapping = CommentedMap((k, _flow(v)) for k, v in value.items())
        mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        sequence = CommentedSeq(_flow(v) for v in value)
        sequence.fa.set_flow_style()
        return sequence
    return value


def _block(value: Any, key: str = "") -> Any:
    if isinstance(value, CommentedMap | CommentedSeq):
        return value
    if isinstance(value, dict):
        if key == "cards" and _fits(value):
            return _flow(value)
        return CommentedMap((k, _block(v, k)) for k, v in value.items())
    if isinstance(value, list):
        return CommentedSeq(_block(v, key) for v in value)
    if isinstance(value, str) and "\n" in value:
        return LiteralScalarString(value)
    return value


def _fits(card: dict[str, Any]) -> bool:
    plain = all(isinstance(v, str | int | float) and "\n" not in str(v) for k, v in card.items() if k != "evidence")
    return plain and sum(len(k) + len(str(v)) + 4 for k, v in card.items()) < WIDTH - 10
