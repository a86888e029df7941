"""Ids made from names: readable, stable, valid in the document, and free."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 60


def slug(name: str, taken: set[str] | None = None, *, otherwise: str = "item") -> str:
    """`Menu board (new)` → `menu-board-new`; any letters stay; `-2`, `-3` … where taken. Adds itself to it."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold().replace("_", "-"))
    base = "-".join(words)[:LENGTH].strip("-") or otherwise
    taken = set() if taken is None else taken
    id_, number = base, 1
    while id_ in taken:
        number += 1
        id_ = f"{base}-{number}"
    taken.add(id_)
    return id_
