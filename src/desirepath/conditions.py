"""Conditions on dimensions as people write them, `market=Lisbon`, on the command line and in an address."""

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
