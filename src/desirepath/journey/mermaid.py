"""Mermaid's `journey` diagrams in and out: a section is a stage, a task a touchpoint, an actor a persona.

Mermaid draws scores around 3, so an emotion is score − 3, held within −2 … +2; out go whole scores 1–5,
`round(emotion) + 3`. Tasks are `name: score: actor, actor`, comments begin with `%%` or `#`.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from pathlib import Path

from desirepath.errors import JourneyError
from desirepath.files import read_text
from desirepath.journey.ids import slug
from desirepath.journey.model import EVERYONE, Journey, Persona, Stage, Touchpoint
from desirepath.texts import pick

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*mermaid\s*?\n(?P<diagram>.*?)^ {0,3}\1", re.M | re.S)
_FRONT_MATTER = re.compile(r"\A\s*---\s*\n(?P<yaml>.*?)\n---\s*(?:\n|\Z)", re.S)
_DIRECTIVE = re.compile(r"%%\{.*?\}%%", re.S)
_DESCRIPTION = re.compile(r"^\s*accDescr\s*\{(?P<text>.*?)\}", re.M | re.S | re.I)
_KEYWORD = re.compile(r"(?i)(journey|title|section|accTitle|accDescr)\b")
_ENTITY = re.compile(r"#(\w+);")
_GUARD = "\u2060"
"""An invisible word joiner before names that Mermaid would take for a keyword."""
_SUBSTITUTES = str.maketrans({":": "：", ";": "；", "#": "＃"})


def parse(document: str | Path) -> Journey:
    """The journey in a diagram, or in the first such diagram of a Markdown text; a `Path` is read as a file.

    Scores may be any number or missing, actors may be missing, tasks may stand before any section (then the stage has
    the journey's title). Raises `JourneyError` with the line.
    """
    text, source = (read_text(document, JourneyError), document.name) if isinstance(document, Path) else (document, "")
    return _Parser(source).run(_statements(_diagram(text)))


def write(journey: Journey, emotions: Mapping[str, float] | None = None, language: str = "en") -> str:
    """The journey as a Mermaid diagram; scores from `emotions` by touchpoint id, without them as the team assumes.

    Mermaid needs a score: where none is known it is 3, with a comment that says so.
    """
    lines = ["journey", f"    title {_clean(pick(journey.title, language)) or journey.id}"]
    names = {p.id: _clean(pick(p.name, language)).replace(",", "，") or p.id for p in journey.personas}
    for stage in journey.stages:
        lines.append(f"    section {_clean(pick(stage.name, language)) or stage.id}")
        for touchpoint in stage.touchpoints:
            emotion = _assumed(touchpoint) if emotions is None else emotions.get(touchpoint.id)
            name = _clean(pick(touchpoint.name, language)) or touchpoint.id
            name = _GUARD + name if _KEYWORD.match(name) else name
            actors = [names[p] for p in touchpoint.assumed_emotion if p != EVERYONE] or list(names.values())
            score = 3 if emotion is None or math.isnan(emotion) else round(min(2, max(-2, emotion))) + 3
            if emotion is None or math.isnan(emotion):
                lines.append("        %% the next score is not known")
            lines.append(f"        {name}: {score}" + (f": {', '.join(actors)}" if actors else ""))
    return "\n".join(lines) + "\n"


def _assumed(touchpoint: Touchpoint) -> float | None:
    values = touchpoint.assumed_emotion.values()
    return sum(values) / len(values) if values else None


def _clean(name: str) -> str:
    return " ".join(name.replace("%%", "% %").translate(_SUBSTITUTES).split())


def _diagram(text: str) -> str:
    """The diagram's text, everything around it blanked so that line numbers stay."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    for fence in _FENCE.finditer(text):
        if re.search(r"^\s*journey\b", _blank(_FRONT_MATTER, fence["diagram"]), re.M):
            return "\n" * text.count("\n", 0, fence.start("diagram")) + fence["diagram"]
    return text


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: "\n" * found[0].count("\n"), text)


