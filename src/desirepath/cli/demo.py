"""`desirepath demo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desirepath.cli.common import progress_bar
from desirepath.cli.serve import Port

if TYPE_CHECKING:
    from desirepath.progress import Progress
    from desirepath.workspace import Workspace


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where the demo lives; made anew if it is not there.")] = Path(
        "demo-workspace"
    ),
    customers: Annotated[int, typer.Option(min=50, help="How many customers.")] = 3000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same company.")] = 1,
    port: Port = 8080,
) -> None:
    """Simulate a café chain, import its exports and open the studio on its journey map."""
    from desirepath import workspace
    from desirepath.server.run import demonstrate

    with progress_bar() as progress:
        ws = (
            workspace.open(folder)
            if (folder / "desirepath.toml").exists() and workspace.open(folder).journeys.list()
            else make(folder, customers, seed, progress)
        )
    journey = ws.journeys.list()[0].id
    demonstrate(ws, port, f"/journeys/{journey}", typer.echo)


def make(folder: Path, customers: int, seed: int, progress: Progress) -> Workspace:
    """A workspace with the simulated company in it; the journey is added last, so it marks a finished one."""
    import shutil
    import tempfile

    from desirepath import workspace
    from desirepath.simulate import simulate

    if (folder / "desirepath.toml").exists():
        shutil.rmtree(folder)
    ws = workspace.init(folder)
    with tempfile.TemporaryDirectory() as exports:
        company = simulate(Path(exports), customers=customers, seed=seed, progress=progress)
        ws.ingest(exports, mapping=company.mapping, progress=progress)
        ws.add_journey(company.journey)
    return ws
