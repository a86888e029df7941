"""A workspace as one file, and back: the lake, everything in the database, the settings.

The file is a zip archive whose members any tool can read: `lake/…` as it lies on the disk, `workspace.db` as SQLite
whatever the workspace uses, `desirepath.toml` without the database's address, and `backup.json`. It is taken while
nobody writes into the lake, so that database and lake are of one moment. What was erased later is still in an earlier
backup: erase it there by making a new one.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from desirepath import __version__
from desirepath.database.copying import copy
from desirepath.database.database import VERSION, Database
from desirepath.errors import WorkspaceError
from desirepath.lake.lake import PATIENCE_S, Lake
from desirepath.progress import Progress, silent

ABOUT, DATABASE, SETTINGS = "backup.json", "workspace.db", "desirepath.toml"
_ADDRESS = re.compile(r"^\s*database\s*=.*$\n?", re.M)


@dataclass(frozen=True)
class Backup:
    """A backup that was made, or restored: `rows` of each table of the database, and how much there is of the lake."""

    made: datetime
    size: int
    files: int
    rows: dict[str, int]


def backup(lake: Lake, settings: Path, target: Path, *, progress: Progress = silent) -> Backup:
    """Writes the whole workspace into one file; there must not be such a file yet."""
    if target.exists():
        raise WorkspaceError("is there already", where=str(target), hint="choose another name")
    part = target.with_name(f".{target.name}.part")
    try:
        with lake.locked(PATIENCE_S, progress), tempfile.TemporaryDirectory() as folder, _written(target):
            lake.sweep()
            progress("copying the database", 0, None)
            rows = _copy_database(lake.database, Path(folder) / DATABASE)
            files = [path for path in sorted(lake.root.rglob("*")) if path.is_file() and _kept(path, lake.root)]
            made = datetime.now(UTC)
            about = {"desirepath": __version__, "schema": VERSION, "made": made.isoformat(), "rows": rows}
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr(ABOUT, json.dumps(about | {"files": len(files)}, indent=2))
                archive.writestr(SETTINGS, _ADDRESS.sub("", settings.read_text(encoding="utf-8")))
                archive.write(Path(folder) / DATABASE, DATABASE, zipfile.ZIP_DEFLATED)
                for done, path in enumerate(files):
                    progress("copying the lake", done, len(files))
                    archive.write(path, f"lake/{path.relative_to(lake.root).as_posix()}")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return Backup(made, target.stat().st_size, len(files), rows)


def restore(file: Path, folder: Path, *, address: str | None = None, progress: Progress = silent) -> Backup:
    """Makes a workspace of a backup, in a folder that is empty or not there yet; all of it, or nothing.

    With `address` its database becomes that one, which must be empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError("is not an empty folder", where=str(folder), hint="choose a new or empty folder")
    with _opened(file) as archive:
        about = _about(archive, file)
        with _written(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".restoring-", dir=folder.parent) as temporary:
                made = Path(temporary) / "workspace"
                _extract(archive, made, progress)
                if address is not None:
                    _move_database(made, address)
                if folder.exists():
                    folder.rmdir()
                made.rename(folder)
    return Backup(datetime.fromisoformat(about["made"]), file.stat().st_size, about["files"], about["rows"])


def _copy_database(source: Database, target: Path) -> dict[str, int]:
    with closing(Database.open(target, create=True)) as made:
        rows = copy(source, made)
    with closing(sqlite3.connect(target)) as connection:  # one file, without a write-ahead log beside it
        connection.execute("PRAGMA journal_mode = DELETE")
    return rows


def _kept(path: Path, root: Path) -> bool:
    """All but what is hidden: locks and scratch files."""
    return not any(part.startswith(".") for part in path.relative_to(root).parts)


def _about(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    names = set(archive.namelist())
    if not {ABOUT, DATABASE, SETTINGS} <= names:
        raise WorkspaceError("is not a backup of a workspace", where=str(file), hint="give a file that `backup` made")
    for name in names:
        parts = PurePosixPath(name).parts
        if ".." in parts or name.startswith("/") or (parts[0] != "lake" and name not in (ABOUT, DATABASE, SETTINGS)):
            raise WorkspaceError(f"holds something that is no part of a workspace ({name})", where=str(file))
    about: dict[str, Any] = json.loads(archive.read(ABOUT))
    if about["schema"] > VERSION:
        raise WorkspaceError(
            f"was made by a newer Desirepath ({about['desirepath']})", where=str(file), hint="update Desirepath"
        )
    return about


def _extract(archive: zipfile.ZipFile, folder: Path, progress: Progress) -> None:
    members = [member for member in archive.infolist() if member.filename != ABOUT]
    for done, member in enumerate(members):
        progress("restoring", done, len(members))
        target = folder / member.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("wb") as out:  # also checks the member's checksum
            shutil.copyfileobj(source, out, 1 << 20)
    (folder / "lake").mkdir(exist_ok=True)


def _move_database(folder: Path, address: str) -> None:
    with (
        closing(Database.open(folder / DATABASE)) as kept,
        closing(Database.open(address, create=True)) as target,
    ):
        copy(kept, target)
    for file in folder.glob(f"{DATABASE}*"):
        file.unlink()
    settings = (folder / SETTINGS).read_text(encoding="utf-8")
    line = f"database = {json.dumps(address)}\n"
    head, section, rest = settings.partition("[workspace]\n")
    text = f"{head}{section}{line}{rest}" if section else f"[workspace]\n{line}\n{settings}"
    (folder / SETTINGS).write_text(text, encoding="utf-8")


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise WorkspaceError(f"is damaged or not a backup ({error})", where=str(file)) from error
    except FileNotFoundError as error:
        raise WorkspaceError("no such file", where=str(file)) from error


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise WorkspaceError("there is no such folder", where=str(path.parent)) from error
    except OSError as error:
        raise WorkspaceError(f"cannot be written: {error.strerror}", where=str(path)) from error
