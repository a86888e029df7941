"""`desirepath restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desirepath.cli.common import progress_bar


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.", show_default=False)],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.", show_default=False)],
    database: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="An empty PostgreSQL instead of a file.", show_default=False)
    ] = None,
) -> None:
    """Make a workspace of a backup: all of it, or nothing.

    Example: [dim]desirepath restore shop-monday.zip shop-again[/]
    """
    from desirepath import workspace

    with progress_bar() as progress:
        opened = workspace.restore(file, folder, database=database, progress=progress)
    sources, journeys = len(opened.sources()), len(opened.journeys.list())
    opened.close()
    typer.echo(f"{folder}: {sources} sources, {journeys} journeys. Next: desirepath serve {folder}")
