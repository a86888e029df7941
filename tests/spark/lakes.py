"""A lake of made-up events in Parquet files as a lake has them: several, with different columns, some rows hidden."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from desirepath.lake.delta import DataFile, columns
from desirepath.lake.scan import Selection
from desirepath.lake.schema import TABLES

HOUR = 3_600_000_000


@dataclass(frozen=True)
class Lake:
    root: Path
    files: dict[str, tuple[DataFile, ...]]
    dims: dict[str, tuple[str, ...]]
    visible: tuple[int, ...]
    stamp: str = ""

    def select(self, table: str, *, imports: Collection[int] | None = None, extra: Sequence[str] = ()) -> Selection:
        named = {f"d_{d}" for d in self.dims[table]} | {e for e in extra if e.startswith("d_")}
        shown = self.visible if imports is None else tuple(i for i in self.visible if i in imports)
        return Selection(self.files[table], columns(TABLES[table], named), shown)

    def dimensions(self, table: str = "events") -> tuple[str, ...]:
        return self.dims[table]

    def imports(self, table: str) -> dict[int, str]:
        return dict.fromkeys(self.visible, self.stamp)


def write(root: Path, table: str, number: int, rows: list[dict[str, Any]]) -> DataFile:
    """A file of one import."""
    full = [{"import": number, "row": i, "source": "test", **row} for i, row in enumerate(rows)]
    dims = sorted({name for row in rows for name in row if name.startswith("d_")})
    path = root / table / f"{number:010}-00000.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(full, columns(TABLES[table], dims)), path, row_group_size=500)
    return DataFile(path, path.stat().st_size, len(full), number, number)


def lake(root: Path, *, customers: int = 150, events: int = 4000, names: int = 9, seed: int = 1) -> Lake:
    """Customers with several ids, cases that several customers have a part in, ties, and nobody at all."""
    rng = np.random.default_rng(seed)

    def some(n: int, odds: float, of: list[str]) -> list[str | None]:
        return [
            of[k] if there else None
            for k, there in zip(rng.integers(len(of), size=n), rng.random(n) < odds, strict=True)
        ]

    ids = [f"c{k}" for k in range(customers)]
    cases = [f"order {k}" for k in range(2 * customers)]
    files = []
    for number, dims in ((1, ()), (2, ("device",)), (3, ("device", "tier"))):
        n = events // 3
        columns = {
            "at": (rng.integers(2000, size=n) * HOUR).tolist(),
            "customer": some(n, 0.9, ids),
            "case": some(n, 0.8, cases),
            "event": [f"e{k:05}" for k in np.minimum(rng.geometric(3 / names, n), names)],
            "channel": some(n, 0.9, ["app", "store", "web"]),
            **{f"d_{d}": some(n, 0.5, ["a", "b", "c"]) for d in dims},
        }
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        files.append(write(root, "events", number, rows))
    hidden = write(root, "events", 4, [{"at": 0, "customer": "c0", "event": "hidden", "channel": "app"}] * 10)
    facts = [{"customer": i, "d_tier": t} for i, t in zip(ids, some(customers, 0.7, ["gold", "silver"]), strict=True)]
    known = write(root, "customers", 1, facts)
    dims = {"events": ("device", "tier"), "customers": ("tier",)}
    return Lake(root, {"events": (*files, hidden), "customers": (known,)}, dims, (1, 2, 3))


def links(customers: int = 150) -> pa.Table:
    """Every third id is the person of the one before."""
    pairs = {f"c{k}": f"c{k - 1}" for k in range(1, customers, 3)}
    return pa.table({"id": pa.array(list(pairs), pa.string()), "person": pa.array(list(pairs.values()), pa.string())})
