"""Conditions and periods as people write them, `market=Lisbon` and `2026-01-01..2026-02-01`, on the command line and in
an address."""

from __future__ import annotations

from collections.abc import Iterable

from desirepath.errors import DesirepathError


def conditions(texts: Iterable[str], where: str) -> dict[str, list[str]]:
    """`["market=Lisbon", "market=London"]` as `{"market": ["Lisbon", "London"]}`; `where` says where they stood."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise DesirepathError(f"not a condition: {text!r}", where=where, hint="write it like market=Lisbon")
        found.setdefault(name.strip(), []).append(value.strip())
    return found


def period(text: str | None, where: str) -> tuple[str, str] | None:
    """`2026-01-01..2026-02-01` as its two dates, not read yet."""
    if text is None:
        return None
    first, dots, last = text.partition("..")
    if not (first and dots and last):
        raise DesirepathError(f"no period: {text!r}", where=where, hint="two dates: 2026-01-01..2026-02-01")
    return first, last
