"""Whether a text file is prose (an interview, notes) or a table, by the beginning of it.

Turns by an interviewer or an agent, a heading of "key: value", bullets, sentences and paragraphs are prose. What is
parted by the same number of separators on nearly every line, a log and a list of words are tables.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator

from desirepath.intake.readers import encoding as encodings
from desirepath.intake.readers.heading import Top
from desirepath.intake.readers.survey import Survey, survey

_SEPARATORS = "\t;|,^~\x01\x1f"
_LEVELS = {"info", "warn", "warning", "error", "debug", "trace", "fatal", "notice", "critical", "severe"}
_LOGGED = re.compile(r"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d |\d+\.\d+\.\d+\.\d+ ")
_READ_ME = re.compile(
    r"(read.?me|licen[cs]e|copying|change(s|log)|contributing|notice|authors|code_of_conduct|requirements)\b", re.I
)
_JOURNEY = re.compile(r"(?:\A\s*|^```+ *mermaid\s+)journey[ \t]*$", re.M)
_MOST_LINES = 2000


def decoded(start: bytes, *, cut: bool) -> str:
    """The beginning of a file as text, in its encoding; `cut` says that more follows."""
    encoding = encodings.detect(iter([start]))
    if cut and not encoding.codec.startswith(("utf-16", "utf-32")):
        start = start[: start.rfind(b"\n") + 1] or start
        encoding = encodings.detect(iter([start]))
    return b"".join(encodings.to_utf8(iter([start]), encoding)).decode("utf-8", "replace")


def is_about_the_files(name: str) -> bool:
    """Whether a text that lies among others tells about them (README, LICENSE), by its name."""
    return _READ_ME.match(name.rpartition("/")[2]) is not None


def is_journey(text: str) -> bool:
    """Whether a Markdown file holds a journey map drawn in Mermaid."""
    return _JOURNEY.search(text) is not None


def is_prose(text: str) -> bool:
    """Whether the text is read by its turns or paragraphs."""
    lines = text.splitlines()[:_MOST_LINES]
    found = survey(enumerate(lines, 1))
    if found.heading.fenced:
        return True
    if not found.lines or _is_log(found, lines):
        return False
    columns = _columns([raw for _, raw in Top(enumerate(lines, 1)) if raw.strip()])
    spoken = found.conversation()
    if spoken and columns < 3:
        return spoken.told or (columns < 2 and _talks(found))
    if columns > 1:
        return False
    return bool(found.heading.values) or _is_written(found)


def _is_log(found: Survey, lines: list[str]) -> bool:
    if sum(found.labels[level] for level in _LEVELS) > 0.3 * found.labels.total() > 0:
        return True
    return sum(_LOGGED.match(raw) is not None for raw in lines) > 0.5 * found.lines


def _columns(lines: list[str]) -> int:
    """Cells of a row, where nearly all lines have as many by one separator; sentences have commas, before a blank."""
    best = 1
    for separator in _SEPARATORS:
        there = [line for line in lines if separator in line]
        if len(there) < 0.9 * len(lines) or (separator == "," and _of_sentences(there)):
            continue
        widths = Counter(map(len, _rows(lines, separator)))
        width, often = widths.most_common(1)[0] if widths else (1, 0)
        if often >= 0.9 * widths.total():
            best = max(best, width)
    return best


def _of_sentences(lines: list[str]) -> bool:
    commas = sum(line.count(",") for line in lines)
    return sum(line.count(", ") for line in lines) > 0.8 * commas


def _rows(lines: list[str], separator: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader([line.replace("\0", "") for line in lines], delimiter=separator)
    except csv.Error:
        return


def _talks(found: Survey) -> bool:
    """Whether those who speak, of whom no label tells more than a name, say more than values."""
    return found.sentences >= 0.4 * found.lines or found.words >= 6 * found.lines


def _is_written(found: Survey) -> bool:
    """Whether people wrote this to be read."""
    each = found.words / found.lines
    if found.bullets >= 0.6 * (found.lines - found.levels.total()) and each >= 2:
        return True
    if each < 3:
        return False
    if found.levels and found.sentences + found.bullets >= 0.3 * found.lines:
        return True
    if found.blocks > 1 and found.block_ends >= 0.5 * found.blocks:
        return True
    if found.full >= 0.5 * (found.lines - found.blocks) > 0 and found.block_ends >= 0.5 * found.blocks:
        return each >= 4
    return found.first_ends and found.sentences >= 0.8 * found.lines
