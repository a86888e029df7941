"""The journey document as YAML 1.2: `load` and `dump`, without loss (comments aside).

Scalars reach the model as they are written (`1.10` stays `1.10` where text is wanted); only `evidence`, whose keys are
free, is resolved to numbers and truth values here. Aliases are expanded under a budget, so that a small file cannot
become a large document.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from desirepath.errors import JourneyError
from desirepath.journey import faults
from desirepath.journey.files import MAX_BYTES, read_text
from desirepath.journey.model import Journey
from desirepath.journey.yaml_dump import dump

__all__ = ["dump", "load"]

MAX_NODES = 50_000
MAX_DEPTH = 24
SCALARS = ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
"""The tags that YAML itself gives to plain scalars."""


def load(document: str | Path) -> Journey:
    """The journey in a file, or in a text of its own (a string with line breaks, or one that begins with `{`).

    Raises `JourneyError` with file, line and column for anything that is not a journey.
    """
    if isinstance(document, str) and ("\n" in document or document.lstrip()[:1] in ("", "{")):
        return _load(document, "")
    path = Path(document)
    return _load(read_text(path), path.name)


def _load(text: str, source: str) -> Journey:
    if len(text) > MAX_BYTES:
        raise JourneyError(f"is larger than {MAX_BYTES:,} characters", where=source or None)
    reader = _Reader(source)
    data = reader.read(_compose(text, source))
    try:
        return Journey.model_validate(data)
    except ValidationError as error:
        raise faults.explain(error, data, source=source, positions=reader.positions) from None


def _compose(text: str, source: str) -> Node:
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Composer = _Composer
        root = yaml.compose(text)
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"the character U+{error.character:04X} cannot stand in YAML"
        raise JourneyError(what, where=faults.place(source, (line, 1))) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = faults.place(source, (mark.line + 1, mark.column + 1)) if mark else source or None
        what = f"cannot be read as YAML: {error.problem or error.context}"
        raise JourneyError(what, where=where) from None
    except YAMLError as error:
        raise JourneyError(f"cannot be read as YAML: {error}", where=source or None) from None
    if not isinstance(root, MappingNode):
        hint = "begin with `journey: some-id`, `title:` and `stages:`"
        raise JourneyError("is not a journey", where=faults.place(source, (1, 1)), hint=hint)
    return root


class _Composer(Composer):
    """Stops early at a document that is too large or too deep."""

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
    """Turns the node tree into plain values and remembers where each of them is written."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.positions: dict[faults.Path, faults.Position] = {}
        self.nodes = 0

    def read(self, node: Node, path: faults.Path = (), *, free: bool = False) -> Any:
        """The value of a node; `free` resolves scalars by YAML's own rules."""
        self.nodes += 1
        self.positions.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
        if self.nodes > MAX_NODES:
            raise self._error(node, f"grows to more than {MAX_NODES:,} values")
        if len(path) > MAX_DEPTH:
            raise self._error(node, f"is nested deeper than {MAX_DEPTH} levels")
        if isinstance(node, MappingNode):
            self._check_tag(node, "map")
            return self._mapping(node, path, free)
        if isinstance(node, SequenceNode):
            self._check_tag(node, "seq")
            return [self.read(item, (*path, i), free=free) for i, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return self._scalar(node, free)

    def _mapping(self, node: MappingNode, path: faults.Path, free: bool) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise self._error(key_node, "a key should be a word")
            key = str(key_node.value)
            if not path and key in ("journey", "id"):
                if key == "id":
                    raise self._error(key_node, "unknown key 'id'", "did you mean 'journey'?")
                key = "id"
            here = (*path, key)
            if here in self.positions and key in values:
                line, column = self.positions[here]
                what = f"the key '{key_node.value}' stands twice"
                raise self._error(key_node, what, f"first in line {line}, column {column}")
            self.positions[here] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            value = self.read(value_node, here, free=free or key == "evidence")
            if value is not None or free:
                values[key] = value
        return values

    def _scalar(self, node: ScalarNode, free: bool) -> Any:
        tag = str(node.tag).removeprefix("tag:yaml.org,2002:")
        if tag not in SCALARS:
            raise self._error(node, f"the tag {node.tag} is not understood")
        if tag == "null" and not node.style:
            return None
        if not free or tag not in ("int", "float", "bool"):
            return str(node.value)
        try:
            return YAML(typ="safe", pure=True).constructor.construct_object(node)
        except (ValueError, YAMLError):
            raise self._error(node, f"'{str(node.value)[:60]}' cannot be read as {tag}") from None

    def _check_tag(self, node: Node, kind: str) -> None:
        if node.tag != f"tag:yaml.org,2002:{kind}":
            raise self._error(node, f"the tag {node.tag} is not understood")

    def _error(self, node: Node, what: str, hint: str | None = None) -> JourneyError:
        mark = node.start_mark
        return JourneyError(what, where=faults.place(self.source, (mark.line + 1, mark.column + 1)), hint=hint)
