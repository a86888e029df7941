"""JSON values as cells: numbers exactly as written, nested objects as `a.b`, lists as JSON text, null as null."""

from __future__ import annotations

import json


class Number(str):
    """A number as it was written."""


DECODER = json.JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=Number, strict=False)


def flatten(value: object, prefix: str = "") -> dict[str, str | None]:
    """The cells of one object; a value that is no object is a cell called `value`."""
    if not isinstance(value, dict):
        return {"value": cell(value)}
    cells: dict[str, str | None] = {}
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            cells.update(flatten(inner, f"{prefix}{key}."))
        else:
            cells[prefix + key] = cell(inner)
    return cells


def cell(value: object) -> str | None:
    """A scalar as text, a list as JSON text."""
    if value is None:
        return None
    return str(value) if isinstance(value, str) else text(value)


def text(value: object) -> str:
    """JSON text of a decoded value."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(text, value))}]"
    if isinstance(value, dict):
        members = (f"{json.dumps(key, ensure_ascii=False)}: {text(inner)}" for key, inner in value.items())
        return f"{{{', '.join(members)}}}"
    return json.dumps(value, ensure_ascii=False)
