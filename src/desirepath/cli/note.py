"""`desirepath note`."""

from __future__ import annotations

from typing import Annotated

import typer

from desirepath.cli.common import Folder, Json, print_json


def note(
    folder: Folder,
    text: Annotated[str, typer.Argument(help="What was said or seen.", show_default=False)],
    touchpoint: Annotated[str | None, typer.Option(help="Where it belongs.", show_default=False)] = None,
    kind: Annotated[
        str, typer.Option(help="interview, observation, focus_group, usability, call, chat, social, review …")
    ] = "observation",
    customer: Annotated[str | None, typer.Option(help="Who said it.", show_default=False)] = None,
    at: Annotated[str | None, typer.Option(help="When (ISO; default: now).", show_default=False)] = None,
    score: Annotated[float | None, typer.Option(help="A score, with --scale.", show_default=False)] = None,
    scale: Annotated[str | None, typer.Option(help="nps, csat5, stars, thumbs, 0..100 …", show_default=False)] = None,
    language: Annotated[str | None, typer.Option(help="The language of the text.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Keep a quote, an interview note or an observation as evidence.

    Example: [dim]desirepath note cafe "Too many kinds of beans" --touchpoint menu-board --kind interview[/]
    """
    from desirepath import workspace

    ws = workspace.open(folder)
    made = ws.note(
        text, touchpoint=touchpoint, kind=kind, customer=customer, at=at, score=score, scale=scale, language=language
    )
    drawn = [ws.journeys.get(entry.id) for entry in ws.journeys.list()]
    if touchpoint is not None and not any(touchpoint in {t.id for t in journey.touchpoints} for journey in drawn):
        typer.echo(f"  note: no journey here has a touchpoint {touchpoint!r} yet", err=True)
    if as_json:
        print_json({"id": made})
    else:
        typer.echo(f"kept as {made}")
