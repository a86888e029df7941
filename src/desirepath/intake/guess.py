"""A mapping from the files alone: what the columns are by their names and their values, with how sure that is.

Name and value together give 0.95, a name that fits less well or values that fit without the name less. What would be
needed and is not found, or is found with less than `ENOUGH`, becomes a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from desirepath.errors import IntakeError
from desirepath.intake.engine import engine
from desirepath.intake.guess_block import KINDS, find
from desirepath.intake.guess_table import Finding
from desirepath.intake.mapping import Block, Mapping
from desirepath.intake.mapping_yaml import dump
from desirepath.intake.readers.files import SourceFile
from desirepath.intake.readers.opening import open_table
from desirepath.intake.readers.table import RawTable
from desirepath.intake.sources import matches

ENOUGH = 0.5
Opener = Callable[[SourceFile], RawTable]


@dataclass(frozen=True)
class Guess:
    """A mapping, how sure each role is (`BLOCK.ROLE` → 0–1), what was assumed in words, and what has to be asked."""

    mapping: Mapping
    confidences: dict[str, float] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def guess(files: Sequence[SourceFile], kind: str | None = None, *, opener: Opener = open_table) -> Guess:
    """The mapping that fits the files best; files of the same columns become one block."""
    groups: dict[tuple[str, ...], list[tuple[SourceFile, RawTable]]] = {}
    for file in files:
        raw = opener(file)
        groups.setdefault(_signature(raw, file, groups), []).append((file, raw))
    with engine() as con:
        found = [(group, find(con, [raw for _, raw in group], kind)) for group in groups.values()]
    usable = [(g, f) for g, f in found if not f.questions]
    left = [(g, f) for g, f in found if f.questions]
    said = [f"{_names(g)}: not used ({f.questions[0]})" for g, f in left] if usable else []
    chosen = usable or left[:1]
    source = _source(files)
    blocks: list[Block] = []
    confidences: dict[str, float] = {}
    for group, finding in chosen:
        block = _block(source, [f for f, _ in group], files, finding)
        blocks.append(block)
        said += [f"{_names(group)}: {line}" if len(chosen) > 1 else line for line in finding.said()]
        label = block.kind if len(chosen) == 1 else f"{len(blocks)}.{block.kind}"
        confidences |= {f"{label}.{role}": sure for role, sure in finding.confidences.items()}
    questions = () if usable else tuple(left[0][1].questions)
    mapping = Mapping.model_construct(blocks=tuple(blocks)) if questions else Mapping(blocks=tuple(blocks))
    return Guess(mapping, confidences, tuple(said), questions)


def guess_or_ask(files: Sequence[SourceFile], kind: str | None = None, *, opener: Opener = open_table) -> Guess:
    """The guess; IntakeError with the questions and the mapping to complete if something has to be asked."""
    if kind is not None and kind not in KINDS:
        raise IntakeError(f"'{kind}' is no kind of evidence", hint=f"use {', '.join(KINDS)}")
    found = guess(files, kind, opener=opener)
    if not found.questions:
        return found
    where = ", ".join(f.name for f in files[:3]) + (" …" if len(files) > 3 else "")
    if not any(_has_rows(opener(f)) for f in files):
        raise IntakeError("there are no rows", where=where, hint="the file holds nothing, or only a header")
    asked = "\n".join(f"- {q}" for q in found.questions)
    hint = f"write a mapping and give it with --mapping; this much could be guessed:\n{dump(found.mapping)}"
    raise IntakeError(f"what the columns mean cannot be told without help:\n{asked}", where=where, hint=hint)


def _has_rows(raw: RawTable) -> bool:
    return any(batch.num_rows for batch in raw.batches()) or bool(raw.broken)


def _signature(raw: RawTable, file: SourceFile, known: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Files of the same columns belong together; of JSON, whose keys may be left out, those that share most of them.

    Interviews and notes belong together whatever their headings say.
    """
    if file.format == "text":
        return (file.format,)
    columns = (file.format if file.format in ("json", "ndjson") else "", *sorted(c.casefold() for c in raw.columns))
    if columns[0]:
        mine = set(columns[1:])
        for other in known:
            shared = len(mine.intersection(other[1:]))
            if other[0] == columns[0] and shared > 0.5 * min(len(mine), len(other) - 1):
                return other
    return columns


def _block(source: str, files: list[SourceFile], given: Sequence[SourceFile], finding: Finding) -> Block:
    """The block of some of the files given; many are meant by their endings, unless that would mean others too."""
    patterns = [re.sub(r"\.gz$", "", PurePosixPath(f.name).name) for f in files]
    if len(patterns) > 10:
        globs = [f"*{suffix}*" for suffix in dict.fromkeys(PurePosixPath(p).suffix for p in patterns)]
        others = [f for f in given if f not in files]
        if not any(matches(pattern, other) for pattern in globs for other in others):
            patterns = globs
    return Block.model_construct(
        **{**Block.model_construct(source=source).__dict__, **finding.fields, "files": tuple(patterns)}
    )


def _source(files: Sequence[SourceFile]) -> str:
    if len(files) == 1:
        stem = re.sub(r"\.(gz|zip)$", "", PurePosixPath(files[0].name).name)
        return stem.rsplit(".", 1)[0] or stem
    parents = {f.path.resolve().parent for f in files}
    if len(parents) == 1:
        return parents.pop().name or "files"
    return "files"


def _names(group: list[tuple[SourceFile, RawTable]]) -> str:
    names = [f.name for f, _ in group]
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")
