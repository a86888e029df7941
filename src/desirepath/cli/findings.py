"""`desirepath findings`."""

from __future__ import annotations

from typing import Annotated

import typer

from desirepath.cli.common import (
    AsOf,
    Folder,
    From,
    Json,
    Language,
    MinN,
    Persona,
    To,
    Where,
    print_json,
    print_table,
    progress_bar,
)
from desirepath.conditions import conditions


def findings(
    folder: Folder,
    journey: Annotated[str, typer.Argument(help="The journey's id.", show_default=False)],
    start: From = None,
    end: To = None,
    where: Where = None,
    persona: Persona = None,
    language: Language = None,
    min_n: MinN = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """List the pain points that the data shows, heaviest first, then the delights."""
    from desirepath import workspace

    with progress_bar(as_json) as progress:
        made = workspace.open(folder).map(
            journey,
            start=start,
            end=end,
            where=conditions(where or (), "--where"),
            persona=persona,
            language=language,
            min_n=min_n,
            as_of=as_of,
            progress=progress,
        )
    if as_json:
        print_json(made.to_json()["findings"])
    elif made.findings:
        rows = [(f.polarity, f.title, f.stage, f.touchpoint, f.cases, round(f.severity, 2)) for f in made.findings]
        print_table("", ("", "finding", "stage", "touchpoint", "cases", "severity"), rows)
    else:
        typer.echo("Nothing stands out in this period and selection.")