def _statements(text: str) -> list[tuple[int, str]]:
    """Line numbers and statements, free of comments, in order; a multi-line description becomes one line."""
    front = _FRONT_MATTER.match(text)
    title = re.search(r"^title:\s*(.+)$", front["yaml"], re.M) if front else None
    text = _blank(_DIRECTIVE, _blank(_FRONT_MATTER, text))
    described = _DESCRIPTION.search(text)
    statements = [(1, f"title {title[1].strip(chr(34) + chr(39) + ' ')}")] if title else []
    if described:
        statements.append(
            (text.count("\n", 0, described.start()) + 1, f"accDescr: {' '.join(described['text'].split())}")
        )
    for number, line in enumerate(_blank(_DESCRIPTION, text).split("\n"), start=1):
        bare = _ENTITY.sub(lambda e: f"\x00{e[1]}\x01", line.split("%%")[0]).split("#")[0]
        statements += [(number, part.strip()) for part in bare.split(";") if part.strip()]
    return sorted(statements, key=lambda statement: statement[0])


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.title = ""
        self.description: list[str] = []
        self.stages: list[Stage] = []
        self.personas: dict[str, Persona] = {}
        self.ids: set[str] = set()
        self.persona_ids = {EVERYONE}
        self.begun = False

    def run(self, statements: list[tuple[int, str]]) -> Journey:
        for number, statement in statements:
            if not self.begun and re.fullmatch(r"(?i)journey", statement):
                self.begun = True
            elif found := re.match(r"(?i)title\s+(.+)", statement):
                self.title = _decode(found[1])
            elif not self.begun:
                raise self._error("is not a Mermaid journey", number, "a diagram begins with the word `journey`")
            elif found := re.match(r"(?i)accTitle\s*:\s*(.*)|accDescr\s*:\s*(.*)", statement):
                self.description.append(_decode(found[1] or found[2] or ""))
            elif found := re.match(r"(?i)section\s+(.+)", statement):
                self._stage(_decode(found[1]))
            else:
                self._task(statement, number)
        if not self.begun:
            raise self._error("is not a Mermaid journey", 1, "a diagram begins with the word `journey`")
        return Journey(
            id=slug(self.title, otherwise="journey"),
            title=self.title or "Journey",
            description="\n".join(d for d in self.description if d) or None,
            personas=tuple(self.personas.values()),
            stages=tuple(self.stages),
        )

    def _stage(self, name: str) -> None:
        self.stages.append(Stage(id=slug(name, self.ids, otherwise="stage"), name=name))

    def _task(self, statement: str, number: int) -> None:
        name, *rest = (_decode(part) for part in statement.split(":"))
        if not name:
            raise self._error("a task has no name", number, "write `Task: 3: Actor, Actor`")
        score = _score(rest[0]) if rest else None
        if rest and rest[0] and score is None and len(rest) > 1:
            raise self._error(f"the score '{rest[0]}' is not a number", number)
        actors = ":".join(rest[1:]) if len(rest) > 1 else rest[0] if rest and score is None else ""
        personas = [self._persona(actor.strip()) for actor in actors.split(",") if actor.strip()]
        emotion = None if score is None else min(2.0, max(-2.0, score - 3))
        touchpoint = Touchpoint(
            id=slug(name, self.ids, otherwise="touchpoint"),
            name=name,
            assumed_emotion={} if emotion is None else dict.fromkeys(personas or [EVERYONE], emotion),
        )
        if not self.stages:
            self._stage(self.title or "Journey")
        last = self.stages[-1]
        self.stages[-1] = last.model_copy(update={"touchpoints": (*last.touchpoints, touchpoint)})

    def _error(self, what: str, line: int, hint: str | None = None) -> JourneyError:
        return JourneyError(what, where=f"{self.source}:{line}" if self.source else f"line {line}", hint=hint)

    def _persona(self, name: str) -> str:
        if name not in self.personas:
            self.personas[name] = Persona(id=slug(name, self.persona_ids, otherwise="persona"), name=name)
        return self.personas[name].id


def _score(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _decode(text: str) -> str:
    """Mermaid's entity codes (`#35;`, `#colon;`) as the characters they stand for."""
    text = re.sub(r"\x00(\d+)\x01", r"&#\1;", text)
    return html.unescape(re.sub(r"\x00(\w+)\x01", r"&\1;", text)).replace(_GUARD, "").strip()
