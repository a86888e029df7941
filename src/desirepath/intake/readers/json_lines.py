"""NDJSON: one JSON object a line. A line that is no object is a broken row; the others go on."""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.intake.readers import encoding as encodings
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.json_values import DECODER, flatten
from desirepath.intake.readers.records import Record, RecordTable, Unread
from desirepath.intake.readers.table import Limits


class JsonLinesTable(RecordTable):
    """A file of JSON objects, one a line."""

    def __init__(self, file: SourceFile, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._encoding = encodings.detect(file.chunks(limits))
        super().__init__([self._encoding.said, "one JSON object a line"])

    def records(self) -> Iterator[Record | Unread]:
        """One row a line that is not blank."""
        text = encodings.to_utf8(self._file.chunks(self._limits), self._encoding)
        for number, line in enumerate(encodings.lines(text, self._limits.cell), 1):
            if len(line) > self._limits.cell:
                yield Unread(number, _start(line), f"a line larger than {self._limits.cell:,} bytes")
            elif stripped := line.strip():
                yield self._read(number, stripped)

    def _read(self, number: int, line: bytes) -> Record | Unread:
        try:
            text = line.decode()
            value, end = DECODER.raw_decode(text)
            if end < len(text):
                return Unread(number, _start(line), f"not valid JSON: more after the value, at character {end + 1}")
            if isinstance(value, dict):
                return Record(number, flatten(value))
            return Unread(number, _start(line), "not a JSON object")
        except UnicodeDecodeError:
            return Unread(number, _start(line), f"bytes that are not valid {self._encoding.codec.upper()}")
        except RecursionError:
            return Unread(number, _start(line), "nested too deeply")
        except ValueError as error:
            return Unread(number, _start(line), f"not valid JSON: {error}")


def _start(line: bytes) -> str:
    return line[:4000].decode("utf-8", "backslashreplace")
