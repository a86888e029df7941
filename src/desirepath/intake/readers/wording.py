"""A line of plain text: the marks that Markdown puts around it, and the label of a speaker at its beginning.

A label is one to four words before a colon ("Anna:", "[10:02] Клиент:", "客服：", "**Dr. Silva** (10:02):"), or a name
and a time alone on a line ("Anna Smith  0:03"). Whether what looks like one is one, the whole file tells (`survey`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKS = re.compile(r"[ \t\u3000]*(?:>[ \t]*)*(?:(?P<level>#{1,6})[ \t]+|(?P<bullet>[-*+•–—])[ \t]+)?")
_BESIDE_MARKS = frozenset(" \t\r\u00a0\u3000>")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(?!\1)")
_DAY = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[ T]"
_TIME = rf"[\[(]?(?:{_DAY})?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:[.,]\d{{1,3}})?(?:\s?[AaPp]\.?[Mm]\.?)?[\])]?"
_NAME = r"[^\W\d_][\w \t.,()'’&/#№·+-]{0,39}?"
_LABEL = re.compile(
    rf"(?P<before>{_TIME})?\s*[-–—]?\s*\[?(?P<label>{_NAME})\]?\s*(?P<after>{_TIME})?\s*(?P<colon>[:：])(?!//)"
)
_STAMPED = re.compile(rf"\[?(?P<label>{_NAME})\]?[ \t]+(?P<after>{_TIME})")
_LOOKED_AT = 120  # characters of a line that may hold a label
_PART_OF_A_SENTENCE = re.compile(r"[,;!?]|\w{4,}\.\s")
_END = re.compile(r"[.!?…。！？][\"'»”’)\]」』】*_]*$")
_OPEN = (",", "，", "、", ";", "；")
_HAN = re.compile(r"[\u3400-\u9fff\u3040-\u30ff]")
_UNSPACED = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff01-\uff60]")
LONG = 50  # characters; a line that is longer and does not end as a sentence goes on in the next


@dataclass(frozen=True, slots=True)
class Line:
    """What stands on a line, without marks. `level` is that of a heading, 0 where it is none."""

    text: str
    level: int = 0
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line that begins like a turn."""

    label: str
    time: str | None
    text: str

    @property
    def key(self) -> str:
        """By which the labels of one speaker are the same."""
        return self.label.casefold()


def unnumbered(key: str) -> str:
    """A label's key without the number behind it: `q1` and `q2` are of one kind."""
    return key.rstrip("0123456789. ") or key


def line_of(raw: str) -> Line:
    """The line without the marks around it; its text is empty where there are only marks."""
    if _only_marks(raw):
        return Line("")
    marks = _MARKS.match(raw)
    assert marks is not None
    text = raw[marks.end() :].strip()
    if marks["level"]:
        text = text.rstrip("#").rstrip()
    if emphasis := _EMPHASIS.match(text):
        closing = text.find(emphasis[1], emphasis.end())
        if closing > 0:
            text = (text[emphasis.end() : closing] + text[closing + len(emphasis[1]) :]).strip()
    bullet = marks["bullet"] is not None or _NUMBERED.match(text) is not None
    return Line(text, len(marks["level"] or ""), bullet)


def labelled(text: str) -> Labelled | None:
    """The label at the beginning of a line, if something there looks like one."""
    start = text[:_LOOKED_AT]
    if ":" not in start and "：" not in start:
        return None
    match = _STAMPED.fullmatch(start) if len(text) < _LOOKED_AT else None
    match = match or _LABEL.match(start)
    if match is not None and match["label"][-1].isdigit() and text[match.end() : match.end() + 1].isdigit():
        match = None  # a time, "at 10:30"
    if match is None or not _may_be_label(label := match["label"].strip()):
        return None
    time = (match.groupdict().get("before") or match["after"] or "").strip("[]() ").replace(",", "") or None
    return Labelled(label, time, text[match.end() :].strip())


def looks_like_a_name(label: str) -> bool:
    """Whether all its words begin as names do; of unspaced scripts, whether it is as short as one."""
    words = re.sub(r"\([^)]*\)", " ", label).split()
    if _HAN.search(label):
        return len(label) <= 4
    return len(words) <= 3 and not any(word[0].islower() for word in words)


def ends(text: str) -> bool:
    """Whether a line ends like a sentence."""
    return _END.search(text[-20:]) is not None


def goes_on(text: str, after: str = "") -> bool:
    """Whether a line was broken only because it was full; a comma and a small letter after the break tell it too."""
    return not ends(text) and (width(text) >= LONG or text.endswith(_OPEN) or after[:1].islower())


def width(text: str) -> int:
    """Columns that a text takes; a Chinese sign takes two."""
    return len(text) + len(_HAN.findall(text))


def words(text: str) -> float:
    """About how many words a text has; two Chinese signs are one."""
    signs = len(_HAN.findall(text))
    return len(text.split()) if not signs else signs / 2


def joined(lines: list[str]) -> str:
    """Lines as one text: those that were broken because they were full are put together again."""
    parts = list[str]()
    for before, line in zip(["", *lines], lines, strict=False):
        if parts and line:
            unspaced = before and _UNSPACED.fullmatch(before[-1]) and _UNSPACED.fullmatch(line[0])
            parts.append("\n" if not goes_on(before, line) else "" if unspaced else " ")
        parts.append(line)
    return "".join(parts)


def _only_marks(raw: str) -> bool:
    """Whether a line is blank, a rule (`---`, `* * *`) or the mark of a heading or bullet without any words."""
    signs = set(raw) - _BESIDE_MARKS
    if len(signs) != 1:
        return not signs
    sign = signs.pop()
    return sign in "#*+•-" or (sign in "_=~" and raw.count(sign) > 2)


def _may_be_label(label: str) -> bool:
    plain = re.sub(r"\([^)]*\)", " ", label)
    if not plain.strip() or label.count("(") != label.count(")") or _PART_OF_A_SENTENCE.search(plain):
        return False
    return len(_HAN.findall(plain)) <= 12 and len(plain.split()) <= 4
