"""Which of the given files a block of a mapping means."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from desirepath.errors import MappingError, did_you_mean
from desirepath.intake.mapping import Block
from desirepath.intake.readers.files import SourceFile, find_files


def matches(pattern: str, file: SourceFile) -> bool:
    """Whether a glob of a mapping means this file: by its name, its end, or its name without `.gz` and archive."""
    names = {file.name, PurePosixPath(file.name).name, str(file.path), file.path.as_posix()}
    names |= {n.removesuffix(".gz").removesuffix(".zip") for n in names}
    if file.member is not None:
        names.add(file.member)
    return any(fnmatch(n, pattern) or fnmatch(n, f"*/{pattern}") for n in names)


def of_block(block: Block, files: Sequence[SourceFile]) -> list[SourceFile]:
    """The files that a block means, in the order given."""
    return [f for f in files if any(matches(p, f) for p in block.files)]


def find_by_name(wanted: str, files: Sequence[SourceFile]) -> SourceFile | None:
    """The file a lookup means: among the given ones, else beside them or below; a name leads nowhere else."""
    for file in files:
        if matches(wanted, file):
            return file
    for folder in dict.fromkeys(f.path.parent for f in files):
        for candidate in (folder / wanted, folder / f"{wanted}.gz"):
            inside = Path(os.path.normpath(candidate)).is_relative_to(os.path.normpath(folder))
            if inside and candidate.is_file():
                return find_files([candidate])[0]
    return None


def check_any(blocks: Sequence[Block], files: Sequence[SourceFile]) -> None:
    """Raises MappingError if no block means any of the files."""
    if any(of_block(b, files) for b in blocks):
        return
    wanted = [p for b in blocks for p in b.files]
    names = [f.name for f in files]
    hint = did_you_mean(names[0], wanted) if len(names) == 1 else None
    raise MappingError(
        f"no file given fits `files: [{', '.join(wanted)}]`",
        where=", ".join(names[:5]) + (" …" if len(names) > 5 else ""),
        hint=hint or "name the files in the mapping, or give the folder they are in",
    )
