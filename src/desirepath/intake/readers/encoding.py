"""Which encoding a text file is in, decided over the whole of it, and its content as UTF-8 whatever it was.

Text that is UTF-8 in its majority is UTF-8; otherwise a sample of the lines with other bytes decides. What is not valid
in the encoding becomes the byte 0xFF, a line that is UTF-8 in a file that is not gets the byte 0xFE: neither is ever
valid UTF-8, so that the rows concerned can be told and set apart instead of being read as mojibake.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from desirepath.intake.readers.letters import national_encoding

INVALID = b"\xff"
FOREIGN = b"\xfe"
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    b"\x84\x31\x95\x33": "gb18030",
}
_SAMPLE = 1 << 18
_TWO_BYTES = {"gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"}
_TWO = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_BEYOND = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True)
class Encoding:
    """The codec, the length of a byte-order mark to leave out, and what to say about it."""

    codec: str
    mark: int
    said: str


def _mark(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    if isinstance(error, UnicodeEncodeError):
        return INVALID * (error.end - error.start), error.end
    raise error


codecs.register_error("desirepath.mark", _mark)


def detect(content: Iterator[bytes]) -> Encoding:
    """The encoding of the whole content."""
    first = next(content, b"")
    for mark, codec in _BOMS.items():
        if first.startswith(mark):
            rest = _utf8_survey(first[len(mark) :], content) if codec == "utf-8" else None
            said = f"encoding {codec.upper()}, by its byte-order mark"
            return Encoding(codec, len(mark), said + _also(rest))
    if width := wide(first[: 1 << 16]):
        return Encoding(width, 0, f"encoding {width.upper()} without a byte-order mark, by its zero bytes")
    survey = _utf8_survey(first, content)
    if survey.bad == 0:
        return Encoding("utf-8", 0, "encoding UTF-8" if survey.good else "encoding ASCII")
    if survey.good >= survey.bad:
        return Encoding("utf-8", 0, "encoding UTF-8" + _also(survey))
    codec, sure = national_encoding(bytes(survey.sample))
    return Encoding(codec, 0, f"encoding {codec}, {'by its letters' if sure else 'a guess'}: the file is not UTF-8")


def to_utf8(content: Iterator[bytes], encoding: Encoding) -> Iterator[bytes]:
    """The content in UTF-8 without its byte-order mark; what is not valid as `INVALID`."""
    content = _without(content, encoding.mark)
    if encoding.codec == "utf-8":
        yield from content
    elif encoding.codec.startswith("utf-"):
        decoder = codecs.getincrementaldecoder(encoding.codec)("desirepath.mark")
        for chunk in content:
            yield decoder.decode(chunk).encode("utf-8", "desirepath.mark")
        yield decoder.decode(b"", final=True).encode("utf-8", "desirepath.mark")
    else:
        for lines in whole_lines(content):
            yield from _national(lines, encoding.codec)


def _national(lines: bytes, codec: str) -> Iterator[bytes]:
    """Lines in another encoding as UTF-8; those among them that are UTF-8 already are marked `FOREIGN`."""
    done = looked = 0
    enough = 3 if codec in _TWO_BYTES else 1
    for hit in _TWO.finditer(lines):
        if hit.start() < looked:
            continue
        start = lines.rfind(b"\n", 0, hit.start()) + 1
        looked = lines.find(b"\n", hit.start()) + 1 or len(lines)
        if _is_utf8(lines[start:looked], enough):
            yield _transcoded(lines[done:start], codec)
            first = _BEYOND.search(lines, start)
            assert first is not None
            yield lines[start : first.start()] + FOREIGN + lines[first.start() : looked]
            done = looked
    yield _transcoded(lines[done:], codec)


def _transcoded(data: bytes, codec: str) -> bytes:
    return data.decode(codec, "desirepath.mark").encode("utf-8", "desirepath.mark")


def _is_utf8(line: bytes, enough: int) -> bool:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return False
    return sum(c > "\x7f" for c in text) >= enough


@dataclass
class _Survey:
    """Bytes beyond ASCII on lines that are valid UTF-8 and on lines that are not, and a sample of the latter."""

    good: int
    bad: int
    sample: bytearray


def _utf8_survey(first: bytes, content: Iterator[bytes]) -> _Survey:
    survey = _Survey(0, 0, bytearray())
    for lines in whole_lines(_prepended(first, content)):
        _judge(lines, survey)
    return survey


def whole_lines(content: Iterator[bytes]) -> Iterator[bytes]:
    """The same content, cut only after line ends (lines beyond 16 MB are cut anywhere)."""
    carry = b""
    for chunk in content:
        data = carry + chunk
        cut = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        if cut == 0 and len(data) > 1 << 24:
            cut = len(data)
        carry = data[cut:]
        if cut:
            yield data[:cut]
    if carry:
        yield carry


def lines(content: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Lines ended by `\\n`; of a line longer than `limit` only the beginning, itself longer than `limit`."""
    carry, cut = b"", False
    for block in content:
        *full, last = block.split(b"\n")
        if full:
            yield carry if cut else carry + full[0]
            yield from full[1:]
            carry, cut = last, False
        elif not cut:
            carry += last
        cut = cut or len(carry) > limit
    if carry:
        yield carry


def _judge(lines: bytes, survey: _Survey) -> None:
    if lines.isascii():
        return
    try:
        survey.good += len(lines) - len(lines.decode())
        return
    except UnicodeDecodeError:
        pass
    for line in lines.splitlines(keepends=True):
        if line.isascii():
            continue
        try:
            survey.good += len(line) - len(line.decode())
        except UnicodeDecodeError:
            survey.bad += _beyond_ascii(line)
            if len(survey.sample) < _SAMPLE:
                survey.sample += line


def _beyond_ascii(data: bytes) -> int:
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) & 0x80))


def _also(survey: _Survey | None) -> str:
    return "; some lines are not, they are set apart" if survey is not None and survey.bad else ""


def wide(start: bytes) -> str | None:
    """UTF-16 without a byte-order mark, by zero bytes that stand nearly all at one parity."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    enough = len(start) // 2 * 0.05
    if max(even, odd) < max(enough, 2) or min(even, odd) * 10 > max(even, odd):
        return None
    codec = "utf-16-le" if odd > even else "utf-16-be"
    text = start[: len(start) // 2 * 2].decode(codec, "replace")
    return codec if text.count("\ufffd") * 100 <= len(text) else None


def _without(content: Iterator[bytes], mark: int) -> Iterator[bytes]:
    for chunk in content:
        yield chunk[mark:]
        mark = max(0, mark - len(chunk))


def _prepended(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
