"""From a batch after its query to rows of the lake: one maker for each kind of block.

A maker says what its plan needs (`prepare`), and turns a frame into rows (`make`), noting every row and cell that
yields nothing. A row of the source may yield several rows of the lake: the number of the k-th is
`first + ordinal · stride + k`, so that ties in time keep the order in which the mapping lists them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from desirepath.intake import instants
from desirepath.intake.frame import Frame, Mask, stamps
from desirepath.intake.mapping import Block, Cell, Id
from desirepath.intake.plan import Plan
from desirepath.intake.times import Clock
from desirepath.lake.schema import TABLES

NO_CUSTOMER = "no customer"
NO_EVENT = "no event name"
NOT_A_NUMBER = "not a number"
_NOT_A_KEY = {"email": "not an e-mail address", "phone": "not a phone number"}


@dataclass(frozen=True)
class Reading:
    """What was decided about whole columns: clocks of times, decimal commas of numbers; by the cell's text."""

    clocks: Mapping[str, Clock]
    commas: Mapping[str, bool]


@dataclass(frozen=True)
class Numbering:
    """Where the rows of the file stand in the import."""

    source: str
    import_id: int
    first: int

    def rows(self, frame: Frame, stride: int, k: int) -> NDArray[np.int64]:
        """The numbers of the k-th row that each row of the frame yields."""
        return np.asarray(self.first + frame.rows * stride + k, dtype=np.int64)


class Maker(ABC):
    """Rows of one table of the lake from the rows of one block."""

    table: str

    def __init__(self, block: Block, reading: Reading) -> None:
        self.block = block
        self.reading = reading
        self.dimensions = {f"d_{slug(n)}": c for n, c in block.dimensions.items()}

    @property
    @abstractmethod
    def stride(self) -> int:
        """How many rows one row may yield at most."""

    @property
    def schema(self) -> pa.Schema:
        """The columns of the rows made."""
        fixed = [f for f in TABLES[self.table] if f.name != "import"]
        return pa.schema([*fixed, *(pa.field(d, pa.string()) for d in self.dimensions)])

    @abstractmethod
    def prepare(self, plan: Plan) -> None:
        """Puts what the maker needs into the plan."""

    @abstractmethod
    def make(self, frame: Frame, numbering: Numbering) -> pa.Table:
        """The rows that a frame yields."""

    def _time(self, plan: Plan, out: str, cell: Cell, every: str | None = None) -> None:
        plan.time(out, cell, self.reading.clocks[plan.scope.text(cell)], every)

    def _number(self, plan: Plan, out: str, cell: Cell) -> None:
        plan.number(out, cell, self.reading.commas.get(plan.scope.text(cell), False))

    def _dimensions(self, plan: Plan) -> None:
        for out, cell in self.dimensions.items():
            plan.text(out, cell)

    def _rows(self, frame: Frame, where: Mask, columns: dict[str, pa.Array | pa.ChunkedArray | str]) -> pa.Table:
        """The rows of a mask as a table of the schema; a column that is not given is taken from the frame by name."""
        everything = bool(where.all())
        mask, n = pa.array(where), int(np.count_nonzero(where))
        arrays = []
        for field in self.schema:
            given = columns.get(field.name)
            if isinstance(given, str):
                arrays.append(pa.repeat(pa.scalar(given, field.type), n))
                continue
            column = frame.column(field.name, field.type) if given is None else given
            if isinstance(column, pa.ChunkedArray):
                column = column.combine_chunks()
            arrays.append((column if everything else column.filter(mask)).cast(field.type))
        return pa.Table.from_arrays(arrays, schema=self.schema)


