"""One JSON document as a table: the rows are the objects of its largest list, wherever that lies (`{"data": […]}`).

The document is read through a sliding window, one element at a time, so that memory holds one element, not the file.
Several documents one after the other are rows too. The rows of a list of plain values are one column, `value`.
"""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Iterator

from desirepath.errors import IntakeError
from desirepath.intake.readers import encoding as encodings
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.json_values import DECODER, flatten, text
from desirepath.intake.readers.records import Record, RecordTable, Unread
from desirepath.intake.readers.table import Limits

_DEPTH = 4  # how deep inside objects a list of rows is looked for
_SPACE = " \t\r\n"

Path = tuple[str, ...]


class JsonDocumentTable(RecordTable):
    """A JSON document that holds a list of objects, or several documents in a row."""

    def __init__(self, file: SourceFile, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._encoding = encodings.detect(file.chunks(limits))
        self._path, said = self._rows_path()
        super().__init__([self._encoding.said, said])

    def records(self) -> Iterator[Record | Unread]:
        """The elements of the chosen list, or the documents."""
        objects = self._path is None or self._objects
        for line, value in self._documents() if self._path is None else self._elements(self._path):
            if objects and not isinstance(value, dict):
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

    def _rows_path(self) -> tuple[Path | None, str]:
        """The list with the most objects in it (None: the documents themselves), and what to say about it."""
        objects, values = Counter[Path](), Counter[Path]()
        window = self._window()
        for path, (_, value) in _walk(window, ()):
            values[path] += 1
            objects[path] += isinstance(value, dict)
        best = max(objects, key=lambda path: objects[path], default=())
        self._objects = objects[best] > 0
        if window.peek():
            return None, "rows are the JSON documents of the file"
        if self._objects:
            return (
                best,
                f"rows are the objects of the list {'.'.join(best)!r}" if best else "rows are a list of objects",
            )
        if () in values:
            return (), "rows are a list of plain values, in one column"
        return None, "the document is one row: it holds no list of objects"


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
        self._line, self._column = 1, 0

    def peek(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            end = self._at
            while end < len(self._text) and self._text[end] in _SPACE:
                end += 1
            self._move(end)
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._fill(1)

    def take(self, character: str) -> None:
        """Go past one expected character."""
        if self.peek() != character:
            raise self._error(f"expected {character!r}", self._at)
        self._move(self._at + 1)

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
        line = self._line
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                self._more(error)
            except RecursionError:
                raise self._error("nested too deeply", self._at) from None
            else:
                if end < len(self._text) or self._ended:
                    self._move(end)
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
        self._text, self._at = "".join(pieces), 0

    def _move(self, end: int) -> None:
        self._line, self._column = self._place(end)
        self._at = end

    def _place(self, position: int) -> tuple[int, int]:
        """Line (from 1) and column (from 0) of a position at or after the present one."""
        line_end = self._text.rfind("\n", self._at, position)
        column = self._column + position - self._at if line_end < 0 else position - line_end - 1
        return self._line + self._text.count("\n", self._at, position), column

    def _error(self, what: str, position: int) -> IntakeError:
        line, column = self._place(position)
        return IntakeError(f"not valid JSON: {what}", where=f"{self._name}, line {line}, column {column + 1}")
