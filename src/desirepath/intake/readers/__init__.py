"""Files of any usual format as streams of raw rows: `find_files` says what there is, `open_table` opens one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desirepath.intake.readers.files import FileList, Skipped, SourceFile, find_files
    from desirepath.intake.readers.opening import open_table
    from desirepath.intake.readers.table import BrokenRow, Limits, RawTable

__all__ = ["BrokenRow", "FileList", "Limits", "RawTable", "Skipped", "SourceFile", "find_files", "open_table"]

_HOMES = {
    "find_files": "files",
    "FileList": "files",
    "Skipped": "files",
    "SourceFile": "files",
    "open_table": "opening",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'table')}"), name)
