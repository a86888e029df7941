"""`desirepath compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desirepath.cli.common import (
    Folder,
    From,
    Json,
    Language,
    MinN,
    To,
    Where,
    print_json,
    print_table,
    progress_bar,
)
from desirepath.conditions import conditions, period

if TYPE_CHECKING:
    from desirepath.insight.compare import Comparison, Contrast

SHOWN = 20


def compare(
    folder: Folder,
    journey: Annotated[str, typer.Argument(help="The journey's id.", show_default=False)],
    by: Annotated[
        str | None, typer.Option(metavar="DIM", help="Segments by this dimension, channel or persona.")
    ] = None,
    before: Annotated[str | None, typer.Option(metavar="A..B", help="The period [A, B), two dates.")] = None,
    after: Annotated[str | None, typer.Option(metavar="C..D", help="The period that it is compared with.")] = None,
    start: From = None,
    end: To = None,
    where: Where = None,
    language: Language = None,
    min_n: MinN = None,
    as_json: Json = False,
) -> None:
    """Say what differs between segments, or between two periods, by more than chance."""
    from desirepath import workspace

    opened = workspace.open(folder)
    with progress_bar(as_json) as progress:
        found = opened.compare(
            journey,
            by=by,
            before=period(before, "--before"),
            after=period(after, "--after"),
            start=start,
            end=end,
            where=conditions(where or (), "--where"),
            min_n=min_n,
            progress=progress,
        )
    if as_json:
        print_json(found.to_json())
    else:
        _print(found, language or opened.language)


def _print(found: Comparison, language: str) -> None:
    from desirepath.locale import say

    segments = [(name, s["cases"], s["customers"], s["events"]) for name, s in found.segments.items()]
    print_table("", (found.by, "cases", "customers", "events"), segments)
    differ = [c for c in found.contrasts if c.differs]
    typer.echo(f"\nDiffer by more than chance: {len(differ):,} of {len(found.contrasts):,} measures compared.")
    if differ:
        columns = ("segment", "measure", "where", "value", "others", "difference", "from", "to", "n")
        print_table("", columns, [_row(c) for c in differ[:SHOWN]])
    if len(differ) > SHOWN:
        typer.echo(f"… and {len(differ) - SHOWN:,} more: --json has all.")
    if found.untested:
        typer.echo(f"Not compared, for too few cases or answers on one side: {found.untested:,}.")
    for note in found.notes:
        typer.echo(say(note["key"], language, **note["params"]))


def _row(c: Contrast) -> tuple[str | float | None, ...]:
    gap = c.difference
    return c.segment, c.measure, c.touchpoint or c.stage or "–", c.value, c.other, gap.value, gap.low, gap.high, c.n