class EventsMaker(Maker):
    """Events: a row needs a customer, a believable time and a name for at least one of its events."""

    table = "events"

    @property
    def stride(self) -> int:
        """One for each part of the mapping."""
        return len(self.block.all_events)

    def prepare(self, plan: Plan) -> None:
        """Ids, texts, numbers and times that the block names."""
        block = self.block
        if block.customer is not None:
            plan.customer("customer", block.customer)
        if block.case is not None:
            plan.key("case", block.case)
        if block.event_id is not None:
            plan.key("event_id", block.event_id)
        for out in ("channel", "currency"):
            if (cell := getattr(block, out)) is not None:
                plan.text(out, cell)
        if block.value is not None:
            self._number(plan, "value", block.value)
        for k, event in enumerate(block.all_events):
            self._time(plan, f"t{k}", event.at)
            if event.event.constant is None:
                plan.text(f"event{k}", event.event)
            if event.channel is not None:
                plan.text(f"channel{k}", event.channel)
            if event.value is not None:
                self._number(plan, f"value{k}", event.value)
        self._dimensions(plan)

    def make(self, frame: Frame, numbering: Numbering) -> pa.Table:
        """The rows that the frame yields; what yields none becomes a fault."""
        somebody = customers(frame, self.block.customer, "customer", keep=self.block.anonymous == "keep")
        lost = somebody.copy()
        made, times = [], []
        for k, event in enumerate(self.block.all_events):
            found = frame.instants(f"t{k}")
            named = np.ones(frame.n, bool) if event.event.constant is not None else frame.valid(f"event{k}")
            yields = somebody & named & (found.state == instants.OK)
            lost &= ~yields
            times.append((event, found, named))
            columns = {
                "row": pa.array(numbering.rows(frame, self.stride, k)),
                "at": stamps(found.utc),
                "event": event.event.constant or frame.column(f"event{k}"),
                "source": numbering.source,
            }
            if self.stride > 1 and frame.has("event_id"):
                named_id = pc.binary_join_element_wise(
                    frame.column("event_id"), event.event.constant or pc.fill_null(frame.column(f"event{k}"), ""), ":"
                )
                columns["event_id"] = named_id
            for out in ("channel", "value"):
                if frame.has(f"{out}{k}"):
                    columns[out] = frame.column(f"{out}{k}")
            made.append(self._rows(frame, yields, columns))
        blamed = lost.copy()
        for event, found, named in times:
            bad = (found.state != instants.OK) & (found.state != instants.MISSING)
            frame.time_faults(blamed & bad, found, event.at, whole=True)
            frame.time_faults(somebody & ~lost & bad, found, event.at, whole=False)
            frame.fault(blamed & ~bad & ~named & (found.state == instants.OK), NO_EVENT, event.event, whole=True)
            blamed &= ~bad & (named | (found.state != instants.OK))
        frame.fault(blamed, instants.REASONS[instants.MISSING], times[0][0].at, whole=True)
        for out in ["value", *(f"value{k}" for k in range(self.stride))]:
            if frame.has(out):
                cell = self.block.value if out == "value" else self.block.all_events[int(out[5:])].value
                frame.fault(frame.flag(f"{out}_bad") & somebody & ~lost, NOT_A_NUMBER, cell, whole=False)
        return pa.concat_tables(made) if len(made) > 1 else made[0]


class CustomersMaker(Maker):
    """What is known of customers."""

    table = "customers"
    stride = 1

    def prepare(self, plan: Plan) -> None:
        """Ids, texts, numbers and times that the block names."""
        assert self.block.customer is not None
        plan.customer("customer", self.block.customer)
        self._dimensions(plan)

    def make(self, frame: Frame, numbering: Numbering) -> pa.Table:
        """The rows that the frame yields; what yields none becomes a fault."""
        somebody = customers(frame, self.block.customer, "customer", keep=False)
        columns = {"row": pa.array(numbering.rows(frame, 1, 0)), "source": numbering.source}
        return self._rows(frame, somebody, columns)


class KeysMaker(Maker):
    """Pairs of ids of one person: the first id that a row has, with each other one."""

    table = "keys"

    @property
    def stride(self) -> int:
        """One for each part of the mapping."""
        return len(self.block.keys) ** 2

    def prepare(self, plan: Plan) -> None:
        """Ids, texts, numbers and times that the block names."""
        for i, cell in enumerate(self.block.keys.values()):
            plan.customer(f"key{i}", cell)

    def make(self, frame: Frame, numbering: Numbering) -> pa.Table:
        """The rows that the frame yields; what yields none becomes a fault."""
        cells = list(self.block.keys.values())
        valid = [frame.valid(f"key{i}") for i in range(len(cells))]
        several = np.sum(valid, axis=0) > 1
        made = []
        earlier = np.zeros(frame.n, bool)
        for i in range(len(cells)):
            for j in range(i + 1, len(cells)):
                pair = valid[i] & valid[j] & ~earlier
                columns = {
                    "row": pa.array(numbering.rows(frame, self.stride, i * len(cells) + j)),
                    "a": frame.column(f"key{i}"),
                    "b": frame.column(f"key{j}"),
                    "source": numbering.source,
                }
                made.append(self._rows(frame, pair, columns))
            earlier |= valid[i]
        frame.fault(~several, "fewer than two keys", None, whole=True)
        for i, cell in enumerate(cells):
            bad = frame.valid(f"key{i}_raw") & ~valid[i]
            frame.fault(bad & several, _NOT_A_KEY.get(cell.type, "not an id"), cell, whole=False)
        return pa.concat_tables(made)


def customers(frame: Frame, cell: Id | None, out: str, *, keep: bool) -> Mask:
    """Where a row may go on: it has a customer, or `keep` lets rows without one pass; the others become faults."""
    there = frame.valid(out)
    if cell is None:
        return np.ones(frame.n, bool)
    written = frame.valid(f"{out}_raw")
    frame.fault(written & ~there, _NOT_A_KEY.get(cell.type, NO_CUSTOMER), cell, whole=not keep)
    missing = ~written & ~there
    if cell.lookup:
        unknown = missing & frame.valid(f"{out}_given")
        frame.fault(unknown, f"customer not found in {cell.lookup[-1].file}", cell, whole=not keep)
        missing &= ~unknown
    if keep:
        return np.ones(frame.n, bool)
    frame.fault(missing, NO_CUSTOMER, cell, whole=True)
    return there


def slug(name: str) -> str:
    """A dimension's name as part of a column's name: letters, digits and underscores."""
    return re.sub(r"\W+", "_", name).strip("_") or "dimension"
