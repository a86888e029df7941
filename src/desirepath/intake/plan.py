"""A block of a mapping as one DuckDB query over a batch of raw rows.

The query has three floors: the text of every cell that the block uses (tidied, looked up, renamed), then what the texts
say (ids, numbers, wall times), then the state of every time. What remains (zones, refusals, the rows of the lake)
is done on whole columns in `convert`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from desirepath.errors import MappingError, did_you_mean
from desirepath.intake import instants, keys, numbers, times
from desirepath.intake.mapping import Block, Cell, Id, Lookup
from desirepath.intake.readers.table import ROW
from desirepath.sqltext import listed, literal, name, whole_number

Chain = tuple[str, tuple[Lookup, ...]]
"""A column and the lookups it is followed through."""


def cells(block: Block) -> list[tuple[str, Cell]]:
    """Every cell of a block with the role it plays."""
    found: list[tuple[str, Cell | None]] = [
        (role, getattr(block, role))
        for role in ("customer", "case", "event", "at", "channel", "value", "currency", "event_id")
    ]
    parts: Iterable[tuple[str, object]] = (
        *((f"events.{i}", e) for i, e in enumerate(block.events)),
        *((f"feedback.{i}", f) for i, f in enumerate(block.feedback)),
        *((f"metrics.{i}", m) for i, m in enumerate(block.metrics)),
    )
    for label, part in parts:
        found += [(f"{label}.{n}", v) for n, v in part if isinstance(v, Cell)]  # type: ignore[attr-defined]
    found += [(f"dimensions.{n}", c) for n, c in block.dimensions.items()]
    found += [(f"keys.{n}", c) for n, c in block.keys.items()]
    return [(role, cell) for role, cell in found if cell is not None]


def check_columns(block: Block, columns: Sequence[str], where: str) -> None:
    """Raises MappingError if a cell names a column that the files do not have."""
    known = {c.casefold() for c in columns} | {n.casefold() for n in block.rename.values()}
    for role, cell in cells(block):
        if cell.column is not None and cell.column.casefold() not in known:
            hint = did_you_mean(cell.column, columns) or f"columns: {', '.join(columns[:40])}"
            if not cell.lookup and role.split(".")[-1] in ("channel", "currency", "event", "language", "touchpoint"):
                hint += f"; a constant is written {{constant: {cell.column}}}"
            raise MappingError(f"there is no column '{cell.column}' ({role})", where=where, hint=hint)


@dataclass
class Scope:
    """The relation that cells are read from: a batch's columns as tidy text, joined with the lookups."""

    block: Block
    columns: tuple[str, ...]  # of all files of the block
    lookups: dict[tuple[Lookup, ...], str]  # table of each chain of lookups, see `lookups.load`
    joins: list[str] = field(default_factory=list)
    aliases: dict[Chain, str] = field(default_factory=dict)

    def relation(self, schema: pa.Schema) -> str:
        """FROM clause over the registered table `batch` that has this schema."""
        there = {n.casefold(): schema.field(n) for n in schema.names}
        back = {new.casefold(): old for old, new in self.block.rename.items()}
        shown = [*self.columns, *(n for n in self.block.rename.values() if n not in self.columns)]
        parts = []
        for column in shown:
            found = there.get(back.get(column.casefold(), column).casefold())
            parts.append(f"{_tidy(found) if found is not None else 'NULL::VARCHAR'} AS {name(column)}")
        return f"(SELECT {ROW}, {', '.join(parts)} FROM batch b) r {' '.join(self.joins)}"

    def text(self, cell: Cell) -> str:
        """SQL of the cell's text."""
        if cell.constant is not None:
            return literal(cell.constant)
        if cell.sql is not None:
            value = f"nullif(trim(CAST(({cell.sql}) AS VARCHAR)), '')"
        elif cell.lookup:
            value = self._followed((str(cell.column), cell.lookup))
        else:
            value = f"r.{name(str(cell.column))}"
        if not cell.values:
            return value
        renamed = " ".join(
            f"WHEN {literal(old)} THEN {'NULL' if new is None else literal(new)}" for old, new in cell.values.items()
        )
        return f"CASE {value} {renamed} ELSE {value} END"

    def _followed(self, chain: Chain) -> str:
        if chain not in self.aliases:
            column, hops = chain
            self.aliases[chain] = f"k{len(self.aliases)}"
            table, alias = self.lookups[hops], self.aliases[chain]
            key = whole_number(f"r.{name(column)}")
            self.joins.append(f"LEFT JOIN {table} {alias} ON {alias}.k = {key}")
        return f"{self.aliases[chain]}.v"


BLANK = " \t\r\n\u00a0\u3000\ufeff"
"""What is cut off at both ends of a cell."""


def _tidy(column: pa.Field) -> str:
    ref = f"b.{name(column.name)}"
    plain = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    text = ref if plain else f"CAST({ref} AS VARCHAR)"
    trimmed = f"nullif(trim({text}, {literal(BLANK)}), '')"
    if not plain:
        return trimmed
    ends = f"unicode({ref}) BETWEEN 33 AND 126 AND unicode(right({ref}, 1)) BETWEEN 33 AND 126"
    return f"CASE WHEN {ends} THEN {ref} ELSE {trimmed} END"  # trimming costs more than all the rest


