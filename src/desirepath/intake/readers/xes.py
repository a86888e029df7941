"""XES (IEEE 1849) as a table: one row an event, attributes by key, those of its trace as `case:KEY`.

Nested attributes, lists and containers are left out and said. A row's line is the ordinal of the event, from 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from desirepath.intake.readers import markup
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.records import Record, RecordTable, Unread
from desirepath.intake.readers.table import Limits

_VALUES = {"string", "date", "int", "float", "boolean", "id"}
_NESTING = {"list", "container"}
_FIRST = ["case:concept:name", "concept:name", "time:timestamp", "lifecycle:transition"]


class XesTable(RecordTable):
    """The events of a XES file."""

    def __init__(self, file: SourceFile, limits: Limits) -> None:
        self._file, self._limits = file, limits
        super().__init__([])
        self.assumptions.append(f"XES: {self._log.traces:,} traces; attributes of the trace are called case:…")
        if self._log.childless:
            self.assumptions.append(f"{self._log.childless:,} traces hold no events: no rows come of them")
        if self._log.nested:
            self.assumptions.append(f"nested attributes are left out: {', '.join(sorted(self._log.nested)[:10])}")

    def records(self) -> Iterator[Record | Unread]:
        """The events in the order of the file."""
        log = self._log = _Log()
        for _ in markup.parse(self._file, self._limits, log):
            yield from log.rows
            log.rows.clear()

    def _survey(self) -> list[str]:
        names = super()._survey()
        return sorted(names, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))


class _Log:
    """The state of the reading: which element we are in, and the rows that are complete."""

    def __init__(self) -> None:
        self.rows: list[Record | Unread] = []
        self.traces = self.childless = 0
        self.nested: set[str] = set()
        self._events = 0
        self._trace: dict[str, str | None] = {}
        self._event: dict[str, str | None] | None = None
        self._wrong: str | None = None
        self._in_trace = False
        self._had_events = False
        self._depth = 0  # of attributes within attributes

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""
        if name == "event":
            self._event, self._wrong = dict(self._trace), None
        elif name == "trace":
            self._trace, self._in_trace, self._had_events = {}, True, False
            self.traces += 1
        elif self._in_trace or self._event is not None:
            self._depth += 1
            if self._depth > 1 or name in _NESTING:
                self.nested.add(attributes.get("key", name))
            elif name in _VALUES:
                self._attribute(attributes)

    def end(self, name: str) -> None:
        """An element ends; an event is then a row."""
        if name == "event":
            self._had_events = True
            self._events += 1
            cells = self._event or {}
            self.rows.append(
                Unread(self._events, str(cells), self._wrong) if self._wrong else Record(self._events, cells)
            )
            self._event = None
        elif name == "trace":
            self._in_trace = False
            self.childless += not self._had_events
            self._trace = {}
        elif self._depth:
            self._depth -= 1

    def text(self, data: str) -> None:
        """XES keeps nothing in text."""

    def _attribute(self, attributes: dict[str, str]) -> None:
        key, value = attributes.get("key"), attributes.get("value")
        if key is None or value is None:
            self._wrong = f"an attribute without a {'key' if key is None else 'value'}"
        elif self._event is not None:
            self._event[key] = value
        else:
            self._trace[f"case:{key}"] = value
