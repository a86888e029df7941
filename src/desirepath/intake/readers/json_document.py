"""One JSON document as a table: the rows are the objects of its largest list, wherever that lies (`{"data": […]}`).

The document is read through a sliding window, one element at a time, so that memory holds one element, not the file.
Several documents one after the other are rows too. The rows of a list of plain values are one column, `value`.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator

from desirepath.errors import IntakeError
from desirepath.intake.readers import encoding as encodings
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.json_values import DECODER, flatten, text
from desirepath.intake.readers.records import Columns, Record, RecordTable, Unread
from desirepath.intake.readers.table import Limits

_DEPTH = 4  # how deep inside objects a list of rows is looked for
_BLANKS = re.compile(r"[ \t\r\n]*")

Path = tuple[str, ...]


class JsonDocumentTable(RecordTable):
    """A JSON document that holds a list of objects, or several documents in a row."""

    def __init__(self, file: SourceFile, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._encoding = encodings.detect(file.chunks(limits))
        self._path: Path | None = None  # to the list of rows; None: the documents are the rows
        self._objects = True
        self._said = ""
        super().__init__([])
        self.assumptions[:0] = [self._encoding.said, self._said]

    def records(self) -> Iterator[Record | Unread]:
        """The elements of the chosen list, or the documents."""
        for line, value in self._documents() if self._path is None else self._elements(self._path):
            if self._objects and not isinstance(value, dict):
                yield Unread(line, text(value), "not a JSON object")
            else:
                yield Record(line, flatten(value))

    def _window(self) -> _Window:
        content = encodings.to_utf8(self._file.chunks(self._limits), self._encoding)
        return _Window(content, self._file.name, 4 * self._limits.cell)

    def _documents(self) -> Iterator[tuple[int, object]]:
        window = self._window()
        while window.peek():
            yield window.value()

    def _elements(self, path: Path) -> Iterator[tuple[int, object]]:
        return (element for where, element in _walk(self._window(), ()) if where == path)

    def _survey(self) -> list[str]:
        """Find the list with the most objects in it, and the columns of every list on the way."""
        objects, columns = Counter[Path](), dict[Path, Columns]()
        window = self._window()
        is_list = window.peek() == "["
        for path, (_, value) in _walk(window, ()):
            objects[path] += isinstance(value, dict)
            if isinstance(value, dict) or not objects[path]:
                columns.setdefault(path, Columns()).add(flatten(value))
        best = max(objects, key=lambda path: objects[path], default=())
        if window.peek() or (not objects[best] and not is_list):
            self._said = "rows are the JSON documents of the file"
            return super()._survey()
        self._path, self._objects = best if objects[best] else (), objects[best] > 0
        where = f"the list {'.'.join(best)!r}" if self._path else "a list"
        self._said = f"rows are the {'objects' if self._objects else 'values'} of {where}"
        return columns.get(self._path, Columns()).names()


def _walk(window: _Window, path: Path) -> Iterator[tuple[Path, tuple[int, object]]]:
    """The elements of every list that is reached through objects alone, each with the keys that lead to its list."""
    if window.peek() == "[":
        for _ in window.items("[", "]"):
            yield path, window.value()
    elif window.peek() == "{" and len(path) < _DEPTH:
        for _ in window.items("{", "}"):
            _, key = window.value()
            window.take(":")
            yield from _walk(window, (*path, str(key)))
    else:
        window.value()


class _Window:
    """A part of a long JSON text, moved on as its values are taken; knows the line it has reached."""

    def __init__(self, content: Iterator[bytes], name: str, limit: int) -> None:
        self._content, self._name, self._limit = content, name, limit
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text, self._at, self._ended = "", 0, False
        self._line, self._counted = 1, 0  # the line, and up to where its number is right
        self._column = 0  # of the first character held

    def peek(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            self._at = _BLANKS.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._fill(1)

    def take(self, character: str) -> None:
        """Go past one expected character."""
        if self.peek() != character:
            raise self._error(f"expected {character!r}", self._at)
        self._at += 1

    def items(self, opening: str, closing: str) -> Iterator[None]:
        """Stand before each item of a list or object in turn."""
        self.take(opening)
        if self.peek() != closing:
            yield
            while self.peek() == ",":
                self.take(",")
                yield
        self.take(closing)

    def value(self) -> tuple[int, object]:
        """Take one whole value; its line and itself."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                self._more(error)
            except RecursionError:
                raise self._error("nested too deeply", self._at) from None
            else:
                if end < len(self._text) or self._ended:
                    line = self._count()
                    self._at = end
                    return line, value
                self._fill(1)

    def _more(self, error: json.JSONDecodeError) -> None:
        """Read on where the text may only be incomplete; else it is wrong."""
        open_string = error.msg.startswith("Unterminated")
        if self._ended or (not open_string and error.pos < len(self._text) - 100):
            rest = self._text[error.pos :].strip()
            cut = self._ended and (open_string or any(word.startswith(rest) for word in ("true", "false", "null")))
            raise self._error("the file ends in the middle of a value" if cut else error.msg, error.pos)
        if len(self._text) - self._at > self._limit:
            raise self._error(f"a value larger than {self._limit:,} characters", self._at)
        self._fill(len(self._text) - self._at)

    def _fill(self, wanted: int) -> None:
        """Let go of what is behind and read at least `wanted` characters on."""
        self._count()
        self._column = self._place(self._at)
        pieces, size = [self._text[self._at :]], 0
        try:
            while size < wanted and not self._ended:
                chunk = next(self._content, None)
                self._ended = chunk is None
                pieces.append(self._decoder.decode(chunk or b"", final=self._ended))
                size += len(pieces[-1])
        except UnicodeDecodeError as error:
            where = f"{self._name}, after line {self._line}"
            raise IntakeError("bytes that are not valid in the file's encoding", where=where) from error
        self._text, self._at, self._counted = "".join(pieces), 0, 0

    def _count(self) -> int:
        """The line of the present position."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _place(self, position: int) -> int:
        """The column of a position, from 0."""
        line_end = self._text.rfind("\n", 0, position)
        return self._column + position if line_end < 0 else position - line_end - 1

    def _error(self, what: str, position: int) -> IntakeError:
        line = self._count() + self._text.count("\n", self._at, position)
        where = f"{self._name}, line {line}, column {self._place(position) + 1}"
        return IntakeError(f"not valid JSON: {what}", where=where)
