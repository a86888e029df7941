"""Pieces of SQL for DuckDB: quoted names and literals, and how a cell's text is tidied."""

from __future__ import annotations

from collections.abc import Iterable


def name(text: str) -> str:
    """A quoted identifier."""
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A quoted string."""
    return "'" + text.replace("'", "''") + "'"


def listed(words: Iterable[str]) -> str:
    """Quoted strings, parted by commas."""
    return ", ".join(literal(w) for w in words)


def whole_number(text: str) -> str:
    """SQL: an id that went through a spreadsheet as a number loses its `.0`."""
    return f"regexp_replace({text}, '^(\\d+)[.]0+$', '\\1')"
