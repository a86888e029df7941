"""`desirepath journey DIR …`: the journey documents of a workspace."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desirepath.cli.common import Folder, Json, print_json, print_table, write_text
from desirepath.errors import DesirepathError

if TYPE_CHECKING:
    from desirepath.journey.model import Journey
    from desirepath.workspace import Workspace

app = typer.Typer(help="Keep journey documents: add, list, show, export, history, diff.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="The journey's id.", show_default=False)]


@dataclass(frozen=True)
class _At:
    folder: Path

    def open(self) -> Workspace:
        from desirepath import workspace

        return workspace.open(self.folder)


@app.callback()
def at(context: typer.Context, folder: Folder) -> None:
    """Keep the journey documents of a workspace."""
    context.obj = _At(folder)


@app.command()
def add(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML, Mermaid (.md), or a map in XLSX or CSV.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Keep what was guessed from a sheet without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Add a journey, or a new version of it.

    A sheet is guessed; the guess is shown before it is kept.

    Example: [dim]desirepath journey shop add map.xlsx[/]
    """
    from desirepath.journey.rules import lint

    ws = context.obj.open()
    journey, assumptions = ws.read_journey(file)
    warnings = [remark.text for remark in lint(journey)]
    if not as_json:
        _outline(journey)
        for line in assumptions:
            typer.echo(f"  assumed: {line}")
        for line in warnings:
            typer.echo(f"  warning: {line}")
    if assumptions and not (yes or as_json) and sys.stdin.isatty():
        typer.confirm("Keep it like this?", default=True, abort=True)
    version = ws.journeys.add(journey)
    if as_json:
        said = {"id": journey.id, "version": version, "assumptions": list(assumptions), "warnings": warnings}
        print_json(said)
    else:
        typer.echo(f"kept as {journey.id}, version {version}")


@app.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List the journeys."""
    from desirepath.texts import pick

    ws = context.obj.open()
    found = []
    for entry in ws.journeys.list():
        journey = ws.journeys.get(entry.id)
        found.append(
            {
                "id": entry.id,
                "title": pick(journey.title, ws.language),
                "version": entry.version.number,
                "stages": len(journey.stages),
                "touchpoints": len(journey.touchpoints),
                "owner": journey.owner,
            }
        )
    if as_json:
        print_json(found)
    elif found:
        print_table("", tuple(found[0]), [tuple(row.values()) for row in found])
    else:
        typer.echo("No journey yet. Next: desirepath discover, or desirepath journey DIR add FILE")


@app.command()
def show(context: typer.Context, journey: Id) -> None:
    """Show a journey's stages and touchpoints."""
    _outline(context.obj.open().journeys.get(journey))


@app.command()
def export(
    context: typer.Context,
    journey: Id,
    out: Annotated[Path | None, typer.Option("--out", help="Default: the terminal.", show_default=False)] = None,
    version: Annotated[int | None, typer.Option(help="An earlier version.", show_default=False)] = None,
) -> None:
    """Write a journey as YAML (or Mermaid, if the file ends in .md or .mmd)."""
    from desirepath.journey import mermaid, yaml

    document = context.obj.open().journeys.get(journey, version=version)
    text = mermaid.write(document) if out and out.suffix in (".md", ".mmd") else yaml.dump(document)
    if out is None:
        sys.stdout.buffer.write(text.encode())
    else:
        write_text(out, text)
        typer.echo(f"{out} written")


@app.command()
def suggestions(context: typer.Context, journey: Id, as_json: Json = False) -> None:
    """List what customers typically said, as cards that may be accepted."""
    found = context.obj.open().suggestions(journey)
    if as_json:
        print_json(list(found))
    elif found:
        rows = [(s["id"], s["touchpoint"], s["lane"], s["emotion"], s["text"]) for s in found]
        print_table("", ("id", "touchpoint", "lane", "emotion", "text"), rows)
    else:
        typer.echo("Nothing to suggest: no text is placed at a touchpoint, or all of it is accepted")


@app.command()
def accept(
    context: typer.Context,
    journey: Id,
    verbatims: Annotated[list[str], typer.Argument(help="Ids of suggested verbatims.", show_default=False)],
    lane: Annotated[str | None, typer.Option(help="thoughts or needs; default: as suggested.")] = None,
    text: Annotated[str | None, typer.Option(help="The card's words, instead of the quote.")] = None,
    author: Annotated[str | None, typer.Option(help="Who accepts.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Make cards of what customers said, with the evidence they rest on.

    Example: [dim]desirepath journey shop accept coffee 812 907 --author Ann[/]
    """
    ws = context.obj.open()
    document = ws.accept(journey, *verbatims, lane=lane, text=text, author=author)
    version = ws.journeys.versions(journey)[-1].number
    n = len(set(verbatims))
    said = {"id": document.id, "version": version, "accepted": n}
    print_json(said) if as_json else typer.echo(f"{n} accepted: {document.id} is at version {version}")


@app.command()
def history(context: typer.Context, journey: Id, as_json: Json = False) -> None:
    """List the versions of a journey."""
    rows = [
        {"version": v.number, "created": v.created.isoformat(), "author": v.author, "note": v.note}
        for v in context.obj.open().journeys.versions(journey)
    ]
    if as_json:
        print_json(rows)
    else:
        print_table("", ("version", "created", "author", "note"), [tuple(row.values()) for row in rows])


@app.command()
def diff(
    context: typer.Context,
    journey: Id,
    before: Annotated[int, typer.Argument(help="A version.", show_default=False)],
    after: Annotated[int | None, typer.Argument(help="A later version; default: the newest.")] = None,
) -> None:
    """Say what changed between two versions of a journey."""
    from desirepath.journey.diff import describe
    from desirepath.journey.diff import diff as compare

    store = context.obj.open().journeys
    typer.echo(describe(compare(store.get(journey, version=before), store.get(journey, version=after))))


@app.command()
def remove(context: typer.Context, journey: Id) -> None:
    """Remove a journey and its versions. The evidence stays."""
    store = context.obj.open().journeys
    if journey not in {entry.id for entry in store.list()}:
        raise DesirepathError(f"no journey {journey!r}", hint="desirepath journey DIR list")
    store.remove(journey)
    typer.echo(f"removed {journey}")


def _outline(journey: Journey) -> None:
    from desirepath.texts import pick

    typer.echo(f"{pick(journey.title)} ({journey.id})")
    for stage in journey.stages:
        typer.echo(f"  {pick(stage.name)}")
        for touchpoint in stage.touchpoints:
            rule = "" if touchpoint.match else "  (no rule yet)"
            channel = f" [{touchpoint.channel}]" if touchpoint.channel else ""
            typer.echo(f"    · {pick(touchpoint.name)}{channel}{rule}")
