"""JSON values as cells: numbers exactly as written, nested objects as `a.b`, lists as JSON text, null as null."""

from __future__ import annotations

import json


class Number(str):
    """A number as it was written."""


DECODER = json.JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=Number, strict=False)


def flatten(value: object) -> dict[str, str | None]:
    """The cells of one object; a value that is no object is a cell called `value`."""
    cells: dict[str, str | None] = {}
    if isinstance(value, dict):
        _flatten(value, "", cells)
    else:
        cells["value"] = _cell(value)
    return cells


def _flatten(value: dict[str, object], prefix: str, cells: dict[str, str | None]) -> None:
    for key, inner in value.items():
        name = prefix + key if prefix else key
        if inner is None or isinstance(inner, str):
            cells[name] = inner
        elif isinstance(inner, dict) and inner:
            _flatten(inner, f"{name}.", cells)
        else:
            cells[name] = text(inner)


def _cell(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else text(value)


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
