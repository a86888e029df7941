"""A mapping as YAML: one block a document (parted by `---`), or a list of blocks. Errors name line and column."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML

from desirepath.errors import MappingError, did_you_mean
from desirepath.files import read_text
from desirepath.intake.mapping import Block, Cell, Mapping, block_dict
from desirepath.yaml import Document, Place, documents

_PARTS = ("events", "feedback", "metrics", "keys")


def load(mapping: str | Path) -> Mapping:
    """The mapping in a file, or in a text of its own (a string with a line break)."""
    if isinstance(mapping, str) and ("\n" in mapping or mapping.lstrip().startswith("{")):
        return _load(mapping, "")
    return _load(read_text(Path(mapping), MappingError), Path(mapping).name)


def dump(mapping: Mapping) -> str:
    """The mapping as YAML that `load` reads back to the same blocks."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 120
    texts = []
    for block in mapping.blocks:
        out = io.StringIO()
        yaml.dump(block_dict(block), out)
        texts.append(out.getvalue())
    return "---\n".join(texts)


def _load(text: str, source: str) -> Mapping:
    blocks: list[Block] = []
    for document in documents(text, source, MappingError):
        listed = isinstance(document.value, list)
        for i, value in enumerate(document.value if listed else [document.value]):
            blocks.append(_block(value, (i,) if listed else (), document))
    if not blocks:
        hint = "begin with `source: NAME`, `files: [...]`, `kind: events`"
        raise MappingError("holds no mapping", where=source or None, hint=hint)
    return Mapping(blocks=tuple(blocks))


def _block(value: Any, place: Place, document: Document) -> Block:
    if not isinstance(value, dict):
        hint = "begin with `source: NAME`, `files: [...]`, `kind: events`"
        raise MappingError("is not a mapping", where=document.where(place), hint=hint)
    try:
        return Block.model_validate(_without_nulls(value))
    except ValidationError as error:
        raise _explain(error.errors(), place, document) from None


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_nulls(v) if k != "values" else v for k, v in value.items() if v is not None}
    return [_without_nulls(v) for v in value] if isinstance(value, list) else value


def _explain(details: list[ErrorDetails], place: Place, document: Document) -> MappingError:
    detail = details[0]
    inside = _written(detail["loc"], place, document)
    kind, name = detail["type"], ".".join(str(p) for p in inside[len(place) :])
    where = document.where(inside)
    if kind == "extra_forbidden":
        known = _fields(inside[len(place) : -1])
        hint = did_you_mean(str(inside[-1]), known) or f"known here: {', '.join(known)}"
        return MappingError(f"unknown key '{inside[-1]}'", where=where, hint=hint)
    if kind == "missing":
        return MappingError(f"'{detail['loc'][-1]}' is missing{f' in {name}' if name else ''}", where=where)
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", str(detail["ctx"]["expected"]))
        what = f"{name} '{detail['input']}' is not one of {', '.join(known)}"
        return MappingError(what, where=where, hint=did_you_mean(str(detail["input"]), known))
    if kind == "unused":
        key, reader = detail["ctx"]["key"], detail["ctx"]["reader"]
        hint = "put it into a block of its own (blocks are parted by `---`)" if key in _PARTS else "leave it out"
        return MappingError(f"{reader} does not use `{key}`", where=document.where((*place, key)), hint=hint)
    message = detail["msg"].replace("Input should", "should")
    return MappingError(f"{name} {message}".strip() if kind != "block" else message, where=where)


def _written(loc: tuple[int | str, ...], place: Place, document: Document) -> Place:
    found = place
    for step in loc:
        if (*found, step) in document.positions:
            found = (*found, step)
    return found


def _fields(steps: Place) -> list[str]:
    model: type[BaseModel] = Block
    for step in steps:
        if isinstance(step, str) and step in model.model_fields:
            models = _models(model.model_fields[step].annotation)
            model = models[0] if models else Cell
    return [f.alias or n for n, f in model.model_fields.items()]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for a in get_args(annotation) for m in _models(a)]
