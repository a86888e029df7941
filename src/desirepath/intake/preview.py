"""What files look like before anything is read into the lake: their first rows, and the mapping that would be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path

from desirepath.errors import DesirepathError
from desirepath.intake.guess import Guess, Opener, guess
from desirepath.intake.mapping import Mapping
from desirepath.intake.mapping_yaml import load as load_mapping
from desirepath.intake.pipeline import called
from desirepath.intake.readers.files import SourceFile, find_files
from desirepath.intake.readers.opening import open_table
from desirepath.intake.readers.table import shown

ROWS = 20


@dataclass(frozen=True)
class FilePreview:
    """The first rows of a file as text; `problem` says why there are none."""

    name: str
    format: str
    size: int
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str | None, ...], ...] = ()
    problem: str | None = None


@dataclass(frozen=True)
class Preview:
    """Files, a mapping for them, and what was guessed for it; `questions` are what a mapping still has to say."""

    files: tuple[FilePreview, ...]
    skipped: dict[str, str]
    mapping: Mapping
    confidences: dict[str, float] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def preview(
    paths: Sequence[str | Path],
    *,
    mapping: str | Path | None = None,
    kind: str | None = None,
    source: str | None = None,
    rows: int = ROWS,
) -> Preview:
    """Looks at files; where no mapping is given, it is guessed. A file that cannot be read is no fault here."""
    found = find_files(paths)
    opener = cache(open_table)
    files = tuple(_file(file, opener, rows) for file in found)
    broken = {f.name for f in files if f.problem is not None}
    readable = [file for file in found if file.name not in broken]
    if mapping is not None:
        made = Guess(load_mapping(mapping))
    elif readable:
        made = guess(readable, kind, opener=opener)
    else:
        made = Guess(Mapping(blocks=()))
    skipped = {s.name: s.reason for s in found.skipped}
    return Preview(
        files,
        skipped,
        called(made.mapping, None if mapping else source),
        made.confidences,
        made.assumptions,
        made.questions,
    )


def _file(file: SourceFile, opener: Opener, rows: int) -> FilePreview:
    try:
        table = opener(file)
        first = next((batch.slice(0, rows) for batch in islice(table.batches(), 1)), None)
    except DesirepathError as error:
        return FilePreview(file.name, file.format, file.size, problem=str(error))
    listed = [] if first is None else first.to_pylist()
    cells = tuple(tuple(_cell(row[column]) for column in table.columns) for row in listed)
    return FilePreview(file.name, file.format, file.size, table.columns, cells)


def _cell(value: object) -> str | None:
    return None if value is None else shown(value if isinstance(value, str) else str(value))
