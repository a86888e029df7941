"""Which files there are to read: files, folders, globs and the members of zip archives, each with its format.

The format is decided by what a file contains first and by how its name ends second. Folders are read to the bottom in
natural order (`2` before `10`); what is hidden, empty, of no known format or in a workspace there is left out and
listed as skipped.
"""

from __future__ import annotations

import glob
import hashlib
import json
import re
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from desirepath.errors import IntakeError
from desirepath.intake.readers import looks, streams
from desirepath.intake.readers.encoding import wide
from desirepath.intake.readers.table import DEFAULT, Limits

READ = (
    "CSV and TSV, JSON, NDJSON, Parquet, XLSX (also XLS, ODS), XES and XML tables, interviews and notes as text or "
    "Markdown, each also as .gz or .zip"
)
_WORKSPACE = "desirepath.toml"
_TEXT_ENDINGS = {"csv", "tsv", "tab", "txt", "psv", "dat"}
_LINES_ENDINGS = {"ndjson", "jsonl"}
_PROSE_ENDINGS = {"md", "markdown"}
_DOCUMENT_ENDINGS = {"xml", "xes", "html", "htm", "yaml", "yml", *_PROSE_ENDINGS}
_OTHER_ENDINGS = {"json", *_TEXT_ENDINGS, *_LINES_ENDINGS, *_DOCUMENT_ENDINGS}
_REFUSED = {
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"(\xb5/\xfd": "a zstd file",
    b"7z\xbc\xaf": "a 7-zip archive",
    b"Rar!": "a RAR archive",
    b"%PDF": "a PDF document",
    b"SQLite format 3": "a SQLite database",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}


@dataclass(frozen=True)
class SourceFile:
    """One file to read, or one member of a zip archive; `size` is in bytes as it lies on disk."""

    path: Path
    member: str | None
    name: str
    format: str  # csv, json, ndjson, parquet, xlsx, xes, xml, text
    size: int

    def chunks(self, limits: Limits = DEFAULT) -> Iterator[bytes]:
        """The unpacked content, piece by piece."""
        return streams.chunks(self.path, self.member, name=self.name, limits=limits)

    def sha256(self) -> str:
        """Digest of the unpacked content, so that a file and its packed copy are the same."""
        digest = hashlib.sha256()
        for chunk in self.chunks():
            digest.update(chunk)
        return digest.hexdigest()


@dataclass(frozen=True)
class Skipped:
    """A file that lay in a folder or archive and is not read, and why."""

    name: str
    reason: str


class FileList(list[SourceFile]):
    """The files found, in order, and what was left out."""

    skipped: tuple[Skipped, ...] = ()


class _NotReadError(Exception):
    pass


def find_files(paths: Sequence[str | Path], *, limits: Limits = DEFAULT) -> FileList:
    """Files, folders, globs and archives as a list of what can be read, without repeats; an error when nothing can."""
    found, skipped = FileList(), list[Skipped]()
    for given in paths:
        path = Path(given)
        if path.is_dir():
            _folder(path, found, skipped, limits)
        elif path.exists():
            _named(path, path.name, found, skipped, limits)
        elif matches := sorted(glob.glob(str(given), recursive=True), key=_natural):  # noqa: PTH207 - absolute patterns
            for match in map(Path, matches):
                if match.is_dir():
                    _folder(match, found, skipped, limits)
                else:
                    _among(match, match.name, found, skipped, limits)
        else:
            raise IntakeError("no such file or folder", where=str(given))
    if not found:
        where = ", ".join(map(str, paths)) or None
        reasons = "; ".join(f"{s.name}: {s.reason}" for s in skipped[:5])
        raise IntakeError(f"nothing to read{f' ({reasons})' if reasons else ''}", where=where, hint=f"read are {READ}")
    once: dict[tuple[Path, str | None], SourceFile] = {}
    for file in found:
        once.setdefault((file.path.resolve(), file.member), file)
    unique = FileList(once.values())
    unique.skipped = tuple(skipped)
    return unique


