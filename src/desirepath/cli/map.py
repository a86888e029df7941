"""`desirepath map`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desirepath.cli.common import AsOf, Folder, From, Language, MinN, Persona, To, Where, progress_bar
from desirepath.conditions import conditions


def map(
    folder: Folder,
    journey: Annotated[str, typer.Argument(help="The journey's id.", show_default=False)],
    out: Annotated[
        Path, typer.Option("--out", help="html, svg, png, pdf, pptx, xlsx, md, mmd or json.", show_default=False)
    ],
    start: From = None,
    end: To = None,
    where: Where = None,
    persona: Persona = None,
    language: Language = None,
    form: Annotated[str, typer.Option(help="matrix, timeline or flow.")] = "matrix",
    min_n: MinN = None,
    as_of: AsOf = None,
    engine: Annotated[str, typer.Option(help="Who counts: local, or a Spark by its address (spark://…).")] = "local",
) -> None:
    """Compute the living map of a journey and write it.

    Examples: [dim]desirepath map cafe buying-coffee --out map.html[/] ·
    [dim]desirepath map cafe buying-coffee --where market=Lisbon --from 2025-06-01 --language ru --out map.pdf[/]
    """
    from desirepath import workspace

    with progress_bar() as progress:
        made = workspace.open(folder).map(
            journey,
            start=start,
            end=end,
            where=conditions(where or (), "--where"),
            persona=persona,
            language=language,
            min_n=min_n,
            as_of=as_of,
            engine=engine,
            progress=progress,
        )
        progress(f"writing {out.name}", 0, None)
        made.save(out, form=form)
    verdicts = made.data.conformance.verdicts
    typer.echo(f"{out}: {made.data.cases:,} cases, {made.data.events:,} events")
    typer.echo(
        "  touchpoints: "
        + ", ".join(f"{verdicts.get(v, 0)} {v}" for v in verdicts)
        + f"; never walked: {len(made.data.conformance.never_walked)}"
        + f"; walked but not on the map: {len(made.data.conformance.missing_from_map)}"
    )
    for note in made.data.notes:
        typer.echo(f"  note: {note}", err=True)
