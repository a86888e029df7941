"""What the verbs share: their common arguments, printing as JSON or tables, and a progress bar on the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from desirepath.errors import DesirepathError
from desirepath.progress import Progress, silent
from desirepath.texts import LANGUAGES

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The workspace.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def _known(language: str | None) -> str | None:
    if language is not None and language not in LANGUAGES:
        raise DesirepathError(f"no such language: {language}", where="--language", hint=f"use {', '.join(LANGUAGES)}")
    return language


Language = Annotated[str | None, typer.Option(help="en, zh-Hans, zh-Hant or ru.", show_default=False, callback=_known)]
From = Annotated[str | None, typer.Option("--from", help="Cases that begin at or after this date (UTC).")]
To = Annotated[str | None, typer.Option("--to", help="Cases that begin before this date (UTC).")]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="DIM=VALUE", help="Only these cases; the same dimension again means either."),
]
Persona = Annotated[str | None, typer.Option(help="Only customers who are this persona of the journey.")]
AsOf = Annotated[int | None, typer.Option("--as-of", min=1, help="The evidence as it was after this import.")]
MinN = Annotated[int | None, typer.Option("--min-n", min=1, help="Withhold numbers about fewer than this many.")]


def write_text(path: Path, text: str) -> None:
    """Write a file that the person named."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DesirepathError(f"cannot be written: {error.strerror}", where=str(path)) from error


def print_json(value: Any) -> None:
    """JSON in UTF-8, whatever the terminal's locale says."""
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n")
    sys.stdout.buffer.flush()


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table; numbers stand right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(header_style="bold", box=None, pad_edge=False)
    body = [list(row) for row in rows]
    for i, name in enumerate(columns):
        number = bool(body) and all(isinstance(row[i], int | float) or row[i] is None for row in body)
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in body:
        table.add_row(*(Text(_cell(value)) for value in row))
    console = Console()
    if title:
        console.print(title, style="italic")
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.3g}"
    return str(value)


@contextmanager
def progress_bar(quiet: bool = False) -> Iterator[Progress]:
    """A bar on the terminal's error stream; silent when that is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None, count="")
        shown = ""

        def report(what: str, done: float, total: float | None) -> None:
            nonlocal shown
            if what != shown:
                bar.reset(task, total=total, description=what, count="")
                shown = what
            count = f"{done:,.0f}" if done or total else ""
            bar.update(task, completed=done, total=total, count=f"{count} of {total:,.0f}" if total else count)

        yield report
