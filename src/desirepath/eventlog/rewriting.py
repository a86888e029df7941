"""Writes a log anew from itself: its cases in another order, without those that are dead or asked to go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from desirepath.eventlog.building import Part, steady
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Ints
from desirepath.eventlog.unpacking import spread, stored, times
from desirepath.eventlog.writing import Writer

_PIECE = 1 << 20
"""Events that are copied at a time."""


def in_order(log: Log, without: Ints | None = None) -> Ints:
    """The cases that count, by the hash of their person and then of their id; some may be left out."""
    cases = log.cases
    if without is not None:
        cases = cases[~np.isin(cases, without)]
    return cases[np.lexsort((log.hash[cases], log.person[cases]))]


def rewrite(log: Log, manifest: dict[str, Any], cases: Ints, folder: Path, links: pa.Table | None = None) -> None:
    """Write these cases into an empty folder as a log of one segment."""
    names = {c["name"]: tuple(c["values"]) for c in manifest["columns"]}
    starts = log.offset[cases]
    length = log.offset[cases + 1] - starts
    with Writer.new(folder, log.notion, names, *_span(log, cases, starts, length), manifest["unit"]) as writer:
        for at in _pieces(length):
            writer.append(part_of(log, cases[at]))
        _others(log, cases, writer)
        _directory(log, cases, writer)
        writer.finish(log.persons.links if links is None else links, manifest["state"], manifest["seed"])


def part_of(log: Log, cases: Ints) -> Part:
    """Cases of the log as a part, without their ids of the other notion."""
    starts = log.offset[cases]
    length = log.offset[cases + 1] - starts
    bounds = np.concatenate([[0], np.cumsum(length)])
    columns, constant = {}, {}
    for name, column in log.columns.items():
        highest = len(column.values)
        if column.per_case:
            columns[name] = spread(stored(column.codes, cases, np.arange(cases.size + 1), highest), bounds)
        else:
            columns[name] = stored(column.codes, starts, bounds, highest)
        constant[name] = column.per_case or (name not in ("event", "channel") and steady(columns[name], bounds))
    return Part(
        length=length,
        hash=np.asarray(log.hash[cases]),
        keys=log.keys.take(cases),
        person=np.asarray(log.person[cases]),
        other=np.empty(0, np.uint64),
        other_case=np.empty(0, np.int64),
        time=times(log.time, starts, bounds, log.unit, log.base),
        columns=columns,
        constant=constant,
    )


def others_of(log: Log, cases: Ints) -> tuple[Any, Ints]:
    """Pairs (hash of an id of the other notion, place among these cases), in no order."""
    place = np.full(log.offset.size - 1, -1, np.int64)
    place[cases] = np.arange(cases.size)
    found = place[log.others.case]
    kept = found >= 0
    return np.asarray(log.others.hash[kept]), found[kept]


def _others(log: Log, cases: Ints, writer: Writer) -> None:
    writer.others(*others_of(log, cases))


def _directory(log: Log, cases: Ints, writer: Writer) -> None:
    if log.notion == "customer":
        return
    unique, at = np.unique(np.asarray(log.directory.hash), return_index=True)
    named = np.isin(unique, log.person[cases])
    writer.directory(unique[named], log.directory.names.take(at[named]))


def _span(log: Log, cases: Ints, starts: Ints, length: Ints) -> tuple[int, int]:
    if not cases.size:
        return 0, 0
    first, last = log.begin[cases].min(), log.time[starts + length - 1].max()
    return int(first) * log.unit + log.base, int(last) * log.unit + log.base


def _pieces(length: Ints) -> Iterator[slice]:
    cuts = np.searchsorted(np.cumsum(length), np.arange(_PIECE, int(length.sum()), _PIECE))
    bounds = np.unique(np.concatenate([[0], cuts, [length.size]]))
    for a, z in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        yield slice(a, z)
