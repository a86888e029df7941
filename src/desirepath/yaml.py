"""YAML 1.2 texts as plain values whose places are known: scalars stay as written, each value has a line and column.

Size, depth and the number of values are bounded while the text is read, and aliases are expanded under the same budget,
so that a small file cannot become a large document. A key without a value is None; inside `{…}` it is refused, for
there it is most often the rest of a text that holds a comma.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from desirepath.errors import DesirepathError
from desirepath.files import MAX_TEXT

Place = tuple[str | int, ...]
Position = tuple[int, int]

MAX_NODES = 50_000
MAX_DEPTH = 24
_QUOTE_COMMAS = 'write texts that hold a comma in quotes, for example {en: "Well, yes"}'
_PLAIN = {"str", "int", "float", "bool", "null", "timestamp", "value", "merge"}
"""The tags that YAML itself gives to plain scalars."""


@dataclass
class Document:
    """One document of a YAML text: its value and where each part of it is written."""

    source: str
    value: Any = None
    positions: dict[Place, Position] = field(default_factory=dict)

    def position(self, place: Place) -> Position:
        """Line and column of the nearest part that is written."""
        while place and place not in self.positions:
            place = place[:-1]
        return self.positions.get(place, (1, 1))

    def where(self, place: Place) -> str:
        """`FILE:LINE:COLUMN` of the nearest part that is written; the source alone where no places are known."""
        return _at(self.source, *self.position(place)) if self.positions else self.source


def documents(
    text: str, source: str, error: type[DesirepathError], *, typed: Set[str] = frozenset()
) -> Iterator[Document]:
    """The documents of a text (parted by `---`); raises `error` with file, line and column.

    Below the keys `typed` plain scalars become numbers and truth values by YAML's own rules.
    """
    if len(text) > MAX_TEXT:
        raise error(f"is larger than {MAX_TEXT:,} characters", where=source or None)
    reader = _Reader(source, error, typed)
    for root in _compose(text, source, error):
        yield reader.document(root)


def _compose(text: str, source: str, error: type[DesirepathError]) -> list[Node]:
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Composer
    try:
        return [root for root in yaml.compose_all(text) if root is not None]
    except ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        what = f"the character U+{fault.character:04X} cannot stand in YAML"
        raise error(what, where=_at(source, line, 1)) from None
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        where = _at(source, mark.line + 1, mark.column + 1) if mark else source or None
        raise error(f"cannot be read as YAML: {fault.problem or fault.context}", where=where) from None
    except YAMLError as fault:
        raise error(f"cannot be read as YAML: {fault}", where=source or None) from None


class _Composer(Composer):
    """Stops early at a text that is too large or too deep."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False
        self.nodes = 0
        self.level = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """One node and all below it."""
        self.nodes += 1
        self.level += 1
        if self.nodes > MAX_NODES:
            self._stop(f"more than {MAX_NODES:,} values")
        if self.level > MAX_DEPTH:
            self._stop(f"nested deeper than {MAX_DEPTH} levels")
        node = super().compose_node(parent, index)
        self.level -= 1
        return node

    def _stop(self, problem: str) -> None:
        raise ComposerError(None, None, problem, self.parser.peek_event().start_mark)


class _Reader:
    def __init__(self, source: str, error: type[DesirepathError], typed: Set[str]) -> None:
        self.source = source
        self.error = error
        self.typed = typed
        self.nodes = 0
        self.positions: dict[Place, Position] = {}

    def document(self, root: Node) -> Document:
        self.positions = {}
        return Document(self.source, self._value(root, ()), self.positions)

    def _value(self, node: Node, place: Place) -> Any:
        self.nodes += 1
        self.positions.setdefault(place, _position(node))
        if self.nodes > MAX_NODES:
            raise self._fault(node, f"grows to more than {MAX_NODES:,} values")
        if len(place) > MAX_DEPTH:
            raise self._fault(node, f"is nested deeper than {MAX_DEPTH} levels")
        tag = str(node.tag).removeprefix("tag:yaml.org,2002:")
        if isinstance(node, MappingNode) and tag == "map":
            return self._mapping(node, place)
        if isinstance(node, SequenceNode) and tag == "seq":
            return [self._value(item, (*place, i)) for i, item in enumerate(node.value)]
        if isinstance(node, ScalarNode) and tag in _PLAIN:
            return self._scalar(node, tag, typed=not self.typed.isdisjoint(place))
        raise self._fault(node, f"the tag {node.tag} is not understood")

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise self._fault(key_node, "a key should be a word")
            key = str(key_node.value)
            here = (*place, key)
            if key in values:
                line, column = self.positions[here]
                raise self._fault(key_node, f"the key '{key}' stands twice", f"first in line {line}, column {column}")
            if node.flow_style and _is_missing(value_node):
                raise self._fault(key_node, f"the key '{key}' has no value", _QUOTE_COMMAS)
            self.positions[here] = _position(key_node)
            values[key] = self._value(value_node, here)
        return values

    def _scalar(self, node: ScalarNode, tag: str, *, typed: bool) -> Any:
        if tag == "null" and not node.style:
            return None
        if not typed or tag not in ("int", "float", "bool"):
            return str(node.value)
        try:
            return YAML(typ="safe", pure=True).constructor.construct_object(node)
        except (ValueError, YAMLError):
            raise self._fault(node, f"'{str(node.value)[:60]}' cannot be read as {tag}") from None

    def _fault(self, node: Node, what: str, hint: str | None = None) -> DesirepathError:
        return self.error(what, where=_at(self.source, *_position(node)), hint=hint)


def _is_missing(node: Node) -> bool:
    """Whether nothing is written where a value should be (`null` and `~` are written)."""
    return isinstance(node, ScalarNode) and node.value == "" and not node.style


def _position(node: Node) -> Position:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _at(source: str, line: int, column: int) -> str:
    return f"{source}:{line}:{column}" if source else f"line {line}, column {column}"
