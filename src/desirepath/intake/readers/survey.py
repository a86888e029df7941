"""What a whole text tells before its first row is made: who speaks in it, and whether its lines are broken.

A text is a conversation if a label of the company's and another come again; else labels have to begin a quarter of the
lines that may begin something, and one comes again beside another, or three times alone, or is a company's in an
exchange of two. Numbered labels ("Q1", "Q2") are one. Then what comes again, is known by its words or looks like a name
is a label. Where only the company's are labelled, a paragraph without a label is an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from desirepath.intake.readers.heading import Heading, Top
from desirepath.intake.readers.wording import (
    Labelled,
    ends,
    goes_on,
    labelled,
    line_of,
    looks_like_a_name,
    unnumbered,
    words,
)
from desirepath.intake.speakers import Speaker, is_topic, role, roles

_SHARE = 0.25
_MOST_LABELS = 1000  # that are counted
_SPEAKING_ONCE = 12  # speakers


@dataclass(frozen=True)
class Conversation:
    """Who speaks, by the keys of their labels; nobody where a text is no conversation."""

    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    told: bool = False  # by the words of a label

    def __bool__(self) -> bool:
        return bool(self.speakers)

    @property
    def answers_unlabelled(self) -> bool:
        """Whether only the company's turns are labelled."""
        return bool(self.speakers) and set(self.speakers.values()) == {"company"}

    @property
    def company(self) -> list[str]:
        """The company's labels as they stand."""
        return [self.shown[key] for key, who in self.speakers.items() if who == "company"]

    def turn(self, text: str) -> Labelled | None:
        """The turn that a line begins, if it begins one."""
        found = labelled(text) if self.speakers else None
        return found if found is not None and found.key in self.speakers else None


@dataclass
class Survey:
    """What was counted. Lines are those that are not blank, blocks of them lie between blank lines."""

    heading: Heading
    labels: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)  # labels of lines that end in a question mark
    shown: dict[str, str] = field(default_factory=dict)
    lines: int = 0
    words: float = 0.0
    starts: int = 0  # lines that may begin something: the one before is at its end
    sentences: int = 0  # lines that end as sentences do
    full: int = 0  # lines that go on in the next, as they are full
    bullets: int = 0
    blocks: int = 0
    block_ends: int = 0  # blocks that end as sentences do
    levels: Counter[int] = field(default_factory=Counter)  # of Markdown's headings
    first_level: int = 0  # of the first line, 0 where it is no heading
    first_ends: bool = False

    @property
    def lines_are_paragraphs(self) -> bool:
        """Whether each line stands for itself."""
        inner = self.lines - self.blocks
        return self.full == 0 or self.sentences - self.block_ends >= 0.5 * inner

    @property
    def title_level(self) -> int:
        """The level of the title, if the text begins with one: no other heading is of its level or above."""
        level = self.first_level
        return level if level and sum(n for other, n in self.levels.items() if other <= level) == 1 else 0

    def conversation(self) -> Conversation:
        """Who speaks."""
        told = roles([self.shown[key] for key in self.labels])
        known = {key: told[self.shown[key]] for key in self.labels if self.shown[key] in told}
        known |= {key: who for key, who in self._named().items() if key in self.labels}
        sure = {key: who for key, who in known.items() if not is_topic(key)}
        if not self._in_turns(sure):
            return Conversation()
        once = [key for key, n in self.labels.items() if n == 1 and looks_like_a_name(self.shown[key])]
        kinds = Counter(unnumbered(key) for key in self.labels)
        keys = known.keys() | {key for key, n in self.labels.items() if n > 1 or kinds[unnumbered(key)] > 1}
        keys |= set(once) if len(once) <= _SPEAKING_ONCE else set()
        speakers: dict[str, Speaker] = {key: known.get(key, "customer") for key in self.labels if key in keys}
        if "company" not in known.values():
            speakers |= self._asking(known, keys)
        elif not sure and set(speakers.values()) == {"company"}:
            speakers = dict.fromkeys(speakers, "customer")
        return Conversation(speakers, self.shown, "company" in sure.values())

    def _named(self) -> dict[str, Speaker]:
        """Who speaks by the heading: "interviewer: Tom"."""
        pairs = ((value, role(key)) for key, value in self.heading.values.items() if value)
        return {value.casefold(): who for value, who in pairs if who is not None}

    def _in_turns(self, sure: Mapping[str, Speaker]) -> bool:
        kinds = Counter[str]()
        for key, n in self.labels.items():
            kinds[unnumbered(key)] += n
        company = {unnumbered(key) for key, who in sure.items() if who == "company"}
        theirs = max((n for kind, n in kinds.items() if kind in company), default=0)
        others = max((n for kind, n in kinds.items() if kind not in company), default=0)
        if theirs > 1 and others > 1:
            return True
        if kinds.total() < 2 or kinds.total() < _SHARE * self.starts:
            return False
        if len(kinds) == 1:
            return theirs > 1 or others > 2
        return max(theirs, others) > 1 or (theirs > 0 and len(kinds) == 2)

    def _asking(self, known: Mapping[str, Speaker], keys: set[str]) -> dict[str, Speaker]:
        """Where only customers are known by their words, the one other who speaks again and asks is the company's."""
        others = [key for key in keys if key not in known]
        customers = any(self.labels[key] > 1 for key in known)
        if not customers or len(others) != 1 or self.labels[others[0]] < 2:
            return {}
        return {others[0]: "company"} if 3 * self.asked[others[0]] >= self.labels[others[0]] else {}

    def _count(self, text: str, level: int, bullet: bool, begins: bool) -> None:
        if not self.lines:
            self.first_level, self.first_ends = level, ends(text)
        self.lines += 1
        self.words += words(text)
        self.sentences += ends(text)
        self.full += goes_on(text)
        self.bullets += bullet
        if level:
            self.levels[level] += 1
        label = labelled(text)
        self.starts += begins or bullet or label is not None
        if label is not None and (label.key in self.labels or len(self.labels) < _MOST_LABELS):
            self.labels[label.key] += 1
            self.asked[label.key] += label.text.endswith(("?", "？"))
            self.shown.setdefault(label.key, label.label)


def survey(lines: Iterable[tuple[int, str]]) -> Survey:
    """Counts through the lines."""
    top = Top(lines)
    found = Survey(top.heading)
    before = ""
    for _, raw in top:
        line = line_of(raw)
        if line.text:
            found._count(line.text, line.level, line.bullet, not before or not goes_on(before))
        if before and not line.text:
            found.block_ends += ends(before)
        found.blocks += not before and bool(line.text)
        before = line.text
    if before:
        found.block_ends += ends(before)
    return found
