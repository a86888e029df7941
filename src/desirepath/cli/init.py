"""`desirepath init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.", show_default=False)],
    template: Annotated[str | None, typer.Option(help="Begin with this journey template.", show_default=False)] = None,
) -> None:
    """Make a workspace.

    Example: [dim]desirepath init cafe --template cafe[/]
    """
    from desirepath import workspace

    made = workspace.init(folder, template=template)
    typer.echo(f"{made.folder} is a workspace now. Next: desirepath ingest {made.folder} FILES")
