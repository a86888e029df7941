"""`desirepath compact`."""

from __future__ import annotations

import typer

from desirepath.cli.common import Folder


def compact(folder: Folder) -> None:
    """Merge the small files that many imports leave, and remove what nobody reads any more."""
    from desirepath import workspace

    workspace.open(folder).compact()
    typer.echo("done")
