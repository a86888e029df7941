"""`desirepath backup`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desirepath.cli.common import Folder, Json, print_json, progress_bar


def backup(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="The file to write, a .zip.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Write the whole workspace (evidence, journeys, people, settings) into one file, of one moment.

    Example: [dim]desirepath backup shop --out shop-monday.zip[/]
    """
    from desirepath import workspace

    opened = workspace.open(folder)
    with progress_bar(as_json) as progress:
        made = opened.backup(out, progress=progress)
    if as_json:
        print_json({"file": str(out), "size": made.size, "files": made.files, "rows": made.rows})
    else:
        typer.echo(f"{out}: {made.size / 2**20:,.1f} MB. Back again: desirepath restore {out} NEW-DIR")
