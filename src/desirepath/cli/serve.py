"""`desirepath serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from desirepath.cli.common import Folder

Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any free one.")]


def serve(folder: Folder, port: Port = 8080) -> None:
    """Show the workspace's journeys in the browser, on this machine only."""
    from desirepath import workspace
    from desirepath.server.run import run

    run(workspace.open(folder), port, lambda address: typer.echo(f"Desirepath is at {address}  (Ctrl-C ends it)"))
