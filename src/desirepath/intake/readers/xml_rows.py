"""XML tables (database dumps, feeds): the element that repeats most and has cells in it is a row.

Cells are the attributes of the row and its child elements, by their tag, or by their attribute `name`, `key` or
`field` where they have one (phpMyAdmin: `<table><column name="id">1</column>…</table>`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from desirepath.errors import IntakeError
from desirepath.intake.readers import markup
from desirepath.intake.readers.files import READ, SourceFile
from desirepath.intake.readers.records import Record, RecordTable, Unread
from desirepath.intake.readers.table import Limits

_NAMING = ("name", "key", "field")
Path = tuple[str, ...]


class XmlTable(RecordTable):
    """The rows of an XML file that repeats one element."""

    def __init__(self, file: SourceFile, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._path = self._row_path()
        super().__init__([f"rows are the elements <{self._path[-1]}>"])

    def records(self) -> Iterator[Record | Unread]:
        """The elements on the chosen path, with their physical lines."""
        rows = _Rows(self._path)
        for _ in markup.parse(self._file, self._limits, rows):
            yield from rows.done
            rows.done.clear()

    def _row_path(self) -> Path:
        shape = _Shape()
        for _ in markup.parse(self._file, self._limits, shape):
            pass
        if not shape.rows:
            raise IntakeError(
                "XML without a repeated element with cells", where=self._file.name, hint=f"read are {READ}"
            )
        return max(shape.rows, key=lambda path: (shape.rows[path], -len(path)))


class _Shape:
    """Counts the elements that could be rows: inside the root, with plain elements or several attributes in them."""

    def __init__(self) -> None:
        self.rows = Counter[Path]()
        self._path: list[str] = []
        self._children: list[int] = [0]  # of each open element: 0 none, 1 only nested ones, 2 plain ones
        self._attributes: list[int] = []

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""
        self._path.append(name)
        self._attributes.append(len(attributes))
        self._children[-1] = max(self._children[-1], 1)
        self._children.append(0)

    def end(self, name: str) -> None:
        """An element ends: now it is known what was in it."""
        children, attributes = self._children.pop(), self._attributes.pop()
        if children == 0:
            self._children[-1] = 2
        if len(self._path) > 1 and (children == 2 or (children == 0 and attributes > 1)):
            self.rows[tuple(self._path)] += 1
        self._path.pop()

    def text(self, data: str) -> None:
        """Text says nothing about the shape."""


class _Rows:
    """Collects the cells of the elements on one path."""

    def __init__(self, path: Path) -> None:
        self.done: list[Record] = []
        self._wanted = list(path)
        self._path: list[str] = []
        self._inside: list[str] = []  # names of the open elements within a row
        self._cells: dict[str, str | None] | None = None
        self._text: list[str] = []
        self._attributes: dict[str, str] = {}  # of the row itself
        self._line = 0

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """A row or a cell begins."""
        self._path.append(name)
        self._text = []
        if self._cells is not None:
            naming = next((a for a in _NAMING if a in attributes), None)
            self._inside.append(attributes[naming] if naming else name)
            for key, value in attributes.items():
                if key != naming:
                    self._put(".".join([*self._inside, key]), value)
        elif self._path == self._wanted:
            self._cells, self._line, self._attributes = {}, line, attributes

    def end(self, name: str) -> None:
        """A cell or a row ends."""
        if self._cells is not None:
            text = "".join(self._text).strip()
            if self._inside:
                key = ".".join(self._inside)
                if text or not any(known == key or known.startswith(f"{key}.") for known in self._cells):
                    self._put(key, text)
                self._inside.pop()
            else:
                plain = not self._cells
                for key, value in self._attributes.items():
                    self._put(key if plain or key not in _NAMING else f"{name}.{key}", value)
                self.done.append(Record(self._line, self._cells))
                self._cells = None
        self._path.pop()
        self._text = []

    def text(self, data: str) -> None:
        """Text of a cell."""
        if self._inside:
            self._text.append(data)

    def _put(self, key: str, value: str) -> None:
        assert self._cells is not None
        before = self._cells.get(key)
        self._cells[key] = f"{before}, {value}" if before else value
