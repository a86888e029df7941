"""Plain text (interviews, focus groups, notes) as a table: one row a turn, or a paragraph where nobody's turn it is.

The columns are `file` (without ending), `part` (from 1), `id` (of both), `title` and `section` (Markdown's headings),
`time` and `speaker` as they stand, `author` (customer or company, by the speaker's label), `text` without the marks
around its lines, and one for each line of the heading. A bullet outside a turn is a paragraph of its own. A line that
cannot be decoded is a broken row; what stands around it goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from desirepath.intake.readers import encoding as encodings
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.heading import Top
from desirepath.intake.readers.records import Record, RecordTable, Unread
from desirepath.intake.readers.survey import Conversation, Survey, survey
from desirepath.intake.readers.table import Limits
from desirepath.intake.readers.wording import Line, joined, line_of
from desirepath.intake.speakers import Speaker

FIXED = ("file", "part", "id", "title", "section", "time", "speaker", "author", "text")
"""The columns that every such file has."""


class ProseTable(RecordTable):
    """A text file of turns or paragraphs."""

    def __init__(self, file: SourceFile, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._encoding = encodings.detect(file.chunks(limits))
        self._found = survey(self._readable([]))
        self._spoken = self._found.conversation()
        self._named = _named(self._found)
        super().__init__([self._encoding.said, *self._said()])

    def records(self) -> Iterator[Record | Unread]:
        """The turns and paragraphs in the order of the file."""
        broken = list[Unread]()
        parts = _Parts(self._file, self._found, self._spoken, self._named, self._limits.cell)
        for number, raw in Top(self._readable(broken)):
            yield from broken
            broken.clear()
            yield from parts.take(number, raw)
        yield from broken
        yield from parts.end()

    def _survey(self) -> list[str]:
        return [*FIXED, *self._named]

    def _said(self) -> Iterator[str]:
        if not self._spoken:
            yield "plain text: one row a paragraph, taken for a customer's words"
        elif not self._spoken.company:
            yield "plain text: one row a turn; no label is the company's, so all are taken for customers"
        else:
            who = ", ".join(self._spoken.company[:6])
            yield f"plain text: one row a turn; the company's are those of {who}, all others a customer's"
        if self._named:
            yield f"the heading gives the columns {', '.join(self._named)}"

    def _readable(self, broken: list[Unread]) -> Iterator[tuple[int, str]]:
        """The lines with their numbers; what cannot be read is put into `broken` instead."""
        text = encodings.to_utf8(self._file.chunks(self._limits), self._encoding)
        for number, line in enumerate(_lines(text, self._limits.cell), 1):
            why = None
            if len(line) > self._limits.cell:
                why = f"a line larger than {self._limits.cell:,} bytes"
            elif b"\0" in line:
                why = "NUL bytes in it"
            try:
                decoded = line.decode() if why is None else ""
            except UnicodeDecodeError:
                why = f"bytes that are not valid {self._encoding.codec.upper()}"
            if why is None:
                yield number, decoded
            else:
                broken.append(Unread(number, line[:4000].decode("utf-8", "backslashreplace"), why))


@dataclass
class _Part:
    """A turn or paragraph under way."""

    line: int
    speaker: str | None = None
    author: Speaker = "customer"
    time: str | None = None
    lines: list[str] = field(default_factory=list)
    size: int = 0


class _Parts:
    """Puts lines together to turns and paragraphs."""

    def __init__(
        self, file: SourceFile, found: Survey, spoken: Conversation, named: dict[str, str | None], limit: int
    ) -> None:
        whole = re.sub(r"\.gz$", "", file.name, flags=re.I)
        self._file, self._name = whole, re.sub(r"\.(txt|md|markdown)$", "", whole, flags=re.I)
        self._spoken = spoken
        self._each_line, self._title_level = found.lines_are_paragraphs, found.title_level
        self._named, self._limit = named, limit
        self._part: _Part | None = None
        self._title: str | None = None
        self._sections: list[tuple[int, str]] = []  # the headings in force: level, text
        self._unused: int | None = None  # the line of the last, while nothing has come below it
        self._count = 0

    def take(self, number: int, raw: str) -> Iterator[Record | Unread]:
        """The rows that are whole when this line comes."""
        line = line_of(raw)
        turn = self._spoken.turn(line.text) if line.text else None
        if turn is not None:
            yield from self._done()
            self._part = _Part(number, turn.label, self._spoken.speakers[turn.key], turn.time)
            self._add(turn.text)
        elif line.level and line.text:
            yield from self._heading(number, line)
        elif not line.text:
            if self._part is not None and (self._part.speaker is None or self._spoken.answers_unlabelled):
                yield from self._done()
        else:
            if self._part is None or (self._part.speaker is None and (line.bullet or self._each_line)):
                yield from self._done()
                self._part = _Part(number)
            self._add(line.text)

    def end(self) -> Iterator[Record | Unread]:
        """What is left when no line comes any more."""
        yield from self._done()
        yield from self._alone()

    def _heading(self, number: int, line: Line) -> Iterator[Record | Unread]:
        yield from self._done()
        if line.level == self._title_level:
            self._title = line.text
            return
        if self._sections and line.level <= self._sections[-1][0]:
            yield from self._alone()
        self._sections = [(level, text) for level, text in self._sections if level < line.level]
        self._sections.append((line.level, line.text))
        self._unused = number

    def _alone(self) -> Iterator[Record | Unread]:
        """A heading with nothing below it says something itself."""
        if self._unused is not None:
            self._part = _Part(self._unused, lines=[self._sections[-1][1]])
            yield from self._done()

    def _add(self, text: str) -> None:
        assert self._part is not None
        if text:
            self._part.size += len(text.encode())
            if self._part.size <= self._limit:
                self._part.lines.append(text)

    def _done(self) -> Iterator[Record | Unread]:
        part, self._part = self._part, None
        if part is None:
            return
        self._unused = None
        if part.size > self._limit:
            yield Unread(part.line, "\n".join(part.lines)[:4000], f"a turn larger than {self._limit:,} bytes")
            return
        self._count += 1
        yield Record(
            part.line,
            {
                "file": self._name,
                "part": str(self._count),
                "id": f"{self._file}#{self._count}",
                "title": self._title,
                "section": " / ".join(text for _, text in self._sections) or None,
                "time": part.time,
                "speaker": part.speaker,
                "author": part.author,
                "text": joined(part.lines) or None,
                **self._named,
            },
        )


def _lines(content: Iterator[bytes], limit: int) -> Iterator[bytes]:
    for line in encodings.lines(content, limit):
        yield from line.removesuffix(b"\r").split(b"\r")


def _named(found: Survey) -> dict[str, str | None]:
    """The heading's values by the names of their columns, which are never those that every file has."""
    taken = {name.casefold() for name in FIXED}
    named = dict[str, str | None]()
    for key, value in found.heading.values.items():
        name = " ".join(key.split())
        while name.casefold() in taken:
            name += "_2"
        taken.add(name.casefold())
        named[name] = value
    return named
