"""YAML 1.2 texts as plain values whose places are known: every scalar stays text, every value has a line and a column.

Aliases are expanded under a budget and depth is bounded, so that a small file cannot become a large document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from desirepath.errors import DesirepathError

Place = tuple[str | int, ...]

MAX_BYTES = 2_000_000
MAX_NODES = 200_000
MAX_DEPTH = 24
_TAGS = {"map", "seq", "str", "int", "float", "bool", "null", "timestamp"}


@dataclass
class Document:
    """One document of a YAML text: its value and where each part of it is written."""

    source: str
    value: Any = None
    positions: dict[Place, tuple[int, int]] = field(default_factory=dict)

    def where(self, place: Place) -> str:
        """`FILE:LINE:COLUMN` of the nearest part that is written."""
        while place and place not in self.positions:
            place = place[:-1]
        line, column = self.positions.get(place, (1, 1))
        return _at(self.source, line, column)


def read_text(path: Path, error: type[DesirepathError]) -> str:
    """The text of a small file in UTF-8 or UTF-16."""
    try:
        content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as fault:
        raise error(f"cannot be read: {fault.strerror}", where=str(path)) from None
    if content is None:
        raise error(f"is larger than {MAX_BYTES:,} bytes", where=str(path))
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise error("is not a text in UTF-8", where=f"{path.name}:{line}", hint="save the file as UTF-8") from None


def documents(text: str, source: str, error: type[DesirepathError]) -> list[Document]:
    """All documents of a text (parted by `---`); raises `error` with file, line and column."""
    if len(text) > MAX_BYTES:
        raise error(f"is larger than {MAX_BYTES:,} characters", where=source or None)
    try:
        roots = list(YAML(typ="safe", pure=True).compose_all(text))
    except ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        what = f"the character U+{fault.character:04X} cannot stand in YAML"
        raise error(what, where=_at(source, line, 1)) from None
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        where = _at(source, mark.line + 1, mark.column + 1) if mark else source or None
        raise error(f"is not YAML: {fault.problem or fault.context}", where=where) from None
    except YAMLError as fault:
        raise error(f"is not YAML: {fault}", where=source or None) from None
    except RecursionError:
        raise error(f"is nested deeper than {MAX_DEPTH} levels", where=source or None) from None
    reader = _Reader(source, error)
    return [reader.document(root) for root in roots if root is not None]


class _Reader:
    def __init__(self, source: str, error: type[DesirepathError]) -> None:
        self.source = source
        self.error = error
        self.nodes = 0

    def document(self, root: Node) -> Document:
        found = Document(self.source)
        found.value = self._value(root, (), found.positions)
        return found

    def _value(self, node: Node, place: Place, positions: dict[Place, tuple[int, int]]) -> Any:
        self.nodes += 1
        positions.setdefault(place, (node.start_mark.line + 1, node.start_mark.column + 1))
        if self.nodes > MAX_NODES:
            raise self._fault(node, f"grows to more than {MAX_NODES:,} values")
        if len(place) > MAX_DEPTH:
            raise self._fault(node, f"is nested deeper than {MAX_DEPTH} levels")
        if str(node.tag).removeprefix("tag:yaml.org,2002:") not in _TAGS:
            raise self._fault(node, f"the tag {node.tag} is not understood")
        if isinstance(node, MappingNode):
            return self._mapping(node, place, positions)
        if isinstance(node, SequenceNode):
            return [self._value(item, (*place, i), positions) for i, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return None if str(node.tag).endswith(":null") and not node.style else str(node.value)

    def _mapping(self, node: MappingNode, place: Place, positions: dict[Place, tuple[int, int]]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise self._fault(key_node, "a key should be a word")
            key = str(key_node.value)
            if key in values:
                line, column = positions[(*place, key)]
                raise self._fault(key_node, f"the key '{key}' stands twice", f"first in line {line}, column {column}")
            positions[(*place, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            values[key] = self._value(value_node, (*place, key), positions)
        return values

    def _fault(self, node: Node, what: str, hint: str | None = None) -> DesirepathError:
        mark = node.start_mark
        return self.error(what, where=_at(self.source, mark.line + 1, mark.column + 1), hint=hint)


def _at(source: str, line: int, column: int) -> str:
    return f"{source}:{line}:{column}" if source else f"line {line}, column {column}"
