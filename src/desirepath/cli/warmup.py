"""`desirepath warmup`."""

from __future__ import annotations

import typer


def warmup() -> None:
    """Compile the kernels now, so that the first map does not wait for it (once a machine)."""
    from desirepath.eventlog.warmup import warmup as compile_all

    typer.echo(f"kernels ready after {compile_all():.1f} s")
