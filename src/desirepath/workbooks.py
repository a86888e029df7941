"""How far the sheets of an XLSX workbook reach, told from the places of their cells before anybody opens them.

The library that reads workbooks holds every cell up to the last one, filled or not, and ends the whole process when
there is no memory for it: one cell at XFD1000001 is enough. Cells without content are passed over by it and here.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*\s)?r="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_PIECE, _OVERLAP = 1 << 20, 1 << 10


def areas(book: zipfile.ZipFile) -> Iterator[tuple[int, int]]:
    """Rows and columns up to the last filled cell, for each sheet."""
    for entry in book.infolist():
        if _SHEET.fullmatch(entry.filename):
            yield _area(book, entry)


def column_number(letters: bytes) -> int:
    """`A` is 1, `XFD` is 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _area(book: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[int, int]:
    rows = 0
    letters: set[bytes] = set()
    with book.open(entry) as file:
        carry = b""
        while piece := file.read(_PIECE):
            text = carry + piece
            for column, row in _CELL.findall(text):
                letters.add(column)
                rows = max(rows, int(row))
            carry = text[-_OVERLAP:]
    return rows, max(map(column_number, letters), default=0)