def _folder(folder: Path, found: FileList, skipped: list[Skipped], limits: Limits) -> None:
    everything = list(folder.rglob("*"))
    workspaces = {
        path.parent for path in (folder / _WORKSPACE, *everything) if path.name == _WORKSPACE and path.is_file()
    }
    if folder in workspaces:
        raise IntakeError("is a workspace, not evidence", where=str(folder), hint="give the files that lie outside it")
    skipped.extend(Skipped(path.relative_to(folder).as_posix(), "a workspace") for path in sorted(workspaces))
    inside = [path for path in everything if path.is_file() and workspaces.isdisjoint(path.parents)]
    for path in sorted(inside, key=lambda p: _natural(p.relative_to(folder).as_posix())):
        relative = path.relative_to(folder)
        if any(part.startswith((".", "~$")) for part in relative.parts):
            skipped.append(Skipped(relative.as_posix(), "hidden"))
        else:
            _among(path, relative.as_posix(), found, skipped, limits)


def _among(path: Path, name: str, found: FileList, skipped: list[Skipped], limits: Limits) -> None:
    """A file that was not named itself: left out, and said, when it is nothing we read."""
    try:
        found.extend(_open(path, name, skipped, limits, named=False))
    except _NotReadError as error:
        skipped.append(Skipped(name, str(error)))


def _named(path: Path, name: str, found: FileList, skipped: list[Skipped], limits: Limits) -> None:
    try:
        found.extend(_open(path, name, skipped, limits, named=True))
    except _NotReadError as error:
        raise IntakeError(f"cannot be used: {error}", where=str(path), hint=f"read are {READ}") from error


def _open(path: Path, name: str, skipped: list[Skipped], limits: Limits, *, named: bool) -> list[SourceFile]:
    if not path.is_file():
        raise _NotReadError("not a regular file")
    size = path.stat().st_size
    if size == 0:
        raise _NotReadError("the file is empty")
    start = streams.head(path, None, name=name, limits=limits)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(path, name, size, skipped, limits)
    return [SourceFile(path, None, name, _format(start, name, named=named), size)]


def _zip(path: Path, name: str, size: int, skipped: list[Skipped], limits: Limits) -> list[SourceFile]:
    if streams.packed(path):
        return [SourceFile(path, None, name, "xlsx", size)]
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise IntakeError(
            "the archive is damaged or cut short: it has no list of its members", where=name, hint="fetch it again"
        ) from error
    names = {member.filename for member in members}
    if any(n.startswith("xl/workbook") for n in names) or {"mimetype", "content.xml"} <= names:
        return [SourceFile(path, None, name, "xlsx", size)]
    if len(members) > limits.members:
        raise IntakeError(f"{len(members):,} members, more than {limits.members:,}: refused", where=name)
    files: list[SourceFile] = []
    for member in sorted(members, key=lambda m: _natural(m.filename)):
        _check_member(member, name, limits)
        inner = f"{name}/{member.filename}"
        if member.is_dir():
            continue
        if any(part.startswith((".", "~$", "__MACOSX")) for part in PurePosixPath(member.filename).parts):
            skipped.append(Skipped(inner, "hidden"))
        elif member.file_size == 0:
            skipped.append(Skipped(inner, "the file is empty"))
        else:
            start = streams.head(path, member.filename, name=inner, limits=limits)
            try:
                files.append(SourceFile(path, member.filename, inner, _member_format(start, inner), member.file_size))
            except _NotReadError as error:
                skipped.append(Skipped(inner, str(error)))
    if not files:
        raise _NotReadError("an archive without anything that is read")
    return files


def _check_member(member: zipfile.ZipInfo, archive: str, limits: Limits) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    where = f"{archive}/{member.filename}"
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", member.filename):
        raise IntakeError("a member whose name leaves the archive: the archive is refused", where=where)
    if stat.S_ISLNK(member.external_attr >> 16):
        raise IntakeError("a member that is a symbolic link: the archive is refused", where=where)
    if member.flag_bits & 1:
        raise IntakeError("the archive is encrypted", where=where, hint="unpack it yourself and give the files")
    if member.file_size > limits.expanded:
        raise IntakeError(f"unpacks to {member.file_size >> 30:,} GB: refused as a bomb", where=where)


