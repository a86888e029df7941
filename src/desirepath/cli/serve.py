"""`desirepath serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from desirepath.cli.common import Folder

Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any free one.")]


def serve(
    folder: Folder,
    port: Port = 8080,
    log: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Log every request, one JSON object a line (- for the error stream)."),
    ] = None,
) -> None:
    """Open the studio on a workspace, on this machine only; the first start prints the link to the first account."""
    from desirepath import workspace
    from desirepath.eventlog import warming
    from desirepath.server import run

    warming.meanwhile()  # a map is what comes next
    run.serve(workspace.open(folder), port, typer.echo, log=log)
