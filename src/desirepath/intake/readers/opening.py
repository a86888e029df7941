"""The reader for each format."""

from __future__ import annotations

from desirepath.errors import IntakeError
from desirepath.intake.readers.delimited import DelimitedTable
from desirepath.intake.readers.files import READ, SourceFile
from desirepath.intake.readers.table import Limits, RawTable


def open_table(file: SourceFile, *, limits: Limits = Limits()) -> RawTable:
    """The file as a table; IntakeError when it cannot be read at all."""
    if file.format == "csv":
        return DelimitedTable(file, limits)
    raise IntakeError(f"not a format that is read: {file.format}", where=file.name, hint=f"read are {READ}")
