"""One Delta table of the lake: which Parquet files it consists of, and the one way in which that changes.

The Delta log keeps the lowest and highest import of each file and no other statistics, so that neither names nor words
of a customer ever stand in it. Deletion vectors are not used: every row of a listed file counts.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, Schema
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from desirepath.errors import LakeError
from desirepath.lake.schema import TABLES

GRACE_H = 1
"""Files that compaction replaced stay this many hours for those who still read them."""

TARGET_BYTES = 128 << 20
"""Files are about this large."""

_SETTINGS = {"delta.dataSkippingStatsColumns": "`import`", "delta.enableDeletionVectors": "false"}


@dataclass(frozen=True)
class DataFile:
    """A Parquet file of a table; `first` and `last` are the lowest and highest import in it."""

    path: Path
    size: int
    rows: int
    first: int
    last: int


@dataclass(frozen=True)
class Snapshot:
    """The files and columns of a table at one moment."""

    files: tuple[DataFile, ...]
    columns: tuple[str, ...]


class Table:
    """A table of the lake by its name in `TABLES`; its folder comes with the first commit."""

    def __init__(self, lake: Path, name: str) -> None:
        self.name = name
        self.folder = lake / name
        self.base = TABLES[name]

    def snapshot(self) -> Snapshot:
        """The files as of the newest commit; none where nothing was ever written."""
        with explained(self.folder):
            try:
                table = DeltaTable(str(self.folder))
            except TableNotFoundError:
                return Snapshot((), tuple(self.base.names))
            return Snapshot(tuple(self._files(table)), tuple(f.name for f in table.schema().fields))

    def commit(
        self, added: Sequence[DataFile], removed: Sequence[DataFile] = (), dimensions: Iterable[str] = ()
    ) -> None:
        """Adds and removes files in one Delta commit, safe on disk when it returns; new columns are added before."""
        sync([*(f.path for f in added), self.folder])
        with explained(self.folder):
            table = self._grown(dimensions)
            before = table.version()
            now = int(time.time() * 1000)
            actions: list[AddAction | RemoveAction] = [
                *(AddAction(f.path.name, f.size, {}, now, True, _statistics(f)) for f in added),
                *(RemoveAction(f.path.name, True, now, f.size, {}) for f in removed),
            ]
            table.create_write_transaction(actions, "append", table.schema())
            log = self.folder / "_delta_log"
            sync([*(log / f"{v:020}.json" for v in range(before + 1, table.version() + 1)), log, self.folder])

    def compact(self) -> None:
        """Merges small files; those that they replace go once nobody can be reading them."""
        with explained(self.folder):
            if DeltaTable.is_deltatable(str(self.folder)):
                table = DeltaTable(str(self.folder))
                table.optimize.compact(target_size=TARGET_BYTES)
                table.vacuum(retention_hours=GRACE_H, enforce_retention_duration=False, dry_run=False, full=True)

    def purge(self) -> None:
        """Deletes every Parquet file that is not in the newest snapshot, at once."""
        kept = {f.path for f in self.snapshot().files}
        with explained(self.folder):
            for path in self.on_disk():
                if path not in kept:
                    path.unlink(missing_ok=True)
            if self.folder.is_dir():
                sync([self.folder])

    def on_disk(self) -> list[Path]:
        """Every Parquet file in the folder, whoever wrote it."""
        return sorted(self.folder.glob("*.parquet"))

    def part(self, import_id: int, number: int) -> Path:
        """The file for a part of an import; what a dead import left is known by its name."""
        return self.folder / f"{import_id:010}-{number:05}.parquet"

    def parts(self, import_id: int) -> list[Path]:
        """The part files of an import on disk."""
        return sorted(self.folder.glob(f"{import_id:010}-*.parquet"))

    def _files(self, table: DeltaTable) -> Iterator[DataFile]:
        actions = pa.table(table.get_add_actions(flatten=True))
        if actions.num_rows:
            names = ["path", "size_bytes", "num_records", "min.import", "max.import"]
            for name, *numbers in zip(*(actions[n].to_pylist() for n in names), strict=True):
                yield DataFile(self.folder / name, *numbers)

    def _grown(self, dimensions: Iterable[str]) -> DeltaTable:
        wanted = columns(self.base, dimensions)
        if not DeltaTable.is_deltatable(str(self.folder)):
            return DeltaTable.create(str(self.folder), Schema.from_arrow(wanted), configuration=_SETTINGS)
        table = DeltaTable(str(self.folder))
        known = {f.name for f in table.schema().fields}
        if new := [f for f in wanted if f.name not in known]:
            table.alter.add_columns(list(Schema.from_arrow(pa.schema(new)).fields))
        return table


def columns(base: pa.Schema, dimensions: Iterable[str]) -> pa.Schema:
    """The schema of a table with these dimensions (names with `d_`), sorted by name behind the fixed columns."""
    return pa.schema([*base, *(pa.field(d, pa.string()) for d in sorted(set(dimensions)))])


def sync(paths: Iterable[Path]) -> None:
    """Has the system write these files and folders through to the disk."""
    for path in paths:
        if path.is_dir() and os.name == "nt":
            continue  # Windows cannot open a folder
        with explained(path):
            descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


@contextmanager
def explained(where: Path) -> Iterator[None]:
    """Turns what the disk, Arrow, Delta and DuckDB say into a `LakeError` that says what to do."""
    try:
        yield
    except OSError as error:
        raise _by_errno(error, where) from error
    except (DeltaError, pa.ArrowException, duckdb.Error) as error:
        said = str(error).split("\n")[0]
        if _says_full(error):
            raise _full(where) from error
        raise LakeError(
            f"this cannot be read or written ({said})", where=str(where), hint="restore the folder from a backup"
        ) from error


def _by_errno(error: OSError, where: Path) -> LakeError:
    place = str(error.filename or where)
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or _says_full(error):
        return _full(where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return LakeError("this cannot be written", where=place, hint="make the folder writable for you")
    if error.errno == errno.ENOENT:
        return _missing(Path(place))
    return LakeError(f"the disk cannot be read or written ({error})", where=place)


def _says_full(error: Exception) -> bool:
    """What Rust's and C++'s libraries pass on has no number."""
    return "No space left" in str(error) or "os error 28" in str(error)


def _full(where: Path) -> LakeError:
    return LakeError(
        "the disk is full; nothing of this was kept, what was there before is whole",
        where=str(where),
        hint="make room and do it again",
    )


def _missing(path: Path) -> LakeError:
    return LakeError(
        "a file of the lake is missing", where=str(path), hint="read again; if it stays so, restore it from a backup"
    )


def check(files: Iterable[DataFile]) -> None:
    """Raises `LakeError` where a file of a snapshot is not there as it was written."""
    for file in files:
        with explained(file.path):
            size = file.path.stat().st_size
        if size != file.size:
            raise LakeError(
                f"a file of the lake is damaged ({size} bytes instead of {file.size})",
                where=str(file.path),
                hint="restore it from a backup",
            )


def _statistics(file: DataFile) -> str:
    return json.dumps(
        {
            "numRecords": file.rows,
            "minValues": {"import": file.first},
            "maxValues": {"import": file.last},
            "nullCount": {"import": 0},
        }
    )