def _member_format(start: bytes, name: str) -> str:
    if start.startswith(b"PK\x03\x04"):
        if name.lower().endswith((".xlsx", ".xlsm", ".ods")):
            return "xlsx"
        raise IntakeError("an archive inside an archive is not read", where=name, hint="unpack the outer one")
    return _format(start, name, named=False)


def _format(start: bytes, name: str, *, named: bool) -> str:
    """By content, then by the ending of the name; other text is taken for a table only where the file was `named`.

    Markdown is prose; a text without the ending of a table is, if it looks like it.
    """
    plain = name.lower().removesuffix(".gz")
    ending = plain.rpartition(".")[2] if "." in plain else ""
    if not start:
        raise _NotReadError("the file is empty")
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "xlsx"
    for magic, what in _REFUSED.items():
        if start.startswith(magic):
            raise _NotReadError(what)
    text = _head_text(start).lstrip("\ufeff \t\r\n")
    if text and not text.strip("\0"):
        raise _NotReadError("nothing but NUL bytes")
    if ending in _PROSE_ENDINGS and _printable(text):
        return _prose(start, name, named=named)
    if text.startswith("<"):
        return _markup(text, ending)
    opens = text[:1] in ("{", "[")
    value = opens and _json_value(text)
    loose = ending == "txt" or (named and ending not in _OTHER_ENDINGS)
    if loose and not value and _printable(text) and looks.is_prose(_beginning(start)):
        return _prose(start, name, named=named)
    if opens and (ending not in _TEXT_ENDINGS or value):
        return "ndjson" if ending in _LINES_ENDINGS else _json(text)
    if ending in _LINES_ENDINGS or ending == "json":
        return "json" if ending == "json" else "ndjson"
    if _printable(text) and (ending in _TEXT_ENDINGS or (named and ending not in _DOCUMENT_ENDINGS)):
        return "csv"
    raise _NotReadError("text of no known format" if _printable(text) else "binary content of no known format")


def _prose(start: bytes, name: str, *, named: bool) -> str:
    """Text that was not named itself has to look like words of customers, and not be about the files beside it."""
    if looks.is_journey(_head_text(start)):
        raise _NotReadError("a journey map, not evidence (add it by `desirepath journey DIR add`)")
    if not named and looks.is_about_the_files(name):
        raise _NotReadError("about the files, not evidence")
    if not named and not looks.is_prose(_beginning(start)):
        raise _NotReadError("text of no known format")
    return "text"


def _beginning(start: bytes) -> str:
    return looks.decoded(start, cut=len(start) >= streams.HEAD_BYTES)


def _markup(text: str, ending: str) -> str:
    if re.match(r"<(!doctype )?html", text, re.I):
        raise _NotReadError("a web page")
    if re.search(r"<(\w+:)?log[\s>]", text) or ending == "xes":
        return "xes"
    if text.startswith("<?xml") or ending == "xml":
        return "xml"
    if ending in _TEXT_ENDINGS:
        return "csv"
    raise _NotReadError("markup of no known format")


def _json(text: str) -> str:
    """Lines that are objects, or a document; a first line that is damaged is told by the second."""
    first, _, rest = text.partition("\n")
    second = rest.lstrip().partition("\n")[0]
    if first.startswith("[") or not second:
        return "json"
    return "ndjson" if any(line.startswith("{") and _is_json(line) for line in (first, second)) else "json"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _json_value(text: str) -> bool:
    """Whether the text begins with a JSON value, perhaps cut short."""
    try:
        json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        return error.pos >= len(text) - 1
    except RecursionError:
        return True
    return True


def _head_text(start: bytes) -> str:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return start.decode("utf-16", "replace")
    return start.decode(wide(start) or "utf-8", "replace")


def _printable(text: str) -> bool:
    sample = text[:4096]
    strange = sum(c < " " and c not in "\t\r\n\f\x01\x1f\x1e\0" for c in sample)
    return strange <= len(sample) // 50


def _natural(path: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", path.casefold())]
