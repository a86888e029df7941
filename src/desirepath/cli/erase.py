"""`desirepath erase`."""

from __future__ import annotations

import dataclasses
import sys
from typing import Annotated

import typer

from desirepath.cli.common import Folder, Json, print_json


def erase(
    folder: Folder,
    customer: Annotated[str, typer.Argument(help="The customer's id in any source.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Delete everything about a customer from every table, and prove it by a scan of the files."""
    from desirepath import workspace

    ws = workspace.open(folder)
    if not (yes or as_json) and sys.stdin.isatty():
        typer.confirm(f"Delete everything about {customer}? This cannot be undone.", abort=True)
    erasure = ws.erase(customer)
    if as_json:
        print_json(dataclasses.asdict(erasure))
        return
    deleted = ", ".join(f"{count:,} {table}" for table, count in erasure.rows.items() if count) or "nothing was there"
    typer.echo(f"erased {customer}: {deleted}")
    typer.echo(f"  proof: {erasure.files:,} files scanned afterwards, {erasure.remaining} traces left")
    for place, count in erasure.mentions.items():
        typer.echo(f"  look at {place}: {count:,} rows of others mention an id")
