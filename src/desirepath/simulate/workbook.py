"""Survey answers as spreadsheets, row by row to disk; a new file begins before a sheet is full."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

FULL = 1_000_000
MADE = datetime(2026, 1, 2)


class Workbook:
    """`NAME.xlsx` (then `NAME_2.xlsx` …) with a header; the first column is a time in ms, written as a date."""

    def __init__(self, folder: Path, name: str, columns: tuple[str, ...]) -> None:
        self.folder, self.name, self.columns = folder, name, columns
        self.rows = 0
        self.paths: list[Path] = []
        self._open()

    def _open(self) -> None:
        suffix = f"_{len(self.paths) + 1}" if self.paths else ""
        self.paths.append(self.folder / f"{self.name}{suffix}.xlsx")
        self._book: Any = xlsxwriter.Workbook(
            self.paths[-1], {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"created": MADE})
        self._sheet: Any = self._book.add_worksheet("answers")
        self._date: Any = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._sheet.write_row(0, 0, self.columns)
        self._line = 1

    def write(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Adds rows."""
        for at, *rest in rows:
            if self._line > FULL:
                self._book.close()
                self._open()
            self._sheet.write_number(self._line, 0, at / 86_400_000 + 25_569, self._date)
            self._sheet.write_row(self._line, 1, rest)
            self._line += 1
            self.rows += 1

    def close(self) -> None:
        """Writes the file."""
        self._book.close()
