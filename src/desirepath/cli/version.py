"""`desirepath --version`."""

from __future__ import annotations

from typing import Annotated

import typer


def _print(wanted: bool) -> None:
    if wanted:
        from desirepath import __version__

        typer.echo(f"desirepath {__version__}")
        raise typer.Exit


def callback(
    version: Annotated[
        bool, typer.Option("--version", callback=_print, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of the program itself."""
