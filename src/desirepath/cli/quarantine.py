"""`desirepath quarantine`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desirepath.cli.common import Folder, Json, print_json, print_table, progress_bar
from desirepath.errors import DesirepathError


def quarantine(
    folder: Folder,
    source: Annotated[str | None, typer.Option(help="Only this source.", show_default=False)] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Read the rows again with a corrected mapping.")] = False,
    mapping: Annotated[Path | None, typer.Option(help="The corrected mapping.", show_default=False)] = None,
    lookup: Annotated[
        list[Path] | None, typer.Option(help="A file that the mapping looks things up in.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 100,
    as_json: Json = False,
) -> None:
    """List what could not be read and why; or read it again with a corrected mapping.

    Example: [dim]desirepath quarantine shop --source orders --replay --mapping orders.yaml[/]
    """
    from desirepath import workspace
    from desirepath.cli.ingest import show

    ws = workspace.open(folder)
    if not replay:
        rows = ws.quarantine(source, limit=limit)
        if as_json:
            print_json(rows)
        elif rows:
            columns = ("source", "file", "line", "column", "value", "reason")
            print_table("", columns, [[_place(row[name]) for name in columns] for row in rows])
        else:
            typer.echo("Nothing is in quarantine.")
        return
    if source is None or mapping is None:
        raise DesirepathError("a replay needs to know what and how", hint="give --source NAME and --mapping FILE")
    with progress_bar(as_json) as progress:
        summary = ws.replay(source, mapping, *(lookup or ()), progress=progress)
    if as_json:
        print_json(summary.to_json())
    else:
        show(summary)


def _place(value: object) -> object:
    return str(value) if isinstance(value, int) else value
