"""The reader for each format."""

from __future__ import annotations

from collections.abc import Callable

from desirepath.intake.readers.delimited import DelimitedTable
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.json_document import JsonDocumentTable
from desirepath.intake.readers.json_lines import JsonLinesTable
from desirepath.intake.readers.parquet import ParquetTable
from desirepath.intake.readers.prose import ProseTable
from desirepath.intake.readers.table import DEFAULT, Limits, RawTable
from desirepath.intake.readers.workbook import WorkbookTable
from desirepath.intake.readers.xes import XesTable
from desirepath.intake.readers.xml_rows import XmlTable

_READERS: dict[str, Callable[[SourceFile, Limits], RawTable]] = {
    "csv": DelimitedTable,
    "json": JsonDocumentTable,
    "ndjson": JsonLinesTable,
    "parquet": ParquetTable,
    "xlsx": WorkbookTable,
    "xes": XesTable,
    "xml": XmlTable,
    "text": ProseTable,
}


def open_table(file: SourceFile, *, limits: Limits = DEFAULT) -> RawTable:
    """The file as a table; IntakeError when it cannot be read at all."""
    return _READERS[file.format](file, limits)
