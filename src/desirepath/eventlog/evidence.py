"""What preparing needs of the lake."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

import pyarrow as pa


class Piece(Protocol):
    """Some rows that can be read apart from the others."""

    @property
    def rows(self) -> int:
        """How many there are, visible or not."""

    def read(self, names: Sequence[str]) -> pa.Table:
        """These columns, texts as dictionaries."""


class Rows(Protocol):
    """Rows of a table, in pieces that follow each other."""

    @property
    def ascending(self) -> bool:
        """Whether all rows, piece after piece, are known to ascend by (import, row)."""

    def pieces(self) -> Sequence[Piece]:
        """All pieces."""


class Evidence(Protocol):
    """The visible rows of the lake."""

    def select(self, table: str, *, imports: Collection[int] | None = None, extra: Sequence[str] = ()) -> Rows:
        """The rows of a table, or of some imports; dimensions in `extra` (`d_…`) can be read though nobody has them."""

    def dimensions(self, table: str = "events") -> tuple[str, ...]:
        """The names of a table's dimensions."""

    def imports(self, table: str) -> dict[int, str]:
        """The imports that hold rows of a table, each with what changes when its rows there do."""

    def before(self, gone: Collection[int]) -> Evidence:
        """The evidence as it was while these imports, which were superseded since, could be seen."""
