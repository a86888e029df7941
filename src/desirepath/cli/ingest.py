"""`desirepath ingest`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desirepath.cli.common import Folder, Json, print_json, print_table, progress_bar

if TYPE_CHECKING:
    from desirepath.intake.summary import IngestSummary


def ingest(
    folder: Folder,
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Files, folders or globs.", show_default=False)],
    mapping: Annotated[
        Path | None, typer.Option(help="A YAML file that says what the columns mean.", show_default=False)
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="events, feedback, metrics, customers or keys.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row, keep nothing.")] = False,
    replace: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="Supersede what this source brought before.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Read files into the workspace, as one import: all of it or nothing.

    Without a mapping the columns are guessed, and every guess is stated.

    Examples: [dim]desirepath ingest shop exports/ --mapping shop.yaml[/] ·
    [dim]desirepath ingest shop clicks.csv.gz --dry-run[/]
    """
    from desirepath import workspace
    from desirepath.eventlog import warming

    shop = workspace.open(folder)
    warming.meanwhile()  # a map is what comes next
    with progress_bar(as_json) as progress:
        summary = shop.ingest(*files, mapping=mapping, kind=kind, dry_run=dry_run, replace=replace, progress=progress)
    if as_json:
        print_json(summary.to_json())
    else:
        show(summary)


def show(summary: IngestSummary) -> None:
    """The summary for a person."""
    said = summary.to_json()
    typer.echo(
        f"{said['source']}: {said['rows']:,} rows, {said['accepted']:,} accepted, {said['quarantined']:,} in quarantine"
    )
    typer.echo(
        f"  {said['events']:,} events and {said['feedback']:,} pieces of feedback "
        f"by {said['customers']:,} customers in {said['cases']:,} cases"
    )
    if said["from"]:
        typer.echo(f"  from {said['from']} to {said['to']}")
    if said["skipped_files"]:
        typer.echo(f"  already imported, not read again: {', '.join(said['skipped_files'])}")
    for title, key in (("Why rows are in quarantine", "reasons"), ("Cells that could not be read", "cells")):
        if said.get(key):
            print_table(title, ("reason", "count"), said[key].items())
    for line in grouped(said["assumptions"], said["files"]):
        typer.echo(f"  assumed: {line}")


def grouped(assumptions: Sequence[str], files: Sequence[str]) -> list[str]:
    """What was assumed alike of several files (`FILE: …`) in one line."""
    found: dict[str, list[str]] = {}
    for line in assumptions:
        file, colon, rest = line.partition(": ")
        about = file if colon and file in files else ""
        found.setdefault(rest if about else line, []).append(about)
    return [
        text if not names[0] else f"{names[0]}: {text}" if len(names) == 1 else f"{text} ({len(names)} files)"
        for text, names in found.items()
    ]
