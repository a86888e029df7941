"""`desirepath discover`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desirepath.cli.common import Folder, progress_bar, write_text


def discover(
    folder: Folder,
    out: Annotated[Path, typer.Option("--out", help="Where the journey goes (YAML).", show_default=False)],
) -> None:
    """Draw a first journey from the data alone, as a document to go on with.

    Example: [dim]desirepath discover shop --out shop.yaml && desirepath journey shop add shop.yaml[/]
    """
    from desirepath import workspace
    from desirepath.journey.yaml import dump
    from desirepath.texts import pick

    with progress_bar() as progress:
        journey = workspace.open(folder).discover(progress)
    write_text(out, dump(journey))
    typer.echo(f"{out}: {' → '.join(pick(stage.name) for stage in journey.stages)}")
    typer.echo(f"Look through it, then: desirepath journey {folder} add {out}")
