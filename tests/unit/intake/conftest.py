"""A workspace of a test's own, and a short way to put small files into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desirepath.database.database import Database
from desirepath.intake.pipeline import ingest
from desirepath.intake.summary import IngestSummary
from desirepath.lake.lake import Lake


class Bench:
    """A lake and a folder of files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = folder / "files"
        self.files.mkdir()
        self.database = Database.open(folder / "workspace.db", create=True)
        self.lake = Lake(folder / "lake", self.database)

    def put(self, **files: str) -> None:
        """Writes files; `orders_csv="…"` becomes orders.csv."""
        for name, text in files.items():
            (self.files / name.replace("_csv", ".csv").replace("_yaml", ".yaml")).write_text(text, encoding="utf-8")

    def take(self, mapping: str | None, *names: str, **options: Any) -> IngestSummary:
        paths = [self.files / n for n in names] or [self.files]
        return ingest(self.lake, self.database, paths, mapping=mapping, **options)

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Visible rows in the order of the import, times as ISO text in UTC."""
        found = (
            self.lake.arrow(table, ["import", "row", *columns])
            .read_all()
            .sort_by([("import", "ascending"), ("row", "ascending")])
        )
        return [tuple(_plain(v) for v in row.values()) for row in found.select(list(columns)).to_pylist()]

    def quarantine(self) -> list[tuple[Any, ...]]:
        """(line, column, value, reason, whole row) in order."""
        return [
            (r["line"], r["column"], r["value"], r["reason"], r["whole_row"])
            for r in self.lake.quarantine().to_pylist()
        ]


def _plain(value: Any) -> Any:
    return value.strftime("%Y-%m-%dT%H:%M:%S") if hasattr(value, "strftime") else value


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.database.close()
