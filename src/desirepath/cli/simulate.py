"""`desirepath simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desirepath.cli.common import progress_bar


def simulate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the exports go.", show_default=False)],
    customers: Annotated[int, typer.Option(min=1, help="How many customers.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same company.")] = 1,
) -> None:
    """Make the exports of a labelled synthetic café chain, with its planted trouble in truth.json.

    Example: [dim]desirepath simulate cafe-data --customers 5000[/]
    """
    from desirepath.simulate import simulate as make

    with progress_bar() as progress:
        company = make(folder, customers=customers, seed=seed, progress=progress)
    typer.echo(f"{folder}: {company.events:,} events of {customers:,} customers in {len(company.files)} files")
    typer.echo(f"Next: desirepath init cafe && desirepath ingest cafe {folder} --mapping {company.mapping}")
