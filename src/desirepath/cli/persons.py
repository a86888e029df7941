"""`desirepath persons`."""

from __future__ import annotations

from typing import Annotated

import typer

from desirepath.cli.common import Folder, Json, print_json, print_table


def persons(
    folder: Folder,
    merge: Annotated[
        tuple[str, str] | None, typer.Option(metavar="ID ID", help="These two ids are one person.", show_default=False)
    ] = None,
    split: Annotated[
        tuple[str, str] | None, typer.Option(metavar="ID ID", help="These two are not.", show_default=False)
    ] = None,
    undo: Annotated[int | None, typer.Option(metavar="N", help="Take decision N back.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Show which ids of different systems are one person and which pairs were refused; merge, split, undo.

    Events keep the id that their source gave, so nothing of this rewrites any evidence.

    Example: [dim]desirepath persons shop --merge 17 loyalty:A-9[/]
    """
    from desirepath import workspace

    ws = workspace.open(folder)
    said = [f"decision {ws.merge(*merge)}: merged"] if merge else []
    said += [f"decision {ws.split(*split)}: split"] if split else []
    if undo is not None:
        ws.undo(undo)
        said.append(f"decision {undo}: taken back")
    found = ws.persons()
    linked = found.links.to_pylist()
    if as_json:
        refused = [{"a": r.a, "b": r.b, "reason": r.reason} for r in found.refused]
        print_json({"links": linked, "refused": refused, "said": said})
        return
    for line in said:
        typer.echo(line)
    typer.echo(f"{len(linked):,} ids belong to {len({row['person'] for row in linked}):,} persons of another id")
    if found.refused:
        print_table("Refused", ("a", "b", "why"), [(r.a, r.b, r.reason) for r in found.refused[:50]])
