"""The command line: one file a verb. Exit codes: 0 done, 2 the input is at fault, 1 our fault."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program and turn errors into one clear message."""
    import typer

    from desirepath.cli.app import app
    from desirepath.errors import DesirepathError

    try:
        app(prog_name="desirepath")
    except DesirepathError as error:
        typer.echo(f"desirepath: {error}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("desirepath: stopped; nothing half-done was kept", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"desirepath: {where}{error.strerror or error}", err=True)
        sys.exit(2)