@dataclass
class Plan:
    """The query of one block, put together role by role, and what its columns are called."""

    scope: Scope
    hidden: str  # the workspace's secret
    texts: dict[str, str] = field(default_factory=dict)  # SQL → column of the first floor
    says: dict[str, str] = field(default_factory=dict)  # column of the second floor → SQL over the first
    states: dict[str, str] = field(default_factory=dict)
    phones: list[tuple[str, str | None]] = field(default_factory=list)  # first-floor column, region
    clocks: dict[str, times.Clock] = field(default_factory=dict)

    def text(self, out: str, cell: Cell) -> None:
        """Column `out` holds the text of a cell."""
        self.says[out] = self._floor(cell)

    def key(self, out: str, cell: Cell) -> None:
        """Column `out` holds the text of an id, without what a spreadsheet adds."""
        self.says[out] = whole_number(self._floor(cell))

    def customer(self, out: str, cell: Id) -> None:
        """Columns `out` (canonical id), `out_raw` (as written; null if nobody), `out_given` (before a lookup)."""
        column = self._floor(cell)
        self.says[f"{out}_raw"] = f"CASE WHEN lower({column}) NOT IN ({listed(keys.NOBODY)}) THEN {column} END"
        if cell.type == "phone":
            alias = f"p{len(self.phones)}"
            self.phones.append((column, cell.region))
            self.says[out] = f"{alias}.canonical"
        else:
            self.says[out] = keys.sql(column, cell.type, self.hidden)
        if cell.lookup:
            self.says[f"{out}_given"] = self._floor(Cell(column=cell.column))

    def number(self, out: str, cell: Cell, comma: bool) -> None:
        """Columns `out` (the number) and `out_bad` (there is a text that is none)."""
        column = self._floor(cell)
        value = numbers.sql(column, comma)
        self.says[out] = value
        self.says[f"{out}_bad"] = (
            f"{column} IS NOT NULL AND ({value}) IS NULL AND lower({column}) NOT IN ({listed(times.MISSING)})"
        )

    def time(self, out: str, cell: Cell, clock: times.Clock, every: str | None = None) -> None:
        """Columns `out` (wall µs), `out_zoned`, `out_dated`, `out_state`; with `every`, the period around the time."""
        column = self._floor(cell)
        wall, zoned = clock.sql(column)
        self.clocks[out] = clock
        self.says[f"{out}_text"] = column
        self.says[f"{out}_zoned"] = f"coalesce({zoned}, false)"
        self.says[f"{out}_dated"] = f"NOT contains({column}, ':')"
        if every is None:
            self.says[out] = wall
        else:
            start = f"date_trunc({literal(every)}, make_timestamp({wall}))"
            self.says[out] = f"epoch_us({start})"
            self.says[f"{out}_end"] = f"epoch_us({start} + INTERVAL '1' {every})"
        shaped = f"regexp_matches({out}_text, '^\\d{{1,4}}[-/.]\\d{{1,2}}[-/.]\\d|^\\d{{8}}')"
        self.states[f"{out}_state"] = (
            f"CASE WHEN {out}_text IS NULL OR lower({out}_text) IN ({listed(times.MISSING)}) THEN {instants.MISSING} "
            f"WHEN {out} IS NULL THEN CASE WHEN {shaped} THEN {instants.IMPOSSIBLE} ELSE {instants.UNREADABLE} END "
            f"ELSE {instants.OK} END::UTINYINT"
        )

    def sql(self, schema: pa.Schema) -> str:
        """The query over the registered table `batch`."""
        first = ", ".join([f"r.{ROW}", *(f"{expression} AS {column}" for expression, column in self.texts.items())])
        second = ", ".join([f"s.{ROW}", *(f"{expression} AS {name(out)}" for out, expression in self.says.items())])
        third = "".join(f", {expression} AS {out}" for out, expression in self.states.items())
        phones = " ".join(
            f"LEFT JOIN phones p{i} ON p{i}.raw = s.{column} AND p{i}.region = {literal(region or '')}"
            for i, (column, region) in enumerate(self.phones)
        )
        order = f" ORDER BY {ROW}" if self.scope.joins or self.phones else ""
        inner = f"SELECT {first} FROM {self.scope.relation(schema)}"
        return f"SELECT *{third} FROM (SELECT {second} FROM ({inner}) s {phones}) t{order}"

    def phone_sql(self, column: str, region: str | None, schema: pa.Schema) -> str:
        """The phone numbers of a batch that have not been normalised yet."""
        expression = next(e for e, c in self.texts.items() if c == column)
        return (
            f"SELECT DISTINCT x FROM (SELECT {expression} AS x FROM {self.scope.relation(schema)}) s "
            "ANTI JOIN phones p "
            f"ON p.raw = s.x AND p.region = {literal(region or '')} WHERE x IS NOT NULL"
        )

    def _floor(self, cell: Cell) -> str:
        return self.texts.setdefault(self.scope.text(cell), f"v{len(self.texts)}")


def explain(error: duckdb.Error, block: Block) -> MappingError:
    """What DuckDB says about a person's SQL, as an error of the mapping."""
    said = str(error).split("\n")[0]
    hint = "try_cast gives NULL instead of an error" if isinstance(error, duckdb.ConversionException) else None
    return MappingError(f"the SQL of the mapping does not work: {said}", where=block.source, hint=hint)
